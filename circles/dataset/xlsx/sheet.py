"""A table as a sheet of a workbook holds it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.dataset.columns import Finding, parse_texts
from circles.dataset.headers import OPENING, Fault
from circles.dataset.sheet import RowFault, remark_blank_rows
from circles.dataset.texts import Texts
from circles.dataset.xlsx.cell_text import is_odd_id, show_value
from circles.portfolio.tables import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.dataset.columns import Parsed
    from circles.dataset.headers import Heading
    from circles.dataset.xlsx.package import Merge
    from circles.dataset.xlsx.rows import Place, SheetRows


@dataclass(frozen=True, slots=True, kw_only=True)
class XlsxSheet:
    """A sheet of a workbook as a `Sheet`.

    Attributes
    ----------
    rows
        The values of all entries, as openpyxl gives them; a row may be shorter than the widest.
    opening, lines, remarks
        As in `Sheet`.
    errors
        Cells that show an error such as #N/A, by row and column counted from 1.
    uncalculated
        Formulas that nobody calculated; their values are their texts.
    merges
        Merged cells among the entries.
    """

    rows: list[tuple[Any, ...]]
    opening: list[tuple[int, list[str]]]
    lines: NDArray[np.int64]
    remarks: tuple[Fault, ...]
    errors: frozenset[Place]
    uncalculated: frozenset[Place]
    merges: tuple[Merge, ...]

    @property
    def names_fault(self) -> Fault | None:
        """Refuse merged cells in the first row, under which nobody knows what the columns are."""
        for merge in self.merges:
            if merge.first_row <= self.opening[0][0]:
                text = f"the cells {merge.name} are merged, so not every column has a name; part them and fill each"
                return Fault(code="merged_cells", text=text, line=merge.first_row)
        return None

    @property
    def holds_fen(self) -> bool:
        """No: money in workbooks is in yuan."""
        return False

    def find_row_faults(self) -> list[RowFault]:
        """Find the entries that merged cells reach into."""
        return [
            RowFault(
                rows=np.flatnonzero(self._reaches(merge)),
                code="merged_cells",
                text=f"the cells {merge.name} are merged, so only the first holds anything; part them and fill each",
            )
            for merge in self.merges
        ]

    def _reaches(self, merge: Merge) -> NDArray[np.bool_]:
        return (self.lines >= merge.first_row) & (self.lines <= merge.last_row)

    def count_columns(self, rows: NDArray[np.int64]) -> int:
        """Say how many columns the sheet has."""
        return len(self.opening[0][1])

    def is_empty(self, position: int) -> bool:
        """Say whether no entry has anything in a column."""
        return not any(value is not None for value in self._column(position))

    def parse(self, position: int, heading: Heading) -> Parsed:
        """Give a column as typed values."""
        column = heading.column
        assert column is not None
        odd = self._find_odd(position, column.kind)
        found = np.logical_or.reduce([finding.where for finding in odd])
        values = self._column(position)
        for row in np.flatnonzero(found).tolist():
            values[row] = None
        parsed = parse_texts(
            _tell_apart([show_value(value, column.kind) for value in values]), column, unit=heading.unit
        )
        return replace(parsed, findings=(*odd, *parsed.findings), reported=self._find_merged(position))

    def show(self, position: int, rows: NDArray[np.int64]) -> list[str]:
        """Give the cells of some rows as texts; a formula without a value as its text."""
        values = self._column(position)
        return [show_value(values[row]) for row in rows.tolist()]

    def _column(self, position: int) -> list[Any]:
        return [row[position] if position < len(row) else None for row in self.rows]

    def _find_odd(self, position: int, kind: Kind) -> tuple[Finding, ...]:
        findings = [
            Finding(
                where=self._mark(self.errors, position),
                code="error_cell",
                text="{column} shows the error {value}; correct the formula, or empty the cell",
            ),
            Finding(
                where=self._mark(self.uncalculated, position),
                code="uncalculated_formula",
                text="{column} is a formula that was never calculated, got {value}; save the workbook in a spreadsheet",
            ),
        ]
        if kind is Kind.ID:
            text = "{column} must be an id as text or a whole number, got {value}; format the column as text"
            where = np.fromiter(map(is_odd_id, self._column(position)), dtype=np.bool_, count=len(self.rows))
            findings.append(Finding(where=where, code="damaged_id", text=text))
        return tuple(findings)

    def _mark(self, places: frozenset[Place], position: int) -> NDArray[np.bool_]:
        return np.isin(self.lines, [line for line, column in places if column == position + 1])

    def _find_merged(self, position: int) -> NDArray[np.bool_]:
        where = np.zeros(len(self.rows), dtype=np.bool_)
        for merge in self.merges:
            if merge.first_column <= position + 1 <= merge.last_column:
                where |= self._reaches(merge)
        return where


def build_sheet(rows: SheetRows, merges: list[Merge], *, hidden: bool) -> XlsxSheet | Fault:
    """Give the rows of a sheet as the table in them, or say why it is none.

    Parameters
    ----------
    rows
        What the sheet holds.
    merges
        All its merged cells.
    hidden
        Whether the sheet is not shown.
    """
    if not rows.values:
        return Fault(code="empty_file", text="the sheet has no cell with anything in it")
    width, first = max(map(len, rows.values)), rows.lines[0]
    inside = [merge for merge in merges if merge.first_column <= width and merge.last_row >= first]
    opening = [(rows.lines[row], rows.show_row(row)) for row in range(min(OPENING, len(rows.values)))]
    opening[0] = first, opening[0][1] + [""] * (width - len(opening[0][1]))
    return XlsxSheet(
        rows=rows.values[1:],
        opening=opening,
        lines=np.array(rows.lines[1:], dtype=np.int64),
        remarks=(*_remark_oddities(rows, hidden=hidden), *remark_blank_rows(np.array(rows.blank))),
        errors=frozenset(rows.errors),
        uncalculated=frozenset(rows.uncalculated),
        merges=tuple(inside),
    )


def _remark_oddities(rows: SheetRows, *, hidden: bool) -> list[Fault]:
    remarks = []
    if hidden:
        remarks.append(Fault(code="hidden_sheet", text="the sheet is hidden; it is read like any other"))
    count = len(rows.formulas) - len(rows.uncalculated)
    if count:
        line = min(line for line, _ in rows.formulas.keys() - rows.uncalculated)
        noun = "cell is a formula and counts" if count == 1 else "cells are formulas and count"
        text = f"{count:,} {noun} with the value that was calculated last, first here"
        remarks.append(Fault(code="formula", text=text, line=line))
    return remarks


def _tell_apart(texts: list[str]) -> Texts:
    codes, distinct = pd.factorize(np.array([*texts, None], dtype=object)[:-1])
    return Texts(codes=codes, distinct=distinct.tolist())
