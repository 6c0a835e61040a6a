"""Improving a plan block by block: disjoint groups of members that share good circles, each solved by CP-SAT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.improve import Job, run_jobs
from circles.matching.engine.pool import Pool, find_rows, list_choice, merge_pools
from circles.matching.engine.pool_kernel import Growth, grow_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent

SMALL, SMALL_BLOCK, BLOCK = 5_000, 600, 2_000
"""Members in a block, if there are up to so many members, and if there are more."""
LEVELS = ((0.2, 1), (0.2, 2), (0.35, 1), (0.35, 2))
"""How many mean prices circles may cost beyond their worth, and how many times larger blocks are, level by level."""
SLOW = 2e-4
"""A sweep that brings less than this share of the bound ends its level."""
EFFORT, LARGE_EFFORT, MORE_EFFORT = 4.0, 1.0, 1.5
"""CP-SAT's deterministic seconds for a block, up to `SMALL` members and above, and how many times more there are each
time all levels were swept: among many members new blocks bring more than more time for each."""
SWEEPS = 80


def sweep_blocks(pool: Pool, incumbent: Incumbent, drive: Drive, *, measure: float, brief: bool = False) -> None:
    """Solve block after block, new ones in every sweep, with more circles and in wider blocks where sweeps are slow.

    Ends when the gap is reached, the time is over, or all levels in turn bring nothing.

    Parameters
    ----------
    pool
        Circles to choose from.
    incumbent
        Plan and prices so far; takes every improvement.
    drive
        Seed, gap, clock and workers.
    measure
        Mean price of a member, in 1/scale.
    brief
        Whether it ends with the first level, or the second if there are many members.
    """
    idle, level, most = 0, 0, len(LEVELS) * SWEEPS
    if brief:
        most = 1 if len(incumbent.prices) <= SMALL else 2
    for sweep in range(SWEEPS):
        if incumbent.reaches(drive.gap) or drive.clock.is_over or idle >= len(LEVELS) or level >= most:
            return
        before = incumbent.value
        jobs = _plan_sweep(pool, incumbent, drive, sweep=sweep, level=level % len(LEVELS), measure=measure)
        effort = EFFORT if len(incumbent.prices) <= SMALL else LARGE_EFFORT
        run_jobs(jobs, incumbent, drive, effort=effort * MORE_EFFORT ** (level // len(LEVELS)))
        gained = incumbent.value - before
        idle = 0 if gained else idle + 1
        level += gained <= SLOW * incumbent.bound


def _plan_sweep(pool: Pool, incumbent: Incumbent, drive: Drive, *, sweep: int, level: int, measure: float) -> list[Job]:
    n, (cost, wide) = len(incumbent.prices), LEVELS[level]
    is_open = (incumbent.bounds() > incumbent.values())[incumbent.component]
    hot = pool.pick(np.flatnonzero(incumbent.excess(pool) >= -cost * measure))
    hot = merge_pools([hot.pick(is_open[hot.members[:, 0]]), incumbent.circles])
    order = np.random.default_rng([drive.seed, sweep]).permutation(n)
    return _list_jobs(hot, incumbent, is_open, size=wide * (SMALL_BLOCK if n <= SMALL else BLOCK), order=order)


def _list_jobs(
    hot: Pool, incumbent: Incumbent, is_open: NDArray[np.bool_], *, size: int, order: NDArray[np.int64]
) -> list[Job]:
    """Divide the open members into blocks, each with the circles that lie inside it; the plan's stay whole."""
    known = find_rows(hot, incumbent.circles)
    circle = np.full(len(is_open) + 1, -1, dtype=np.int64)
    circle[hot.members[known]] = known[:, None]
    n, block = len(is_open), np.where(is_open, -1, -2)
    growth = Growth(
        block=block,
        near=np.zeros(n, dtype=np.int32),
        pull=np.zeros(n, dtype=np.int64),
        inside=np.zeros(len(hot), dtype=np.int32),
    )
    count = grow_blocks(list_choice(hot, n), circle[:-1], growth, order, size)
    place = np.append(block, -3)[hot.members]
    inside = np.flatnonzero(((place == place[:, :1]) | (hot.members < 0)).all(axis=1) & (place[:, 0] >= 0))
    inside = inside[np.argsort(place[inside, 0], kind="stable")]
    ends = np.searchsorted(place[inside, 0], np.arange(count + 1))
    is_known = np.zeros(len(hot), dtype=np.bool_)
    is_known[known] = True
    jobs = []
    for which in range(count):
        mine = inside[ends[which] : ends[which + 1]]
        old = np.flatnonzero(is_known[mine])
        if len(mine) > len(old):
            jobs.append(Job(pool=hot.pick(mine), known=old, inside=block == which, component=None))
    return jobs
