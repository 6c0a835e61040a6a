"""Guarantees between places: the pieces a guarantee network is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.street import Stretches


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Guarantees between places (positions in the stretches): shape (edges,) each, guarantor first."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first)

    def at(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> Edges:
        """Give some of the edges, by position or by mask."""
        return Edges(first=self.first[chosen], second=self.second[chosen])

    def turned(self) -> Edges:
        """Give the edges with guarantor and borrower exchanged."""
        return Edges(first=self.second, second=self.first)


def join_edges(*parts: Edges) -> Edges:
    """Put edges one after the other."""
    return Edges(
        first=np.concatenate([part.first for part in parts]), second=np.concatenate([part.second for part in parts])
    )


def drop_repeated(edges: Edges, places: int) -> Edges:
    """Keep each edge once, in the order they came; `places` is how many places there are."""
    keys = np.sort(np.unique(edges.first * places + edges.second, return_index=True)[1])
    return edges.at(keys)


def close_rings(runs: Stretches, chosen: NDArray[np.int64], length: int) -> Edges:
    """Let each firm of some runs stand for the next, and the last for the first.

    Parameters
    ----------
    runs
        Stretches of firms.
    chosen
        Shape (rings,): runs of that length.
    length
        Firms in each of them.
    """
    head = np.searchsorted(runs.run, chosen)
    ring = [head + step for step in range(length)]
    return Edges(first=np.concatenate(ring), second=np.concatenate([*ring[1:], ring[0]]))
