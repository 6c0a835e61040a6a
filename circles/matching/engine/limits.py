"""Pricing the limits across circles: a linear programme over circles that beams find, with the limits as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.beam import beam_all
from circles.matching.engine.board import Field, largest_worth, order_roots, price_parts
from circles.matching.engine.ledger import Ledger, open_ledger, price_limits
from circles.matching.engine.master import relax_within
from circles.matching.engine.pool import Pool, merge_pools, sum_over

if TYPE_CHECKING:
    from circles.matching.engine.improve import Drive
    from circles.matching.problem import MatchingProblem
    from circles.matching.rows import Rows

ROUNDS = 8
TIME = 0.15
"""Share of the time after which no further round begins."""
MOST_EACH, MOST_MORE = 40, 1_000
"""Circles kept for each member, and besides."""


def find_limit_prices(problem: MatchingProblem, field: Field, rows: Rows, *, start: Pool, drive: Drive) -> Ledger:
    """Find prices of the limits, near those of the linear programme; whatever they are, bounds stay valid.

    Parameters
    ----------
    problem, field
        The integer problem, and it laid out without prices of limits.
    rows
        The limits.
    start
        Circles of a plan that keeps the limits, with their full worth.
    drive
        Clock and workers.
    """
    ledger, most = open_ledger(rows), 4 * largest_worth(problem) * field.scale
    pool, prices = start, np.zeros(problem.members, dtype=np.int64)
    for _ in range(ROUNDS if len(rows) else 0):
        priced = price_parts(problem, field, ledger.part)
        look = order_roots(priced, prices)
        beamed = beam_all(field.board, look, clock=drive.clock, workers=drive.workers)
        cost = sum_over(beamed.sets, prices + ledger.part)
        found = Pool(members=beamed.sets, worth=beamed.excess + cost).pick(beamed.whole)
        grown = merge_pools([pool, found])
        if len(grown) == len(pool):
            break
        pool = grown.keep_nearest(prices + ledger.part, MOST_EACH * problem.members + MOST_MORE)
        relaxed = relax_within(pool, problem.members, rows, clock=drive.clock)
        prices = np.rint(relaxed.prices).astype(np.int64)
        ledger = price_limits(rows, relaxed.row_prices, most=most)
        if drive.clock.used > TIME:
            break
    return ledger
