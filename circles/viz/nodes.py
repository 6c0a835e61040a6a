"""The members of a drawing, with the figures that a reader may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.grouping import owed_by_loan
from circles.viz.style import LARGEST_NODE, SMALLEST_NODE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

CASCADE_COLUMNS = (
    "round",
    "cause",
    "hit_by",
    "called_fen",
    "paid_fen",
    "trade_loss_fen",
    "own_shortfall_fen",
    "left_fen",
)
"""What a cascade adds to each member drawn, as the cascade itself gives it."""


def measure_exposure(portfolio: Portfolio) -> NDArray[np.int64]:
    """Give what every member owes on all its loans, balance and accrued interest, in fen."""
    owed = np.zeros(len(portfolio.members), dtype=np.int64)
    np.add.at(owed, portfolio.codes("loans", "borrower_id"), owed_by_loan(portfolio))
    return owed


def list_nodes(portfolio: Portfolio, positions: NDArray[np.int32], *, exposure: NDArray[np.int64]) -> pd.DataFrame:
    """Give the members drawn with their name, exposure, resources and size.

    Parameters
    ----------
    portfolio
        Where the members are.
    positions
        Shape (n,): the members drawn, in drawing order.
    exposure
        Shape (members of the portfolio,): fen.
    """
    rows = portfolio.members.iloc[positions]
    owed = exposure[positions]
    return pd.DataFrame(
        {
            "member_id": rows["member_id"].array,
            "name": rows["name"].array,
            "exposure_fen": owed,
            "resources_fen": rows["resources_fen"].array,
            "size": _measure_sizes(owed),
        }
    )


def add_cascade(nodes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Give the nodes with the state and figures that a cascade's members have."""
    rows = members.set_index("member_id").reindex(nodes["member_id"])
    found = {name: rows[name].array for name in ("state", *CASCADE_COLUMNS)}
    return nodes.assign(**found)


_MEASURES = ("exposure_fen", "resources_fen", "called_fen", "paid_fen", "own_shortfall_fen")
"""Columns by which members may be sized."""


def size_by_measures(nodes: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Give the radius of every member by each measure that the drawing has; the first is as drawn."""
    found = {"exposure_fen": nodes["size"].to_numpy(dtype=np.float64)}
    for name in _MEASURES[1:]:
        if name in nodes and nodes[name].notna().any():
            found[name] = _measure_sizes(nodes[name].fillna(0).to_numpy(dtype=np.int64))
    return found


def _measure_sizes(amounts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Let the area grow with the amount; who has none has the smallest size."""
    largest = max(int(amounts.max(initial=0)), 1)
    return np.round(SMALLEST_NODE + (LARGEST_NODE - SMALLEST_NODE) * np.sqrt(amounts / largest), 1)
