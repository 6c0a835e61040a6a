"""Which file of a folder holds which table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circles.dataset.headers import Fault
from circles.dataset.manifest import MANIFEST
from circles.dataset.synonyms import name_table
from circles.dataset.table import OPENERS
from circles.errors import InputError
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    from circles.dataset.reading import Reading

_OTHER_SUFFIXES = {".xls", ".xlsb", ".et", ".ods", ".tsv", ".txt", ".feather", ".arrow"}
"""Files of these kinds that bear a table's name hold data that would be left out in silence."""
_WRITTEN = {MANIFEST, *(f"{table}{suffix}" for table in TABLES for suffix in (".csv", ".parquet"))}


def is_dataset_file(name: str) -> bool:
    """Tell whether a file name is one that `circles.write_portfolio` writes."""
    return name in _WRITTEN


def list_files(folder: Path) -> list[Path]:
    """List what is in a folder by name, without hidden files (a spreadsheet leaves lock files like ``.~lock``).

    Raises
    ------
    InputError
        If there is no such folder, or it cannot be read.
    """
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))
    except FileNotFoundError:
        msg = f"{folder}: there is no such file or folder"
    except NotADirectoryError:
        msg = f"{folder}: is neither a folder nor a workbook (.xlsx); give the folder that holds members.csv"
    except (OSError, ValueError) as error:
        msg = f"{folder}: cannot be read: {getattr(error, 'strerror', None) or error}"
    raise InputError(msg)


def find_tables(reading: Reading, files: list[Path]) -> dict[str, Path]:
    """Find the file of each table, by its name in English or Chinese.

    Parameters
    ----------
    reading
        What is odd about the files is noted here.
    files
        What the folder holds.
    """
    found: dict[str, Path] = {}
    others: dict[str, Path] = {}
    for path in files:
        name, suffix = name_table(path.stem), path.suffix.casefold()
        if name is not None and suffix in _OTHER_SUFFIXES:
            others[name] = path
        elif suffix in OPENERS and name is None:
            text = f"is not one of the tables and is left aside; the tables are: {', '.join(TABLES)}"
            reading.warnings.add_table(path.name, "", code="unknown_file", text=text)
        elif suffix in OPENERS and name in found:
            text = f"the files {found[name].name} and {path.name} are both this table; keep one"
            reading.refuse(name, Fault(code="duplicate_table", text=text))
        elif suffix in OPENERS and name is not None:
            found[name] = path
    _note_others(reading, found, others)
    return found


def _note_others(reading: Reading, found: dict[str, Path], others: dict[str, Path]) -> None:
    for name, path in others.items():
        if name in found:
            text = f"is left aside, {found[name].name} is read"
            reading.warnings.add_table(path.name, "", code="unknown_file", text=text)
        else:
            text = f"{path.name} cannot be read; save the table as {name}.csv, {name}.xlsx or {name}.parquet"
            reading.refuse(name, Fault(code="unsupported_format", text=text))
