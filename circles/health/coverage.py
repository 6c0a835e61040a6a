"""Which dates each table covers, and which lie after the date of the data though they tell of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.portfolio import TABLES, Kind

if TYPE_CHECKING:
    from circles.portfolio import Column, Portfolio

_MAY_BE_LATER = ("certified_until", "expires_on", "due_on", "claim_until", "starts_on")
"""Dates that may well lie in the future."""


def cover_dates(portfolio: Portfolio) -> pd.DataFrame:
    """Say which days each date column covers.

    Returns
    -------
    Frame ``table, column, first, last, missing, later``: the dates (texts; months as YYYY-MM), rows without one, and
    rows after the portfolio's date in columns that tell of the past. Columns without any date are left out.
    """
    rows = [
        [name, column.name, *_cover(portfolio.table(name)[column.frame_name], column, portfolio)]
        for name, table in TABLES.items()
        for column in table.columns
        if column.kind in (Kind.DATE, Kind.MONTH) and portfolio.table(name)[column.frame_name].notna().any()
    ]
    return pd.DataFrame(rows, columns=["table", "column", "first", "last", "missing", "later"])


def _cover(values: pd.Series, column: Column, portfolio: Portfolio) -> list[object]:
    later = 0 if column.name in _MAY_BE_LATER else int((values > np.datetime64(portfolio.as_of, "s")).sum())
    shown = 7 if column.kind is Kind.MONTH else 10
    first, last = (str(day.date())[:shown] for day in (values.min(), values.max()))
    return [first, last, int(values.isna().sum()), later]
