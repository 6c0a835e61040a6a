"""A folder or a workbook to what is in it: all tables read, none of them compared yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from circles.dataset.csv.decoding import check_encoding
from circles.dataset.folder import find_tables, list_files
from circles.dataset.headers import Fault
from circles.dataset.manifest import MANIFEST, Manifest, read_manifest
from circles.dataset.reading import Reading
from circles.dataset.sources import Sources
from circles.dataset.synonyms import name_table
from circles.dataset.table import read_table, take_sheet
from circles.dataset.xlsx.manifest import MANIFEST_SHEETS, read_manifest_sheet
from circles.dataset.xlsx.workbook import Workbook, open_workbook
from circles.errors import InputError
from circles.portfolio.build import as_currency, as_date
from circles.portfolio.problems import Origin
from circles.portfolio.tables import TABLES

_WORKBOOKS = {".xlsx", ".xlsm"}
_OTHER_WORKBOOKS = {".xls", ".xlsb", ".et", ".ods"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the caller says of a dataset, stronger than what it says of itself."""

    as_of: date | str | None
    currency: str | None
    encoding: str | None


def read_dataset(path: str | Path, *, as_of: date | str | None, currency: str | None, encoding: str | None) -> Reading:
    """Read all tables of a dataset; what is wrong with them is in the reading.

    Raises
    ------
    InputError
        As for `circles.read_portfolio`.
    """
    check_encoding(encoding)
    place = Path(path)
    given = _Given(as_of=as_of, currency=currency, encoding=encoding)
    reading = _read_file(place, given) if _is_file(place) else _read_folder(place, given)
    for changed in reading.sources.find_changed():
        text = "the file changed while it was being read; wait until it is written, and read again"
        reading.errors.add_table(changed.name, "", code="changed_file", text=text)
    return reading


def _is_file(place: Path) -> bool:
    try:
        return place.suffix.casefold() in _WORKBOOKS | _OTHER_WORKBOOKS and place.is_file()
    except (OSError, ValueError):  # no name that a file could have; opening it as a folder says why
        return False


def _start(place: Path, manifest: Manifest, given: _Given, *, sources: Sources, where: str) -> Reading:
    """Begin a reading with what holds for all tables; `where` names where the dataset states it."""
    if given.as_of is None and manifest.as_of is None:
        msg = f"{place}: the date of the data is not known; state as_of in {where} or give it (--as-of 2007-12-29)"
        raise InputError(msg)
    return Reading(
        as_of=as_date(manifest.as_of if given.as_of is None else given.as_of),  # type: ignore[arg-type]
        currency=manifest.currency if given.currency is None else as_currency(given.currency),
        encoding=given.encoding,
        sources=sources,
    )


def _note_manifest(reading: Reading, manifest: Manifest, *, where: str) -> None:
    if manifest.as_of not in {None, reading.as_of}:
        text = f"states as_of {manifest.as_of}; read as of {reading.as_of}, as given"
        reading.warnings.add_table(where, "as_of", code="overridden", text=text)
    for key in manifest.unknown:
        text = f"{key} means nothing here and is left aside; known are format, as_of, currency"
        reading.warnings.add_table(where, key, code="unknown_key", text=text)


def _read_folder(folder: Path, given: _Given) -> Reading:
    contents = list_files(folder)
    manifest = read_manifest(folder)
    reading = _start(folder, manifest, given, sources=Sources(), where=MANIFEST)
    files = find_tables(reading, contents)
    if not files and not reading.unread:
        msg = f"{folder}: holds no table; a dataset is a folder with members.csv and other tables, or a workbook"
        raise InputError(msg)
    _note_manifest(reading, manifest, where=MANIFEST)
    for name, file in files.items():
        if name not in reading.unread:
            read_table(reading, TABLES[name], file)
    return reading


def _read_file(path: Path, given: _Given) -> Reading:
    if path.suffix.casefold() in _OTHER_WORKBOOKS:
        msg = f"{path}: is a workbook of a kind that cannot be read; save it as .xlsx"
        raise InputError(msg)
    sources = Sources()
    data = sources.read(path)
    book = data if isinstance(data, Fault) else open_workbook(data)
    if isinstance(book, Fault):
        msg = f"{path}: {book.text}"
        raise InputError(msg)
    title = next((title for title in book.titles if title.strip().casefold() in MANIFEST_SHEETS), None)
    manifest = Manifest() if title is None else read_manifest_sheet(f"{path}:{title}", book.read_rows(title))
    where = f"a sheet named {MANIFEST_SHEETS[0]} (as_of beside 2007-12-29)" if title is None else f"the sheet {title}"
    reading = _start(path, manifest, given, sources=sources, where=where)
    _note_manifest(reading, manifest, where=f"{path.name}:{title}")
    reading.origins.update({name: Origin(file=f"{path.name}:{name}", lines=np.arange(0)) for name in TABLES})
    _read_sheets(reading, path, book, manifest_title=title)
    return reading


def _read_sheets(reading: Reading, path: Path, book: Workbook, *, manifest_title: str | None) -> None:
    found: dict[str, str] = {}
    for title in book.titles:
        name = name_table(title)
        if name is not None and name in found:
            text = f"the sheets {found[name]} and {title} are both this table; keep one"
            reading.refuse(name, Fault(code="duplicate_table", text=text))
        elif name is not None:
            found[name] = title
        elif title != manifest_title and book.holds_anything(title):
            text = f"is not one of the tables and is left aside; the tables are: {', '.join(TABLES)}"
            reading.warnings.add_table(f"{path.name}:{title}", "", code="unknown_sheet", text=text)
    if not found:
        msg = f"{path}: no sheet bears the name of a table; the tables are: {', '.join(TABLES)}"
        raise InputError(msg)
    for name, title in found.items():
        if name not in reading.unread:
            reading.origins[name] = Origin(file=f"{path.name}:{title}", lines=np.arange(0))
            take_sheet(reading, TABLES[name], book.open_sheet(title))
