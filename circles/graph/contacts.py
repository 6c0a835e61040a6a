"""Since when members know each other, and to whom they sell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.graph.affinity import place_members, trade_in_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio


def first_contacts(portfolio: Portfolio, among: NDArray[np.integer]) -> pd.DataFrame:
    """Say since when every two members know each other: by the first trade between them, or as declared.

    Parameters
    ----------
    portfolio
        Members, trades and acquaintances; nothing after its date is looked at.
    among
        Shape (n,): rows of the members table.

    Returns
    -------
    Frame, one row a pair that ever traded or declared acquaintance: ``first, second`` (positions), ``met_on`` (the
    earlier of both; a month of trade is its first day). NaT where a declaration states no date: it may be old.
    """
    local, today = place_members(portfolio, among), np.datetime64(portfolio.as_of, "s")
    trades, declared = portfolio.trades, portfolio.acquaintances
    left = np.concatenate([portfolio.codes("trades", "seller_id"), portfolio.codes("acquaintances", "member_a")])
    right = np.concatenate([portfolio.codes("trades", "buyer_id"), portfolio.codes("acquaintances", "member_b")])
    left, right = local[left], local[right]
    met = pd.DataFrame({"first": np.minimum(left, right), "second": np.maximum(left, right)})
    met["met_on"] = np.concatenate([trades["period"].to_numpy("M8[s]"), declared["since"].to_numpy("M8[s]")])
    met["counts"] = np.concatenate([trades["amount_fen"].to_numpy(np.int64) > 0, np.ones(len(declared), np.bool_)])
    met = met[met["counts"] & (met["first"] >= 0) & ~(met["met_on"] > today)]
    unknown = met["met_on"].isna().groupby([met["first"], met["second"]]).transform("any")
    met["met_on"] = met["met_on"].mask(unknown)
    return met.groupby(["first", "second"], sort=True)["met_on"].min().reset_index()


def sum_sales(portfolio: Portfolio, among: NDArray[np.integer], *, months: int = 12) -> pd.DataFrame:
    """Add up what members sold to each buyer in the window, whoever the buyer is.

    Returns
    -------
    Frame ``seller`` (position in `among`), ``buyer_id``, ``sold_fen``, one row a seller and buyer.
    """
    seller, buyer, _, amount = trade_in_window(portfolio, months)
    at = place_members(portfolio, among)[seller]
    sales = pd.DataFrame({"seller": at, "buyer": buyer, "sold_fen": amount})[at >= 0]
    sums = sales.groupby(["seller", "buyer"], sort=True)["sold_fen"].sum().reset_index()
    ids = portfolio.members["member_id"].to_numpy(dtype=object)
    return sums.assign(buyer_id=ids[sums["buyer"]])[["seller", "buyer_id", "sold_fen"]]
