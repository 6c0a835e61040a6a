"""Rows gathered into lists: one list for all rows of a pair of members, or of a member's month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.graph.neo4j.listed import list_cells

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Column


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Some groups of rows of one table.

    Attributes
    ----------
    rows
        Shape (rows,): positions in the table, group after group.
    bounds
        Shape (groups + 1,): where each group begins in `rows`.
    """

    rows: NDArray[np.int64]
    bounds: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int64]:
        """The first row of each group, shape (groups,)."""
        return self.rows[self.bounds[:-1]]

    def positions(self) -> list[list[int]]:
        """Give the positions of the rows of each group."""
        return self._split(self.rows.tolist())

    def lists(self, frame: pd.DataFrame, column: Column) -> list[list[Any]]:
        """Give the values of a column, one list a group, as `list_cells` does."""
        return self._split(list_cells(frame[column.frame_name].iloc[self.rows], column))

    def _split(self, cells: list[Any]) -> list[list[Any]]:
        return [cells[begin:end] for begin, end in pairwise(self.bounds.tolist())]


def cut_groups(*keys: NDArray[Any], within: NDArray[Any] | None = None, at_once: int) -> Iterator[Groups]:
    """Gather rows with equal keys; at most so many groups at once.

    Groups are ordered by their keys, the rows of a group by what orders them within it, then by their place.

    Parameters
    ----------
    *keys
        Each of shape (rows,), the most important first.
    within
        Shape (rows,): what orders the rows of a group.
    at_once
        Groups to give at once, at least 1.
    """
    order = np.lexsort(keys[::-1] if within is None else (within, *keys[::-1]))
    if not len(order):
        return
    is_new = np.zeros(len(order), dtype=np.bool_)
    is_new[0] = True
    for key in keys:
        is_new[1:] |= key[order[1:]] != key[order[:-1]]
    starts = np.append(np.flatnonzero(is_new), len(order))
    for first in range(0, len(starts) - 1, at_once):
        bounds = starts[first : first + at_once + 1]
        yield Groups(rows=order[bounds[0] : bounds[-1]], bounds=bounds - bounds[0])
