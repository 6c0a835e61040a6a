"""A file of somebody else's data set: the columns that are needed, as text, with the line of each row."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.money import FEN_PER_YUAN, MAX_FEN, read_amount
from circles.portfolio.problems import shown_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONGEST_CELL = 10_000_000
_LATEST_MILLISECOND = 4_102_444_800_000
"""The year 2100; a larger number is no time in milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The columns of a file that were asked for.

    Attributes
    ----------
    name
        The file's name, for messages.
    columns
        Column name → its cells as text.
    lines
        Shape (rows,): the line on which each row ends.
    """

    name: str
    columns: dict[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def texts(self, column: str) -> pd.Series:
        """Give a column as text; none may be empty.

        Raises
        ------
        InputError
            If a cell is empty.
        """
        cells = self._read(column, lambda text: text.strip() or None, "must not be empty")
        return pd.Series(cells, dtype="str")

    def optional_texts(self, column: str) -> list[str]:
        """Give a column as text without blanks around; empty where nothing is stated."""
        return [text.strip() for text in self.columns[column]]

    def amounts(self, column: str) -> NDArray[np.int64]:
        """Give a column of amounts with at most two decimals as whole hundredths: shape (rows,).

        Raises
        ------
        InputError
            If a cell is not such an amount, is negative or too large.
        """
        cells = self._read(column, _read_fen, "must be an amount of at least 0 with at most two decimals")
        return np.array(cells, dtype=np.int64)

    def fractions(self, column: str) -> NDArray[np.float64]:
        """Give a column of fractions in [0, 1]: shape (rows,).

        Raises
        ------
        InputError
            If a cell is not one.
        """
        return np.array(self._read(column, _read_fraction, "must be a fraction in [0, 1]"), dtype=np.float64)

    def times(self, column: str) -> NDArray[np.datetime64]:
        """Give a column of times, in milliseconds since 1970 (UTC), as days: shape (rows,).

        Raises
        ------
        InputError
            If a cell is not one.
        """
        cells = self._read(column, _read_milliseconds, "must be a time in milliseconds since 1970")
        return np.array(cells, dtype="datetime64[ms]").astype("datetime64[D]")

    def days(self, column: str) -> NDArray[np.datetime64]:
        """Give a column of days written 20230821: shape (rows,).

        Raises
        ------
        InputError
            If a cell is not one.
        """
        cells = self._read(column, _read_day, "must be a day such as 20230821")
        return np.array(cells, dtype="datetime64[D]")

    def _read(self, column: str, read: Callable[[str], Any], text: str) -> list[Any]:
        """Read a column cell by cell; `read` gives None for what is wrong."""
        cells = self.columns[column]
        known = {cell: read(cell) for cell in set(cells)}
        wrong = [row for row, cell in enumerate(cells) if known[cell] is None]
        if wrong:
            first = f"{self.name}:{self.lines[wrong[0]]}: {column} {text}, got {shown_value(cells[wrong[0]])}"
            more = f" ({len(wrong) - 1:,} more rows are wrong in the same way)" if len(wrong) > 1 else ""
            raise InputError(first + more)
        return [known[cell] for cell in cells]


def read_source(folder: Path, name: str, columns: Sequence[str], *, separator: str) -> SourceFile:
    """Read some columns of a file in UTF-8 whose first line names them; others are passed over.

    Parameters
    ----------
    folder, name
        Where the file is.
    columns
        The names of the columns to read.
    separator
        What stands between cells.

    Raises
    ------
    InputError
        If the file is not there, cannot be read, lacks a column, or has a row of another length than its first line.
    """
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            csv.field_size_limit(_LONGEST_CELL)
            return _read_rows(csv.reader(file, delimiter=separator, strict=True), name, columns)
    except FileNotFoundError:
        msg = f"{folder / name}: there is no such file"
    except OSError as error:
        msg = f"{folder / name}: cannot be read: {error.strerror}"
    except UnicodeDecodeError as error:
        msg = f"{folder / name}: is not in UTF-8: {error}"
    except csv.Error as error:
        msg = f"{folder / name}: is not a table in CSV: {error}"
    raise InputError(msg)


def _read_rows(reader: Iterator[list[str]], name: str, columns: Sequence[str]) -> SourceFile:
    header = [text.strip() for text in next(reader, [])]
    missing = [column for column in columns if column not in header]
    if missing:
        shown = ", ".join(header) or "none, the file is empty"
        msg = f"{name}:1: the required column {missing[0]} is missing; the columns are: {shown}"
        raise InputError(msg)
    places = [header.index(column) for column in columns]
    cells: list[list[str]] = [[] for _ in columns]
    lines: list[int] = []
    for row in reader:
        if not row:
            continue
        line: int = reader.line_num  # type: ignore[attr-defined]
        if len(row) != len(header):
            msg = f"{name}:{line}: a row must have {len(header)} cells like the first line, got {len(row)}"
            raise InputError(msg)
        lines.append(line)
        for column, place in zip(cells, places, strict=True):
            column.append(row[place])
    return SourceFile(name=name, columns=dict(zip(columns, cells, strict=True)), lines=lines)


def _read_fen(text: str) -> int | None:
    amount = read_amount(text.strip())
    fen = None if amount is None else amount * FEN_PER_YUAN
    return int(fen) if fen is not None and fen.denominator == 1 and 0 <= fen <= MAX_FEN else None


def _read_fraction(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= 1 else None


def _read_milliseconds(text: str) -> int | None:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and int(plain[:20]) <= _LATEST_MILLISECOND else None


def _read_day(text: str) -> np.datetime64 | None:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) == 8):
        return None
    try:
        return np.datetime64(f"{plain[:4]}-{plain[4:6]}-{plain[6:]}", "D")
    except ValueError:
        return None
