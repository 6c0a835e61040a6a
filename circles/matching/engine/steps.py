"""Along which pairs a set of members may grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

PAIRS = 4_000_000
"""Pairs compared at a time, about."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """Pairs to grow along, both ways.

    Parameters
    ----------
    first, second
        Shape (e,). Each pair once.
    is_clique
        Whether all pairs of every circle are among these, so that nobody without a step to each member can join.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    is_clique: bool = False


def acquainted_steps(problem: MatchingProblem) -> Steps:
    """Grow sets along acquainted pairs: every connected circle is reached."""
    known = np.flatnonzero(problem.pair_acquainted & fits_together(problem, problem.pair_first, problem.pair_second))
    return Steps(first=problem.pair_first[known], second=problem.pair_second[known])


def listed_steps(problem: MatchingProblem) -> Steps:
    """Grow sets along listed pairs: every piece of a circle with strangers is reached."""
    listed = np.flatnonzero(fits_together(problem, problem.pair_first, problem.pair_second))
    return Steps(first=problem.pair_first[listed], second=problem.pair_second[listed])


def fitting_steps(problem: MatchingProblem, *, most: int) -> Steps | None:
    """Grow sets along pairs that no rule keeps apart: every circle whatever is reached.

    Parameters
    ----------
    problem
        The integer problem.
    most
        If there are more such pairs, the answer is None.
    """
    everyone, first, second, count = np.arange(problem.members), [], [], 0
    rows = max(1, PAIRS // max(1, problem.members))
    for start in range(0, problem.members, rows):
        i, j = np.meshgrid(everyone[start : start + rows], everyone, indexing="ij")
        later = np.flatnonzero(i < j)
        i, j = i.ravel()[later], j.ravel()[later]
        fit = np.flatnonzero(fits_together(problem, i, j))
        first.append(i[fit])
        second.append(j[fit])
        count += len(fit)
        if count > most:
            return None
    none = np.zeros(0, dtype=np.int64)
    return Steps(first=np.concatenate([none, *first]), second=np.concatenate([none, *second]), is_clique=True)


def fits_together(problem: MatchingProblem, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of pairs, whose arrays have one shape, whether no rule keeps the two apart in every circle."""
    limits, loan, resources = build_limits(problem), problem.loan, problem.resources
    bear = limits.bear[problem.sizes[-1]]
    fits = (loan[first] <= limits.top_loan[second]) & (loan[second] <= limits.top_loan[first])
    fits &= (bear[first] <= resources[second]) & (bear[second] <= resources[first])
    fits &= loan[first] + loan[second] <= limits.circle_loan
    keys = np.minimum(first, second) * problem.members + np.maximum(first, second)
    return fits & ~np.isin(keys, _banned_keys(problem))


def _banned_keys(problem: MatchingProblem) -> NDArray[np.int64]:
    low = np.minimum(problem.forbidden_first, problem.forbidden_second)
    return low * problem.members + np.maximum(problem.forbidden_first, problem.forbidden_second)
