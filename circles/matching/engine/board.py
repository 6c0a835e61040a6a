"""The board: a matching problem laid out as flat arrays, for walking through sets of members."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits
from circles.matching.engine.enumeration_kernel import (
    CHARGE,
    IS_PIECE,
    IS_SIZE,
    NEVER,
    PIECE_CHARGE,
    Board,
    Look,
    spread,
)
from circles.matching.engine.pieces import NO_PIECES
from circles.matching.engine.pool import Pool, empty_pool, sum_over
from circles.matching.engine.steps import fits_together
from circles.matching.groups import group_of
from circles.matching.joint_loss_kernel import lay_out_losses
from circles.matching.rows import has_rows
from circles.matching.worth import circle_worths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from circles.matching.engine.steps import Steps
    from circles.matching.problem import MatchingProblem

MOST_SCALE = 1024
FAR_STEPS = 3
"""Members up to so many steps away are looked at one by one, those farther away only all together."""
ROW_ROOM = 8
"""So many times as much room is left where limits across circles have prices."""
ROOM = 2**61
"""Sums over all members stay below this."""


def choose_scale(problem: MatchingProblem) -> int:
    """Give the largest power of two up to 1024 in which all prices together still fit 64 bits."""
    worth = largest_worth(problem) * (ROW_ROOM if has_rows(problem) else 1)
    scale = MOST_SCALE
    while scale > 1 and scale * worth * max(problem.sizes[-1], problem.members) > ROOM // 16:
        scale //= 2
    return scale


def largest_worth(problem: MatchingProblem) -> int:
    """Give an amount that the worth of no circle exceeds, with either sign."""
    size = problem.sizes[-1]
    largest = [np.abs(array).max(initial=0) for array in (problem.value, problem.pair_value)]
    stranger = abs(problem.stranger_value) + int(np.abs(problem.label_charges).sum())
    charge = max(map(abs, problem.size_charge.values())) + problem.change_charge
    if problem.joint_loss is not None:
        charge += int(problem.joint_loss.weight * size * float(problem.joint_loss.exposure.max(initial=0))) + 1
    return size * int(largest[0]) + size * size * (int(largest[1]) + stranger) + charge


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
    part
        Shape (n,). Each member's part of the prices of limits across circles, in 1/scale; it is off `value`.
    known
        Circles of the earlier plan, which walks charge for a change: worth what they are without that.
    """

    board: Board
    apart: NDArray[np.int64]
    value: NDArray[np.int64]
    scale: int
    part: NDArray[np.int64]
    known: Pool


def build_field(
    problem: MatchingProblem,
    steps: Steps,
    *,
    scale: int,
    piece_charge: NDArray[np.int64],
    part: NDArray[np.int64] | None = None,
) -> Field:
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
    part
        Shape (n,). Parts of the prices of limits across circles, in 1/scale; None for none.
    """
    part = np.zeros(problem.members, dtype=np.int64) if part is None else part
    n, largest, limits = problem.members, problem.sizes[-1], build_limits(problem)
    rows = _both_ways(n, problem.pair_first, problem.pair_second)
    fit = fits_together(problem, rows.start, rows.to.astype(np.int64))
    near = _list_near(problem, steps, scale=scale)
    bans = _both_ways(n, problem.forbidden_first, problem.forbidden_second)
    score = problem.pair_value[rows.pair] * scale
    best = best_unlisted(problem) * scale
    board = Board(
        near_from=near.begin,
        near_to=near.to,
        near_extra=near.extra,
        near_step=near.step,
        ban_from=bans.begin,
        ban_to=bans.to,
        labels=problem.labels,
        label_charges=problem.label_charges * scale,
        stranger=problem.stranger_value * scale,
        circle_loan=limits.circle_loan,
        member=np.column_stack([problem.loan, problem.resources, limits.cover, limits.top_loan]),
        bear=limits.bear,
        size=_size_table(charged_sizes(problem), piece_charge, scale=scale),
        half=-(-_best_sums(rows.start[fit], score[fit], n=n, largest=largest, unlisted=best) // 2),
        group=_number_groups(problem),
        loss=lay_out_losses(problem),
        unit=scale,
    )
    if steps.is_clique:
        apart = np.full((n, largest + 1), NEVER, dtype=np.int64)
        apart[:, 0] = 0
    else:
        is_step = np.isin(rows.start * n + rows.to, _keys(n, steps.first, steps.second))
        apart = _best_sums(rows.start[fit & ~is_step], score[fit & ~is_step], n=n, largest=largest, unlisted=best)
    return Field(
        board=board,
        apart=apart,
        value=problem.value * scale - part,
        scale=scale,
        part=part,
        known=_list_known(problem, scale=scale, part=part),
    )


def price_parts(problem: MatchingProblem, field: Field, part: NDArray[np.int64]) -> Field:
    """Give the same field with each member's part of the prices of limits across circles taken off."""
    return replace(
        field,
        value=problem.value * field.scale - part,
        part=part,
        known=_list_known(problem, scale=field.scale, part=part),
    )


def charged_sizes(problem: MatchingProblem) -> dict[int, int]:
    """Give the charge of each size, that of a change included: what a circle costs unless it was there before."""
    return {size: charge + problem.change_charge for size, charge in problem.size_charge.items()}


def _number_groups(problem: MatchingProblem) -> NDArray[np.int64]:
    """Give each member the number of its group, -1 for none, and how many belong to it; shape (n, 2), or (0, 2)."""
    if not problem.together:
        return np.zeros((0, 2), dtype=np.int64)
    number = group_of(problem.together, problem.members)
    size = np.array([*map(len, problem.together), 1], dtype=np.int64)
    return np.column_stack([number, size[number]])


def _list_known(problem: MatchingProblem, *, scale: int, part: NDArray[np.int64]) -> Pool:
    largest = problem.sizes[-1]
    if not problem.change_charge or not problem.previous:
        return empty_pool(largest)
    members = np.array([[*circle, *[-1] * (largest - len(circle))] for circle in problem.previous], dtype=np.int32)
    worth = circle_worths(problem, members) * scale - sum_over(members, part)
    return Pool(members=members, worth=worth)


def _size_table(size_charge: Mapping[int, int], piece_charge: NDArray[np.int64], *, scale: int) -> NDArray[np.int64]:
    table = np.zeros((len(piece_charge), 4), dtype=np.int64)
    for size, charge in size_charge.items():
        table[size, IS_SIZE], table[size, CHARGE] = 1, charge * scale
    table[:, IS_PIECE] = piece_charge != NO_PIECES
    table[:, PIECE_CHARGE] = np.where(piece_charge != NO_PIECES, piece_charge, 0)
    return table


def order_roots(
    field: Field,
    prices: NDArray[np.int64],
    *,
    turn: NDArray[np.int64] | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Look:
    """Order the roots, the least worth less its price first: what a beam needs to know of the prices.

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
    order = np.lexsort((own,) if turn is None else (own, turn))
    if among is not None:
        order = order[among[order]]
    rank = np.full(len(own), -1, dtype=np.int64)
    rank[order] = np.arange(len(order))
    nothing = np.zeros((0, 0), dtype=np.int64)
    return Look(own=own, order=order, rank=rank, far=nothing.reshape(0, 0, 0), top=nothing)


def build_look(
    field: Field,
    prices: NDArray[np.int64],
    *,
    turn: NDArray[np.int64] | None = None,
    among: NDArray[np.bool_] | None = None,
) -> Look:
    """Order the roots as `order_roots` does, and note the best gains of members far from each: what a walk needs."""
    look = order_roots(field, prices, turn=turn, among=among)
    far, top = _look_far(field, look.own, look.rank >= 0)
    return look._replace(far=far, top=top)


def _look_far(
    field: Field, own: NDArray[np.int64], takes_part: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Note the best gains of members not next to a set: within a few steps of each member, and of all."""
    n, largest = len(own), len(field.board.size) - 1
    far = np.full((largest + 1, min(FAR_STEPS + 1, largest) + 1, n), NEVER, dtype=np.int64)
    top = np.full((largest + 1, largest + 1), NEVER, dtype=np.int64)
    for chosen in range(largest):
        for added in range(2, largest - chosen + 1):
            gain = np.maximum(own + field.apart[:, chosen] + field.board.half[:, added - 1], NEVER)
            gain[~takes_part] = NEVER
            top[chosen, added] = gain.max(initial=NEVER)
            if added < far.shape[1]:
                far[chosen, added] = spread(field.board, gain, added - 1)
    return far, top


def best_unlisted(problem: MatchingProblem) -> int:
    """Give the most that an unlisted pair can score."""
    return problem.stranger_value - int(np.minimum(problem.label_charges, 0).sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Near:
    begin: NDArray[np.int64]
    to: NDArray[np.int32]
    extra: NDArray[np.int64]
    step: NDArray[np.int32]


def _list_near(problem: MatchingProblem, steps: Steps, *, scale: int) -> _Near:
    """List everybody's scored partners and neighbours together, with what a score is above an unlisted pair's."""
    n = problem.members
    listed = _keys(n, problem.pair_first, problem.pair_second)
    stepped = _keys(n, steps.first, steps.second)
    keys = np.union1d(listed, stepped)
    extra = np.zeros(len(keys), dtype=np.int64)
    alike = problem.labels[problem.pair_first] == problem.labels[problem.pair_second]
    above = problem.pair_value - problem.stranger_value
    if len(problem.label_charges):
        above = above + alike @ problem.label_charges
    extra[np.searchsorted(keys, listed)] = np.tile(above * scale, 2)
    step = np.zeros(len(keys), dtype=np.int32)
    step[np.searchsorted(keys, stepped)] = 1
    begin = np.searchsorted(keys, np.arange(n + 1) * n).astype(np.int64)
    return _Near(begin=begin, to=(keys % max(n, 1)).astype(np.int32), extra=extra, step=step)


def _keys(n: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([first * n + second, second * n + first])


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
