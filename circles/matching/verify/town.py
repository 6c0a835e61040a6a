"""Laying a problem out for the verifier's walk."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.verify.suspects_kernel import LOW, Town

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem
    from circles.matching.verify.costs import Costs

NO_LIMIT = 2**61


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Roads:
    """Pairs along which sets grow, each once; shape (e,) each. Complete: nobody else may meet in a circle."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    is_complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Scored pairs, each once, those of members that belong together included; shape (p,) each."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    score: NDArray[np.int64]
    known: NDArray[np.bool_]


def read_pairs(problem: MatchingProblem) -> Pairs:
    """Read the listed pairs, and those inside groups that belong together as acquainted ones with their score."""
    listed = {
        (min(i, j), max(i, j)): (score, knows)
        for i, j, score, knows in zip(
            problem.pair_first.tolist(),
            problem.pair_second.tolist(),
            problem.pair_value.tolist(),
            problem.pair_acquainted.tolist(),
            strict=True,
        )
    }
    for group in problem.together:
        for i in group:
            for j in group:
                if i < j:
                    same = (problem.labels[i] == problem.labels[j]) @ problem.label_charges
                    listed[i, j] = (listed.get((i, j), (problem.stranger_value - int(same), True))[0], True)
    keys = np.array(list(listed), dtype=np.int64).reshape(-1, 2)
    facts = np.array(list(listed.values()), dtype=np.int64).reshape(-1, 2)
    return Pairs(first=keys[:, 0], second=keys[:, 1], score=facts[:, 0], known=facts[:, 1] != 0)


def build_town(problem: MatchingProblem, costs: Costs, pairs: Pairs, roads: Roads) -> Town:
    """Lay out the free members; pinned ones take no part."""
    n, largest, scale = problem.members, max(problem.size_charge), costs.scale
    taken = np.zeros(n, dtype=np.bool_)
    taken[[i for circle in problem.pinned for i in circle]] = True
    road_from, road_to, _ = _rows(n, roads.first, roads.second)
    pair_from, pair_to, at = _rows(n, pairs.first, pairs.second)
    ban_from, ban_to, _ = _rows(n, problem.forbidden_first, problem.forbidden_second)
    degree = np.diff(road_from)
    order = np.lexsort((np.arange(n), -degree))
    order = order[~taken[order]]
    rank = np.full(n, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    own = problem.value * scale - np.array(costs.member, dtype=np.int64)
    member = _member_limits(problem)
    score, stranger = pairs.score[at] * scale, int(problem.stranger_value) * scale
    owner = np.repeat(np.arange(n), np.diff(pair_from))
    best = _sum_best(owner, score, n=n, largest=largest, other=stranger)
    has_road = np.isin(owner * n + pair_to, np.repeat(np.arange(n), degree) * n + road_to)
    apart = _sum_best(owner[~has_road], score[~has_road], n=n, largest=largest, other=stranger)
    half = -(-best // 2)
    group, group_size = np.full(n, -1, dtype=np.int64), np.ones(n, dtype=np.int64)
    for number, together in enumerate(problem.together):
        group[list(together)], group_size[list(together)] = number, len(together)
    charge, allowed = np.zeros(largest + 1, dtype=np.int64), np.zeros(largest + 1, dtype=np.bool_)
    for size, amount in problem.size_charge.items():
        charge[size], allowed[size] = (amount + problem.change_charge) * scale, True
    return Town(
        order=order,
        rank=rank,
        road_from=road_from,
        road_to=road_to,
        pair_from=pair_from,
        pair_to=pair_to,
        pair_score=score,
        labels=problem.labels,
        label_charges=problem.label_charges * scale,
        stranger=stranger,
        own=own,
        best=half,
        away=_look_away(own, apart, half, order[:0] if roads.is_complete else order),
        ban_from=ban_from,
        ban_to=ban_to,
        loan=problem.loan,
        resources=problem.resources,
        cover=member.cover,
        top=member.top,
        need=member.need,
        most_loan=NO_LIMIT if problem.max_circle_loan is None else int(problem.max_circle_loan),
        group=group,
        group_size=group_size,
        charge=charge,
        allowed=allowed,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MemberLimits:
    """Ratio rules in whole numbers: what the others must have, the largest loan beside, what each other must have."""

    cover: NDArray[np.int64]
    top: NDArray[np.int64]
    need: NDArray[np.int64]


def _member_limits(problem: MatchingProblem) -> MemberLimits:
    loans, largest = problem.loan.tolist(), max(problem.size_charge)
    coverage = Fraction(str(problem.coverage or 0))
    ratio, bearable = (Fraction(str(given)) if given else None for given in (problem.amount_ratio, problem.bearable))

    def cap(amounts: list[int]) -> NDArray[np.int64]:
        return np.array([min(NO_LIMIT, amount) for amount in amounts], dtype=np.int64)

    cover = cap([-(-coverage * loan // 1) for loan in loans])
    top = cap([NO_LIMIT if ratio is None else int(ratio * loan // 1) for loan in loans])
    need = np.zeros((largest + 1, len(loans)), dtype=np.int64)
    for size in range(2, largest + 1):
        if bearable is not None:
            need[size] = cap([-(-loan // (bearable * (size - 1))) for loan in loans])
    return MemberLimits(cover=cover, top=top, need=need)


def find_roads(problem: MatchingProblem, pairs: Pairs) -> Roads:
    """Give the pairs that know each other and that no rule keeps apart in every circle."""
    n, first, second = problem.members, pairs.first[pairs.known], pairs.second[pairs.known]
    banned = np.isin(_keys(first, second, n), _keys(problem.forbidden_first, problem.forbidden_second, n))
    meet = np.flatnonzero(~banned & ~_are_apart(problem, first, second))
    return Roads(first=first[meet], second=second[meet])


def find_meetings(problem: MatchingProblem) -> Roads:
    """Give every pair that no rule keeps apart in every circle."""
    n = problem.members
    everyone = np.arange(n)
    apart = _are_apart(problem, everyone[:, None], everyone[None, :])
    apart[problem.forbidden_first, problem.forbidden_second] = True
    apart[problem.forbidden_second, problem.forbidden_first] = True
    first, second = np.nonzero(np.triu(~apart, 1))
    return Roads(first=first, second=second, is_complete=True)


def _are_apart(problem: MatchingProblem, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of pairs, whose arrays broadcast, whether loans or resources keep the two apart in every circle."""
    limits, loan, resources = _member_limits(problem), problem.loan, problem.resources
    apart = (loan[first] > limits.top[second]) | (loan[second] > limits.top[first])
    return apart | (limits.need[-1][first] > resources[second]) | (limits.need[-1][second] > resources[first])


def _keys(first: NDArray[np.int64], second: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    return np.minimum(first, second) * n + np.maximum(first, second)


def _rows(
    n: int, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give both directions of pairs row by row: where rows begin, partners ascending, and the pair of each."""
    one, other = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((other, one))
    return np.searchsorted(one[order], np.arange(n + 1)), other[order], order % max(1, len(first))


def _sum_best(
    owner: NDArray[np.int64], score: NDArray[np.int64], *, n: int, largest: int, other: int
) -> NDArray[np.int64]:
    """Sum the best k scores of each member, any number of them with others; shape (n, largest + 1)."""
    order = np.lexsort((-score, owner))
    owner, score = owner[order], np.maximum(other, score[order])
    nth = np.arange(len(owner)) - np.searchsorted(owner, owner)
    table = np.full((n, largest + 1), other, dtype=np.int64)
    table[:, 0] = 0
    table[owner[nth < largest], nth[nth < largest] + 1] = score[nth < largest]
    return table.cumsum(axis=1)


def _look_away(
    own: NDArray[np.int64], apart: NDArray[np.int64], half: NDArray[np.int64], order: NDArray[np.int64]
) -> NDArray[np.int64]:
    largest = half.shape[1] - 1
    away = np.full((largest + 1, largest + 1, len(own)), LOW // 8, dtype=np.int64)
    if len(order) == 0:
        return away
    for chosen in range(1, largest):
        for more in range(1, largest - chosen + 1):
            sums = (own + apart[:, chosen] + half[:, more - 1])[order]
            away[chosen, more, : len(order) - 1] = np.maximum.accumulate(sums[::-1])[::-1][1:]
    return away
