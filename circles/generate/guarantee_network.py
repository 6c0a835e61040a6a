"""Who guarantees for whom outside circles: mostly plain pairs, some stars and trees, a few mutual pairs and rings.

The shape follows the known aggregates of a real provincial network (`known_network`). From `LEAST_WHOLE` firms on it
has all of them (`whole_network`); a smaller one is a part, drawn here in the same proportions, in which chance decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.generate.known_network import KNOWN, scale_aggregates
from circles.generate.network_edges import Edges, close_rings, drop_repeated, join_edges
from circles.generate.network_trees import alternate_roles, join_earlier
from circles.generate.streams import open_stream
from circles.generate.street import Stretches, take_stretches
from circles.generate.whole_network import draw_whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

FIRMS_SHARE = 0.12
"""Share of members in the network, in a part of the province (assumption)."""
PROVINCE_MEMBERS = 250_000
"""So many members are a whole province's (the deck's eligible pool), and have its whole known network."""
LEAST_WHOLE = 10_000
"""From so many firms on the network has every known aggregate, in proportion."""
PAIR_FIRMS_SHARE = 2 * KNOWN.pairs / KNOWN.firms
"""Share of the network's firms that are in plain pairs."""
LARGEST_SHARE = KNOWN.largest / KNOWN.firms
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
MUTUAL_SHARE, RING_SHARE = KNOWN.mutual / KNOWN.guarantees, KNOWN.rings_of_three / KNOWN.guarantees
LEAST_FOR_RARE, LEAST_MUTUAL = 100, 2
"""From 100 guarantees on there are at least two mutual pairs and one ring, however small the sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeNetwork:
    """Guarantees as pairs of members: shape (edges,) each; no pair twice, nobody for himself."""

    guarantor: NDArray[np.int64]
    borrower: NDArray[np.int64]


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
    firms = count_firms(len(population))
    free = street[~outside[street]]
    if firms < LEAST_WHOLE:
        runs, edges = _draw_part(stream, free, firms)
    else:
        runs, edges = draw_whole(stream, free, scale_aggregates(firms))
    return GuaranteeNetwork(guarantor=runs.member[edges.first], borrower=runs.member[edges.second])


def count_firms(members: int) -> int:
    """Say how many of so many members are in the network: 12 %, but as many as are known from 155,925 to 250,000.

    Examples
    --------
    >>> count_firms(3_000), count_firms(250_000), count_firms(500_000)
    (360, 18711, 37422)
    """
    known = max(KNOWN.firms, round(KNOWN.firms * members / PROVINCE_MEMBERS))
    return min(round(FIRMS_SHARE * members), known)


def _draw_part(stream: np.random.Generator, free: NDArray[np.int64], firms: int) -> tuple[Stretches, Edges]:
    """Draw a part of a network, too small to hold more of the aggregates than their proportions."""
    runs = take_stretches(free, _draw_sizes(stream, firms), stream)
    size = np.bincount(runs.run)
    edges = _grow_trees(stream, runs, size)
    edges = join_edges(_close_rings(edges, runs, size), _add_extras(stream, edges, runs=runs, size=size))
    edges = join_edges(edges, _return_pairs(stream, edges, runs=runs, size=size))
    return runs, drop_repeated(edges, len(runs.run))


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


def _grow_trees(stream: np.random.Generator, runs: Stretches, size: NDArray[np.int64]) -> Edges:
    """Join every firm but the first of its run to an earlier one; firms at even depth and odd depth change roles."""
    trees = join_earlier(stream, runs, _draw_shapes(stream, len(size)))
    head = stream.random(len(size)) < 0.5
    head[1:2], head[2:3] = True, False  # of the two stars one guarantees for many, one is guaranteed by many
    role = alternate_roles(head, runs, trees)
    chance = np.where(trees.is_end, FLIPPED_END_SHARE, FLIPPED_SHARE)
    flipped = (stream.random(len(trees.child)) < chance) & (size[runs.run[trees.child]] > 3)
    child_pays = role[trees.child] ^ flipped
    return Edges(
        first=np.where(child_pays, trees.child, trees.parent), second=np.where(child_pays, trees.parent, trees.child)
    )


def _draw_shapes(stream: np.random.Generator, runs: int) -> NDArray[np.float64]:
    """Shape (runs,): the largest run is a long tree, the next two are stars, the others anything between."""
    shape = stream.uniform(*STARRINESS, size=runs)
    shape[0:1], shape[1:3] = STARRINESS
    return shape


def _add_extras(stream: np.random.Generator, edges: Edges, *, runs: Stretches, size: NDArray[np.int64]) -> Edges:
    """Add guarantees inside larger runs, from firms that only guarantee to firms that are only guaranteed."""
    pays, paid = (np.zeros(len(runs.run), dtype=np.bool_) for _ in range(2))
    pays[edges.first], paid[edges.second] = True, True
    large = size[runs.run] > 3
    payers, receivers = np.flatnonzero(large & pays & ~paid), np.flatnonzero(large & paid & ~pays)
    wanted = round(EXTRA_PER_FIRM * int((size[runs.run] > 2).sum()))
    if len(payers) == 0 or len(receivers) == 0:
        return Edges(first=payers[:0], second=payers[:0])
    first = payers[stream.integers(0, len(payers), size=TRIES_PER_EXTRA * wanted)]
    low, high = (np.searchsorted(runs.run[receivers], runs.run[first], side=side) for side in ("left", "right"))
    second = receivers[
        np.minimum(low + (stream.random(len(first)) * (high - low)).astype(np.int64), len(receivers) - 1)
    ]
    keys = first * len(runs.run) + second
    fresh = (high > low) & ~np.isin(keys, edges.first * len(runs.run) + edges.second)
    kept = np.sort(np.unique(keys[fresh], return_index=True)[1])[:wanted]
    return Edges(first=first[fresh][kept], second=second[fresh][kept])


def _close_rings(edges: Edges, runs: Stretches, size: NDArray[np.int64]) -> Edges:
    """Turn a few runs of three into rings."""
    threes = np.flatnonzero(size == 3)[: _count_rare(RING_SHARE, len(edges), least=1)]
    kept = edges.at(~np.isin(runs.run[edges.first], threes))
    return join_edges(kept, close_rings(runs, threes, 3))


def _return_pairs(stream: np.random.Generator, edges: Edges, *, runs: Stretches, size: NDArray[np.int64]) -> Edges:
    """Make a few plain pairs mutual."""
    plain = np.flatnonzero(size[runs.run[edges.first]] == 2)
    count = _count_rare(MUTUAL_SHARE, len(edges.first), least=LEAST_MUTUAL)
    chosen = stream.permutation(plain)[:count]
    return edges.at(chosen).turned()


def _count_rare(share: float, edges: int, *, least: int) -> int:
    return max(least, round(share * edges)) if edges >= LEAST_FOR_RARE else 0
