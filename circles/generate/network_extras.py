"""Further guarantees inside the components of a whole guarantee network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.network_edges import Edges
from circles.generate.network_landmarks import PAID_STAR, PAYING_STAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.known_network import NetworkAggregates
    from circles.generate.street import Stretches

MOST_OF_STAR = 0.25
"""Guarantees added to one firm, as a share of the smaller star's degree, so that no firm outdoes a star."""
STEP_ALONG = 1
"""Along the longest way a guarantee joins firms at most so far apart, so that it is no short cut."""
ROUNDS = 60


def add_guarantees(
    stream: np.random.Generator,
    tree: Edges,
    *,
    runs: Stretches,
    along: NDArray[np.int64],
    free: NDArray[np.bool_],
    wanted: int,
    known: NetworkAggregates,
) -> Edges:
    """Add guarantees from firms that only guarantee to firms that are only guaranteed, inside components.

    Such a guarantee lengthens no chain and closes no ring.

    Parameters
    ----------
    stream
        Decides which.
    tree
        The guarantees that are there.
    runs, along
        The stretches of firms, and each place's way along the longest one.
    free
        Shape (runs,): components that may get more.
    wanted
        How many; fewer if there is no room after 60 rounds.
    known
        What is known of the network.
    """
    payers, receivers = _list_sides(tree, runs, free)
    places = len(runs.run)
    there = np.sort(tree.first * places + tree.second)
    most = max(1, round(MOST_OF_STAR * min(known.guarantees_for, known.guaranteed_by)))
    keys = np.empty(0, dtype=np.int64)
    for _ in range(ROUNDS):
        if len(keys) >= wanted:
            break
        drawn = _draw_candidates(stream, payers, receivers=receivers, runs=runs, along=along, count=wanted)
        keys = np.concatenate([keys, drawn[~np.isin(drawn, there)]])
        keys = keys[np.sort(np.unique(keys, return_index=True)[1])]
        keys = keys[(_rank(keys // places) < most) & (_rank(keys % places) < most)]
    keys = keys[:wanted]
    return Edges(first=keys // places, second=keys % places)


def _list_sides(tree: Edges, runs: Stretches, free: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the places that only guarantee, and those that are only guaranteed; the middles of stars are neither."""
    pays, paid = (np.zeros(len(runs.run), dtype=np.bool_) for _ in range(2))
    pays[tree.first], paid[tree.second] = True, True
    takes = free[runs.run] & ~(np.isin(runs.run, (PAYING_STAR, PAID_STAR)) & (runs.place == 0))
    return np.flatnonzero(takes & pays & ~paid), np.flatnonzero(takes & paid & ~pays)


def _draw_candidates(
    stream: np.random.Generator,
    payers: NDArray[np.int64],
    *,
    receivers: NDArray[np.int64],
    runs: Stretches,
    along: NDArray[np.int64],
    count: int,
) -> NDArray[np.int64]:
    """Draw pairs of one component, as first · places + second: shape (any,)."""
    first = payers[stream.integers(0, len(payers), size=count)]
    low, high = (np.searchsorted(runs.run[receivers], runs.run[first], side=side) for side in ("left", "right"))
    at = low + (stream.random(count) * (high - low)).astype(np.int64)
    second = receivers[np.minimum(at, len(receivers) - 1)]
    fits = (high > low) & (np.abs(along[first] - along[second]) <= STEP_ALONG)
    return first[fits] * len(runs.run) + second[fits]


def _rank(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count how often each value came before: shape (n,)."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.searchsorted(ordered, ordered, side="left")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values)) - starts
    return rank
