"""From a portfolio to one workbook: a sheet for each table, and one for what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.dataset.csv.write import list_columns
from circles.dataset.escape import guard_text
from circles.dataset.manifest import DATASET_FORMAT
from circles.dataset.xlsx.cell_text import write_escapes
from circles.errors import InputError
from circles.money import FEN_PER_YUAN
from circles.portfolio.tables import TABLES, Column, Kind

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.portfolio.tables import Table

MANIFEST_SHEET = "dataset"
MAX_ROWS = 1_048_576
"""Rows of a sheet, with the names of the columns; the limit of the format."""
MAX_CHARACTERS = 32_767
"""Characters of a cell; the limit of the format."""
_FORBIDDEN = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = pd.Timestamp("1900-03-01")
"""Before it a spreadsheet counts days wrong (29 February 1900) or not at all; such a day is written as text."""
_FORMATS = {Kind.MONEY: "0.00", Kind.RATE: "General", Kind.COUNT: "0", Kind.DATE: "yyyy-mm-dd"}
_TEXT_FORMAT = "@"


def write_workbook(path: Path, portfolio: Portfolio) -> None:
    """Write a portfolio as one workbook: ids and texts as text cells, amounts in yuan, days as dates.

    Parameters
    ----------
    path
        The file.
    portfolio
        What to write.

    Raises
    ------
    InputError
        If a table has more rows than a sheet, or a text is too long or has a character that no workbook can hold.
    """
    frames = {name: portfolio.table(name) for name in TABLES}
    for name, frame in frames.items():
        _refuse_long_table(name, frame)
    written = [name for name, frame in frames.items() if len(frame) or name == "members"]
    sheets = {name: _list_values(TABLES[name], frames[name]) for name in written}
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    _write_manifest(book.create_sheet(MANIFEST_SHEET), portfolio)
    for name, values in sheets.items():
        _write_sheet(book.create_sheet(name), values)
    book.save(path)


def _refuse_long_table(name: str, frame: pd.DataFrame) -> None:
    if len(frame) >= MAX_ROWS:
        msg = (
            f"{name} has {len(frame):,} rows and a sheet of a workbook has room for {MAX_ROWS - 1:,}; "
            "write a folder of CSV or Parquet files instead"
        )
        raise InputError(msg)


def _write_manifest(sheet: Any, portfolio: Portfolio) -> None:
    for key, value in {"format": DATASET_FORMAT, "as_of": portfolio.as_of, "currency": portfolio.currency}.items():
        sheet.append([key, value])


def _list_values(table: Table, frame: pd.DataFrame) -> dict[Column, list[Any]]:
    """Give what goes into each column; all of it before anything is written, since some texts are refused."""
    columns = list_columns(table, frame)
    return {column: _VALUES[column.kind](frame[column.frame_name], column, table) for column in columns}


def _write_sheet(sheet: Any, values: dict[Column, list[Any]]) -> None:
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in values])
    cells = [_Cells(sheet, column) for column in values]
    for row in zip(*values.values(), strict=True):
        sheet.append([maker.make(value) for maker, value in zip(cells, row, strict=True)])


class _Cells:
    """Makes the cells of one column: one for texts and one for numbers, with their format, filled anew for each row."""

    def __init__(self, sheet: Any, column: Column) -> None:
        from openpyxl.cell import WriteOnlyCell

        self.text, self.number = WriteOnlyCell(sheet), WriteOnlyCell(sheet)
        self.text.number_format = _TEXT_FORMAT
        self.number.number_format = _FORMATS.get(column.kind, _TEXT_FORMAT)

    def make(self, value: object) -> Any:
        """Give the cell of a value; a text is text even where it looks like a formula."""
        if value is None:
            return None
        if isinstance(value, str):
            self.text.value = value
            self.text.data_type = "s"  # also where it is the name of an error, such as #N/A
            return self.text
        if isinstance(value, float):
            self.number.value = repr(value)  # openpyxl would cut it after 16 digits
            self.number.data_type = "n"
        else:
            self.number.value = value
        return self.number


def _texts(values: pd.Series, column: Column, table: Table) -> list[str | None]:
    codes, distinct = pd.factorize(values)
    cells = [_as_cell(text, values, column, table=table) for text in distinct.to_numpy(dtype=object).tolist()]
    return _spread(codes, cells)


def _as_cell(text: str, values: pd.Series, column: Column, *, table: Table) -> str:
    cell = write_escapes(guard_text(text))
    if len(cell) <= MAX_CHARACTERS and not _FORBIDDEN.search(cell):
        return cell
    row = int(np.flatnonzero((values == text).to_numpy(dtype=np.bool_, na_value=False))[0])
    found = f"has {len(cell):,} characters and a cell of a workbook has room for {MAX_CHARACTERS:,}"
    if _FORBIDDEN.search(cell):
        found = f"has a character that no workbook can hold: {text[:60]!r}"
    msg = f"{table.name}:{row}: {column.name} {found}; write a folder of CSV files instead"
    raise InputError(msg)


def _spread(codes: np.ndarray[Any, Any], cells: list[Any]) -> list[Any]:
    return list(np.array([*cells, None], dtype=object)[codes])


def _days(values: pd.Series, column: Column, table: Table) -> list[Any]:
    codes, distinct = pd.factorize(values)
    texts = np.datetime_as_string(np.asarray(distinct), unit="D").tolist()
    days = pd.DatetimeIndex(distinct)
    return _spread(codes, [day.date() if day >= _FIRST_DAY else text for day, text in zip(days, texts, strict=True)])


def _months(values: pd.Series, column: Column, table: Table) -> list[str | None]:
    codes, distinct = pd.factorize(values)
    return _spread(codes, np.datetime_as_string(np.asarray(distinct), unit="M").tolist())


def _amounts(values: pd.Series, column: Column, table: Table) -> list[float | None]:
    """Give yuan; a float tells every fen from the next up to the largest amount allowed."""
    fen = values.to_numpy(dtype=np.int64, na_value=0)
    return _without_missing((fen / FEN_PER_YUAN).tolist(), values)


def _counts(values: pd.Series, column: Column, table: Table) -> list[int | None]:
    return _without_missing(values.to_numpy(dtype=np.int64, na_value=0).tolist(), values)


def _rates(values: pd.Series, column: Column, table: Table) -> list[float | None]:
    return _without_missing(values.tolist(), values)


def _without_missing(numbers: list[Any], values: pd.Series) -> list[Any]:
    for row in np.flatnonzero(values.isna()):
        numbers[row] = None
    return numbers


_VALUES: dict[Kind, Callable[[pd.Series, Column, Table], list[Any]]] = {
    Kind.ID: _texts,
    Kind.TEXT: _texts,
    Kind.MONEY: _amounts,
    Kind.RATE: _rates,
    Kind.COUNT: _counts,
    Kind.DATE: _days,
    Kind.MONTH: _months,
}
