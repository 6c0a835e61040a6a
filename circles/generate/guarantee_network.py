"""Who guarantees for whom outside circles: mostly plain pairs, some stars and trees, a few mutual pairs and rings.

The shape follows the known aggregates of a real provincial network (18,711 firms, 13,478 guarantees, 7,158 components,
6,573 of them plain pairs, the largest of 464 firms; 509 firms both guarantee and are guaranteed; 9 reciprocal pairs;
three rings of three).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.generate.streams import open_stream
from circles.generate.street import Stretches, take_stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

FIRMS_SHARE = 0.12
"""Share of members in the network (assumption)."""
PAIR_FIRMS_SHARE = 13_146 / 18_711
"""Share of the network's firms that are in plain pairs."""
LARGEST_SHARE = 464 / 18_711
"""The largest component as a share of the network's firms."""
EXTRA_PER_FIRM = 1_925 / 5_565
"""Guarantees beyond a tree, per firm outside plain pairs: 6,905 guarantees, 5,565 firms in 585 components."""
TRIES_PER_EXTRA = 4
"""Tries for each; some fall on a guarantee that is there already and are dropped."""
SIZE_TAIL = 1.3
"""Exponent of the tail of component sizes from 3 up; with the largest above it gives their mean size of 9.5."""
FLIPPED_END_SHARE, FLIPPED_SHARE = 0.15, 0.02
"""Share of guarantees turned round, at the ends of a tree and inside it, so that some firms both guarantee and are
guaranteed and chains get longer than one; chosen to meet the 509 firms and the longest chain of 5."""
STARRINESS = (1.0, 4.0)
"""Newcomer k attaches to firm ⌊k·u^c⌋: c = 1 gives long trees, c = 4 nearly a star around the first (assumption)."""
MUTUAL_SHARE, RING_SHARE = 9 / 13_478, 3 / 13_478
LEAST_FOR_RARE, LEAST_MUTUAL = 100, 2
"""From 100 guarantees on there are at least two mutual pairs and one ring, however small the sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeNetwork:
    """Guarantees as pairs of members: shape (edges,) each; no pair twice, nobody for himself."""

    guarantor: NDArray[np.int64]
    borrower: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """Edges between places (positions in the stretches), guarantor first."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]


def draw_network(
    seed: int, population: Population, *, street: NDArray[np.int64], outside: NDArray[np.bool_]
) -> GuaranteeNetwork:
    """Draw the guarantee network among neighbours.

    Parameters
    ----------
    seed, population
        As everywhere.
    street
        Shape (n,): the members in the order of the street.
    outside
        Shape (n,): members that take no part (hubs, members of circles).
    """
    stream = open_stream(seed, "guarantee network")
    sizes = _draw_sizes(stream, round(FIRMS_SHARE * len(population)))
    runs = take_stretches(street[~outside[street]], sizes, stream)
    size = np.bincount(runs.run)
    edges = _grow_trees(stream, runs, size)
    edges = _join(_close_rings(edges, runs, size), _add_extras(stream, edges, runs=runs, size=size))
    edges = _join(edges, _return_pairs(stream, edges, runs=runs, size=size))
    edges = _drop_repeated(edges, len(runs.run))
    return GuaranteeNetwork(guarantor=runs.member[edges.first], borrower=runs.member[edges.second])


def _draw_sizes(stream: np.random.Generator, firms: int) -> NDArray[np.int64]:
    """Component sizes, largest first, that add up to about the given number of firms."""
    pairs = np.full(round(PAIR_FIRMS_SHARE * firms / 2), 2, dtype=np.int64)
    rest = firms - 2 * len(pairs)
    largest = max(4, round(LARGEST_SHARE * firms))
    if rest < largest:
        return pairs
    tail = 3 * (1 - stream.random(rest // 3 + 1)) ** (-1 / SIZE_TAIL)
    sizes = np.concatenate([[largest], np.minimum(tail, largest).astype(np.int64)])
    larger = sizes[np.cumsum(sizes) <= rest]
    return np.concatenate([np.sort(larger)[::-1], pairs])


def _grow_trees(stream: np.random.Generator, runs: Stretches, size: NDArray[np.int64]) -> _Edges:
    """Join every firm but the first of its run to an earlier one; firms at even depth and odd depth change roles."""
    shape = _draw_shapes(stream, len(size))
    head = np.cumsum(size) - size
    child = np.flatnonzero(runs.place > 0)
    reach = runs.place[child] * stream.random(len(child)) ** shape[runs.run[child]]
    parent = head[runs.run[child]] + reach.astype(np.int64)
    role = _alternate_roles(stream, runs, child=child, parent=parent)
    chance = np.where(np.isin(child, parent), FLIPPED_SHARE, FLIPPED_END_SHARE)
    flipped = (stream.random(len(child)) < chance) & (size[runs.run[child]] > 3)
    child_pays = role[child] ^ flipped
    return _Edges(first=np.where(child_pays, child, parent), second=np.where(child_pays, parent, child))


def _draw_shapes(stream: np.random.Generator, runs: int) -> NDArray[np.float64]:
    """Shape (runs,): the largest run is a long tree, the next two are stars, the others anything between."""
    shape = stream.uniform(*STARRINESS, size=runs)
    shape[0:1], shape[1:3] = STARRINESS
    return shape


def _alternate_roles(
    stream: np.random.Generator, runs: Stretches, *, child: NDArray[np.int64], parent: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Shape (places,): True where a firm guarantees; a firm's parent in the tree has the other role."""
    head = stream.random(int(runs.run.max(initial=-1)) + 1) < 0.5
    head[1:2], head[2:3] = True, False  # of the two stars one guarantees for many, one is guaranteed by many
    role = head[runs.run]
    depth = np.zeros(len(role), dtype=np.int64)
    while True:
        deeper = depth.copy()
        deeper[child] = depth[parent] + 1
        if np.array_equal(deeper, depth):
            return role ^ (depth % 2 == 1)
        depth = deeper


def _add_extras(stream: np.random.Generator, edges: _Edges, *, runs: Stretches, size: NDArray[np.int64]) -> _Edges:
    """Add guarantees inside larger runs, from firms that only guarantee to firms that are only guaranteed."""
    pays, paid = (np.zeros(len(runs.run), dtype=np.bool_) for _ in range(2))
    pays[edges.first], paid[edges.second] = True, True
    large = size[runs.run] > 3
    payers, receivers = np.flatnonzero(large & pays & ~paid), np.flatnonzero(large & paid & ~pays)
    wanted = round(EXTRA_PER_FIRM * int((size[runs.run] > 2).sum()))
    if len(payers) == 0 or len(receivers) == 0:
        return _Edges(first=payers[:0], second=payers[:0])
    first = payers[stream.integers(0, len(payers), size=TRIES_PER_EXTRA * wanted)]
    low, high = (np.searchsorted(runs.run[receivers], runs.run[first], side=side) for side in ("left", "right"))
    second = receivers[
        np.minimum(low + (stream.random(len(first)) * (high - low)).astype(np.int64), len(receivers) - 1)
    ]
    keys = first * len(runs.run) + second
    fresh = (high > low) & ~np.isin(keys, edges.first * len(runs.run) + edges.second)
    kept = np.sort(np.unique(keys[fresh], return_index=True)[1])[:wanted]
    return _Edges(first=first[fresh][kept], second=second[fresh][kept])


def _close_rings(edges: _Edges, runs: Stretches, size: NDArray[np.int64]) -> _Edges:
    """Turn a few runs of three into rings."""
    threes = np.flatnonzero(size == 3)[: _count_rare(RING_SHARE, len(edges.first), least=1)]
    kept = ~np.isin(runs.run[edges.first], threes)
    head = (np.cumsum(size) - size)[threes]
    ring = [head, head + 1, head + 2]
    closing = _Edges(first=np.concatenate(ring), second=np.concatenate([*ring[1:], ring[0]]))
    return _join(_Edges(first=edges.first[kept], second=edges.second[kept]), closing)


def _return_pairs(stream: np.random.Generator, edges: _Edges, *, runs: Stretches, size: NDArray[np.int64]) -> _Edges:
    """Make a few plain pairs mutual."""
    plain = np.flatnonzero(size[runs.run[edges.first]] == 2)
    count = _count_rare(MUTUAL_SHARE, len(edges.first), least=LEAST_MUTUAL)
    chosen = stream.permutation(plain)[:count]
    return _Edges(first=edges.second[chosen], second=edges.first[chosen])


def _count_rare(share: float, edges: int, *, least: int) -> int:
    return max(least, round(share * edges)) if edges >= LEAST_FOR_RARE else 0


def _join(one: _Edges, other: _Edges) -> _Edges:
    first = np.concatenate([one.first, other.first])
    return _Edges(first=first, second=np.concatenate([one.second, other.second]))


def _drop_repeated(edges: _Edges, places: int) -> _Edges:
    keys = np.sort(np.unique(edges.first * places + edges.second, return_index=True)[1])
    return _Edges(first=edges.first[keys], second=edges.second[keys])
