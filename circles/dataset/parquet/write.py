"""From the table of a portfolio to a Parquet file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from circles.dataset.csv.write import list_columns
from circles.dataset.parquet.arrow import import_pyarrow
from circles.errors import InputError
from circles.portfolio.tables import Column, Kind, Table

_DIGITS, _PLACES = 18, 2
_FORBIDDEN = re.compile("[\0\ud800-\udfff]")
_DICTIONARY_BYTES = 1 << 27
"""Ids repeat a lot; each different one is written once even where there are millions."""


def write_parquet(path: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a table as a Parquet file: texts, dates, and amounts in yuan as decimals with two places.

    Parameters
    ----------
    path
        The file.
    table
        The table.
    frame
        Its rows, typed.

    Raises
    ------
    InputError
        If pyarrow is not installed, or a text has a NUL character or half a surrogate pair.
    """
    pyarrow = import_pyarrow()
    columns = list_columns(table, frame)
    arrays = [_build_array(frame[column.frame_name], column, table) for column in columns]
    pyarrow.parquet.write_table(
        pyarrow.table(arrays, names=[column.name for column in columns]),
        path,
        dictionary_pagesize_limit=_DICTIONARY_BYTES,
        store_schema=False,
    )


def _build_array(values: pd.Series, column: Column, table: Table) -> Any:
    pyarrow = import_pyarrow()
    if column.kind in (Kind.ID, Kind.TEXT):
        return _build_texts(values, column, table)
    if column.kind is Kind.MONEY:
        return _build_decimals(values)
    if column.kind is Kind.COUNT:
        return pyarrow.array(values.array, type=pyarrow.int64())
    if column.kind is Kind.RATE:
        return pyarrow.array(values.to_numpy(), type=pyarrow.float64(), from_pandas=True)
    days = pyarrow.array(values.to_numpy().astype("datetime64[D]"), type=pyarrow.date32())
    if column.kind is Kind.DATE:
        return days
    return pyarrow.compute.utf8_slice_codeunits(days.cast(pyarrow.string()), 0, len("2007-12"))


def _build_texts(values: pd.Series, column: Column, table: Table) -> Any:
    pyarrow = import_pyarrow()
    codes, distinct = pd.factorize(values)
    odd = [position for position, text in enumerate(distinct) if _FORBIDDEN.search(text)]
    if odd:
        row = int(np.flatnonzero(codes == odd[0])[0])
        msg = f"{table.name}:{row}: {column.name} has a character that no text file can hold: {distinct[odd[0]]!r}"
        raise InputError(msg)
    return pyarrow.array(values.to_numpy(dtype=object), type=pyarrow.string(), from_pandas=True)


def _build_decimals(values: pd.Series) -> Any:
    """Give fen as yuan without counting them: a decimal is a whole number and the place of its point."""
    pyarrow = import_pyarrow()
    fen = values.to_numpy(dtype=np.int64, na_value=0)
    words = np.stack([fen, fen >> 63], axis=1)
    present = pyarrow.array(values.notna().to_numpy()).buffers()[1]
    kind = pyarrow.decimal128(_DIGITS, _PLACES)
    return pyarrow.Array.from_buffers(
        kind, len(fen), [present, pyarrow.py_buffer(np.ascontiguousarray(words, dtype="<i8"))]
    )
