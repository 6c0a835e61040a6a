"""One file to one table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from circles.dataset.csv.sheet import open_csv
from circles.dataset.headers import Fault
from circles.dataset.parquet.sheet import open_parquet
from circles.dataset.sheet import Sheet, read_sheet
from circles.dataset.xlsx.workbook import open_workbook
from circles.portfolio.problems import Origin

if TYPE_CHECKING:
    from circles.dataset.reading import Reading
    from circles.portfolio.tables import Table


def read_table(reading: Reading, table: Table, path: Path) -> None:
    """Read the one table in a file into a reading.

    Parameters
    ----------
    reading
        What this adds to.
    table
        The table that the file holds.
    path
        The file; its ending says what kind of file it is.
    """
    reading.origins[table.name] = Origin(file=path.name, lines=np.arange(0))
    data = reading.sources.read(path)
    if isinstance(data, Fault):
        reading.refuse(table.name, data)
        return
    OPENERS[path.suffix.casefold()](reading, table, data)


def _read_csv(reading: Reading, table: Table, data: bytes) -> None:
    take_sheet(reading, table, open_csv(data, reading.encoding))


def _read_parquet(reading: Reading, table: Table, data: bytes) -> None:
    take_sheet(reading, table, open_parquet(data))


def _read_xlsx(reading: Reading, table: Table, data: bytes) -> None:
    """Read the sheet that bears the table's name, else the only one that holds anything."""
    book = open_workbook(data)
    if isinstance(book, Fault):
        reading.refuse(table.name, book)
        return
    title = book.choose_sheet(table.name)
    if isinstance(title, Fault):
        reading.refuse(table.name, title)
        return
    reading.origins[table.name] = Origin(file=f"{reading.origins[table.name].file}:{title}", lines=np.arange(0))
    take_sheet(reading, table, book.open_sheet(title))


def take_sheet(reading: Reading, table: Table, sheet: Sheet | Fault) -> None:
    """Read a table into a reading, or note why there is none."""
    if isinstance(sheet, Fault):
        reading.refuse(table.name, sheet)
    else:
        read_sheet(reading, table, sheet)


OPENERS: dict[str, Callable[[Reading, Table, bytes], None]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".xlsx": _read_xlsx,
    ".xlsm": _read_xlsx,
}
"""The ending of a file's name → what reads the one table in it."""
