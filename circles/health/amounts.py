"""Money by year and month, and amounts by size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.health.standing import NOT_STATED
from circles.money import FEN_PER_YUAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

DATED_AMOUNTS = {
    "trades": ("period", "amount_fen"),
    "loans": ("drawn_on", "balance_fen"),
    "guarantees": ("starts_on", "amount_fen"),
    "applications": ("applied_on", "amount_fen"),
    "receivables": ("due_on", "amount_fen"),
}
"""Table → its date and its amount."""
SIZED_AMOUNTS = (
    ("members", "annual_sales_fen"),
    ("members", "registered_capital_fen"),
    ("members", "resources_fen"),
    ("loans", "balance_fen"),
    ("applications", "amount_fen"),
    ("trades", "amount_fen"),
)
SIZE_BOUNDS_YUAN = (0, 10**3, 10**4, 10**5, 10**6, 10**7, 10**8)
"""Where each class of amounts begins."""
_MONTHS_SHOWN = 36
_LARGEST = 2.0**63


def refuse_overflow(portfolio: Portfolio) -> None:
    """Refuse a table whose amounts add up to more than 64 bits hold.

    Raises
    ------
    InputError
        Naming the table.
    """
    for name, (_, amount) in DATED_AMOUNTS.items():
        if portfolio.table(name)[amount].to_numpy(np.float64).sum() >= _LARGEST:
            msg = f"{name}: the amounts add up to more than {2**63 - 1:,} fen; check their unit"
            raise InputError(msg)


def sum_years(portfolio: Portfolio) -> pd.DataFrame:
    """Sum money by year: frame ``table, year, rows, amount_fen``; the year is a text, ``not stated`` without a date."""
    parts = [_sum_years(portfolio.table(name), *columns).assign(table=name) for name, columns in DATED_AMOUNTS.items()]
    return pd.concat(parts, ignore_index=True)[["table", "year", "rows", "amount_fen"]]


def _sum_years(frame: pd.DataFrame, date: str, amount: str) -> pd.DataFrame:
    year = frame[date].dt.year.astype("Int64")
    grouped = frame[amount].groupby(year, dropna=False).agg(["size", "sum"]).rename_axis("year").reset_index()
    named = grouped["year"].astype("str").fillna(NOT_STATED)
    return grouped.rename(columns={"size": "rows", "sum": "amount_fen"}).assign(year=named)


def sum_months(portfolio: Portfolio) -> pd.DataFrame:
    """Sum trade by month: frame ``month, rows, amount_fen`` of the 36 months that end with the last one traded in.

    Months without trade are there with zeros, from the first one traded in.
    """
    trades = portfolio.table("trades")
    month = trades["period"].to_numpy().astype("datetime64[M]").astype(np.int64)
    if not len(month):
        return pd.DataFrame({"month": pd.Series(dtype="datetime64[s]"), "rows": [], "amount_fen": []})
    first, last = max(month.min(), month.max() - _MONTHS_SHOWN + 1), month.max()
    shown = month >= first
    amounts = np.zeros(last - first + 1, dtype=np.int64)
    np.add.at(amounts, month[shown] - first, trades["amount_fen"].to_numpy(np.int64)[shown])
    months = np.arange(first, last + 1).astype("datetime64[M]").astype("datetime64[s]")
    return pd.DataFrame({"month": months, "rows": np.bincount(month[shown] - first), "amount_fen": amounts})


def count_sizes(portfolio: Portfolio) -> pd.DataFrame:
    """Count amounts by size: frame ``table, column, from_yuan, rows``; each class reaches to where the next begins.

    Amounts below zero count in the first class; what is not stated does not count.
    """
    bounds = np.array(SIZE_BOUNDS_YUAN[1:], dtype=np.int64) * FEN_PER_YUAN
    parts = []
    for table, column in SIZED_AMOUNTS:
        amounts = portfolio.table(table)[column].dropna().to_numpy(np.int64)
        rows = _count_classes(amounts, bounds)
        name = column.removesuffix("_fen")
        parts.append(pd.DataFrame({"table": table, "column": name, "from_yuan": SIZE_BOUNDS_YUAN, "rows": rows}))
    return pd.concat(parts, ignore_index=True)


def _count_classes(amounts: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.bincount(np.searchsorted(bounds, amounts, side="right"), minlength=len(bounds) + 1).astype(np.int64)
