"""Improving a plan by annealing whole circles of the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.anneal_kernel import Course, Tried, anneal
from circles.matching.engine.pool import Pool, best_by_member, find_rows, list_choice, merge_pools

if TYPE_CHECKING:
    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent

SMALL, SMALL_MOVES, MOVES = 5_000, 300, 15
"""Moves for each member, if there are up to so many members, and if there are more."""
HOT, COLD = 0.3, 0.015
"""Temperature at first and at last, in mean prices of a member."""
MOST_EACH = 100
"""Where there are more circles than so many a member, those nearest to paying of each are left."""
SLICE = 5_000_000
"""Circles looked at between two looks at the clock, about: a move tries every circle of whoever became free."""


def anneal_plan(pool: Pool, incumbent: Incumbent, drive: Drive, *, measure: float) -> None:
    """Change the plan circle by circle, at first also for the worse.

    Parameters
    ----------
    pool
        Circles to choose from, each worth more than 0.
    incumbent
        Plan so far; takes the result if it is worth more.
    drive
        Seed and clock.
    measure
        Mean price of a member, in 1/scale.
    """
    if drive.clock.is_over or measure <= 0:
        return
    n = len(incumbent.prices)
    if len(pool) > MOST_EACH * n:
        pool = pool.pick(best_by_member(pool, pool.excess(incumbent.prices), most=MOST_EACH))
    both = merge_pools([pool, incumbent.circles])
    row = np.full(n + 1, -1, dtype=np.int32)
    known = find_rows(both, incumbent.circles)
    row[both.members[known]] = known[:, None]
    largest = both.members.shape[1]
    tried = Tried(
        row=row[:n].copy(),
        out=np.zeros(largest, dtype=np.int32),
        put=np.zeros(largest * largest + 1, dtype=np.int32),
    )
    state = np.random.default_rng([drive.seed, 1]).integers(1, 2**63, 1).astype(np.uint64)
    moves = n * (SMALL_MOVES if n <= SMALL else MOVES)
    course = Course(moves=moves, hot=HOT * measure, cold=COLD * measure)
    choice, gained = list_choice(both, n), 0
    step = max(100, SLICE * n // max(1, len(choice.rows)))
    for start in range(0, moves, step):
        gained += anneal(choice, tried, state, course, start, min(moves, start + step))
        if drive.clock.is_over:
            break
    if gained > 0:
        chosen = np.unique(tried.row[tried.row >= 0])
        incumbent.offer_circles(both.pick(chosen), np.ones(n, dtype=np.bool_))
