"""Files of rejected rows: one CSV a table, the cells as they were, and what is wrong with each row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from circles.dataset.csv.write import write_rows
from circles.dataset.escape import FORMULA_STARTS
from circles.output import new_folder
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from circles.dataset.quarantine.rejected import Rejected
    from circles.dataset.sheet import Sheet
    from circles.portfolio.problems import Origin

REASONS = ("line", "column", "code", "message")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
"""What starts like a formula and cannot be one."""


def is_reject_file(name: str) -> bool:
    """Tell whether a file name is one that `write_rejects` writes."""
    return name in {f"{table}.csv" for table in TABLES}


def write_rejects(
    path: Path, rejected: Rejected, sheets: Mapping[str, Sheet], *, origins: Mapping[str, Origin], force: bool
) -> None:
    """Write what was rejected into a folder, whole or not at all; without any, an old folder is emptied.

    Parameters
    ----------
    path
        The folder.
    rejected
        The rows, and what is wrong with them.
    sheets
        The tables as the files hold them.
    origins
        Where the rows of each table came from.
    force
        Replace rejects that are there already.

    Raises
    ------
    InputError
        If the folder exists and may not be replaced, or cannot be written.
    """
    if not rejected and not path.exists():
        return
    problems = rejected.problems()
    with new_folder(path, owned=is_reject_file, force=force) as folder:
        for table, rows in rejected.rows.items():
            found = problems[problems["file"] == origins[table].file]
            columns = _list_cells(sheets[table], rows)
            for name, texts in _list_reasons(found, origins[table].lines[rows]).items():
                columns[f"{name} (circles)" if name in columns else name] = texts
            write_rows(folder / f"{table}.csv", list(columns), list(columns.values()))


def _list_cells(sheet: Sheet, rows: NDArray[np.int64]) -> dict[str, list[str]]:
    """Give the cells of some rows by header; a header that is empty or there twice gets the number of its column."""
    headers = sheet.opening[0][1]
    columns: dict[str, list[str]] = {}
    for position in range(max(len(headers), sheet.count_columns(rows))):
        header = headers[position] if position < len(headers) else ""
        name = header if header and header not in columns else f"{header} (column {position + 1})".strip()
        columns[guard_cell(name)] = [guard_cell(cell) for cell in sheet.show(position, rows)]
    return columns


def _list_reasons(problems: pd.DataFrame, lines: NDArray[np.int64]) -> dict[str, list[str]]:
    """Give, for each row, its line and its problems one after the other."""
    by_line = problems.groupby("line", sort=False)
    reasons = {name: by_line[name].agg("; ".join).reindex(lines).tolist() for name in REASONS[1:]}
    return {
        "line": [str(line) for line in lines],
        **{name: list(map(guard_cell, texts)) for name, texts in reasons.items()},
    }


def guard_cell(cell: str) -> str:
    """Give a cell of a file so that no spreadsheet runs it; what reading makes of it stays the same.

    Examples
    --------
    >>> guard_cell("=1+1"), guard_cell("'=1+1"), guard_cell("-5.00"), guard_cell(" M1 ")
    ("'=1+1", "'=1+1", '-5.00', ' M1 ')
    """
    plain = cell.strip()
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(plain) else cell
