"""Which circles are allowed: the rules as exact whole-number limits, and the judgement of one finished circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.fields import exact_ratio

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """The ratio rules as whole numbers, so that comparing integers is exact.

    Parameters
    ----------
    cover
        Shape (n,). What the others' resources must reach: coverage × loan, rounded up.
    top_loan
        Shape (n,). Largest loan a co-member may have: ratio × loan, rounded down.
    bear
        Shape (largest size + 1, n). Resources every co-member must have in a circle of that size, rounded up.
    circle_loan
        Largest sum of loans in a circle.
    """

    cover: NDArray[np.int64]
    top_loan: NDArray[np.int64]
    bear: NDArray[np.int64]
    circle_loan: int


def build_limits(problem: MatchingProblem, members: NDArray[np.int64] | None = None) -> Limits:
    """Turn the ratio rules of a problem into whole-number limits, of all members or of some; n is their number."""
    loan = problem.loan if members is None else problem.loan[members]
    coverage, ratio, bearable = map(exact_ratio, (problem.coverage, problem.amount_ratio, problem.bearable))
    bear = np.zeros((problem.sizes[-1] + 1, len(loan)), dtype=np.int64)
    for size in range(2, len(bear)):
        if bearable is not None:
            bear[size] = -_floor_product(-loan, 1 / (bearable * (size - 1)))
    nothing, no_limit = np.zeros(len(loan), dtype=np.int64), np.full(len(loan), NO_LIMIT)
    return Limits(
        cover=nothing if coverage is None else -_floor_product(-loan, coverage),
        top_loan=no_limit if ratio is None else _floor_product(loan, ratio),
        bear=bear,
        circle_loan=NO_LIMIT if problem.max_circle_loan is None else problem.max_circle_loan,
    )


def _floor_product(amounts: NDArray[np.int64], ratio: Fraction) -> NDArray[np.int64]:
    """Multiply exactly and round down, within ± `NO_LIMIT`."""
    if int(np.abs(amounts).max(initial=0)) * ratio.numerator < NO_LIMIT and ratio.denominator < NO_LIMIT:
        return amounts * ratio.numerator // ratio.denominator
    exact = [amount * ratio.numerator // ratio.denominator for amount in amounts.tolist()]
    return np.array([max(-NO_LIMIT, min(NO_LIMIT, amount)) for amount in exact], dtype=np.int64)


def is_admissible(problem: MatchingProblem, circle: Sequence[int]) -> bool:
    """Say whether one circle keeps every rule of the problem (pins aside)."""
    return not list_refusals(problem, circle)


def list_refusals(problem: MatchingProblem, circle: Sequence[int]) -> tuple[str, ...]:
    """Name the rules that one circle breaks.

    Parameters
    ----------
    problem
        The integer problem.
    circle
        Positions of the members, each once.

    Returns
    -------
    Names of fields of the problem, in the order of its documentation; empty if the circle is admissible.

    Examples
    --------
    >>> from circles.matching import MatchingProblem
    >>> problem = MatchingProblem(value=[1, 1], size_charge={2: 0}, loan=[5, 9], resources=[9, 4], coverage=1.0)
    >>> list_refusals(problem, (0, 1))
    ('connected', 'coverage')
    """
    members = np.array(sorted(circle), dtype=np.int64)
    limits, size = build_limits(problem, members), len(members)
    loan, resources = problem.loan[members], problem.resources[members]
    broken = {
        "connected": problem.connected and not _hangs_together(problem, members),
        "forbidden": bool(
            (np.isin(problem.forbidden_first, members) & np.isin(problem.forbidden_second, members)).any()
        ),
        "size_charge": size not in problem.size_charge,
        "coverage": bool((resources.sum() - resources < limits.cover).any()),
        "amount_ratio": bool(loan.max() > limits.top_loan.min()),
        "bearable": size in problem.size_charge and _is_unbearable(limits.bear[size], resources),
        "max_circle_loan": int(loan.sum()) > limits.circle_loan,
        "together": any(0 < len(group & set(circle)) < len(group) for group in map(set, problem.together)),
    }
    return tuple(name for name, holds in broken.items() if holds)


def _is_unbearable(need: NDArray[np.int64], resources: NDArray[np.int64]) -> bool:
    short = need[:, None] > resources[None, :]
    np.fill_diagonal(short, val=False)
    return bool(short.any())


def _hangs_together(problem: MatchingProblem, members: NDArray[np.int64]) -> bool:
    inside = np.isin(problem.pair_first, members) & np.isin(problem.pair_second, members) & problem.pair_acquainted
    pairs = list(zip(problem.pair_first[inside].tolist(), problem.pair_second[inside].tolist(), strict=True))
    pairs += [pair for group in problem.together for pair in pairwise(group) if np.isin(pair, members).all()]
    reached = {int(members[0])}
    for _ in range(len(members)):
        reached |= {b for a, b in pairs if a in reached} | {a for a, b in pairs if b in reached}
    return len(reached) == len(members)
