"""Tight prices over a pool that holds every circle: relaxed, rounded, and repaired until they are exactly valid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.certificate import lower_prices, repair_prices
from circles.matching.engine.master import relax
from circles.matching.engine.pool import best_by_member

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.incumbent import Incumbent
    from circles.matching.engine.pool import Pool

FIRST_COLUMNS = 30
"""Each member's best circles that the first linear programme holds."""
MORE_COLUMNS = 15
ROUNDS = 8


def tighten_prices(
    pool: Pool, incumbent: Incumbent, *, complete: NDArray[np.bool_], clock: Clock
) -> NDArray[np.float64]:
    """Price the members of complete components by the linear programme over all their circles.

    The programme is solved over a part of the pool that grows by the circles its prices undercharge (sifting).

    Parameters
    ----------
    pool
        Every admissible circle worth more than 0 of the complete components.
    incumbent
        Takes the prices of every round, made valid, where they are better.
    complete
        Shape (k,). The components to price; all others keep their prices.
    clock
        Ends the rounds.

    Returns
    -------
    Shape (m,). Share of each circle in the last relaxed plan.
    """
    n, shares = len(incumbent.prices), np.zeros(len(pool))
    priced = complete[incumbent.component]
    chosen = best_by_member(pool, pool.worth / np.maximum(1, pool.sizes), most=FIRST_COLUMNS)
    for _ in range(ROUNDS):
        relaxed = relax(pool.pick(chosen), n, clock=clock)
        shares[:] = 0.0
        shares[chosen] = relaxed.shares
        prices = np.rint(relaxed.prices).astype(np.int64)
        excess = pool.excess(prices)
        over = np.flatnonzero(excess > 0)
        valid = lower_prices(repair_prices(prices, pool.pick(over)), pool)
        incumbent.offer_prices(valid, priced)
        new = np.setdiff1d(over[excess[over] > incumbent.scale // 8], chosen)
        if len(new) == 0 or clock.is_over:
            break
        worst = best_by_member(pool.pick(new), excess[new], most=MORE_COLUMNS)
        chosen = np.union1d(chosen, new[worst])
    return shares
