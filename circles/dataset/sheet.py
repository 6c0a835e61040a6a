"""A table as a file holds it, whatever the kind of file, and its way into a reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from circles.dataset.headers import Fault, find_names, read_headings
from circles.portfolio.problems import Origin
from circles.portfolio.typed import empty_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circles.dataset.columns import Parsed
    from circles.dataset.headers import Heading
    from circles.dataset.reading import Reading
    from circles.portfolio.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """What is wrong with whole rows: their positions in the table, the kind of problem, and the sentence.

    `ends_table` says that nobody can know what the rows after it hold.
    """

    rows: NDArray[np.int64]
    code: str
    text: str
    ends_table: bool = False


class Sheet(Protocol):
    """One table of a file, before it is known what its columns mean."""

    @property
    def opening(self) -> Sequence[tuple[int, list[str]]]:
        """The first rows that hold something, with their lines: the names of the columns, and the first entries."""
        ...

    @property
    def lines(self) -> NDArray[np.int64]:
        """Shape (rows,): the line of each entry, counted from 1."""
        ...

    @property
    def remarks(self) -> Sequence[Fault]:
        """What is odd about the table as a whole, but not wrong."""
        ...

    @property
    def names_fault(self) -> Fault | None:
        """Why the first row cannot hold the names of the columns, if so."""
        ...

    @property
    def holds_fen(self) -> bool:
        """Whether a column may be named after its fen, such as ``amount_fen``."""
        ...

    def find_row_faults(self) -> Sequence[RowFault]:
        """Say which rows are wrong as a whole."""
        ...

    def count_columns(self, rows: NDArray[np.int64]) -> int:
        """Say how many columns the widest of some entries has."""
        ...

    def is_empty(self, position: int) -> bool:
        """Say whether no entry has anything in a column."""
        ...

    def parse(self, position: int, heading: Heading) -> Parsed | Fault:
        """Give a column as typed values, or what is wrong with all of it."""
        ...

    def show(self, position: int, rows: NDArray[np.int64]) -> list[str]:
        """Give the cells of some rows as the file shows them."""
        ...


def read_sheet(reading: Reading, table: Table, sheet: Sheet) -> None:
    """Read one table into a reading: its frame, where its rows came from, and what is wrong with it.

    Parameters
    ----------
    reading
        What this adds to; it knows the file of the table already.
    table
        The table that the sheet holds.
    sheet
        What the file holds.
    """
    fault = find_names(sheet.opening, table) or sheet.names_fault
    if fault is not None:
        reading.refuse(table.name, fault)
        return
    headings = read_headings(sheet.opening[0][1], table, holds_fen=sheet.holds_fen)
    headers = {heading.column.frame_name: heading.text for heading in headings if heading.column}
    canonical = {column.frame_name: column.name for column in table.columns}
    file = reading.origins[table.name].file
    reading.origins[table.name] = Origin(file=file, lines=sheet.lines, headers={**canonical, **headers})
    reading.sheets[table.name] = sheet
    _note_rows(reading, table, sheet)
    reading.frames[table.name] = _read_columns(reading, table, headings)


def _note_rows(reading: Reading, table: Table, sheet: Sheet) -> None:
    for remark in sheet.remarks:
        reading.warnings.add_table(table.name, "", code=remark.code, text=remark.text, line=remark.line)
    for fault in sheet.find_row_faults():
        values = [""] * len(fault.rows)
        reading.errors.add_rows(table.name, "", fault.rows, values=values, code=fault.code, text=fault.text)
        if fault.ends_table:
            reading.unread.add(table.name)


def _read_columns(reading: Reading, table: Table, headings: list[Heading]) -> pd.DataFrame:
    sheet = reading.sheets[table.name]
    series: dict[str, pd.Series] = {}
    for position, heading in enumerate(headings):
        if heading.fault is not None:
            _note_heading(reading, table, heading, heading.fault)
        if heading.column is not None:
            series[heading.column.frame_name] = _read_column(reading, table, position, heading=heading)
        elif heading.fault is None and (heading.text or not sheet.is_empty(position)):
            series[heading.text or f"column {position + 1}"] = _left_aside(sheet)
    return pd.DataFrame(series, index=range(len(sheet.lines)), copy=False)


def _note_heading(reading: Reading, table: Table, heading: Heading, fault: Fault) -> None:
    reading.errors.add_table(table.name, heading.text, code=fault.code, text=fault.text)


def _left_aside(sheet: Sheet) -> pd.Series:
    """Stand in for a column of no meaning here: only its name matters, in a warning."""
    return pd.Series(np.zeros(len(sheet.lines), dtype=np.bool_))


def _read_column(reading: Reading, table: Table, position: int, *, heading: Heading) -> pd.Series:
    """Read one column, note what is wrong in it, and mark what was noted."""
    sheet, column = reading.sheets[table.name], heading.column
    assert column is not None
    parsed = heading.fault or sheet.parse(position, heading)
    if isinstance(parsed, Fault):
        if heading.fault is None:
            _note_heading(reading, table, heading, parsed)
        reading.unreadable[table.name, column.frame_name] = np.ones(len(sheet.lines), dtype=np.bool_)
        return empty_column(column, len(sheet.lines))
    noted = np.zeros(len(sheet.lines), dtype=np.bool_) if parsed.reported is None else parsed.reported.copy()
    for finding in parsed.findings:
        rows = np.flatnonzero(finding.where)
        if len(rows):
            values = sheet.show(position, rows)
            reading.errors.add_rows(
                table.name, column.frame_name, rows, values=values, code=finding.code, text=finding.text
            )
            noted |= finding.where
    reading.unreadable[table.name, column.frame_name] = noted
    if parsed.coded is not None:
        reading.coded[table.name, column.frame_name] = parsed.coded
    return parsed.values


def remark_blank_rows(lines: NDArray[np.int64]) -> list[Fault]:
    """Say that rows without anything in them are left aside."""
    if len(lines) == 0:
        return []
    noun = "row holds nothing and is" if len(lines) == 1 else "rows hold nothing and are"
    text = f"{len(lines):,} {noun} left aside, first here"
    return [Fault(code="blank_row", text=text, line=int(lines[0]))]
