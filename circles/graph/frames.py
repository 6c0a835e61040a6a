"""From rows that a store gives to typed frames, and the order that all stores agree on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.portfolio import Column, Kind, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

Row = tuple[Any, ...]
"""Values of one row in the order of its table's columns: text, whole numbers, floats, ISO dates as text, or None."""


def build_frame(chunks: Iterable[Sequence[Row]], table: Table) -> pd.DataFrame:
    """Build a frame of a table's columns from lists of rows; else as `join_columns`."""
    return join_columns((list(zip(*rows, strict=True)) for rows in chunks if rows), table)


def join_columns(chunks: Iterable[Sequence[Sequence[Any]]], table: Table) -> pd.DataFrame:
    """Build a frame of a table's columns, column by column.

    Parameters
    ----------
    chunks
        The cells of some rows, one sequence a column (what goes beyond the table's is left out); each chunk is let go
        of before the next is taken.
    table
        What the columns hold.

    Returns
    -------
    Columns typed as in a portfolio: text as ``str``, dates as ``datetime64[s]``, whole numbers as ``int64`` where
    required and ``Int64`` elsewhere.
    """
    parts: list[list[Any]] = [[] for _ in table.columns]
    pools: list[dict[Any, Any]] = [{} for _ in table.columns]
    for columns in chunks:
        for part, pool, column, cells in zip(parts, pools, table.columns, columns, strict=False):
            part.append(_READERS[column.kind](cells, pool))
    joined = zip(table.columns, parts, strict=True)
    return pd.DataFrame({column.frame_name: _join(column, part) for column, part in joined}, copy=False)


def order_rows(rows: Iterable[Row], *places: int) -> list[Row]:
    """Sort rows by the values at some places, nulls first, text by code point."""
    return sorted(rows, key=lambda row: tuple((row[place] is not None, row[place]) for place in places))


def split_frame(frame: pd.DataFrame, table: Table, *, rows: int) -> Iterator[list[Row]]:
    """Give a typed frame as lists of at most so many plain rows: what `build_frame` takes."""
    for start in range(0, len(frame), rows):
        part = frame.iloc[start : start + rows]
        cells = [plain_cells(part[column.frame_name], column) for column in table.columns]
        yield list(zip(*cells, strict=True))


def plain_cells(values: pd.Series, column: Column) -> list[Any]:
    """Give a typed column as plain values: text, whole numbers, floats, ISO dates as text, or None."""
    return _WRITERS[column.kind](values)


def _join(column: Column, parts: list[Any]) -> Any:
    """Give one array of a column's parts; a bare array and not a series, which would cost small frames dearly."""
    if column.kind in (Kind.ID, Kind.TEXT):
        return pd.array(np.concatenate(parts) if parts else [], dtype=_TEXT)
    if column.kind in (Kind.MONEY, Kind.COUNT):
        numbers = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, dtype=np.int64)
        missing = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, dtype=np.bool_)
        return numbers if column.required else pd.arrays.IntegerArray(numbers, missing)
    return np.concatenate(parts) if parts else _NONE_YET[column.kind]


_TEXT = pd.Series(dtype="str").dtype
_NONE_YET = {
    Kind.RATE: np.empty(0, dtype=np.float64),
    Kind.DATE: np.empty(0, dtype="datetime64[s]"),
    Kind.MONTH: np.empty(0, dtype="datetime64[s]"),
}


def _read_text(cells: Sequence[Any], pool: dict[Any, Any]) -> Any:
    shared = map(pool.setdefault, cells, cells)  # one object for equal texts: ids repeat a lot
    return np.array([*shared, None], dtype=object)[:-1]  # the None keeps numpy from looking for a shorter type


def _read_whole(cells: Sequence[Any], pool: dict[Any, Any]) -> Any:
    if None not in cells:
        return np.array(cells, dtype=np.int64), np.zeros(len(cells), dtype=np.bool_)
    missing = pd.isna(np.array([*cells, None], dtype=object)[:-1])
    return np.array([cell or 0 for cell in cells], dtype=np.int64), missing


def _read_rate(cells: Sequence[Any], pool: dict[Any, Any]) -> Any:
    return np.array(cells, dtype=np.float64)


def _read_dates(cells: Sequence[Any], pool: dict[Any, Any]) -> Any:
    for cell in set(cells).difference(pool):
        pool[cell] = np.datetime64(cell or "NaT", "s")
    return np.array([pool[cell] for cell in cells], dtype="datetime64[s]")


_READERS: dict[Kind, Callable[[Sequence[Any], dict[Any, Any]], Any]] = {
    Kind.ID: _read_text,
    Kind.TEXT: _read_text,
    Kind.MONEY: _read_whole,
    Kind.COUNT: _read_whole,
    Kind.RATE: _read_rate,
    Kind.DATE: _read_dates,
    Kind.MONTH: _read_dates,
}


def _write_plain(values: pd.Series) -> list[Any]:
    return values.to_numpy(dtype=object, na_value=None).tolist()


def _write_dates(values: pd.Series) -> list[Any]:
    return _write_times(values.to_numpy().astype("datetime64[D]"))


def _write_months(values: pd.Series) -> list[Any]:
    return _write_times(values.to_numpy().astype("datetime64[M]"))


def _write_times(times: NDArray[np.datetime64]) -> list[Any]:
    found, places = np.unique(times, return_inverse=True)
    texts = [None if np.isnat(time) else str(time) for time in found]
    return np.array([*texts, None], dtype=object)[places].tolist()


_WRITERS: dict[Kind, Callable[[pd.Series], list[Any]]] = {
    Kind.ID: _write_plain,
    Kind.TEXT: _write_plain,
    Kind.MONEY: _write_plain,
    Kind.COUNT: _write_plain,
    Kind.RATE: _write_plain,
    Kind.DATE: _write_dates,
    Kind.MONTH: _write_months,
}
