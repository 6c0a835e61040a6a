"""The verifier's own joint-loss charge: all circles of one size at once, every default set settled in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

WHOLE = factorial(7)
"""Equal parts among fewer and fewer of at most seven payers are whole in 1/5040."""
ROWS = 20_000


def charge_one(problem: MatchingProblem, circle: Sequence[int]) -> int:
    """Charge one circle, 0 where no joint loss is charged."""
    if problem.joint_loss is None:
        return 0
    return int(charge_many(problem, np.array([sorted(circle)], dtype=np.int64))[0])


def charge_many(problem: MatchingProblem, circles: NDArray[np.int64]) -> NDArray[np.int64]:
    """Charge circles of one size; shape (m, s), each row ascending."""
    charges = [_charge_rows(problem, circles[at : at + ROWS]) for at in range(0, len(circles), ROWS)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *charges])


def _charge_rows(problem: MatchingProblem, circles: NDArray[np.int64]) -> NDArray[np.int64]:
    terms = problem.joint_loss
    if terms is None or len(circles) == 0:
        return np.zeros(len(circles), dtype=np.int64)
    size, expected = circles.shape[1], np.zeros(len(circles))
    weights = np.polynomial.hermite_e.hermegauss(len(terms.conditional))[1]
    weights = weights / weights.sum()
    falls = terms.conditional[:, circles]
    for subset in range(1, 2**size):
        fallen = [bool(subset & 2**place) for place in range(size)]
        lost = settle_subset(problem, circles, fallen)
        mixed = np.zeros(len(circles))
        for weight, fall in zip(weights, falls, strict=True):
            chance = np.full(len(circles), weight)
            for place in range(size):
                chance = chance * (fall[:, place] if fallen[place] else 1.0 - fall[:, place])
            mixed = mixed + chance
        expected = expected + mixed * lost
    return np.maximum(0, np.ceil(terms.weight * (expected / WHOLE) - 1e-6)).astype(np.int64)


def settle_subset(problem: MatchingProblem, circles: NDArray[np.int64], fallen: Sequence[bool]) -> NDArray[np.int64]:
    """Give what the bank loses on each circle when those at the fallen places default first, in 1/5040; shape (m,).

    Called in equal parts, the others pay; who cannot pays what it has and falls, and its own debt is called as well.
    """
    terms = problem.joint_loss
    if terms is None:
        return np.zeros(len(circles), dtype=np.int64)
    debt = terms.exposure[circles] * WHOLE
    most = 8 * int(terms.exposure.max(initial=0))
    funds = np.clip(problem.resources - terms.outside_guarantees, 0, most)[circles] * WHOLE
    stands = np.tile(~np.array(fallen), (len(circles), 1))
    open_debt = np.where(stands, 0, debt).sum(axis=1)
    for _ in range(circles.shape[1]):
        payers = stands.sum(axis=1)
        part = np.where(payers > 0, open_debt // np.maximum(1, payers), 0)[:, None]
        falls = stands & (funds < part)
        missing = np.where(falls, part - funds + debt, 0).sum(axis=1)
        open_debt = np.where(payers > 0, missing, open_debt)
        funds = np.where(stands, funds - part, funds)
        stands &= ~falls
    return open_debt
