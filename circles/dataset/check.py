"""Checks of a dataset: whether its tables are sound, and what is in it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from circles.dataset.opening import read_dataset
from circles.dataset.profile import describe_tables
from circles.dataset.read import choose_finish
from circles.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetCheck:
    """What a check of a dataset found.

    Attributes
    ----------
    path
        The folder or workbook.
    portfolio
        What was read; nothing if there is any problem, unless rows with problems were set aside.
    problems, warnings
        Frames ``file, line, column, value, code, message``: what is wrong, and what is odd but not wrong.
    profile
        Frame ``table, column, rows, missing, smallest, largest``, one row a column that is there; missing counts
        empty and unreadable cells; smallest and largest are texts, for amounts (yuan), rates, counts and dates.
    """

    path: Path
    portfolio: Portfolio | None
    problems: pd.DataFrame
    warnings: pd.DataFrame
    profile: pd.DataFrame

    @property
    def passed(self) -> bool:
        """Whether there is no problem."""
        return self.portfolio is not None and self.problems.empty

    def __str__(self) -> str:
        noun = "problem" if len(self.problems) == 1 else "problems"
        counts = f"{len(self.problems):,} {noun}, {len(self.warnings):,} warning{'s' * (len(self.warnings) != 1)}"
        held = ", ".join(
            f"{rows:,} {table}" for table, rows in self.profile.groupby("table", sort=False)["rows"].max().items()
        )
        return f"{self.path}: {self.portfolio or held}\n{counts}"


def check_dataset(
    path: str | Path,
    *,
    as_of: date | str | None = None,
    currency: str | None = None,
    encoding: str | None = None,
    on_error: str = "refuse",
    rejects: str | Path = "rejects",
    force: bool = False,
) -> DatasetCheck:
    """Check a folder of tables or a workbook and say everything that is wrong with it.

    Parameters
    ----------
    path, as_of, currency, encoding, on_error, rejects, force
        As for `circles.read_portfolio`.

    Returns
    -------
    The portfolio or the problems, the warnings, and what each column holds. Problems are no error here.

    Raises
    ------
    InputError
        If the folder, workbook or ``dataset.toml`` cannot be read, or an argument is wrong.
    """
    finish = choose_finish(on_error, rejects, force=force)
    reading = read_dataset(path, as_of=as_of, currency=currency, encoding=encoding)
    outcome = None
    with contextlib.suppress(DatasetError):
        outcome = finish(reading)
    return DatasetCheck(
        path=Path(path),
        portfolio=outcome.portfolio if outcome else None,
        problems=outcome.problems if outcome else reading.errors.frame(),
        warnings=outcome.portfolio.warnings if outcome else reading.warnings.frame(),
        profile=describe_tables(reading.frames),
    )
