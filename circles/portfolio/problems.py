"""Problems: what is wrong with a table, row by row, in words a person can act on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.portfolio.typed import TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROBLEM_COLUMNS = ["file", "line", "column", "value", "code", "message"]
_SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the rows of a table came from, so that a problem names its place.

    Attributes
    ----------
    file
        The file's name, or the table's for a frame in memory.
    lines
        Shape (rows,): line of each row in the file; position of the row for a frame.
    headers
        Frame column name → the column's name where it came from; what is absent kept its canonical name.
    """

    file: str
    lines: NDArray[np.int64]
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ProblemLog:
    """Collects problems of one kind (errors, or warnings) over all tables; whole columns at a time.

    `rows` keeps, for every table, the positions of the rows that have a problem; `tables` counts the problems of tables
    as a whole.
    """

    origins: Mapping[str, Origin]
    rows: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    tables: int = 0
    _parts: list[pd.DataFrame] = field(default_factory=list)

    def add_table(self, table: str, column: str, *, code: str, text: str, line: int = 0) -> None:
        """Note a problem of a table as a whole, such as a missing column; 0 is no line in particular."""
        file = self._file(table)
        place = f"{file}:{line}" if line else file
        row = [file, line, column, "", code, f"{place}: {text}"]
        self._parts.append(_frame_problems({name: [cell] for name, cell in zip(PROBLEM_COLUMNS, row, strict=True)}))
        self.tables += 1

    def add_rows(self, table: str, column: str, rows: NDArray[np.int64], *, values: Any, code: str, text: str) -> None:
        """Note the same problem of several rows.

        Parameters
        ----------
        table, column
            Where; the column by its name in the frame.
        rows
            Shape (k,): positions in the table.
        values
            Shape (k,): what was found there.
        code, text
            The kind of problem; what is wrong and what is allowed. ``{column}`` stands for the column's name and
            ``{value}`` for what was found.
        """
        if len(rows) == 0:
            return
        origin = self.origins[table]
        header = origin.headers.get(column, column)
        before, _, after = (part.replace("{column}", header) for part in text.partition("{value}"))
        shown = [shown_value(value) for value in values]
        lines = origin.lines[rows]
        tail = [f"{before}{value}{after}" for value in shown] if "{value}" in text else [before] * len(shown)
        self.rows.setdefault(table, []).append(rows)
        self._parts.append(
            _frame_problems(
                {
                    "file": [origin.file] * len(rows),
                    "line": lines,
                    "column": [header] * len(rows),
                    "value": [_plain(value) for value in values],
                    "code": [code] * len(rows),
                    "message": [f"{origin.file}:{line}: {end}" for line, end in zip(lines, tail, strict=True)],
                }
            )
        )

    def frame(self) -> pd.DataFrame:
        """All problems so far, by file and line: ``file, line, column, value, code, message``."""
        whole = pd.concat([_frame_problems({name: [] for name in PROBLEM_COLUMNS}), *self._parts], ignore_index=True)
        return whole.sort_values(["file", "line"], kind="stable", ignore_index=True)

    def copy(self, origins: Mapping[str, Origin]) -> ProblemLog:
        """Give a log of the same problems, to be continued for rows of other origins."""
        rows = {table: list(parts) for table, parts in self.rows.items()}
        return ProblemLog(origins, rows, self.tables, list(self._parts))

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def _file(self, table: str) -> str:
        return self.origins[table].file if table in self.origins else table


def _frame_problems(columns: Mapping[str, Any]) -> pd.DataFrame:
    """Give problems as a frame; texts are kept so that any character can be shown, also half a surrogate pair."""
    kinds = {name: "int64" if name == "line" else TEXT for name in PROBLEM_COLUMNS}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=kind) for name, kind in kinds.items()})


def _plain(value: object) -> str:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return str(np.datetime_as_string(value.to_datetime64(), unit="D"))
    return str(value)


def shown_value(value: object) -> str:
    """Quote what was found for a message: one line, cut short, control characters visible."""
    text = repr(_plain(value))
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 2]}…'"
