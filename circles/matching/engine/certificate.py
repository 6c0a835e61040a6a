"""The certificate: a price for every member, such that no admissible circle is worth more than its members' prices.

Then no plan is worth more than the sum of all prices, since circles are disjoint and prices are at least 0 (linear
programming duality; C. Barnhart et al., "Branch-and-price", Operations Research 46, 1998, section 2). Prices are
whole numbers in 1/scale of a unit, so a certificate holds exactly, whatever solver suggested it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.enumeration_kernel import CHARGE, IS_SIZE
from circles.matching.engine.pool_kernel import raise_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.board import Field
    from circles.matching.engine.pool import Pool


def start_prices(field: Field) -> NDArray[np.int64]:
    """Give prices that are valid from the first second, about twice as high as needed.

    ``price_i = max over sizes t of value_i + ½·(its best t − 1 pair scores) − charge[t]/t``, at least 0, rounded up,
    where an unlisted pair is taken at the most it can score (`stranger_value` less the negative label charges) and no
    listed pair at less. A circle T of t members is worth ``Σ_{i∈T} (value_i + ½·Σ_{j∈T, j≠i} score_ij − charge[t]/t)``
    and each bracket is at most price_i, in every mode and with every sign.

    Returns
    -------
    Shape (n,), in 1/scale.
    """
    prices = np.zeros(len(field.value), dtype=np.int64)
    for size, row in enumerate(field.board.size.tolist()):
        if row[IS_SIZE]:
            prices = np.maximum(prices, field.value + field.board.half[:, size - 1] - row[CHARGE] // size)
    return repair_prices(prices, field.known)


def repair_prices(prices: NDArray[np.int64], sets: Pool) -> NDArray[np.int64]:
    """Raise prices until no given set is worth more than its members'.

    Sets are taken one by one, the largest excess first, ties in the pool's order; each raises its members evenly by
    what remains of its excess, the remainder on the first ones.

    Parameters
    ----------
    prices
        Shape (n,), in the unit of the sets' worth.
    sets
        Circles, or pieces of circles with their charge taken off.
    """
    excess = sets.excess(prices)
    violated = np.flatnonzero(excess > 0)
    violated = violated[np.argsort(-excess[violated], kind="stable")]
    raised = prices.copy()
    raise_prices(sets.members, sets.worth, violated, raised)
    return raised


def lower_prices(prices: NDArray[np.int64], circles: Pool) -> NDArray[np.int64]:
    """Lower one price after the other as far as the circles allow, where these are all there are.

    Members are taken in order of their price, the highest first.
    """
    slack, lowered = -circles.excess(prices), prices.copy()
    by_member = circles.incidence(len(prices)).tocsr()
    for i in np.argsort(-prices, kind="stable"):
        rows = by_member.indices[by_member.indptr[i] : by_member.indptr[i + 1]]
        step = min(int(lowered[i]), int(slack[rows].min())) if len(rows) else int(lowered[i])
        if step > 0:
            lowered[i] -= step
            slack[rows] -= step
    return lowered
