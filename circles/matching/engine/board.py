"""The board: a matching problem laid out as flat arrays, for walking through sets of members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits
from circles.matching.engine.enumeration_kernel import CHARGE, IS_PIECE, IS_SIZE, NEVER, PIECE_CHARGE, Board, Look
from circles.matching.engine.pieces import NO_PIECES
from circles.matching.engine.steps import fits_together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from circles.matching.engine.steps import Steps
    from circles.matching.problem import MatchingProblem

MOST_SCALE = 1024
ROOM = 2**61
"""Sums over all members stay below this."""


def choose_scale(problem: MatchingProblem) -> int:
    """Give the largest power of two up to 1024 in which all prices together still fit 64 bits."""
    size = problem.sizes[-1]
    largest = [np.abs(array).max(initial=0) for array in (problem.value, problem.pair_value)]
    stranger = abs(problem.stranger_value) + int(np.abs(problem.label_charges).sum())
    charge = max(map(abs, problem.size_charge.values()))
    worth = size * int(largest[0]) + size * size * (int(largest[1]) + stranger) + charge
    scale = MOST_SCALE
    while scale > 1 and scale * worth * max(size, problem.members) > ROOM // 16:
        scale //= 2
    return scale


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A board, and what is needed to look at it with prices.

    Parameters
    ----------
    board
        The flat arrays.
    apart
        Shape (n, L + 1). Best k scores of each member with members it is not next to, in 1/scale.
    value
        Shape (n,). Worth of placing each member, in 1/scale.
    scale
        Parts of a unit.
    """

    board: Board
    apart: NDArray[np.int64]
    value: NDArray[np.int64]
    scale: int


def build_field(problem: MatchingProblem, steps: Steps, *, scale: int, piece_charge: NDArray[np.int64]) -> Field:
    """Lay a problem out for walking.

    Parameters
    ----------
    problem
        The integer problem.
    steps
        Along which pairs sets grow.
    scale
        All scores are multiplied by this.
    piece_charge
        Shape (L + 1,), of `pieces.price_pieces`, or `NO_PIECES` throughout.
    """
    n, largest, limits = problem.members, problem.sizes[-1], build_limits(problem)
    rows = _both_ways(n, problem.pair_first, problem.pair_second)
    fit = fits_together(problem, rows.start, rows.to.astype(np.int64))
    step_rows = _both_ways(n, steps.first, steps.second)
    bans = _both_ways(n, problem.forbidden_first, problem.forbidden_second)
    score = problem.pair_value[rows.pair] * scale
    best = best_unlisted(problem) * scale
    board = Board(
        step_from=step_rows.begin,
        step_to=step_rows.to,
        pair_from=rows.begin,
        pair_to=rows.to,
        pair_score=score,
        ban_from=bans.begin,
        ban_to=bans.to,
        labels=problem.labels,
        label_charges=problem.label_charges * scale,
        stranger=problem.stranger_value * scale,
        circle_loan=limits.circle_loan,
        member=np.column_stack([problem.loan, problem.resources, limits.cover, limits.top_loan]),
        bear=limits.bear,
        size=_size_table(problem.size_charge, piece_charge, scale=scale),
        half=-(-_best_sums(rows.start[fit], score[fit], n=n, largest=largest, unlisted=best) // 2),
    )
    if steps.is_clique:
        apart = np.full((n, largest + 1), NEVER, dtype=np.int64)
        apart[:, 0] = 0
    else:
        is_step = np.isin(rows.start * n + rows.to, step_rows.start * n + step_rows.to)
        apart = _best_sums(rows.start[fit & ~is_step], score[fit & ~is_step], n=n, largest=largest, unlisted=best)
    return Field(board=board, apart=apart, value=problem.value * scale, scale=scale)


def _size_table(size_charge: Mapping[int, int], piece_charge: NDArray[np.int64], *, scale: int) -> NDArray[np.int64]:
    table = np.zeros((len(piece_charge), 4), dtype=np.int64)
    for size, charge in size_charge.items():
        table[size, IS_SIZE], table[size, CHARGE] = 1, charge * scale
    table[:, IS_PIECE] = piece_charge != NO_PIECES
    table[:, PIECE_CHARGE] = np.where(piece_charge != NO_PIECES, piece_charge, 0)
    return table


def build_look(
    field: Field,
    prices: NDArray[np.int64],
    *,
    turn: NDArray[np.int64] | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Look:
    """Order the roots, the least worth less its price first, and note the best far members behind each.

    Members with many partners have high prices, so they come first and are then out of everybody else's way.

    Parameters
    ----------
    field
        The problem laid out.
    prices
        Shape (n,), in 1/scale.
    turn
        Shape (n,). Roots of a lower turn come first.
    among
        Shape (n,). Members that take part; the others are never reached.
    """
    own = field.value - prices
    n, largest = len(own), len(field.board.size) - 1
    order = np.lexsort((own,) if turn is None else (own, turn))
    if among is not None:
        order = order[among[order]]
    rank = np.full(n, -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    far = np.full((largest + 1, largest + 1, len(order)), NEVER, dtype=np.int64)
    for chosen in range(largest):
        for added in range(2, largest - chosen + 1):
            gain = np.maximum(own + field.apart[:, chosen] + field.board.half[:, added - 1], NEVER)[order]
            far[chosen, added, :-1] = np.maximum.accumulate(gain[::-1])[::-1][1:]
    return Look(own=own, order=order, rank=rank, far=far)


def best_unlisted(problem: MatchingProblem) -> int:
    """Give the most that an unlisted pair can score."""
    return problem.stranger_value - int(np.minimum(problem.label_charges, 0).sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    begin: NDArray[np.int64]
    start: NDArray[np.int64]
    to: NDArray[np.int32]
    pair: NDArray[np.int64]


def _both_ways(n: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> _Rows:
    start, to = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((to, start))
    begin = np.searchsorted(start[order], np.arange(n + 1))
    pair = np.tile(np.arange(len(first)), 2)[order]
    return _Rows(begin=begin.astype(np.int64), start=start[order], to=to[order].astype(np.int32), pair=pair)


def _best_sums(
    start: NDArray[np.int64], score: NDArray[np.int64], *, n: int, largest: int, unlisted: int
) -> NDArray[np.int64]:
    """Sum each member's best k scores, k up to the largest size, with unlisted pairs where it has no better."""
    order = np.lexsort((-score, start))
    start, score = start[order], score[order]
    place = np.arange(len(start)) - np.searchsorted(start, start)
    best = np.full((n, largest + 1), unlisted, dtype=np.int64)
    best[:, 0] = 0
    first = place < largest
    best[start[first], place[first] + 1] = np.maximum(score[first], unlisted)
    return np.cumsum(best, axis=1)
