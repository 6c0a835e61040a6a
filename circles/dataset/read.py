"""From a folder of tables to a portfolio."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from circles.dataset.decoding import check_encoding
from circles.dataset.folder import find_tables, list_files
from circles.dataset.manifest import MANIFEST, Manifest, read_manifest
from circles.dataset.reading import Reading
from circles.dataset.table import read_table
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.portfolio.build import as_currency, as_date, build_portfolio
from circles.portfolio.tables import TABLES


def read_portfolio(
    path: str | Path, *, as_of: date | str | None = None, currency: str | None = None, encoding: str | None = None
) -> Portfolio:
    """Read a folder of tables, checking everything in it.

    The format is in docs/files.md. All problems of all tables are found in one pass, and if there is one, nothing is
    loaded. Time and memory grow linearly with the bytes of the files.

    Parameters
    ----------
    path
        The folder: ``members.csv``, other tables, and ``dataset.toml``.
    as_of
        The date of the data; required where ``dataset.toml`` does not state it, and stronger than what it states.
    currency
        Three-letter code; stronger than what ``dataset.toml`` states. CNY where neither says.
    encoding
        The encoding of all files, such as ``gb18030``. Without it each file is UTF-8 if it can be, else GB18030; the
        guess is one of the portfolio's warnings.

    Returns
    -------
    The portfolio; its `warnings` say what was odd but not wrong.

    Raises
    ------
    InputError
        If the folder or ``dataset.toml`` cannot be read, or an argument is wrong.
    DatasetError
        If anything is wrong with the tables; its `problems` lists everything with file, line and column.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from circles.dataset import write_portfolio
    >>> members = pd.DataFrame({"member_id": ["M1", "M2"], "resources_fen": [100_00, 50_00]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_portfolio(Portfolio.from_frames(as_of="2007-12-29", members=members), f"{folder}/book")
    ...     read_portfolio(f"{folder}/book")
    Portfolio at 2007-12-29 in CNY: 2 members
    """
    return build(read_folder(path, as_of=as_of, currency=currency, encoding=encoding))


def read_folder(path: str | Path, *, as_of: date | str | None, currency: str | None, encoding: str | None) -> Reading:
    """Read all files of a dataset; what is wrong with them is in the reading.

    Raises
    ------
    InputError
        As for `read_portfolio`.
    """
    folder = Path(path)
    check_encoding(encoding)
    contents = list_files(folder)
    manifest = read_manifest(folder)
    reading = Reading(
        as_of=_decide_date(folder, manifest, as_of),
        currency=manifest.currency if currency is None else as_currency(currency),
    )
    files = find_tables(reading, contents)
    if not files and not reading.unread:
        msg = f"{folder}: holds no table; a dataset is a folder with members.csv and other tables"
        raise InputError(msg)
    _note_manifest(reading, manifest)
    for name, file in files.items():
        if name not in reading.unread:
            read_table(reading, TABLES[name], file, encoding=encoding)
    return reading


def build(reading: Reading) -> Portfolio:
    """Check between the tables what was read, and make the portfolio.

    Raises
    ------
    DatasetError
        If anything was wrong, in reading or now.
    """
    fields = build_portfolio(
        reading.frames,
        reading.origins,
        as_of=reading.as_of,
        currency=reading.currency,
        errors=reading.errors,
        warnings=reading.warnings,
        unreadable=reading.unreadable,
        unread=reading.unread,
    )
    return Portfolio(**fields)


def _decide_date(folder: Path, manifest: Manifest, as_of: date | str | None) -> date:
    if as_of is not None:
        return as_date(as_of)
    if manifest.as_of is None:
        msg = f"{folder}: the date of the data is not known; state as_of in {MANIFEST} or give it (--as-of 2007-12-29)"
        raise InputError(msg)
    return manifest.as_of


def _note_manifest(reading: Reading, manifest: Manifest) -> None:
    if manifest.as_of not in {None, reading.as_of}:
        text = f"states as_of {manifest.as_of}; read as of {reading.as_of}, as given"
        reading.warnings.add_table(MANIFEST, "as_of", code="overridden", text=text)
    for key in manifest.unknown:
        text = f"{key} means nothing here and is left aside; known are format, as_of, currency"
        reading.warnings.add_table(MANIFEST, key, code="unknown_key", text=text)
