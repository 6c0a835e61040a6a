"""The maps that stand beside an overview: one for each of the most exposed circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.portfolio import Portfolio
from circles.viz.map import MOST_MEMBERS, Map, draw_map

if TYPE_CHECKING:
    import pandas as pd


def draw_circles(portfolio: Portfolio, circle_ids: list[str], *, mask: bool) -> dict[str, Map]:
    """Draw a map of each of these circles: its members, their loans, trade and acquaintances among each other."""
    inside = portfolio.circle_members
    inside = inside[inside["circle_id"].isin(circle_ids)]
    chosen = np.isin(portfolio.members["member_id"].to_numpy(object), inside["member_id"].unique())
    trades = _among(portfolio, "trades", chosen, "seller_id", "buyer_id")
    known = _among(portfolio, "acquaintances", chosen, "member_a", "member_b")
    members, loans, circles = portfolio.members[chosen], portfolio.loans, portfolio.circles
    loans = loans[loans["circle_id"].isin(circle_ids)]
    drawn = {}
    for circle in circle_ids:
        rows = inside[inside["circle_id"] == circle]
        ids = set(rows["member_id"])
        table = members[members["member_id"].isin(ids)]
        small = Portfolio.from_frames(
            as_of=portfolio.as_of,
            currency=portfolio.currency,
            members=table.drop(columns="name") if mask else table,
            circles=circles[circles["circle_id"] == circle],
            circle_members=rows,
            loans=loans[(loans["circle_id"] == circle) & loans["borrower_id"].isin(ids)],
            trades=trades[trades["seller_id"].isin(ids) & trades["buyer_id"].isin(ids)],
            acquaintances=known[known["member_a"].isin(ids) & known["member_b"].isin(ids)],
        )
        drawn[circle] = draw_map(small, limit=MOST_MEMBERS, title=f"Circle {circle}")
    return drawn


def _among(portfolio: Portfolio, table: str, chosen: np.ndarray, one: str, other: str) -> pd.DataFrame:
    return portfolio.table(table)[chosen[portfolio.codes(table, one)] & chosen[portfolio.codes(table, other)]]
