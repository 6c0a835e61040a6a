"""One column at a time: from whatever a frame holds to the type that a portfolio keeps.

Each function takes a series and gives the typed series and the mask of cells that could not be read (null in the
typed series). Nothing is guessed: a cell that is not plainly of its kind is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circles.portfolio.tables import Column, Kind

Typed = tuple[Any, NDArray[np.bool_]]
"""A typed pandas series and the mask of its unreadable cells."""


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
    return _TYPED[column.kind](values.reset_index(drop=True))


def empty_column(column: Column, rows: int) -> pd.Series:
    """Give a column without any value, typed: what a missing optional column becomes."""
    if column.kind in (Kind.MONEY, Kind.COUNT):
        return pd.Series(pd.array([pd.NA] * rows, dtype="Int64"))
    if column.kind in (Kind.DATE, Kind.MONTH):
        return pd.Series(np.full(rows, np.datetime64("NaT", "s")), dtype="datetime64[s]")
    if column.kind is Kind.RATE:
        return pd.Series(np.full(rows, np.nan))
    return pd.Series([np.nan] * rows, dtype="str")


def _type_text(values: pd.Series) -> Typed:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if isinstance(values.dtype, pd.StringDtype):
        bad = np.zeros(len(values), dtype=np.bool_)
    else:
        is_text = np.fromiter((isinstance(v, str) for v in values), dtype=np.bool_, count=len(values))
        bad = ~is_text & values.notna().to_numpy()
    text = values.where(~bad, None).astype("str")
    return text.mask((text == "").to_numpy(dtype=np.bool_, na_value=False)), bad


def _type_whole(values: pd.Series) -> Typed:
    if pd.api.types.is_integer_dtype(values.dtype):
        return values.astype("Int64"), np.zeros(len(values), dtype=np.bool_)
    given = values.notna().to_numpy()
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype):
        return pd.Series(pd.array([pd.NA] * len(values), dtype="Int64")), given
    if pd.api.types.is_float_dtype(values.dtype):
        whole = given & (values.to_numpy(dtype=np.float64, na_value=np.nan) % 1 == 0)
        whole &= np.abs(values.to_numpy(dtype=np.float64, na_value=0.0)) <= 2**53
    else:
        whole = np.fromiter((_is_whole(v) for v in values), dtype=np.bool_, count=len(values))
    kept = [int(v) if ok else pd.NA for v, ok in zip(values, whole, strict=True)]
    return pd.Series(pd.array(kept, dtype="Int64")), given & ~whole


def _is_whole(value: object) -> bool:
    if isinstance(value, float):
        return value.is_integer() and abs(value) <= 2**53
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and abs(int(value)) < 2**63


def _type_rate(values: pd.Series) -> Typed:
    numbers = pd.to_numeric(values, errors="coerce")
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(numbers.dtype):
        numbers = pd.Series(np.full(len(values), np.nan))
    typed = numbers.astype("Float64").astype("float64")
    return typed, (values.notna() & typed.isna()).to_numpy()


def _type_date(values: pd.Series) -> Typed:
    if pd.api.types.is_numeric_dtype(values.dtype):
        values = values.astype("object")
        return empty_column(Column(name="", kind=Kind.DATE), len(values)), values.notna().to_numpy()
    if isinstance(values.dtype, pd.PeriodDtype):
        values = values.dt.to_timestamp()
    dates = _to_dates(values)
    typed = dates.dt.normalize().astype("datetime64[s]")
    return typed, (values.notna() & typed.isna()).to_numpy()


def _to_dates(values: pd.Series) -> pd.Series:
    """Read dates that pandas holds already, ISO text, and Python dates."""
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return values
    dates = pd.to_datetime(values, errors="coerce", format="%Y-%m-%d")
    return dates if pd.api.types.is_datetime64_dtype(dates.dtype) else pd.Series(pd.NaT, index=values.index)


def _type_month(values: pd.Series) -> Typed:
    if isinstance(values.dtype, pd.StringDtype) or values.dtype == object:
        is_month = values.map(lambda v: isinstance(v, str) and len(v) == len("2007-12"))
        values = values.astype("object").where(~is_month.to_numpy(dtype=np.bool_), values.astype("object") + "-01")
    typed, bad = _type_date(values)
    months = typed.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
    return pd.Series(months), bad


_TYPED: dict[Kind, Callable[[pd.Series], Typed]] = {
    Kind.ID: _type_text,
    Kind.TEXT: _type_text,
    Kind.MONEY: _type_whole,
    Kind.COUNT: _type_whole,
    Kind.RATE: _type_rate,
    Kind.DATE: _type_date,
    Kind.MONTH: _type_month,
}
