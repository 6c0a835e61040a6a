"""Trees of a guarantee network: who joins whom, and who of two neighbours is the guarantor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.street import Stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """One tree a run: shape (joins,) each, the place that joins and the earlier place of its run that it joins."""

    child: NDArray[np.int64]
    parent: NDArray[np.int64]

    @property
    def is_end(self) -> NDArray[np.bool_]:
        """Shape (joins,): nobody joined the child."""
        return ~np.isin(self.child, self.parent)


def join_earlier(stream: np.random.Generator, runs: Stretches, shape: NDArray[np.float64]) -> Trees:
    """Join every firm but the first of its run to an earlier one.

    Parameters
    ----------
    stream
        Decides whom.
    runs
        Stretches of firms.
    shape
        Shape (runs,), each at least 1: newcomer k joins firm ⌊k·u^c⌋; c = 1 gives long trees, c = 4 nearly stars.
    """
    size = np.bincount(runs.run)
    head = np.cumsum(size) - size
    child = np.flatnonzero(runs.place > 0)
    reach = runs.place[child] * stream.random(len(child)) ** shape[runs.run[child]]
    return Trees(child=child, parent=head[runs.run[child]] + reach.astype(np.int64))


def alternate_roles(head: NDArray[np.bool_], runs: Stretches, trees: Trees) -> NDArray[np.bool_]:
    """Say who guarantees: shape (places,); a firm's parent in the tree has the other role.

    Parameters
    ----------
    head
        Shape (runs,): True where the first firm of the run guarantees.
    runs, trees
        Stretches of firms and the trees that join them.
    """
    role = head[runs.run]
    depth = np.zeros(len(role), dtype=np.int64)
    while True:
        deeper = depth.copy()
        deeper[trees.child] = depth[trees.parent] + 1
        if np.array_equal(deeper, depth):
            return role ^ (depth % 2 == 1)
        depth = deeper
