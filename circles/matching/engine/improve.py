"""Improving a plan: exactly where few circles are left to choose from, block by block where there are many."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.packing import Packing, pack_exactly, pack_greedily
from circles.matching.engine.pool import Pool, best_by_member, find_rows, merge_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.incumbent import Incumbent

HOT_COLUMNS = 25
"""In blocks, so many of each member's best circles by price are considered."""
BLOCK_MEMBERS = 600
SWEEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """How a search is driven: the seed of every choice, the gap that is enough, the clock and the workers."""

    seed: int
    gap: float
    clock: Clock
    workers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far exact search goes: the most circles to choose from in a component, and CP-SAT's deterministic time."""

    columns: int
    effort: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Job:
    pool: Pool
    known: NDArray[np.int64]
    inside: NDArray[np.bool_]
    component: int | None
    """The component whose every circle that could matter is in the pool, if so."""


def place_greedily(pool: Pool, shares: NDArray[np.float64], incumbent: Incumbent) -> None:
    """Take circles by their share in the relaxed plan, then by what they leave after prices, component by component.

    Parameters
    ----------
    pool
        Circles to choose from.
    shares
        Shape (m,), 0 to 1.
    incumbent
        Takes the result wherever it is worth more.
    """
    excess = pool.excess(incumbent.prices) / max(1.0, float(incumbent.prices.max(initial=1)))
    for score in (np.where(shares > 0.01, 2.0 + shares, excess), np.where(shares > 0.5, 2.0 + shares, excess)):
        taken = pool.pick(pack_greedily(pool, score))
        by_circle = incumbent.component[taken.members[:, 0]]
        worth = np.zeros(int(incumbent.component.max(initial=-1)) + 1, dtype=np.int64)
        np.add.at(worth, by_circle, taken.worth)
        better = worth > incumbent.values() * incumbent.scale
        incumbent.offer_circles(taken.pick(better[by_circle]), better[incumbent.component])


def close_components(
    pool: Pool, incumbent: Incumbent, drive: Drive, *, complete: NDArray[np.bool_], reach: Reach
) -> None:
    """Solve components whose circles are all known, and few enough could still matter, to proven optimality.

    A plan worth at least 1 more than the present one consists of circles that together cost less than `room` beyond
    their worth; every other circle is left out.

    Parameters
    ----------
    pool
        Circles to choose from.
    incumbent
        Plan and prices so far; takes the result.
    drive
        Seed, clock and workers.
    complete
        Shape (k,). Components of which the pool holds every circle worth more than 0.
    reach
        Up to how many circles, and how hard, to try.
    """
    is_open = complete & (incumbent.bounds() > incumbent.values())
    by_circle = incumbent.component[pool.members[:, 0]]
    room = incumbent.room()
    matters = is_open[by_circle] & (-pool.excess(incumbent.prices) <= room[by_circle])
    counts = np.bincount(by_circle[matters], minlength=len(is_open))
    jobs = []
    rows = np.flatnonzero(matters)
    rows = rows[np.argsort(by_circle[rows], kind="stable")]
    begin = np.concatenate([[0], np.cumsum(counts)])
    for which in np.flatnonzero(is_open & (counts <= reach.columns)):
        inside = incumbent.component == which
        jobs.append(_to_job(pool.pick(rows[begin[which] : begin[which + 1]]), incumbent, inside, component=int(which)))
    _run_jobs(jobs, incumbent, drive, effort=reach.effort)


def sweep_blocks(pool: Pool, incumbent: Incumbent, drive: Drive) -> None:
    """Solve block after block of members that share good circles, with new blocks in every sweep.

    Ends when the gap is reached, the time is over, or two sweeps in a row bring nothing.
    """
    idle, effort, size = 0, 2.0, BLOCK_MEMBERS
    for sweep in range(SWEEPS):
        if incumbent.reaches(drive.gap) or drive.clock.is_over or idle >= 2:
            return
        before = incumbent.value
        is_open = (incumbent.bounds() > incumbent.values())[incumbent.component]
        excess = pool.excess(incumbent.prices)
        hot = pool.pick(best_by_member(pool, excess, most=HOT_COLUMNS))
        hot = merge_pools([hot.pick(is_open[hot.members[:, 0]]), incumbent.circles])
        random = np.random.default_rng([drive.seed, sweep])
        blocks = _grow_blocks(hot, incumbent, is_open, size=size, order=random.permutation(len(is_open)))
        jobs = [_to_job(hot, incumbent, inside, component=None) for inside in blocks]
        _run_jobs([job for job in jobs if len(job.pool) > len(job.known)], incumbent, drive, effort=effort)
        if incumbent.value == before:
            idle, effort, size = idle + 1, effort * 2, size * 3 // 2
        else:
            idle = 0


def _to_job(pool: Pool, incumbent: Incumbent, inside: NDArray[np.bool_], *, component: int | None) -> _Job:
    """Choose among the circles that lie inside; the present plan's are always there."""
    padded = np.append(inside, np.True_)
    within = pool.pick(np.flatnonzero(padded[pool.members].all(axis=1)))
    old = incumbent.circles.pick(inside[incumbent.circles.members[:, 0]])
    both = merge_pools([old, within])
    known = find_rows(both, old)
    return _Job(pool=both, known=known, inside=inside, component=component)


def _run_jobs(jobs: list[_Job], incumbent: Incumbent, drive: Drive, *, effort: float) -> None:
    def pack(job: _Job) -> Packing:
        return pack_exactly(job.pool, job.known, effort=effort, seed=drive.seed, clock=drive.clock)

    executor = ThreadPoolExecutor(max_workers=drive.workers)
    try:
        for job, packing in zip(jobs, executor.map(pack, jobs), strict=True):
            incumbent.offer_circles(job.pool.pick(packing.rows), job.inside)
            if packing.is_best and job.component is not None:
                incumbent.close(job.component)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _grow_blocks(
    hot: Pool, incumbent: Incumbent, is_open: NDArray[np.bool_], *, size: int, order: NDArray[np.int64]
) -> list[NDArray[np.bool_]]:
    """Split the open members into blocks grown along good circles; the plan's circles stay whole."""
    n = len(is_open)
    mates = _list_mates(hot, n)
    circle_of = {i: circle for circle in incumbent.circles.circles(np.arange(len(incumbent.circles))) for i in circle}
    block = np.where(is_open, -1, -2).tolist()
    number = 0
    for start in order.tolist():
        if block[start] != -1:
            continue
        queue, count = deque([start]), 0
        while queue and count < size:
            i = queue.popleft()
            if block[i] != -1:
                continue
            for j in circle_of.get(i, (i,)):
                block[j] = number
                count += 1
                queue.extend(mates[j])
        number += 1
    blocks = np.array(block)
    return [blocks == which for which in range(number)]


def _list_mates(hot: Pool, n: int) -> list[list[int]]:
    """List, for each member, who shares a good circle with it."""
    incidence = hot.incidence(n).tocsr()
    together = (incidence @ incidence.T).tocsr()
    together.sort_indices()
    begin = together.indptr.tolist()
    to = together.indices.tolist()
    return [to[begin[i] : begin[i + 1]] for i in range(n)]
