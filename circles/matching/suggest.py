"""Suggesting strangers: for each member, a few unlisted partners that would add much and may share a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits
from circles.matching.board import Steps
from circles.matching.worth import pair_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

BEST, CHANCE, SUGGESTED = 30, 30, 5
"""Candidates tried for each member by value less price, and by chance; and suggestions made."""


def suggest_strangers(problem: MatchingProblem, prices: NDArray[np.int64], *, seed: int, turn: int) -> Steps:
    """Suggest pairs to grow sets along.

    Parameters
    ----------
    problem
        The integer problem, with at least two members.
    prices
        Shape (n,), in units.
    seed, turn
        Together choose the candidates tried by chance.
    """
    n = problem.members
    random = np.random.default_rng([seed, 1, turn])
    gain = problem.value - prices
    best = np.argsort(-gain, kind="stable")[: min(n, BEST)]
    tried = np.concatenate([np.tile(best, (n, 1)), random.integers(0, n, (n, CHANCE))], axis=1)
    first = np.repeat(np.arange(n), tried.shape[1])
    second = tried.ravel()
    score = gain[second] + pair_scores(problem, first, second)
    fit = (first != second) & _may_meet(problem, first, second)
    order = np.lexsort((second, -score, first))
    order = order[fit[order]]
    first, second = first[order], second[order]
    new = np.ones(len(first), dtype=np.bool_)
    new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    first, second = first[new], second[new]
    nth = np.arange(len(first)) - np.searchsorted(first, first)
    first, second = first[nth < SUGGESTED], second[nth < SUGGESTED]
    return _new_pairs(problem, first, second)


def _may_meet(problem: MatchingProblem, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    limits, loan, resources = build_limits(problem), problem.loan, problem.resources
    bear = limits.bear[problem.sizes[-1]]
    return (
        (loan[first] <= limits.top_loan[second])
        & (loan[second] <= limits.top_loan[first])
        & (bear[first] <= resources[second])
        & (bear[second] <= resources[first])
        & (loan[first] + loan[second] <= limits.circle_loan)
    )


def _new_pairs(problem: MatchingProblem, first: NDArray[np.int64], second: NDArray[np.int64]) -> Steps:
    """Keep each pair once, and none that is listed."""
    n = problem.members
    keys = np.unique(np.minimum(first, second) * n + np.maximum(first, second))
    listed = np.minimum(problem.pair_first, problem.pair_second) * n
    listed = listed + np.maximum(problem.pair_first, problem.pair_second)
    keys = keys[~np.isin(keys, listed)]
    return Steps(first=keys // n, second=keys % n)
