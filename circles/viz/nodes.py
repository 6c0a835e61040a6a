"""The members of a drawing, with the figures that a reader may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
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
    """Give the members drawn with their name, exposure and resources.

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
        }
    )


def add_cascade(nodes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Give the nodes with the state and figures that a cascade's members have."""
    rows = members.set_index("member_id").reindex(nodes["member_id"])
    found = {name: rows[name].array for name in ("state", *CASCADE_COLUMNS)}
    return nodes.assign(**found)


MEASURES = {
    "exposure": "exposure_fen",
    "resources": "resources_fen",
    "called": "called_fen",
    "paid": "paid_fen",
    "own_shortfall": "own_shortfall_fen",
}
"""What members may be sized by → the column that it is in; the last three are known after a cascade."""


def size_by(nodes: pd.DataFrame, measure: str) -> NDArray[np.float64]:
    """Give the radius of every member by a measure of `MEASURES`.

    Raises
    ------
    InputError
        If there is no such measure, or nothing is known of it here.
    """
    known = [name for name in MEASURES if _knows(nodes, name)]
    if measure not in known and (measure not in MEASURES or len(nodes)):
        msg = f"size must be one of {', '.join(known or MEASURES)} on this map, got {measure!r}"
        raise InputError(msg)
    return _size_by(nodes, measure) if measure in known else np.zeros(len(nodes))


def size_by_measures(nodes: pd.DataFrame, *, drawn: str = "exposure") -> dict[str, NDArray[np.float64]]:
    """Give the radius of every member by each measure that the drawing has, by column; the one `drawn` is first."""
    found = {MEASURES[drawn]: nodes["size"].to_numpy(dtype=np.float64)}
    others = (name for name in MEASURES if name != drawn and _knows(nodes, name))
    return found | {MEASURES[name]: _size_by(nodes, name) for name in others}


def _knows(nodes: pd.DataFrame, measure: str) -> bool:
    column = MEASURES[measure]
    return column in nodes and bool(nodes[column].notna().any())


def _size_by(nodes: pd.DataFrame, measure: str) -> NDArray[np.float64]:
    return _measure_sizes(nodes[MEASURES[measure]].fillna(0).to_numpy(dtype=np.int64))


def _measure_sizes(amounts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Let the area grow with the amount; who has none has the smallest size."""
    largest = max(int(amounts.max(initial=0)), 1)
    return np.round(SMALLEST_NODE + (LARGEST_NODE - SMALLEST_NODE) * np.sqrt(amounts / largest), 1)
