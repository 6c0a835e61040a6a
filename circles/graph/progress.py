"""How far a long piece of work has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from circles.portfolio import TABLES

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

Progress = Callable[[int, int], None]
"""Called with the rows that are done, and all rows."""


class RowCount:
    """Counts the rows of a portfolio that are in, and tells whoever watches.

    Parameters
    ----------
    portfolio
        Whose rows are to go in.
    progress
        Who watches, None for nobody.
    """

    def __init__(self, portfolio: Portfolio, progress: Progress | None) -> None:
        self._total = sum(len(portfolio.table(name)) for name in TABLES)
        self._done = 0
        self._progress = progress

    def add(self, rows: int) -> None:
        """Count more rows."""
        self._done += rows
        if self._progress:
            self._progress(self._done, self._total)
