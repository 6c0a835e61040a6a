"""From a reading to the portfolio of its good rows: bad rows go, and then what referred to them, until all is sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.dataset.quarantine.rejected import Rejected
from circles.errors import DatasetError
from circles.portfolio import Portfolio
from circles.portfolio.build import build_portfolio
from circles.portfolio.problems import ProblemLog
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.dataset.reading import Reading
    from circles.portfolio.problems import Origin


@dataclass(slots=True, kw_only=True)
class _Sieve:
    """The rows that are still in, and those that are out.

    Attributes
    ----------
    reading
        All rows as they were read.
    frames, origins, unreadable
        As in `Reading`, of the rows that are in.
    kept
        Table → shape (rows,): their positions in the reading.
    gone
        Table → ids of rows that are out and of none that is in.
    rejected
        What is out, and why.
    """

    reading: Reading
    frames: dict[str, pd.DataFrame]
    origins: dict[str, Origin]
    unreadable: dict[tuple[str, str], NDArray[np.bool_]]
    kept: dict[str, NDArray[np.int64]]
    gone: dict[str, set[str]]
    rejected: Rejected

    def reject(self, log: ProblemLog) -> None:
        """Take out the rows that a log has a problem of."""
        for name, rows in self.rejected.add(log, self.kept).items():
            stays = np.ones(len(self.frames[name]), dtype=np.bool_)
            stays[rows] = False
            self._note_gone(name, stays)
            self.frames[name] = self.frames[name][stays].reset_index(drop=True)
            self.origins[name] = replace(self.origins[name], lines=self.origins[name].lines[stays])
            self.kept[name] = self.kept[name][stays]
            for place in [place for place in self.unreadable if place[0] == name]:
                self.unreadable[place] = self.unreadable[place][stays]

    def _note_gone(self, name: str, stays: NDArray[np.bool_]) -> None:
        """Remember whose row is out; of two rows with one id the other may be in."""
        key = TABLES[name].frame_names[0]
        if key in self.frames[name]:
            ids = self.frames[name][key]
            self.gone.setdefault(name, set()).update(set(ids[~stays].dropna()) - set(ids[stays]))

    def find_orphans(self) -> ProblemLog:
        """Note the rows that refer to a row that is out."""
        log = ProblemLog(self.origins)
        for name, frame in self.frames.items():
            for column in TABLES[name].columns:
                gone = self.gone.get(column.refers_to or "")
                if gone and column.frame_name in frame:
                    rows = np.flatnonzero(frame[column.frame_name].isin(gone).to_numpy())
                    text = f"{{column}} refers to {{value}} in {column.refers_to}, whose row was rejected"
                    values = frame[column.frame_name].iloc[rows]
                    log.add_rows(name, column.frame_name, rows, values=values, code="rejected_reference", text=text)
        return log


def sieve_rows(reading: Reading, rejects: Path) -> tuple[Portfolio, Rejected]:
    """Give the portfolio of all good rows, and the others.

    A row is out if anything is wrong with it, or if it refers to one that is out. That is repeated until nothing is
    wrong any more; each round takes rows out, so it ends.

    Parameters
    ----------
    reading
        What was read, with its problems.
    rejects
        Where the others will be, for the warnings of the portfolio.

    Raises
    ------
    DatasetError
        If a table as a whole is wrong, such as a missing column: then it is not known which rows are good.
    """
    sieve = _Sieve(
        reading=reading,
        frames=dict(reading.frames),
        origins=dict(reading.origins),
        unreadable=dict(reading.unreadable),
        kept={name: np.arange(len(frame)) for name, frame in reading.frames.items()},
        gone={},
        rejected=Rejected(),
    )
    log = reading.errors
    while True:
        warnings = reading.warnings.copy(sieve.origins)
        try:
            fields = _build(sieve, log, warnings)
        except DatasetError:
            if log.tables or reading.unread:
                raise
        else:
            _tell(sieve, warnings, rejects)
            return Portfolio(**{**fields, "warnings": warnings.frame()}), sieve.rejected
        while len(log):
            sieve.reject(log)
            log = sieve.find_orphans()


def _build(sieve: _Sieve, log: ProblemLog, warnings: ProblemLog) -> dict[str, Any]:
    return build_portfolio(
        sieve.frames,
        sieve.origins,
        as_of=sieve.reading.as_of,
        currency=sieve.reading.currency,
        errors=log,
        warnings=warnings,
        unreadable=sieve.unreadable,
        unread=sieve.reading.unread,
    )


def _tell(sieve: _Sieve, warnings: ProblemLog, rejects: Path) -> None:
    for name, rows in sieve.rejected.rows.items():
        verb = "was" if len(rows) == 1 else "were"
        text = f"{len(rows):,} of {len(sieve.reading.frames[name]):,} rows {verb} rejected; see {rejects / name}.csv"
        warnings.add_table(name, "", code="rejected", text=text)
