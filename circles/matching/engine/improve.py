"""Improving a plan: greedily, and exactly where few circles are left to choose from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.packing import Halt, Packing, Room, pack_exactly, pack_greedily
from circles.matching.engine.pool import Pool, find_rows, merge_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.incumbent import Incumbent


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """How a search is driven: the seed of every choice, the gap that is enough, the clock, the workers, the way out."""

    seed: int
    gap: float
    clock: Clock
    workers: int
    halt: Halt = field(default_factory=Halt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far exact search goes: the most circles to choose from in a component, and CP-SAT's deterministic time."""

    columns: int
    effort: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """Some members to place again: circles to choose from, and the rows of those that are in the plan now."""

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
    excess = incumbent.excess(pool) / max(1.0, float(incumbent.prices.max(initial=1)))
    room = make_room(pool, incumbent, incumbent.ledger.rows.limit)
    for score in (np.where(shares > 0.01, 2.0 + shares, excess), np.where(shares > 0.5, 2.0 + shares, excess)):
        taken = pool.pick(pack_greedily(pool, score, room=room))
        by_circle = incumbent.component[taken.members[:, 0]]
        worth = np.zeros(int(incumbent.component.max(initial=-1)) + 1, dtype=np.int64)
        np.add.at(worth, by_circle, incumbent.ledger.full_worth(taken))
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
    matters = is_open[by_circle] & (-incumbent.excess(pool) <= room[by_circle])
    counts = np.bincount(by_circle[matters], minlength=len(is_open))
    jobs = []
    rows = np.flatnonzero(matters)
    rows = rows[np.argsort(by_circle[rows], kind="stable")]
    begin = np.concatenate([[0], np.cumsum(counts)])
    for which in np.flatnonzero(is_open & (counts <= reach.columns)):
        inside = incumbent.component == which
        proves = None if len(incumbent.ledger.rows) else int(which)  # limits may ask for circles worth less than 0
        jobs.append(to_job(pool.pick(rows[begin[which] : begin[which + 1]]), incumbent, inside, component=proves))
    run_jobs(jobs, incumbent, drive, effort=reach.effort)


def to_job(pool: Pool, incumbent: Incumbent, inside: NDArray[np.bool_], *, component: int | None) -> Job:
    """Choose among the circles that lie inside; the present plan's are always there."""
    padded = np.append(inside, np.True_)
    within = pool.pick(np.flatnonzero(padded[pool.members].all(axis=1)))
    old = incumbent.circles.pick(inside[incumbent.circles.members[:, 0]])
    both = merge_pools([old, within])
    known = find_rows(both, old)
    return Job(pool=both, known=known, inside=inside, component=component)


def run_jobs(jobs: list[Job], incumbent: Incumbent, drive: Drive, *, effort: float) -> None:
    """Choose the best circles of every job, several jobs at the same time; the jobs share no member."""
    limits = share_limits(incumbent, [job.pool.pick(job.known) for job in jobs])

    def pack(task: tuple[Job, NDArray[np.int64]]) -> Packing:
        job, limit = task
        room = make_room(job.pool, incumbent, limit)
        seed, clock, halt = drive.seed, drive.clock, drive.halt
        return pack_exactly(job.pool, job.known, effort=effort, seed=seed, clock=clock, halt=halt, room=room)

    executor = ThreadPoolExecutor(max_workers=drive.workers)
    try:
        for job, packing in zip(jobs, executor.map(pack, zip(jobs, limits, strict=True)), strict=True):
            incumbent.offer_circles(job.pool.pick(packing.rows), job.inside)
            if packing.is_best and job.component is not None:
                incumbent.close(job.component)
    except BaseException:
        drive.halt.stop()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def make_room(pool: Pool, incumbent: Incumbent, limit: NDArray[np.int64]) -> Room | None:
    """Lay out the limits for a pool; None where there are none."""
    ledger = incumbent.ledger
    if len(ledger.rows) == 0:
        return None
    return Room(worth=ledger.full_worth(pool), use=ledger.rows.use(pool.members), limit=limit)


def share_limits(incumbent: Incumbent, olds: list[Pool]) -> list[NDArray[np.int64]]:
    """Give each of several groups of the plan's circles what its successors may use, so that all together fit."""
    ledger = incumbent.ledger
    spare = ledger.spare(incumbent.circles) // max(1, len(olds))
    return [ledger.rows.use(old.members).sum(axis=1) + spare for old in olds]
