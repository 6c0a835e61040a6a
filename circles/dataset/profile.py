"""What each column of some tables holds, in one row."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from circles.money import format_yuan
from circles.portfolio.tables import TABLES, Column, Kind

_COLUMNS = ["table", "column", "rows", "missing", "smallest", "largest"]


def describe_tables(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give one row for each column that is there: ``table, column, rows, missing, smallest, largest``.

    Parameters
    ----------
    frames
        Tables by name, columns typed.
    """
    rows = [
        _describe(name, column, frames[name][column.frame_name])
        for name, table in TABLES.items()
        if name in frames
        for column in table.columns
        if column.frame_name in frames[name]
    ]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _describe(table: str, column: Column, values: pd.Series) -> list[object]:
    missing = int(values.isna().sum())
    if column.kind in (Kind.ID, Kind.TEXT) or missing == len(values):
        return [table, column.name, len(values), missing, "", ""]
    return [table, column.name, len(values), missing, _show(values.min(), column), _show(values.max(), column)]


def _show(value: object, column: Column) -> str:
    if column.kind is Kind.MONEY:
        return format_yuan(int(str(value)))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()[: 7 if column.kind is Kind.MONTH else 10]
    return str(value)
