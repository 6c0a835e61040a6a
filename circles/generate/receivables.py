"""Receivables: what buyers still owe for recent trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population
    from circles.generate.trade import Trade

OPEN_SHARES = (0.7, 0.5, 0.25)
"""Chance that trade of this month, the last and the one before is not settled (assumption)."""
HUB_OPEN_SHARES = (0.95, 0.85, 0.6)
"""The same for large buyers, who pay later (assumption)."""
CREDIT_DAYS, HUB_CREDIT_DAYS = 60, 90
"""Days from the end of the month to the due date (assumption)."""


def frame_receivables(seed: int, population: Population, *, trade: Trade, hubs: NDArray[np.int64]) -> pd.DataFrame:
    """Build the receivables table: the part of recent trade not paid on line and not settled yet."""
    stream = open_stream(seed, "receivables")
    recent = np.flatnonzero(trade.month < len(OPEN_SHARES))
    to_hub = np.isin(trade.buyer[recent], hubs)
    chance = np.array([OPEN_SHARES, HUB_OPEN_SHARES])[to_hub.astype(np.int64), trade.month[recent]]
    unpaid = trade.amount_fen[recent] - trade.online_fen[recent]
    still = (stream.random(len(recent)) < chance) & (unpaid > 0)
    rows, to_hub = recent[still], to_hub[still]
    month_end = ((population.day.astype("datetime64[M]") - trade.month[rows]) + 1).astype("datetime64[D]") - 1
    return pd.DataFrame(
        {
            "supplier_id": population.ids[trade.seller[rows]],
            "buyer_id": population.ids[trade.buyer[rows]],
            "amount_fen": unpaid[still],
            "due_on": month_end + np.where(to_hub, HUB_CREDIT_DAYS, CREDIT_DAYS),
        }
    )
