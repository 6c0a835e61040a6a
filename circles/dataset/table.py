"""One file to one table."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.dataset.columns import parse_column
from circles.dataset.decoding import decode
from circles.dataset.grid import Grid, split_cells
from circles.dataset.headers import Fault, Heading, read_headings
from circles.portfolio.problems import Origin
from circles.portfolio.typed import empty_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.reading import Reading
    from circles.portfolio.tables import Table


def read_table(reading: Reading, table: Table, path: Path, *, encoding: str | None = None) -> None:
    """Read one CSV file into a reading: its frame, where its rows came from, and what is wrong with it.

    Parameters
    ----------
    reading
        What this adds to.
    table
        The table that the file holds.
    path
        The file.
    encoding
        The encoding, where the user gave one.
    """
    reading.origins[table.name] = Origin(file=path.name, lines=np.arange(0))
    raw = _read_bytes(path)
    decoded = raw if isinstance(raw, Fault) else decode(raw, encoding)
    if isinstance(decoded, Fault):
        reading.refuse(table.name, decoded)
        return
    if decoded.guessed:
        text = f"read as {decoded.guessed.upper()}, which it seems to be; if the names look wrong, give the encoding"
        reading.warnings.add_table(table.name, "", code="encoding", text=text)
    _read_grid(reading, table, split_cells(decoded.data))


def _read_bytes(path: Path) -> bytes | Fault:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Fault(code="unreadable_file", text="this is no file; a table is one CSV file")
        return path.read_bytes()
    except OSError as error:
        return Fault(code="unreadable_file", text=f"the file cannot be read: {error.strerror}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A file on its way into a reading; `rows` are the rows of the grid that hold data, in order."""

    reading: Reading
    table: Table
    grid: Grid
    rows: NDArray[np.int64]

    def note_rows(self, rows: NDArray[np.int64], *, code: str, text: str) -> None:
        """Note a problem of whole rows, by their position in the table."""
        self.reading.errors.add_rows(self.table.name, "", rows, values=[""] * len(rows), code=code, text=text)


def _read_grid(reading: Reading, table: Table, grid: Grid) -> None:
    filled = np.flatnonzero(grid.row_lengths())
    if len(filled) == 0:
        reading.refuse(table.name, Fault(code="empty_file", text="the file has no cell with anything in it"))
        return
    headings = read_headings(grid.row(filled[0]), table)
    sheet = _Sheet(reading=reading, table=table, grid=grid, rows=filled[1:])
    headers = {heading.column.frame_name: heading.text for heading in headings if heading.column}
    canonical = {column.frame_name: column.name for column in table.columns}
    file = reading.origins[table.name].file
    reading.origins[table.name] = Origin(file=file, lines=grid.lines[sheet.rows], headers={**canonical, **headers})
    _note_blank_rows(sheet, filled)
    _note_odd_rows(sheet, width=len(headings))
    reading.frames[table.name] = _read_columns(sheet, headings)


def _note_blank_rows(sheet: _Sheet, filled: NDArray[np.int64]) -> None:
    is_blank = np.ones(len(sheet.grid.first), dtype=np.bool_)
    is_blank[filled] = False
    blank = np.flatnonzero(is_blank)
    if len(blank):
        noun = "row holds nothing and is" if len(blank) == 1 else "rows hold nothing and are"
        text = f"{len(blank):,} {noun} left aside, first here"
        line = int(sheet.grid.lines[blank[0]])
        sheet.reading.warnings.add_table(sheet.table.name, "", code="blank_row", text=text, line=line)


def _note_odd_rows(sheet: _Sheet, *, width: int) -> None:
    counts = sheet.grid.counts[sheet.rows]
    for count in np.unique(counts[counts != width]):
        text = f"the row has {count} cells, the header has {width}"
        sheet.note_rows(np.flatnonzero(counts == count), code="ragged_row", text=text)
    text = "text follows a closing quote mark; a quote mark inside a cell is written twice"
    sheet.note_rows(np.flatnonzero(np.isin(sheet.rows, sheet.grid.misquoted)), code="misplaced_quote", text=text)
    if sheet.grid.unclosed >= 0:
        last = np.flatnonzero(sheet.rows == sheet.grid.unclosed)
        sheet.note_rows(last, code="unclosed_quote", text="a cell starts with a quote mark that is never closed")
        sheet.reading.unread.add(sheet.table.name)


def _read_columns(sheet: _Sheet, headings: list[Heading]) -> pd.DataFrame:
    series: dict[str, pd.Series] = {}
    for position, heading in enumerate(headings):
        if heading.fault is not None:
            sheet.reading.errors.add_table(
                sheet.table.name, heading.text, code=heading.fault.code, text=heading.fault.text
            )
        if heading.column is not None:
            series[heading.column.frame_name] = _read_column(sheet, position, heading)
        elif heading.fault is None and (heading.text or _holds_anything(sheet, position)):
            series[heading.text or f"column {position + 1}"] = _left_aside(sheet)
    return pd.DataFrame(series, index=range(len(sheet.rows)))


def _holds_anything(sheet: _Sheet, position: int) -> bool:
    return bool(sheet.grid.column(position, sheet.rows).lengths.any())


def _left_aside(sheet: _Sheet) -> pd.Series:
    """Stand in for a column of no meaning here: only its name matters, in a warning."""
    return pd.Series(np.zeros(len(sheet.rows), dtype=np.bool_))


def _read_column(sheet: _Sheet, position: int, heading: Heading) -> pd.Series:
    """Read one column, note what is wrong in it, and mark what was noted."""
    column, table, reading = heading.column, sheet.table.name, sheet.reading
    assert column is not None
    if heading.fault is not None:
        reading.unreadable[table, column.frame_name] = np.ones(len(sheet.rows), dtype=np.bool_)
        return empty_column(column, len(sheet.rows))
    cells = sheet.grid.column(position, sheet.rows)
    parsed = parse_column(cells, column, unit=heading.unit)
    noted = sheet.grid.counts[sheet.rows] <= position
    for finding in parsed.findings:
        rows = np.flatnonzero(finding.where)
        reading.errors.add_rows(
            table, column.frame_name, rows, values=cells.read_all(rows), code=finding.code, text=finding.text
        )
        noted |= finding.where
    reading.unreadable[table, column.frame_name] = noted
    return parsed.values
