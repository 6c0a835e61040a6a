"""The ledger: what circles use of the limits across circles, and what that costs them.

With prices λ ≥ 0 on the limits, a circle is worth less by its members' parts ``⌊amount · λ⌋``; whatever prices of
members then pay for every circle prove ``Σ prices + Σ ⌈limit · λ⌉`` for every plan that keeps the limits. So walks and
prices know nothing of limits: they see worth less parts. Only plans are chosen by the full worth, within the limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.pool import sum_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.pool import Pool
    from circles.matching.rows import Rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ledger:
    """Limits across circles, and their prices.

    Parameters
    ----------
    rows
        The limits; there may be none.
    prices
        Shape (r,), at least 0, in 1/(scale · row_scale).
    row_scale
        Parts of 1/scale in which prices are given.
    part
        Shape (n,). Each member's part, in 1/scale.
    offset
        What the limits add to every bound, in 1/scale.
    """

    rows: Rows
    prices: NDArray[np.int64]
    row_scale: int
    part: NDArray[np.int64]
    offset: int

    def full_worth(self, circles: Pool) -> NDArray[np.int64]:
        """Give what circles are worth before limits cost them anything; shape (m,), in 1/scale."""
        if len(self.rows) == 0:
            return circles.worth
        return circles.worth + sum_over(circles.members, self.part)

    def spare(self, circles: Pool) -> NDArray[np.int64]:
        """Give what circles together leave of each limit, negative where they break it; shape (r,)."""
        return self.rows.limit - self.rows.use(circles.members).sum(axis=1)


def price_limits(rows: Rows, prices: NDArray[np.float64], *, most: int) -> Ledger:
    """Round prices of limits, and work out what they cost.

    Parameters
    ----------
    rows
        The limits.
    prices
        Shape (r,), in 1/scale for a unit of each limit; the nearest whole numbers are taken.
    most
        No member's part may be larger, in 1/scale.
    """
    if len(rows) == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return Ledger(
            rows=rows, prices=nothing, row_scale=1, part=np.zeros(rows.amount.shape[1], dtype=np.int64), offset=0
        )
    largest = np.abs(rows.amount).max(axis=1, initial=1)
    scale = 2 ** min(40, int(largest.max(initial=1)).bit_length() + 3)
    top = [min(2**62, most * scale // int(amount)) for amount in largest]
    whole = np.array(
        [min(high, max(0, round(float(price) * scale))) for high, price in zip(top, prices, strict=True)],
        dtype=np.int64,
    )
    return Ledger(
        rows=rows,
        prices=whole,
        row_scale=scale,
        part=rows.parts(whole, scale),
        offset=rows.offset(whole, scale),
    )


def open_ledger(rows: Rows) -> Ledger:
    """Give the ledger in which no limit has a price."""
    return price_limits(rows, np.zeros(len(rows)), most=0)
