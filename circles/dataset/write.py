"""From a portfolio to the files of a dataset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from circles.dataset.csv.write import write_csv
from circles.dataset.folder import is_dataset_file
from circles.dataset.manifest import write_manifest
from circles.dataset.parquet.write import write_parquet
from circles.dataset.xlsx.write import write_workbook
from circles.errors import InputError
from circles.output import new_file, new_folder
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from circles.portfolio import Portfolio
    from circles.portfolio.tables import Table

WORKBOOK = ".xlsx"
TABLE_WRITERS: dict[str, Callable[[Path, Table, pd.DataFrame], None]] = {"csv": write_csv, "parquet": write_parquet}
"""The kinds of files that a folder may hold, and what writes one table into one."""


def write_portfolio(portfolio: Portfolio, path: str | Path, *, files: str = "csv", force: bool = False) -> None:
    """Write a portfolio as a folder of tables or as one workbook, whole or not at all.

    The format is in docs/files.md: canonical names, amounts in yuan; CSV is in UTF-8 with byte order mark. Tables and
    columns without a value are left out. `circles.read_portfolio` gives the same portfolio back. As CSV or Parquet the
    same portfolio gives the same bytes; a workbook holds the time when it was written.

    Parameters
    ----------
    portfolio
        What to write.
    path
        The folder, or a name that ends in ``.xlsx`` for one workbook with a sheet a table; its parent must exist.
    files
        What the folder holds: ``csv``, or ``parquet`` (for which pyarrow must be installed).
    force
        Replace what is there already; a folder with any file that is no dataset's is never replaced.

    Returns
    -------
    Nothing; the folder or workbook is there when this ends.

    Raises
    ------
    InputError
        If the path is taken or cannot be written, a text has a character that no text file can hold (NUL, half a
        surrogate pair), or a table or text is too long for a workbook.
    """
    if files not in TABLE_WRITERS:
        msg = f"files must be one of {', '.join(TABLE_WRITERS)}, got {files!r}"
        raise InputError(msg)
    if Path(path).suffix.casefold() == WORKBOOK:
        with new_file(path, force=force) as file:
            write_workbook(file, portfolio)
        return
    with new_folder(path, owned=is_dataset_file, force=force) as folder:
        write_manifest(folder, as_of=portfolio.as_of, currency=portfolio.currency)
        for name, table in TABLES.items():
            frame = portfolio.table(name)
            if len(frame) or name == "members":
                TABLE_WRITERS[files](folder / f"{name}.{files}", table, frame)
