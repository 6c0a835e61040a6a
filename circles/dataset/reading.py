"""What has been read of a dataset so far, and everything that was wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from circles.dataset.sources import Sources
from circles.portfolio.problems import Origin, ProblemLog
from circles.portfolio.tables import TABLES

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.dataset.headers import Fault
    from circles.dataset.sheet import Sheet
    from circles.portfolio.coded import Coded


def _nowhere() -> dict[str, Origin]:
    return {name: Origin(file=f"{name}.csv", lines=np.arange(0)) for name in TABLES}


@dataclass(slots=True, kw_only=True)
class Reading:
    """Tables as read, before anything between them was checked.

    Attributes
    ----------
    as_of, currency
        What holds for all tables.
    encoding
        That of all CSV files, where the user gave one.
    origins
        For every table: its file, and the line of each row.
    errors, warnings
        What was found while reading.
    frames
        Tables by name, typed, null where a cell could not be read.
    unreadable
        (table, column) → shape (rows,): True where a cell was reported already.
    unread
        Tables that are there but could not be read as a whole.
    coded
        (table, column) → each different text of a column once.
    sheets
        Tables by name as their files hold them; dropped once nobody needs the cells any more.
    sources
        The files that were read, to notice one that changed meanwhile.
    """

    as_of: date
    currency: str
    encoding: str | None = None
    origins: dict[str, Origin] = field(default_factory=_nowhere)
    errors: ProblemLog = field(init=False)
    warnings: ProblemLog = field(init=False)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    coded: dict[tuple[str, str], Coded] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)

    def __post_init__(self) -> None:
        self.errors = ProblemLog(self.origins)
        self.warnings = ProblemLog(self.origins)

    def refuse(self, table: str, fault: Fault) -> None:
        """Note that a table could not be read as a whole."""
        self.errors.add_table(table, "", code=fault.code, text=fault.text, line=fault.line)
        self.unread.add(table)
