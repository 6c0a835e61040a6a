"""A part of a portfolio, cut by rows; what was checked once as a whole is not checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.portfolio import TABLES, Portfolio

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

PARTS = ("circle_members", "loans", "trades", "acquaintances")
"""What a part keeps beside members and circles; its other tables are empty."""

_REFERENCES = {
    (table.name, column.frame_name): column.refers_to
    for table in TABLES.values()
    for column in table.columns
    if column.refers_to is not None
}


def cut_portfolio(portfolio: Portfolio, members: NDArray[np.bool_], circles: NDArray[np.bool_]) -> Portfolio:
    """Give some members and circles, with the loans in these circles and what the members have among each other.

    Parameters
    ----------
    portfolio
        The whole.
    members, circles
        Shapes (members,) and (circles,): True for what is kept.

    Returns
    -------
    The same portfolio that ``Portfolio.from_frames`` makes of these rows, without its warnings.
    """
    kept = {"members": members, "circles": circles}
    kept |= {name: _find_rows(portfolio, name, kept) for name in PARTS}
    return Portfolio(
        as_of=portfolio.as_of,
        currency=portfolio.currency,
        warnings=portfolio.warnings.head(0),
        _frames={name: _cut_table(portfolio.table(name), kept.get(name)) for name in TABLES},
        _codes={pair: _cut_codes(portfolio, *pair, kept) for pair in _REFERENCES},
    )


def without_names(portfolio: Portfolio) -> Portfolio:
    """Give a portfolio whose members have no names; nothing refers to them."""
    frames = {name: portfolio.table(name) for name in TABLES}
    members = frames["members"]
    frames["members"] = members.assign(name=members["name"].where(np.zeros(len(members), dtype=np.bool_)))
    return Portfolio(
        as_of=portfolio.as_of,
        currency=portfolio.currency,
        warnings=portfolio.warnings,
        _frames=frames,
        _codes={pair: portfolio.codes(*pair) for pair in _REFERENCES},
    )


def _find_rows(portfolio: Portfolio, name: str, kept: dict[str, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Find the rows that refer to what is kept, in all they refer to."""
    inside = np.ones(len(portfolio.table(name)), dtype=np.bool_)
    for (table, column), target in _REFERENCES.items():
        if table == name and len(inside):
            codes = portfolio.codes(table, column)
            inside &= np.append(kept[target], False)[codes]  # −1, a null, is not kept
    return inside


def _cut_table(frame: pd.DataFrame, rows: NDArray[np.bool_] | None) -> pd.DataFrame:
    return frame.head(0) if rows is None else frame.loc[rows].reset_index(drop=True)


def _cut_codes(portfolio: Portfolio, table: str, column: str, kept: dict[str, NDArray[np.bool_]]) -> NDArray[np.int32]:
    if table not in kept:
        return np.empty(0, dtype=np.int32)
    places = np.cumsum(kept[_REFERENCES[table, column]], dtype=np.int32) - 1
    codes = places[portfolio.codes(table, column)[kept[table]]].astype(np.int32)
    codes.setflags(write=False)
    return codes
