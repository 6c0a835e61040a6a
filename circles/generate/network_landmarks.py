"""The landmarks of a whole guarantee network: its long largest component and its two largest stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.network_trees import Trees

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.known_network import NetworkAggregates
    from circles.generate.street import Stretches

LONGEST, PAYING_STAR, PAID_STAR = 0, 1, 2
"""The runs that are landmarks: the longest way through, the guarantor of most, and the borrower with most."""


def shape_landmarks(
    stream: np.random.Generator, trees: Trees, *, runs: Stretches, known: NetworkAggregates
) -> tuple[Trees, NDArray[np.int64]]:
    """Give the first three runs the shapes that are known.

    Parameters
    ----------
    stream
        Decides where firms join the longest way.
    trees
        Trees of all runs; those of the first three are exchanged.
    runs, known
        Stretches of firms, and what is known of the network.

    Returns
    -------
    The trees, and for each place how far along the longest way it is: shape (places,), 0 outside the first run.
    """
    parent = trees.parent.copy()
    run, place = runs.run[trees.child], runs.place[trees.child]
    along = np.zeros(len(runs.run), dtype=np.int64)
    joined, along[runs.run == LONGEST] = _grow_spine(stream, int((runs.run == LONGEST).sum()), known.diameter)
    parent[run == LONGEST] = joined
    for star, degree in ((PAYING_STAR, known.guarantees_for), (PAID_STAR, known.guaranteed_by)):
        head = int(np.searchsorted(runs.run, star))
        inside = run == star
        others = np.maximum(place[inside] - 1, 1)
        later = head + 1 + (others * stream.random(len(others))).astype(np.int64)
        parent[inside] = np.where(place[inside] <= degree, head, later)
    return Trees(child=trees.child, parent=parent), along


def _grow_spine(stream: np.random.Generator, firms: int, diameter: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Grow a tree of exactly that diameter around a path.

    A firm that joins off the path keeps as far from it that no way through the tree gets longer than the path.

    Returns
    -------
    Parents of all firms but the first, shape (firms − 1,), and the place along the path, shape (firms,).
    """
    along = np.minimum(np.arange(firms), diameter)
    parent = np.maximum(np.arange(firms) - 1, 0)
    away = np.zeros(firms, dtype=np.int64)
    room = np.minimum(along, diameter - along)
    for place in range(diameter + 1, firms):
        open_to = np.flatnonzero(room[:place] > 0)
        chosen = open_to[int(stream.integers(0, len(open_to)))]
        parent[place], along[place], away[place] = chosen, along[chosen], away[chosen] + 1
        room[place] = min(along[place], diameter - along[place]) - away[place]
    return parent[1:], along
