"""A workbook: its sheets by title, and each as the table in it."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import Any

from circles.dataset.headers import Fault
from circles.dataset.synonyms import name_table
from circles.dataset.xlsx.container import name_fault
from circles.dataset.xlsx.package import find_members, find_merges, has_formulas
from circles.dataset.xlsx.rows import SheetRows, collect_rows, list_formulas
from circles.dataset.xlsx.sheet import XlsxSheet, build_sheet

_DAMAGED = Fault(code="damaged_workbook", text="the workbook is damaged or cut short; save or send it again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """A workbook that opened.

    Attributes
    ----------
    titles
        The titles of its sheets, in order.
    hidden
        Those that are not shown.
    """

    titles: tuple[str, ...]
    hidden: frozenset[str]
    _data: bytes
    _book: Any
    _rows: dict[str, SheetRows | Fault] = field(default_factory=dict)

    def choose_sheet(self, table: str) -> str | Fault:
        """Give the title of the sheet that holds the one table of a workbook that is named after it."""
        named = [title for title in self.titles if name_table(title) == table]
        filled = named or [title for title in self.titles if self.holds_anything(title)]
        if len(filled) == 1:
            return filled[0]
        if not filled:
            return Fault(code="empty_file", text="the workbook has no cell with anything in it")
        text = f"the workbook has several sheets ({', '.join(filled)}); name one of them {table}"
        return Fault(code="unclear_sheet", text=text)

    def holds_anything(self, title: str) -> bool:
        """Say whether a sheet has a cell with anything in it, or cannot be read."""
        rows = self.read_rows(title)
        return isinstance(rows, Fault) or bool(rows.values)

    def read_rows(self, title: str) -> SheetRows | Fault:
        """Read the rows of a sheet, once."""
        if title not in self._rows:
            self._rows[title] = self._collect(title)
        return self._rows[title]

    def open_sheet(self, title: str) -> XlsxSheet | Fault:
        """Give a sheet as the table in it, or what is wrong with the sheet."""
        rows = self.read_rows(title)
        if isinstance(rows, Fault):
            return rows
        with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
            merges = find_merges(archive, find_members(archive)[title])
        return build_sheet(rows, merges, hidden=title in self.hidden)

    def _collect(self, title: str) -> SheetRows | Fault:
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                calculated = has_formulas(archive, find_members(archive)[title])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of what it would lose on writing; nothing is written
                formulas = list_formulas(_load(self._data, values=False)[title]) if calculated else {}
                return collect_rows(self._book[title], formulas)
        except Exception:  # a damaged workbook fails in zipfile, in the XML parser or anywhere in openpyxl
            return _DAMAGED


def open_workbook(data: bytes) -> Workbook | Fault:
    """Open the bytes of a workbook, or say why they are none."""
    fault = name_fault(data)
    if fault is not None:
        return fault
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = _load(data, values=True)
    except Exception:  # as in `_collect`
        return _DAMAGED
    sheets = book.worksheets
    hidden = frozenset(sheet.title for sheet in sheets if sheet.sheet_state != "visible")
    return Workbook(titles=tuple(sheet.title for sheet in sheets), hidden=hidden, _data=data, _book=book)


def _load(data: bytes, *, values: bool) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
