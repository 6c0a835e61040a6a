"""The rows that were set aside so far, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.portfolio.problems import PROBLEM_COLUMNS, ProblemLog

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(slots=True, kw_only=True)
class Rejected:
    """What was set aside of some tables.

    Attributes
    ----------
    rows
        Table → shape (k,): positions in the table as it was read, in order.
    """

    rows: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _problems: list[pd.DataFrame] = field(default_factory=list)

    def add(self, log: ProblemLog, kept: Mapping[str, NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
        """Set aside the rows that a log has a problem of.

        Parameters
        ----------
        log
            Problems of single rows, by their positions among those that were kept until now.
        kept
            Table → shape (rows,): positions, in the table as it was read, of the rows kept until now.

        Returns
        -------
        Table → positions among those that were kept until now.
        """
        bad = {table: np.unique(np.concatenate(parts)) for table, parts in log.rows.items()}
        for table, rows in bad.items():
            self.rows[table] = np.union1d(self.rows.get(table, rows[:0]), kept[table][rows])
        self._problems.append(log.frame())
        return bad

    def problems(self) -> pd.DataFrame:
        """All problems, by file and line: ``file, line, column, value, code, message``."""
        if not self._problems:
            return ProblemLog({}).frame()
        whole = pd.concat(self._problems, ignore_index=True)[PROBLEM_COLUMNS]
        return whole.sort_values(["file", "line"], kind="stable", ignore_index=True)

    def __bool__(self) -> bool:
        return bool(self.rows)
