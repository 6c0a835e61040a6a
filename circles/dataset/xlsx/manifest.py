"""The sheet of a workbook that says what holds for all its tables: ``dataset.toml`` as rows of key and value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.dataset.headers import Fault
from circles.dataset.manifest import Manifest, check_stated
from circles.dataset.xlsx.cell_text import show_value
from circles.errors import InputError

if TYPE_CHECKING:
    from circles.dataset.xlsx.rows import SheetRows

MANIFEST_SHEETS = ("dataset", "数据集")
"""What the sheet may be named."""


def read_manifest_sheet(where: str, rows: SheetRows | Fault) -> Manifest:
    """Read the sheet: in each row a key (format, as_of, currency) and beside it the value; a date may be a date.

    Parameters
    ----------
    where
        The file and sheet, for messages.
    rows
        What the sheet holds.

    Raises
    ------
    InputError
        If the sheet cannot be read, states a format that this version does not read, or a wrong date or currency.
    """
    if isinstance(rows, Fault):
        msg = f"{where}: {rows.text}"
        raise InputError(msg)
    stated = {show_value(row[0]).strip(): row[1] if len(row) > 1 else None for row in rows.values}
    given = {key: value.strip() if isinstance(value, str) else value for key, value in stated.items() if key}
    return check_stated(where, {key: value for key, value in given.items() if value is not None})
