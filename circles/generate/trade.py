"""Trade: monthly amounts between sellers and buyers over the last 24 months."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.streams import open_stream
from circles.generate.trade_pairs import MONTHS, TradePairs, draw_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

MEAN_MONTHS = 4.0
"""Months in which a pair trades, on average (geometric, at most 24; assumption)."""
SOLD_SHARE, SOLD_OF_FEN = (0.1, 0.4), 10_000_000 * 100
"""What a trading member sells to other members in 24 months, as a share of two years' sales, of which at most 10
million yuan a year count: large firms sell mostly elsewhere (assumptions)."""
ROW_SPREAD = 0.7
"""Standard deviation of the logarithm of single amounts (assumption)."""
ORDER_FEN = 8_000 * 100
"""Size of a usual order: amount / 8,000 yuan orders a month (assumption)."""
ONLINE_SHARE = 0.4
"""Share of months in which something was paid on line (assumption)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Rows of trade, sorted by seller, buyer and month; every array has shape (rows,).

    Attributes
    ----------
    seller, buyer
        Members.
    month
        Months before the month of the data's date: 0 is that month, 23 the oldest.
    amount_fen, orders, online_fen
        What was sold, in how many orders, and how much of it was paid on line (0: nothing).
    """

    seller: NDArray[np.int64]
    buyer: NDArray[np.int64]
    month: NDArray[np.int64]
    amount_fen: NDArray[np.int64]
    orders: NDArray[np.int64]
    online_fen: NDArray[np.int64]


def draw_trade(seed: int, population: Population, *, hubs: NDArray[np.int64], rows: int) -> Trade:
    """Draw exactly `rows` rows of trade."""
    stream = open_stream(seed, "trade")
    if rows == 0:
        none = np.empty(0, dtype=np.int64)
        return Trade(seller=none, buyer=none, month=none, amount_fen=none, orders=none, online_fen=none)
    months = _draw_months(stream, rows)
    pairs = draw_pairs(stream, population, hubs=hubs, count=len(months), rows=rows)
    months = _fill_months(months[: len(pairs.seller)], rows)
    return _draw_rows(stream, population, pairs=pairs, months=months)


def frame_trades(trade: Trade, population: Population) -> pd.DataFrame:
    """Build the trades table."""
    this_month = population.day.astype("datetime64[M]")
    online = pd.array(trade.online_fen, dtype="Int64")
    online[trade.online_fen == 0] = pd.NA
    return pd.DataFrame(
        {
            "seller_id": population.ids[trade.seller],
            "buyer_id": population.ids[trade.buyer],
            "period": (this_month - trade.month).astype("datetime64[s]"),
            "amount_fen": trade.amount_fen,
            "trade_count": trade.orders,
            "paid_online_amount_fen": online,
        }
    )


def _draw_months(stream: np.random.Generator, rows: int) -> NDArray[np.int64]:
    """Draw how many months each pair trades, for as many pairs as hold the rows: shape (pairs,), 1 to 24."""
    drawn = np.minimum(stream.geometric(1 / MEAN_MONTHS, size=rows), MONTHS)
    return drawn[: int(np.searchsorted(np.cumsum(drawn), rows)) + 1]


def _fill_months(months: NDArray[np.int64], rows: int) -> NDArray[np.int64]:
    """Make the months add up to the rows: cut the last pairs, or lengthen the first."""
    before = np.cumsum(months) - months
    months = np.clip(rows - before, 0, months)
    room = MONTHS - months
    missing = rows - int(months.sum())
    return months + np.clip(missing - (np.cumsum(room) - room), 0, room)


def _draw_rows(
    stream: np.random.Generator, population: Population, *, pairs: TradePairs, months: NDArray[np.int64]
) -> Trade:
    """Spread each pair over consecutive months, recent ones more often, and each seller's sales over its rows."""
    order = np.lexsort((pairs.buyer, pairs.seller))
    seller, buyer, months = pairs.seller[order], pairs.buyer[order], months[order]
    slack = MONTHS - months
    newest = np.floor(stream.random(len(months)) * stream.random(len(months)) * (slack + 1)).astype(np.int64)
    pair = np.repeat(np.arange(len(months)), months)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(months) - months, months)
    amount = _spread_sales(stream, population, seller[pair])
    online = np.where(stream.random(len(pair)) < ONLINE_SHARE, stream.random(len(pair)), 0.0)
    return Trade(
        seller=seller[pair],
        buyer=buyer[pair],
        month=(newest + months - 1)[pair] - step,
        amount_fen=amount,
        orders=1 + stream.poisson(amount / ORDER_FEN),
        online_fen=np.floor(amount * online / 10_000).astype(np.int64) * 10_000,
    )


def _spread_sales(stream: np.random.Generator, population: Population, seller: NDArray[np.int64]) -> NDArray[np.int64]:
    """Share out what each member sells over its rows: shape (rows,), whole fen, multiples of 100 yuan, at least 100."""
    low, high = SOLD_SHARE
    share = low + (high - low) * stream.random(len(population))
    weight = np.exp(ROW_SPREAD * stream.standard_normal(len(seller)))
    whole = np.bincount(seller, weights=weight, minlength=len(population))
    amount = 2 * np.minimum(population.sales_fen, SOLD_OF_FEN)[seller] * share[seller] * weight / whole[seller]
    return np.maximum(1, np.floor(amount / 10_000)).astype(np.int64) * 10_000
