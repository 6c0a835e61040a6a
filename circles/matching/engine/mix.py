"""Mixing strangers: improving a plan in small blocks of members, in which every circle whatever is looked at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.board import build_field, build_look
from circles.matching.engine.enumeration import Budget, walk_all
from circles.matching.engine.improve import make_room, share_limits
from circles.matching.engine.packing import Room, pack_exactly, pack_greedily
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.pool import Pool, find_rows, merge_pools, sum_over
from circles.matching.engine.restrict import restrict_problem
from circles.matching.engine.steps import fitting_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent
    from circles.matching.problem import MatchingProblem

BLOCK_MEMBERS = 30
KEEP, VISITS = 60, 10_000
"""Circles kept and sets looked at from each member of a block."""
EFFORT = 0.3
SWEEPS, IDLE = 40, 3
ENOUGH = 0.0005
"""A sweep that brings less than this share of the value is idle."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    inside: NDArray[np.bool_]
    old: Pool
    prices: NDArray[np.int64]
    scale: int
    part: NDArray[np.int64]
    room: Callable[[Pool], Room | None]
    """Lays out the limits across circles."""


def mix_strangers(problem: MatchingProblem, incumbent: Incumbent, drive: Drive) -> None:
    """Sweep over blocks of members: along listed pairs first, then thrown together by chance, new ones in each sweep.

    Ends when the gap is reached, the time is over, or three sweeps in a row bring next to nothing.

    Parameters
    ----------
    problem
        The integer problem, in which strangers may share a circle.
    incumbent
        Plan and prices so far; takes every improvement.
    drive
        Seed, gap, clock and workers.
    """
    idle = 0
    for sweep in range(SWEEPS):
        if incumbent.reaches(drive.gap) or drive.clock.is_over or idle >= IDLE:
            return
        before = incumbent.value
        random = np.random.default_rng([drive.seed, 2, sweep])
        units = _list_units(problem, incumbent, random, is_near=sweep % 4 == 0)
        _improve_blocks(problem, incumbent, drive, insides=_fill_blocks(units, problem.members))
        idle = idle + 1 if incumbent.value - before <= ENOUGH * incumbent.value else 0


def _list_units(
    problem: MatchingProblem, incumbent: Incumbent, random: np.random.Generator, *, is_near: bool
) -> list[tuple[int, ...]]:
    """List the plan's circles and the unplaced members, partners near each other or in an order of chance."""
    circles = incumbent.circles.circles(np.arange(len(incumbent.circles)))
    placed = {i for circle in circles for i in circle}
    whole = [tuple(group) for group in problem.together if group[0] not in placed]
    placed.update(i for group in whole for i in group)
    units = [*circles, *whole, *((i,) for i in range(problem.members) if i not in placed)]
    units = [units[at] for at in random.permutation(len(units)).tolist()]
    return _order_near(problem, units) if is_near else units


def _order_near(problem: MatchingProblem, units: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    mates: list[list[int]] = [[] for _ in range(problem.members)]
    for i, j in zip(problem.pair_first.tolist(), problem.pair_second.tolist(), strict=True):
        mates[i].append(j)
        mates[j].append(i)
    home = {i: unit for unit in units for i in unit}
    done: set[tuple[int, ...]] = set()
    ordered = []
    for start in units:
        queue = [start]
        for unit in queue:
            if unit not in done:
                done.add(unit)
                ordered.append(unit)
                queue.extend(home[j] for i in unit for j in mates[i] if home[j] not in done)
    return ordered


def _fill_blocks(units: list[tuple[int, ...]], n: int) -> list[NDArray[np.bool_]]:
    blocks, count = [np.zeros(n, dtype=np.bool_)], 0
    for unit in units:
        if count + len(unit) > BLOCK_MEMBERS:
            blocks.append(np.zeros(n, dtype=np.bool_))
            count = 0
        blocks[-1][list(unit)] = True
        count += len(unit)
    return blocks


def _improve_blocks(
    problem: MatchingProblem, incumbent: Incumbent, drive: Drive, *, insides: list[NDArray[np.bool_]]
) -> None:
    blocks, olds = [], []
    for inside in insides:
        old = incumbent.circles.pick(np.flatnonzero(inside[incumbent.circles.members[:, 0]]))
        olds.append(old)
    for inside, old, limit in zip(insides, olds, share_limits(incumbent, olds), strict=True):
        blocks.append(
            _Block(
                inside=inside,
                old=old,
                prices=incumbent.prices,
                scale=incumbent.scale,
                part=incumbent.ledger.part,
                room=partial(make_room, incumbent=incumbent, limit=limit),
            )
        )

    def pack(block: _Block) -> Pool:
        return block.old if drive.clock.is_over else _pack_block(problem, block, drive)

    executor = ThreadPoolExecutor(max_workers=drive.workers)
    try:
        for block, circles in zip(blocks, executor.map(pack, blocks), strict=True):
            incumbent.offer_circles(circles, block.inside)
    except BaseException:
        drive.halt.stop()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _pack_block(problem: MatchingProblem, block: _Block, drive: Drive) -> Pool:
    """Choose the best circles among a block's members, from the best of each by price."""
    part, positions = restrict_problem(problem, block.inside), np.flatnonzero(block.inside)
    steps = fitting_steps(part, most=part.members**2)
    if steps is None:
        return block.old
    field = build_field(
        part, steps, scale=block.scale, piece_charge=no_pieces(part.sizes[-1]), part=block.part[positions]
    )
    prices = block.prices[positions]
    spare = int(prices.sum() - block.old.worth.sum())
    budget = Budget(threshold=-max(spare, 1), visits=VISITS, keep=KEEP, part_visits=2**62)
    walked = walk_all(field.board, build_look(field, prices), budget=budget)
    places = np.append(positions, -1).astype(np.int32)
    found = Pool(members=places[walked.sets], worth=walked.excess + sum_over(walked.sets, prices))
    before = Pool(members=places[field.known.members], worth=field.known.worth)
    pool = merge_pools([block.old, *(circles.pick(circles.worth > 0) for circles in (before, found))])
    known = find_rows(pool, block.old)
    room = block.room(pool)
    greedy = pack_greedily(pool, pool.excess(block.prices).astype(np.float64))
    if room is None and pool.worth[greedy].sum() > pool.worth[known].sum():
        known = greedy
    packing = pack_exactly(pool, known, effort=EFFORT, seed=drive.seed, clock=drive.clock, halt=drive.halt, room=room)
    return pool.pick(packing.rows)
