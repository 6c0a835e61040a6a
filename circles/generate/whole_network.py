"""A whole provincial guarantee network: one that has every known aggregate.

Trees first: a long largest one, a star of each kind, and others of any shape, in which guarantor and borrower
alternate, so that a chain is one guarantee long. Some guarantees are turned round until as many firms as known are on
both sides; one chain of five runs along the longest way. Then come rings, mutual pairs, and guarantees from pure
guarantors to pure borrowers, which lengthen no chain and close no ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.network_edges import Edges, close_rings, join_edges
from circles.generate.network_extras import add_guarantees
from circles.generate.network_landmarks import PAID_STAR, PAYING_STAR, shape_landmarks
from circles.generate.network_sizes import draw_sizes
from circles.generate.network_trees import Trees, alternate_roles, join_earlier
from circles.generate.network_turns import turn_guarantees
from circles.generate.street import Stretches, take_stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.known_network import NetworkAggregates

STARRINESS, LARGE_STARRINESS = (1.0, 4.0), 2.0
"""Shapes of trees beside the landmarks; at most the second where a tree has more firms than a star has partners."""


def draw_whole(
    stream: np.random.Generator, street: NDArray[np.int64], known: NetworkAggregates
) -> tuple[Stretches, Edges]:
    """Draw a network that has the aggregates asked for.

    Parameters
    ----------
    stream
        Decides everything.
    street
        Shape (m,): members that may take part, in the order of the street.
    known
        What the network must look like, of some thousands of firms at least.

    Returns
    -------
    The firms as runs of neighbours, one a component, and the guarantees between their places. Time grows as the firms.
    """
    runs = take_stretches(street, draw_sizes(stream, known), stream)
    size = np.bincount(runs.run)
    joined = join_earlier(stream, runs, _draw_shapes(stream, size, known))
    trees, along = shape_landmarks(stream, joined, runs=runs, known=known)
    rings, ringed = _close_rings(runs, size, known)
    tree = _direct(stream, trees, runs)
    plain = stream.permutation(np.flatnonzero(size[runs.run[trees.child]] == 2))
    beside = join_edges(rings, tree.at(plain[: known.mutual]).turned())
    free = (size > 3) & ~ringed
    tree = turn_guarantees(
        stream,
        tree,
        trees=trees,
        runs=runs,
        along=along,
        free=free,
        wanted=known.both_sides - 2 * known.mutual - len(rings),
    )
    kept = tree.at(~ringed[runs.run[tree.first]])
    network = join_edges(kept, beside)
    missing = known.guarantees - len(network)
    extras = add_guarantees(stream, kept, runs=runs, along=along, free=free, wanted=missing, known=known)
    return runs, join_edges(network, extras)


def _draw_shapes(stream: np.random.Generator, size: NDArray[np.int64], known: NetworkAggregates) -> NDArray[np.float64]:
    shape = stream.uniform(*STARRINESS, size=len(size))
    return np.where(size > min(known.guarantees_for, known.guaranteed_by), np.minimum(shape, LARGE_STARRINESS), shape)


def _close_rings(runs: Stretches, size: NDArray[np.int64], known: NetworkAggregates) -> tuple[Edges, NDArray[np.bool_]]:
    """Close the rings, each a component of its own; also says which runs they are, shape (runs,)."""
    threes = np.flatnonzero(size == 3)[: known.rings_of_three]
    fours = np.flatnonzero(size == 4)[: known.rings_of_four]
    ringed = np.isin(np.arange(len(size)), np.concatenate([threes, fours]))
    return join_edges(close_rings(runs, threes, 3), close_rings(runs, fours, 4)), ringed


def _direct(stream: np.random.Generator, trees: Trees, runs: Stretches) -> Edges:
    """Make guarantees of the trees' edges, in their order; guarantor and borrower alternate along a tree."""
    head = stream.random(int(runs.run[-1]) + 1) < 0.5
    head[PAYING_STAR], head[PAID_STAR] = True, False
    pays = alternate_roles(head, runs, trees)[trees.child]
    return Edges(first=np.where(pays, trees.child, trees.parent), second=np.where(pays, trees.parent, trees.child))
