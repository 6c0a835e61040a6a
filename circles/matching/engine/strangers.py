"""Circles with strangers for the plan: sets that may take in members they do not know, the cheapest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.beam import PART_ROOTS, beam_all
from circles.matching.engine.board import Field, order_roots
from circles.matching.engine.pool import Pool, merge_pools, sum_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.improve import Drive

ALWAYS, SOMETIMES, AMONG = 20, 60, 2_000
"""Offered to every set: so many of the cheapest members, and in each part others drawn from the next ones."""


def find_strangers(
    field: Field, prices: NDArray[np.int64], *, drive: Drive, among: NDArray[np.bool_], threshold: int
) -> Pool:
    """Find circles that complete what hangs together with members who cost least beyond their worth.

    Parameters
    ----------
    field
        The problem laid out for sets that hang together by listed pairs.
    prices
        Shape (n,), in 1/scale.
    drive
        Seed, clock and workers.
    among
        Shape (n,). Members to place.
    threshold
        Circles whose worth less their price exceeds this are found, the best of each root.
    """
    look = order_roots(field, prices, among=among)
    beamed = beam_all(
        field.board,
        look,
        clock=drive.clock,
        workers=drive.workers,
        threshold=threshold,
        strangers=_draw_strangers(look.order[::-1], parts=-(-len(look.order) // PART_ROOTS), seed=drive.seed),
    )
    worth = beamed.excess + sum_over(beamed.sets, prices)
    return merge_pools([Pool(members=beamed.sets, worth=worth).pick(np.flatnonzero(beamed.whole))])


def _draw_strangers(cheapest: NDArray[np.int64], *, parts: int, seed: int) -> NDArray[np.int32]:
    random = np.random.default_rng([seed, 3])
    rest = cheapest[ALWAYS:AMONG]
    rows = [
        np.concatenate([cheapest[:ALWAYS], random.choice(rest, min(SOMETIMES, len(rest)), replace=False)])
        for _ in range(max(1, parts))
    ]
    return np.array(rows, dtype=np.int32)
