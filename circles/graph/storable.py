"""What no store can keep is refused before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.portfolio import TABLES, Column, Kind, Portfolio, Table

if TYPE_CHECKING:
    import pandas as pd


def check_portfolio_storable(portfolio: Portfolio) -> None:
    """Refuse a portfolio with cells that a store could not give back.

    Raises
    ------
    InputError
        If a text holds half a surrogate pair (it is no valid Unicode).
    """
    for name, table in TABLES.items():
        check_storable(portfolio.table(name), table)


def check_storable(frame: pd.DataFrame, table: Table) -> None:
    """Refuse a table with cells that a store could not give back; see `check_portfolio_storable`."""
    for column in table.columns:
        values = frame[column.frame_name]
        if column.kind in (Kind.ID, Kind.TEXT) and column.refers_to is None:  # a reference repeats what is checked
            _check_text(values, table, column)


def is_unicode(text: str) -> bool:
    """Say whether a text can be written as UTF-8, which half a surrogate pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _check_text(values: pd.Series, table: Table, column: Column) -> None:
    try:
        "".join(values.dropna().to_numpy(dtype=object)).encode()
    except UnicodeEncodeError:
        row = next(i for i, cell in enumerate(values) if isinstance(cell, str) and not is_unicode(cell))
        msg = f"{table.name}:{row}: {column.frame_name} must be valid Unicode text, got {values.iloc[row]!r}"
        raise InputError(msg) from None
