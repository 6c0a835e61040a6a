"""Lowering the bound with cuts, once the plan is near the linear programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.columns import mean_price, walk_once
from circles.matching.engine.cuts import Cuts, separate_cuts
from circles.matching.engine.master import Relaxed, relax
from circles.matching.engine.pool import Pool, merge_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.board import Field
    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent
    from circles.matching.problem import MatchingProblem

ROUNDS = 2
"""Rounds of finding cuts before each walk."""
ACCURACY = (6e-4, 6e-4, 3e-4, 3e-4, 1e-4, 1e-4)
"""Walks that make prices valid, by the accuracy of the linear programme before each."""
NEARLY = 0.05
"""Walks find the circles that cost up to so many mean prices, cuts included, beyond their worth: few, for without what
they pay for cuts many more are near."""
TRUST = 0.07
"""How far a price may fall between two walks, in mean prices: with cuts, prices far from valid ones are of no use."""
CUT_TIME = 0.7
"""Share of the time after which no further cuts are looked for: what is left is for the plan."""
ENOUGH = 2e-5
"""A walk that lowers the bound by less than this share of it is the last."""


def cut_bound(
    problem: MatchingProblem, field: Field, pool: Pool, *, incumbent: Incumbent, drive: Drive, among: NDArray[np.bool_]
) -> Pool:
    """Find cuts and prices for them, and make them valid.

    Parameters
    ----------
    problem, field
        The integer problem, and it laid out; every circle is reached.
    pool
        Circles known.
    incumbent
        Takes valid prices.
    drive
        Gap, clock and workers.
    among
        Shape (n,). Members that take part.

    Returns
    -------
    The circles known afterwards.
    """
    triples = np.zeros((0, 3), dtype=np.int64)
    for turn, accuracy in enumerate(ACCURACY):
        if drive.clock.used > CUT_TIME:
            break
        trust = TRUST * mean_price(incumbent.prices[among])
        floor = np.maximum(0.0, np.where(among, incumbent.prices, 0) - trust)
        triples, relaxed = _find_cuts(pool, triples, drive, floor=floor, accuracy=accuracy)
        if len(triples) == 0:
            break
        cuts, prices = Cuts(triples=triples, prices=_round(relaxed.row_prices)), _round(relaxed.prices)
        cuts = cuts.pick(cuts.prices > 0)
        threshold = -int(NEARLY * mean_price(prices[among]))
        walks = walk_once(problem, field, prices, drive=drive, among=among, threshold=threshold, cuts=cuts)
        found = walks.found.circles
        pool = merge_pools([pool, found.pick(found.excess(prices) - cuts.part(found) > threshold)])
        before = incumbent.price_sum
        incumbent.offer_prices(walks.prices, among, cuts)
        gained = before - incumbent.price_sum
        if incumbent.reaches(drive.gap) or (turn > 0 and gained < ENOUGH * before):
            break
    return pool


def _find_cuts(
    pool: Pool, triples: NDArray[np.int64], drive: Drive, *, floor: NDArray[np.float64], accuracy: float
) -> tuple[NDArray[np.int64], Relaxed]:
    """Add the triples that a relaxed plan takes too often, round by round; give all, and the last relaxed plan."""
    n, clock = len(floor), drive.clock
    relaxed = relax(pool, n, clock=clock, accuracy=accuracy, floor=floor, triples=triples)
    for _ in range(ROUNDS):
        new = separate_cuts(pool, relaxed.shares, n, known=triples)
        if len(new) == 0 or clock.is_over:
            break
        triples = np.concatenate([triples, new])
        relaxed = relax(pool, n, clock=clock, accuracy=accuracy, floor=floor, triples=triples)
    return triples, relaxed


def _round(prices: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(prices).astype(np.int64)
