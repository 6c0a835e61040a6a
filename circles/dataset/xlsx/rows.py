"""The rows of a sheet as openpyxl gives them: values, and where they are not what they seem."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from circles.dataset.xlsx.cell_text import show_value

_ZEROS = re.compile("0{2,}")
"""A format that shows a number with zeros before it: the person who typed 007 sees 007."""
Place = tuple[int, int]
"""A cell: its row and its column, counted from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRows:
    """The rows of a sheet that hold something.

    Attributes
    ----------
    values
        The values of each row; a row may be shorter than the widest.
    lines
        The number of each row, counted from 1.
    blank
        The numbers of the rows that hold nothing.
    errors
        Cells that show an error such as #N/A.
    formulas
        All formulas, each with its text.
    uncalculated
        Those without a value.
    """

    values: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    errors: set[Place] = field(default_factory=set)
    formulas: dict[Place, str] = field(default_factory=dict)
    uncalculated: set[Place] = field(default_factory=set)

    def show_row(self, position: int) -> list[str]:
        """Give a row as texts."""
        return [show_value(value) for value in self.values[position]]


def collect_rows(sheet: Any, formulas: dict[Place, str]) -> SheetRows:
    """Go through a sheet of an openpyxl workbook that was opened for its values.

    Parameters
    ----------
    sheet
        The sheet; what it says of its own size is not believed, because some programs write it wrong.
    formulas
        As `list_formulas` gives them.
    """
    rows = SheetRows(formulas=formulas)
    for row, column in formulas:
        rows.uncalculated.add((row, column))
    sheet.reset_dimensions()
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        values = tuple(_read_cell(rows, cell, (line, column)) for column, cell in enumerate(cells, start=1))
        if any(value is not None and value != "" for value in values):
            rows.values.append(values)
            rows.lines.append(line)
        else:
            rows.blank.append(line)
    return rows


def _read_cell(rows: SheetRows, cell: Any, place: Place) -> Any:
    value, kind = cell.value, cell.data_type
    if kind == "e":
        rows.errors.add(place)
    if rows.uncalculated and place in rows.uncalculated:
        if value is None and kind == "n":
            return rows.formulas[place]
        rows.uncalculated.discard(place)
    if kind == "n" and isinstance(value, int) and _ZEROS.fullmatch(cell.number_format):
        return str(value).zfill(len(cell.number_format))
    return value


def list_formulas(sheet: Any) -> dict[Place, str]:
    """Find the formulas of a sheet of an openpyxl workbook that was opened for them, each with its text."""
    sheet.reset_dimensions()
    return {
        (line, column): str(getattr(cell.value, "text", None) or cell.value)
        for line, cells in enumerate(sheet.iter_rows(), start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.data_type == "f"
    }
