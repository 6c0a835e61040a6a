"""The trade graph: who trades with whom, how much, how steadily; and what else two members have in common.

Every function looks at some members, given as rows of the members table, and names pairs by positions in that choice,
``first < second``. Trade *in the window* is that of the `months` calendar months up to and including the month of the
portfolio's date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_FEN_PER_YUAN = 100
WHOLE_TIE = 1_000
"""The tie of two members who vouch for each other without reserve."""


def measure_affinities(
    portfolio: Portfolio,
    among: NDArray[np.integer],
    *,
    months: int = 12,
    full_volume_fen: int = 1_000_000_000,
    lag: NDArray[np.integer] | None = None,
) -> pd.DataFrame:
    """Measure how close every two members are that know each other: by trade, or declared.

    Parameters
    ----------
    portfolio
        Members, trades and acquaintances.
    among
        Shape (n,): rows of the members table to look at, each once.
    months
        Length of the window of trade that counts.
    full_volume_fen
        Trade in the window that counts as a full volume, in fen, at least 1: more with one partner adds nothing.
    lag
        Shape (n,), at least 0: the window from which trade is measured ends so many months earlier; that of a pair by
        the greater of both. None: 0.

    Returns
    -------
    Frame, one row a pair of n members that declared acquaintance or traded in the window, lag or not, ordered by
    ``first`` and ``second``: ``traded_fen``; shares in [0, 1] ``trade_volume`` (log(1 + yuan traded) / log(1 + full
    volume), at most 1), ``trade_both_ways`` (twice the smaller direction / both), ``trade_months`` (months with trade
    / months), ``trade_recency`` (1 in the window's last month, falling to 1/months in its first),
    ``common_customers`` (`share_of_common_customers`, without lag); and bool ``acquaintance`` (declared),
    ``same_town``, ``same_industry`` (both stated and equal).

    Raises
    ------
    InputError
        If a member is named twice.

    Notes
    -----
    O((trades + acquaintances) log) time. Common customers cost the customers of every pair's first member.
    """
    rows = _checked_rows(portfolio, among)
    trade = sum_trade(portfolio, rows, months=months)
    declared = declared_pairs(portfolio, rows)
    pairs = trade.merge(declared.assign(acquaintance=True), on=["first", "second"], how="outer", sort=True)
    if lag is not None:
        earlier = sum_trade(portfolio, rows, months=months, lag=lag)
        pairs = pairs[["first", "second", "acquaintance"]].merge(earlier, on=["first", "second"], how="left")
    first, second = pairs["first"].to_numpy(np.int64), pairs["second"].to_numpy(np.int64)
    traded = pairs["traded_fen"].fillna(0).astype("int64")
    members = portfolio.members.iloc[rows]
    return pd.DataFrame(
        {
            "first": first,
            "second": second,
            "traded_fen": traded,
            "trade_volume": _volume_share(traded.to_numpy(), full_volume_fen),
            "trade_both_ways": _share(2 * pairs["smaller_fen"].fillna(0), traded),
            "trade_months": pairs["months"].fillna(0) / months,
            "trade_recency": (1 - pairs["idle_months"] / months).fillna(0.0),
            "common_customers": share_of_common_customers(portfolio, rows, pairs[["first", "second"]], months=months),
            "acquaintance": pairs["acquaintance"].notna(),
            "same_town": _equal(members["city"], first, second),
            "same_industry": _equal(members["industry"], first, second),
        }
    )


def measure_ties(
    portfolio: Portfolio,
    among: NDArray[np.integer],
    *,
    months: int = 12,
    full_volume_fen: int = 1_000_000_000,
    lag: NDArray[np.integer] | None = None,
) -> pd.DataFrame:
    """Measure how far every two members can vouch for each other: the ties of which paths of trust are made.

    Parameters are those of `measure_affinities`.

    Returns
    -------
    Frame ``first, second, tie``: thousandths, 1 to 1,000, the greater of the share ``trade_volume`` and one half where
    acquaintance is declared. Trade inside the lag ties nobody.
    """
    rows = _checked_rows(portfolio, among)
    trade = sum_trade(portfolio, rows, months=months, lag=lag)
    declared = declared_pairs(portfolio, rows).assign(declared=True)
    pairs = trade.merge(declared, on=["first", "second"], how="outer", sort=True)
    traded = _volume_share(pairs["traded_fen"].fillna(0).to_numpy(np.float64), full_volume_fen)
    tie = np.rint(np.round(WHOLE_TIE * traded, 6)).astype(np.int64)
    tie = np.maximum(tie, np.where(pairs["declared"].notna(), WHOLE_TIE // 2, 1))
    return pairs[["first", "second"]].astype("int64").assign(tie=tie)


def sum_trade(
    portfolio: Portfolio, among: NDArray[np.integer], *, months: int = 12, lag: NDArray[np.integer] | None = None
) -> pd.DataFrame:
    """Add up the trade in the window between every two members.

    Parameters
    ----------
    portfolio
        Members and trades.
    among
        Shape (n,): rows of the members table.
    months
        Length of the window.
    lag
        Shape (n,), at least 0: how many months before the portfolio's the window ends; that of a pair by the greater
        of both. None: 0.

    Returns
    -------
    Frame, one row a pair with trade of more than 0: ``first, second, traded_fen`` (both directions), ``smaller_fen``
    (the smaller direction), ``months`` (with trade), ``idle_months`` (since the last one; 0 is the window's last).
    """
    local = place_members(portfolio, among)
    later = np.zeros(len(among), dtype=np.int64) if lag is None else np.asarray(lag, dtype=np.int64)
    seller, buyer, age, amount = trade_in_window(portfolio, months + int(later.max(initial=0)))
    seller, buyer = local[seller], local[buyer]
    inside = (seller >= 0) & (buyer >= 0)
    if len(later):
        age = age - np.maximum(later[seller], later[buyer])
        inside &= (age >= 0) & (age < months)
    trade = pd.DataFrame(
        {
            "first": np.minimum(seller, buyer)[inside],
            "second": np.maximum(seller, buyer)[inside],
            "age": age[inside],
            "forward": np.where(seller < buyer, amount, 0)[inside],
            "backward": np.where(seller < buyer, 0, amount)[inside],
        }
    )
    sums = trade.groupby(["first", "second"], sort=True).agg(
        forward=("forward", "sum"), backward=("backward", "sum"), months=("age", "nunique"), idle_months=("age", "min")
    )
    sums = sums.reset_index().astype("int64")
    both = pd.DataFrame(
        {"traded_fen": sums["forward"] + sums["backward"], "smaller_fen": sums[["forward", "backward"]].min(axis=1)}
    )
    return pd.concat([sums[["first", "second"]], both, sums[["months", "idle_months"]]], axis=1)


def declared_pairs(portfolio: Portfolio, among: NDArray[np.integer]) -> pd.DataFrame:
    """Give every two members that declared to know each other, at the portfolio's date.

    Returns
    -------
    Frame ``first, second``, each pair once. A row whose ``since`` lies after the date is left out.
    """
    local = place_members(portfolio, among)
    declared = portfolio.acquaintances
    left = local[portfolio.codes("acquaintances", "member_a")]
    right = local[portfolio.codes("acquaintances", "member_b")]
    later = (declared["since"] > np.datetime64(portfolio.as_of, "s")).to_numpy()
    kept = (left >= 0) & (right >= 0) & ~later
    pairs = pd.DataFrame({"first": np.minimum(left, right)[kept], "second": np.maximum(left, right)[kept]})
    return pairs.drop_duplicates().sort_values(["first", "second"], ignore_index=True)


def share_of_common_customers(
    portfolio: Portfolio, among: NDArray[np.integer], pairs: pd.DataFrame, *, months: int = 12
) -> NDArray[np.float64]:
    """Measure how far two members sell to the same buyers: what one lost customer would do to both.

    Parameters
    ----------
    portfolio
        Members and trades.
    among
        Shape (n,): rows of the members table.
    pairs
        Frame ``first, second`` of positions in `among`.
    months
        Length of the window.

    Returns
    -------
    Shape (pairs,): common customers / customers of the one with fewer, in [0, 1]; 0 where one has none.
    """
    seller, buyer, _, _ = trade_in_window(portfolio, months)
    count = len(portfolio.members)
    sells = sparse.csr_matrix((np.ones(len(seller), np.int32), (seller, buyer)), shape=(count, count))
    sells.data[:] = 1
    rows = np.asarray(among, dtype=np.int64)
    left, right = rows[pairs["first"].to_numpy(np.int64)], rows[pairs["second"].to_numpy(np.int64)]
    common = np.asarray(sells[left].multiply(sells[right]).sum(axis=1)).ravel()
    customers = np.diff(sells.indptr)
    fewest = np.minimum(customers[left], customers[right])
    return np.divide(common, fewest, out=np.zeros(len(left)), where=fewest > 0)


def trade_in_window(portfolio: Portfolio, months: int) -> tuple[NDArray[np.int64], ...]:
    """Give seller and buyer (rows of the members), age in months and amount of the window's trade above 0."""
    trades = portfolio.trades
    day = portfolio.as_of
    month = trades["period"].dt
    age = (day.year * 12 + day.month - month.year * 12 - month.month).to_numpy(np.int64)
    amount = trades["amount_fen"].to_numpy(np.int64)
    kept = (age >= 0) & (age < months) & (amount > 0)
    seller, buyer = portfolio.codes("trades", "seller_id"), portfolio.codes("trades", "buyer_id")
    return seller[kept].astype(np.int64), buyer[kept].astype(np.int64), age[kept], amount[kept]


def place_members(portfolio: Portfolio, among: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give the position of every member in the choice, −1 outside it; one more entry answers code −1."""
    local = np.full(len(portfolio.members) + 1, -1, dtype=np.int64)
    local[among] = np.arange(len(among))
    return local


def _checked_rows(portfolio: Portfolio, among: NDArray[np.integer]) -> NDArray[np.int64]:
    rows = np.asarray(among, dtype=np.int64)
    count = len(portfolio.members)
    if len(np.unique(rows)) != len(rows) or (len(rows) and not 0 <= rows.min() <= rows.max() < count):
        msg = f"among must name rows of the {count:,} members, each once"
        raise InputError(msg)
    return rows


def _volume_share(traded_fen: NDArray[np.int64] | NDArray[np.float64], full_volume_fen: int) -> NDArray[np.float64]:
    full = np.log1p(full_volume_fen / _FEN_PER_YUAN)
    return np.minimum(np.log1p(traded_fen / _FEN_PER_YUAN) / full, 1.0)


def _share(part: pd.Series, whole: pd.Series) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros(len(part)), where=(whole > 0).to_numpy())


def _equal(values: pd.Series, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    codes = pd.factorize(values)[0]
    return (codes[first] == codes[second]) & (codes[first] >= 0)
