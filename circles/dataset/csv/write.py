"""From the table of a portfolio to a CSV file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from circles.dataset.escape import guard_text
from circles.errors import InputError
from circles.money import FEN_PER_YUAN
from circles.portfolio.tables import Column, Kind, Table

_BOM = "\ufeff".encode()
_CHUNK = 100_000
_MUST_QUOTE = re.compile('[,"\r\n]')


def list_columns(table: Table, frame: pd.DataFrame) -> list[Column]:
    """List the columns to write: those that are required, and those that hold anything."""
    return [column for column in table.columns if column.required or frame[column.frame_name].notna().any()]


def write_csv(path: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a table as a CSV file: UTF-8 with byte order mark, rows ending in LF.

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
        If a text has a character that no text file can hold.
    """
    columns = list_columns(table, frame)
    with path.open("wb") as file:
        file.write(_BOM + ",".join(column.name for column in columns).encode() + b"\n")
        for start in range(0, len(frame), _CHUNK):
            part = frame.iloc[start : start + _CHUNK]
            texts = [_COLUMN_TEXTS[column.kind](part[column.frame_name]) for column in columns]
            file.write(_encode_rows(texts, table, columns, start=start))


def write_rows(path: Path, headers: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
    """Write texts as they are into a CSV file of the same kind.

    Parameters
    ----------
    path
        The file.
    headers
        The first row.
    columns
        The cells of each column, from the top.
    """
    lines = [",".join(map(_quote, row)) for row in (headers, *zip(*columns, strict=True))]
    path.write_bytes(_BOM + "".join(f"{line}\n" for line in lines).encode())


def _encode_rows(texts: list[list[str]], table: Table, columns: list[Column], *, start: int) -> bytes:
    rows = "".join(f"{row}\n" for row in map(",".join, zip(*texts, strict=True)))
    try:
        data = rows.encode()
    except UnicodeEncodeError:
        data = b"\0"
    if b"\0" in data:
        _refuse_character(texts, table, columns, start=start)
    return data


def _refuse_character(texts: list[list[str]], table: Table, columns: list[Column], *, start: int) -> None:
    for column, cells in zip(columns, texts, strict=True):
        for row, cell in enumerate(cells):
            if "\0" in cell or any("\ud800" <= character <= "\udfff" for character in cell):
                msg = f"{table.name}:{start + row}: {column.name} has a character that no text file can hold: {cell!r}"
                raise InputError(msg)


def _write_texts(values: pd.Series) -> list[str]:
    codes, distinct = pd.factorize(values)
    cells = [_quote(guard_text(text)) for text in distinct.to_numpy(dtype=object).tolist()]
    return _spread(codes, cells)


def _quote(text: str) -> str:
    if _MUST_QUOTE.search(text):
        doubled = text.replace('"', '""')
        return f'"{doubled}"'
    return text


def _spread(codes: np.ndarray[Any, Any], cells: list[str]) -> list[str]:
    """Give the cell of each code; −1 is an empty one."""
    return list(np.array([*cells, ""], dtype=object)[codes])


def _write_dates(values: pd.Series) -> list[str]:
    codes, distinct = pd.factorize(values)
    return _spread(codes, [str(text) for text in np.datetime_as_string(np.asarray(distinct), unit="D")])


def _write_months(values: pd.Series) -> list[str]:
    return [text[:-3] for text in _write_dates(values)]


def _write_amounts(values: pd.Series) -> list[str]:
    fen = values.to_numpy(dtype=np.int64, na_value=0)
    yuan, rest = np.divmod(np.abs(fen), FEN_PER_YUAN)
    cells = [f"{whole}.{part:02d}" for whole, part in zip(yuan.tolist(), rest.tolist(), strict=True)]
    for row in np.flatnonzero(fen < 0):
        cells[row] = f"-{cells[row]}"
    return _blank(cells, values)


def _write_counts(values: pd.Series) -> list[str]:
    return _blank([str(number) for number in values.to_numpy(dtype=np.int64, na_value=0).tolist()], values)


def _write_rates(values: pd.Series) -> list[str]:
    return _blank([repr(number) for number in values.tolist()], values)


def _blank(cells: list[str], values: pd.Series) -> list[str]:
    """Empty the cells of what is missing."""
    for row in np.flatnonzero(values.isna()):
        cells[row] = ""
    return cells


_COLUMN_TEXTS = {
    Kind.ID: _write_texts,
    Kind.TEXT: _write_texts,
    Kind.MONEY: _write_amounts,
    Kind.RATE: _write_rates,
    Kind.COUNT: _write_counts,
    Kind.DATE: _write_dates,
    Kind.MONTH: _write_months,
}
