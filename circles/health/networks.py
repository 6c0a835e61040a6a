"""Who is connected with whom: members without any partner, separate networks, and their sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.graph import GraphSnapshot

LAYERS = ("trade", "acquaintance", "guarantee")
ANY = "any of these"
_BOUNDS = (2, 3, 6, 21, 101, 1001)
_SIZES = ("2", "3 to 5", "6 to 20", "21 to 100", "101 to 1,000", "more")
"""A network's members, in classes."""


def measure_networks(snapshot: GraphSnapshot) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how far each kind of edge reaches, and all of them together.

    Parameters
    ----------
    snapshot
        The portfolio's graph.

    Returns
    -------
    Frame ``layer, pairs, connected, isolated, networks, largest`` (pairs joined, members with and without a partner,
    separate networks, members of the largest), and frame ``layer, size, networks, members`` (networks by size).

    Notes
    -----
    Connected components by scipy; linear in members and pairs.
    """
    ends = {name: _list_ends(snapshot, name) for name in LAYERS}
    both = [np.concatenate(side) for side in zip(*ends.values(), strict=True)]
    layers, sizes = [], []
    for name, (first, second) in {**ends, ANY: (both[0], both[1])}.items():
        found = _count_networks(first, second, members=len(snapshot.member_ids))
        connected = int(found.sum())
        row = [name, len(first), connected, len(snapshot.member_ids) - connected, len(found), found.max(initial=0)]
        layers.append(row)
        sizes.append(_class_sizes(name, found))
    columns = ["layer", "pairs", "connected", "isolated", "networks", "largest"]
    return pd.DataFrame(layers, columns=columns), pd.concat(sizes, ignore_index=True)


def _list_ends(snapshot: GraphSnapshot, name: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    layer = getattr(snapshot, name)
    first = np.repeat(np.arange(len(layer.start) - 1, dtype=np.int32), np.diff(layer.start))
    return first, layer.other


def _count_networks(first: NDArray[np.int32], second: NDArray[np.int32], *, members: int) -> NDArray[np.int64]:
    """Give the members of each network of two or more: shape (networks,)."""
    from scipy import sparse

    if not members:
        return np.zeros(0, dtype=np.int64)
    ones = np.ones(len(first), dtype=np.int8)
    matrix = sparse.csr_array((ones, (first, second)), shape=(members, members))
    labels = sparse.csgraph.connected_components(matrix, directed=False)[1]
    sizes = np.bincount(labels, minlength=1)
    return sizes[sizes > 1].astype(np.int64)


def _class_sizes(layer: str, found: NDArray[np.int64]) -> pd.DataFrame:
    place = np.searchsorted(_BOUNDS, found, side="right") - 1
    members = np.zeros(len(_SIZES), dtype=np.int64)
    np.add.at(members, place, found)
    counts = np.bincount(place, minlength=len(_SIZES))
    return pd.DataFrame({"layer": layer, "size": _SIZES, "networks": counts, "members": members})
