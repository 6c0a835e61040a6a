"""One column at a time: from whatever a frame holds to the type that a portfolio keeps.

Each function takes a series and gives the typed series and the mask of cells that could not be read (null in the
typed series). Nothing is guessed: a cell that is not plainly of its kind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circles.portfolio.tables import Column, Kind

Typed = tuple[Any, NDArray[np.bool_]]
"""A typed pandas series and the mask of its unreadable cells."""

TEXT = pd.StringDtype("python", na_value=np.nan)
"""How texts are kept: pandas' ``str`` as Python objects, whether or not pyarrow is installed (decision 110)."""

_EXACT = 2.0**53
"""Above it a float64 no longer tells one whole number from the next."""


def type_column(values: pd.Series, column: Column) -> Typed:
    """Give a column the type that a portfolio keeps for its kind.

    Parameters
    ----------
    values
        Shape (rows,): what the caller gave.
    column
        What the column should hold.

    Returns
    -------
    The typed series with a fresh index, and shape (rows,) True where a cell was not readable.
    """
    values = values.reset_index(drop=True)
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    return _TYPED[column.kind](values)


def empty_column(column: Column, rows: int) -> pd.Series:
    """Give a column without any value, typed: what a missing optional column becomes."""
    if column.kind in (Kind.MONEY, Kind.COUNT):
        return _whole(np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=np.bool_))
    if column.kind in (Kind.DATE, Kind.MONTH):
        return pd.Series(np.full(rows, np.datetime64("NaT", "s")))
    if column.kind is Kind.RATE:
        return pd.Series(np.full(rows, np.nan))
    return pd.Series(np.nan, index=range(rows), dtype=TEXT)


def _type_text(values: pd.Series) -> Typed:
    if isinstance(values.dtype, pd.StringDtype):
        bad = np.zeros(len(values), dtype=np.bool_)
        text = values.astype(TEXT)
    else:
        is_text = np.fromiter((isinstance(v, str) for v in values), dtype=np.bool_, count=len(values))
        bad = ~is_text & values.notna().to_numpy()
        text = values.astype("object").where(is_text, np.nan).astype(TEXT)
    empty = text.isin([""]).to_numpy()
    return (text.mask(empty) if empty.any() else text), bad


def _type_whole(values: pd.Series) -> Typed:
    given = values.notna().to_numpy()
    if pd.api.types.is_integer_dtype(values.dtype):
        if not pd.api.types.is_unsigned_integer_dtype(values.dtype):
            return values.astype("Int64"), ~given & given
        bad = (values > np.iinfo(np.int64).max).to_numpy(dtype=np.bool_, na_value=False)
        return values.mask(bad).astype("Int64"), bad
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        whole = np.isfinite(numbers) & (np.floor(numbers) == numbers) & (np.abs(numbers) <= _EXACT)
        return _whole(np.where(whole, numbers, 0.0).astype(np.int64), ~whole), given & ~whole
    if values.dtype != object:
        whole = np.zeros(len(values), dtype=np.bool_)
    else:
        whole = np.fromiter((_is_whole(v) for v in values), dtype=np.bool_, count=len(values))
    kept = np.array([int(v) if ok else 0 for v, ok in zip(values, whole, strict=True)], dtype=np.int64)
    return _whole(kept, ~whole), given & ~whole


def _whole(numbers: NDArray[np.int64], missing: NDArray[np.bool_]) -> pd.Series:
    return pd.Series(pd.arrays.IntegerArray(numbers, missing))


def _is_whole(value: object) -> bool:
    if isinstance(value, float | np.floating):
        return float(value).is_integer() and abs(float(value)) <= _EXACT
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and abs(int(value)) < 2**63


def _type_rate(values: pd.Series) -> Typed:
    if values.dtype == object:
        is_number = np.fromiter((_is_number(v) for v in values), dtype=np.bool_, count=len(values))
        typed = pd.to_numeric(values.where(is_number, np.nan), errors="coerce").astype("float64")
    elif pd.api.types.is_float_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        typed = pd.Series(values.to_numpy(dtype=np.float64, na_value=np.nan))
    else:
        typed = pd.Series(np.full(len(values), np.nan))
    rates = typed.to_numpy()
    typed = pd.Series(np.where(np.isnan(rates), np.nan, rates + 0.0))  # one zero, one NaN: equal tables, equal bytes
    return typed, (values.notna() & typed.isna()).to_numpy()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _type_date(values: pd.Series) -> Typed:
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.to_timestamp()
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return _days(values), np.zeros(len(values), dtype=np.bool_)
    if values.dtype != object and not isinstance(values.dtype, pd.StringDtype):
        return empty_column(Column(name="", kind=Kind.DATE), len(values)), values.notna().to_numpy()
    codes, found = _distinct(values)
    days = np.array([_day(value) for value in found] + [None], dtype="datetime64[s]")
    typed = pd.Series(days[codes])
    return typed, (values.notna() & typed.isna()).to_numpy()


def _days(values: pd.Series) -> pd.Series:
    """Drop the time of day."""
    days = values.to_numpy().astype("datetime64[D]")
    return pd.Series(days.astype("datetime64[s]"))


def _distinct(values: pd.Series) -> tuple[NDArray[np.int64], list[object]]:
    """Give shape (rows,) positions in a list of what differs; −1 for nulls (the dates of a column repeat a lot)."""
    try:
        codes, found = pd.factorize(values.astype("object"))
    except TypeError:  # something in it has no hash, and is no date either
        return np.arange(len(values)), list(values)
    return codes, list(found)


def _day(value: object) -> date | None:
    """Read a Python date, or ISO text; nothing else is plainly a date."""
    if isinstance(value, date) and getattr(value, "tzinfo", None) is None:
        return None if pd.isna(value) else date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2007-12-29") else None
    except ValueError:
        return None


def _type_month(values: pd.Series) -> Typed:
    if values.dtype == object or isinstance(values.dtype, pd.StringDtype):
        codes, found = _distinct(values)
        days = [f"{v}-01" if isinstance(v, str) and len(v) == len("2007-12") else v for v in found]
        whole = pd.Series([*days, None], dtype="object")
        values = whole.iloc[codes].reset_index(drop=True)
    typed, bad = _type_date(values)
    return pd.Series(typed.to_numpy().astype("datetime64[M]").astype("datetime64[s]")), bad


_TYPED: dict[Kind, Callable[[pd.Series], Typed]] = {
    Kind.ID: _type_text,
    Kind.TEXT: _type_text,
    Kind.MONEY: _type_whole,
    Kind.COUNT: _type_whole,
    Kind.RATE: _type_rate,
    Kind.DATE: _type_date,
    Kind.MONTH: _type_month,
}
