"""A table as a CSV file holds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.dataset.columns import parse_cells
from circles.dataset.csv.decoding import decode
from circles.dataset.csv.grid import split_cells
from circles.dataset.headers import OPENING, Fault
from circles.dataset.sheet import RowFault, remark_blank_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.columns import Parsed
    from circles.dataset.csv.grid import Grid
    from circles.dataset.headers import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSheet:
    """A CSV file as a `Sheet`.

    Attributes
    ----------
    grid
        All cells of the file.
    rows
        Shape (rows,): the rows of the grid that are entries, in order.
    opening, lines, remarks
        As in `Sheet`.
    """

    grid: Grid
    rows: NDArray[np.int64]
    opening: list[tuple[int, list[str]]]
    lines: NDArray[np.int64]
    remarks: tuple[Fault, ...]

    @property
    def names_fault(self) -> Fault | None:
        """No: the first row is a row like any other."""
        return None

    @property
    def holds_fen(self) -> bool:
        """No: money in CSV files is in yuan."""
        return False

    def find_row_faults(self) -> list[RowFault]:
        """Find rows of the wrong length and with quote marks out of place."""
        counts, width = self.grid.counts[self.rows], len(self.opening[0][1])
        faults = [
            RowFault(
                rows=np.flatnonzero(counts == count),
                code="ragged_row",
                text=f"the row has {count} cells, the header has {width}",
            )
            for count in np.unique(counts[counts != width])
        ]
        text = "text follows a closing quote mark; a quote mark inside a cell is written twice"
        misquoted = np.flatnonzero(np.isin(self.rows, self.grid.misquoted))
        faults.append(RowFault(rows=misquoted, code="misplaced_quote", text=text))
        if self.grid.unclosed >= 0:
            text = "a cell starts with a quote mark that is never closed"
            last = np.flatnonzero(self.rows == self.grid.unclosed)
            faults.append(RowFault(rows=last, code="unclosed_quote", text=text, ends_table=True))
        return faults

    def count_columns(self, rows: NDArray[np.int64]) -> int:
        """Say how many columns the widest of some entries has."""
        return int(self.grid.counts[self.rows[rows]].max(initial=0))

    def is_empty(self, position: int) -> bool:
        """Say whether no entry has anything in a column."""
        return not self.grid.column(position, self.rows).lengths.any()

    def parse(self, position: int, heading: Heading) -> Parsed:
        """Give a column as typed values; a cell that its row does not have was reported with the row."""
        assert heading.column is not None
        parsed = parse_cells(self.grid.column(position, self.rows), heading.column, unit=heading.unit)
        return replace(parsed, reported=self.grid.counts[self.rows] <= position)

    def show(self, position: int, rows: NDArray[np.int64]) -> list[str]:
        """Give the cells of some rows as the file shows them."""
        cells = self.grid.column(position, self.rows[rows])
        return cells.read_all(np.arange(len(rows)))


def open_csv(raw: bytes, encoding: str | None) -> CsvSheet | Fault:
    """Give the table in the bytes of a CSV file, or what is wrong with the file."""
    decoded = decode(raw, encoding)
    if isinstance(decoded, Fault):
        return decoded
    remarks = []
    if decoded.guessed:
        text = f"read as {decoded.guessed.upper()}, which it seems to be; if the names look wrong, give the encoding"
        remarks.append(Fault(code="encoding", text=text))
    grid = split_cells(decoded.data)
    filled = np.flatnonzero(grid.row_lengths())
    if len(filled) == 0:
        return Fault(code="empty_file", text="the file has no cell with anything in it")
    return CsvSheet(
        grid=grid,
        rows=filled[1:],
        opening=[(int(grid.lines[row]), grid.row(row)) for row in filled[:OPENING].tolist()],
        lines=grid.lines[filled[1:]],
        remarks=(*remarks, *_remark_blank_rows(grid, filled)),
    )


def _remark_blank_rows(grid: Grid, filled: NDArray[np.int64]) -> list[Fault]:
    is_blank = np.ones(len(grid.first), dtype=np.bool_)
    is_blank[filled] = False
    return remark_blank_rows(grid.lines[is_blank])
