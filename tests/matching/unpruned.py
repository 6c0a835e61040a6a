"""Every admissible circle of problems with hundreds of members, by growing all connected sets: nothing is pruned.

Tables of numpy and whole numbers only; shares nothing with the engine, nor with the verifier.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circles.matching import MatchingProblem


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Circles:
    """Admissible circles of every size: members, ascending, -1 behind the last, and worth in units."""

    members: np.ndarray
    worth: np.ndarray

    def cost(self, prices: np.ndarray) -> np.ndarray:
        return np.append(prices, 0)[self.members].sum(axis=1)

    def keys(self, rows: np.ndarray) -> set[tuple[int, ...]]:
        return {tuple(i for i in row if i >= 0) for row in self.members[rows].tolist()}


def list_all_circles(problem: MatchingProblem) -> Circles:
    """Grow every connected set (or draw every combination, where strangers may meet) and judge it when it is whole."""
    largest, found, worths = problem.sizes[-1], [], []
    for size in problem.sizes:
        sets = _grow_connected(problem, size) if problem.connected else _combine(problem.members, size)
        sets = sets[_keep_rules(problem, sets)]
        rows = np.full((len(sets), largest), -1, dtype=np.int64)
        rows[:, :size] = sets
        found.append(rows)
        worths.append(_value(problem, sets))
    return Circles(members=np.concatenate(found), worth=np.concatenate(worths))


def _combine(n: int, size: int) -> np.ndarray:
    flat = np.fromiter((i for set_ in combinations(range(n), size) for i in set_), dtype=np.int64)
    return flat.reshape(-1, size)


def _grow_connected(problem: MatchingProblem, size: int) -> np.ndarray:
    n = problem.members
    near = np.zeros((n, n), dtype=bool)
    known = problem.pair_acquainted
    near[problem.pair_first[known], problem.pair_second[known]] = True
    for group in problem.together:
        near[np.ix_(group, group)] = True
    near = (near | near.T) & ~np.eye(n, dtype=bool)
    degree, flat = near.sum(axis=1), np.nonzero(near)[1]
    begin = np.cumsum(degree) - degree
    sets = np.arange(n)[:, None]
    for _ in range(size - 1):
        grown = [_add_neighbours(sets, column, begin, degree, flat) for column in range(sets.shape[1])]
        sets = np.concatenate(grown)
        order = np.sort(sets, axis=1)
        key = np.zeros(len(order), dtype=np.int64)
        for column in order.T:
            key = key * n + column
        sets = order[np.unique(key, return_index=True)[1]]
    return sets


def _add_neighbours(
    sets: np.ndarray, column: int, begin: np.ndarray, degree: np.ndarray, flat: np.ndarray
) -> np.ndarray:
    ends = sets[:, column]
    rows = np.repeat(np.arange(len(sets)), degree[ends])
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(degree[ends]) - degree[ends], degree[ends])
    new = flat[begin[ends[rows]] + nth]
    wider = np.column_stack([sets[rows], new])
    return wider[(sets[rows] != new[:, None]).all(axis=1)]


def _scores(problem: MatchingProblem) -> np.ndarray:
    n = problem.members
    scores = np.full((n, n), problem.stranger_value, dtype=np.int64)
    for column, charge in zip(problem.labels.T, problem.label_charges, strict=True):
        scores -= charge * (column[:, None] == column[None, :])
    scores[problem.pair_first, problem.pair_second] = problem.pair_value
    scores[problem.pair_second, problem.pair_first] = problem.pair_value
    return scores


def _value(problem: MatchingProblem, sets: np.ndarray) -> np.ndarray:
    scores, size = _scores(problem), sets.shape[1]
    worth = problem.value[sets].sum(axis=1) - problem.size_charge[size]
    for a, b in combinations(range(size), 2):
        worth += scores[sets[:, a], sets[:, b]]
    before = {tuple(sorted(circle)) for circle in problem.previous}
    is_old = np.fromiter((tuple(row) in before for row in sets.tolist()), dtype=bool, count=len(sets))
    return worth - np.where(is_old, 0, problem.change_charge)


def _keep_rules(problem: MatchingProblem, sets: np.ndarray) -> np.ndarray:
    coverage, ratio, bearable = (
        Fraction(str(each or 0)) for each in (problem.coverage, problem.amount_ratio, problem.bearable)
    )
    loan, funds, size = problem.loan[sets], problem.resources[sets], sets.shape[1]
    others = funds.sum(axis=1, keepdims=True) - funds
    fine = (coverage.numerator * loan <= coverage.denominator * others).all(axis=1)
    if ratio:
        fine &= ratio.denominator * loan.max(axis=1) <= ratio.numerator * loan.min(axis=1)
    if problem.max_circle_loan is not None:
        fine &= loan.sum(axis=1) <= problem.max_circle_loan
    banned = np.zeros((problem.members,) * 2, dtype=bool)
    banned[problem.forbidden_first, problem.forbidden_second] = True
    banned |= banned.T
    for a, b in combinations(range(size), 2):
        fine &= ~banned[sets[:, a], sets[:, b]]
        if bearable:
            most = bearable.numerator * (size - 1)
            fine &= bearable.denominator * loan[:, a] <= most * funds[:, b]
            fine &= bearable.denominator * loan[:, b] <= most * funds[:, a]
    for group in problem.together:
        fine &= np.isin(np.isin(sets, group).sum(axis=1), [0, len(group)])
    return fine
