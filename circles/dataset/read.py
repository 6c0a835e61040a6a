"""From a folder of tables or a workbook to a portfolio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from circles.dataset.opening import read_dataset
from circles.dataset.parquet.arrow import release_memory
from circles.dataset.quarantine.rejects import write_rejects
from circles.dataset.quarantine.sieve import sieve_rows
from circles.errors import InputError
from circles.output import refuse_existing
from circles.portfolio import Portfolio
from circles.portfolio.build import build_portfolio

if TYPE_CHECKING:
    import pandas as pd

    from circles.dataset.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A portfolio, and the problems of the rows that were left out of it."""

    portfolio: Portfolio
    problems: pd.DataFrame


def read_portfolio(
    path: str | Path,
    *,
    as_of: date | str | None = None,
    currency: str | None = None,
    encoding: str | None = None,
    on_error: str = "refuse",
    rejects: str | Path = "rejects",
    force: bool = False,
) -> Portfolio:
    """Read a folder of tables or a workbook, checking everything in it.

    The format is in docs/files.md. All problems of all tables are found in one pass, and if there is one, nothing is
    loaded, unless rows with problems are to be set aside. Time and memory grow linearly with the bytes of the files.

    Parameters
    ----------
    path
        The folder (``members.csv``, ``.xlsx`` or ``.parquet``, other tables, and ``dataset.toml``), or one workbook
        with a sheet a table.
    as_of
        The date of the data; required where the dataset does not state it, and stronger than what it states.
    currency
        Three-letter code; stronger than what the dataset states. CNY where neither says.
    encoding
        The encoding of all CSV files, such as ``gb18030``. Without it each file is UTF-8 if it can be, else GB18030;
        the guess is one of the portfolio's warnings.
    on_error
        ``refuse``: nothing is loaded if anything is wrong. ``quarantine``: rows with a problem, and rows that refer
        to such a row, are left out and written to `rejects`; a table that is wrong as a whole is refused all the same.
    rejects
        The folder for rejected rows: one CSV file a table, cells as they were, and what is wrong with each row.
    force
        Replace the rejects of an earlier reading.

    Returns
    -------
    The portfolio; its `warnings` say what was odd but not wrong, and how many rows of each table were rejected.

    Raises
    ------
    InputError
        If the folder, workbook or ``dataset.toml`` cannot be read, an argument is wrong, or there are rejects already.
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
    finish = choose_finish(on_error, rejects, force=force)
    portfolio = finish(read_dataset(path, as_of=as_of, currency=currency, encoding=encoding)).portfolio
    release_memory()
    return portfolio


def choose_finish(on_error: str, rejects: str | Path, *, force: bool) -> Callable[[Reading], Outcome]:
    """Give what turns a reading into a portfolio, by what is to be done about problems.

    Raises
    ------
    InputError
        If that is not known, or rejects are there already and may not be replaced: said before anything is read.
    """
    if on_error == "refuse":
        return _refuse_problems
    if on_error != "quarantine":
        msg = f"on_error must be refuse or quarantine, got {on_error!r}"
        raise InputError(msg)
    refuse_existing(Path(rejects), force=force)
    return partial(_quarantine, rejects=Path(rejects), force=force)


def _refuse_problems(reading: Reading) -> Outcome:
    reading.sheets.clear()
    fields = build_portfolio(
        reading.frames,
        reading.origins,
        as_of=reading.as_of,
        currency=reading.currency,
        errors=reading.errors,
        warnings=reading.warnings,
        unreadable=reading.unreadable,
        unread=reading.unread,
        coded=reading.coded,
    )
    return Outcome(portfolio=Portfolio(**fields), problems=reading.errors.frame())


def _quarantine(reading: Reading, *, rejects: Path, force: bool) -> Outcome:
    portfolio, rejected = sieve_rows(reading, rejects)
    write_rejects(rejects, rejected, reading.sheets, origins=reading.origins, force=force)
    return Outcome(portfolio=portfolio, problems=rejected.problems())
