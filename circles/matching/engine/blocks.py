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
HOT = 0.35
"""How many mean prices the circles of a block may cost beyond their worth."""
EFFORT, MORE_EFFORT, WIDER = 4.0, 1.5, 1.3
"""CP-SAT's deterministic seconds for a block; after an idle sweep there are more, and blocks are wider."""
SWEEPS, IDLE = 60, 3


def sweep_blocks(pool: Pool, incumbent: Incumbent, drive: Drive, *, measure: float) -> None:
    """Solve block after block, new ones in every sweep.

    Ends when the gap is reached, the time is over, or three sweeps in a row bring nothing.

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
    """
    idle, effort = 0, EFFORT
    size = float(SMALL_BLOCK if len(incumbent.prices) <= SMALL else BLOCK)
    for sweep in range(SWEEPS):
        if incumbent.reaches(drive.gap) or drive.clock.is_over or idle >= IDLE:
            return
        before = incumbent.value
        is_open = (incumbent.bounds() > incumbent.values())[incumbent.component]
        warm = HOT * measure
        hot = pool.pick(np.flatnonzero(incumbent.excess(pool) >= -warm))
        hot = merge_pools([hot.pick(is_open[hot.members[:, 0]]), incumbent.circles])
        random = np.random.default_rng([drive.seed, sweep])
        jobs = _list_jobs(hot, incumbent, is_open, size=int(size), order=random.permutation(len(is_open)))
        run_jobs(jobs, incumbent, drive, effort=effort)
        if incumbent.value == before:
            idle, effort, size = idle + 1, effort * MORE_EFFORT, size * WIDER
        else:
            idle = 0


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
