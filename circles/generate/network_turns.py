"""Guarantees turned round, so that some firms both guarantee and are guaranteed and chains get longer than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.network_edges import Edges
from circles.generate.network_landmarks import LONGEST, PAID_STAR, PAYING_STAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.network_trees import Trees
    from circles.generate.street import Stretches

INNER_SHARE = 0.02
"""Share of guarantees inside trees that are turned, one a tree at most: two might make a chain of six (assumption)."""
CHAIN_JOINS = (2, 4)
"""On the longest way the guarantees at these places are turned, which makes one chain of five from its end."""
QUIET = 8
"""Nothing else is turned so near to that chain."""


def turn_guarantees(
    stream: np.random.Generator,
    tree: Edges,
    *,
    trees: Trees,
    runs: Stretches,
    along: NDArray[np.int64],
    free: NDArray[np.bool_],
    wanted: int,
) -> Edges:
    """Turn guarantees round until so many firms of the trees are on both sides.

    No chain gets longer than five: one guarantee inside a tree and two at its ends can be turned.

    Parameters
    ----------
    stream
        Decides which.
    tree
        Guarantees along the trees' joins, in their order; no firm is on both sides yet.
    trees, runs, along
        The trees, the stretches of firms, and each place's way along the longest one.
    free
        Shape (runs,): trees in which guarantees may be turned.
    wanted
        Firms on both sides; fewer if the trees have not as many.
    """
    turned = _turn_inside(stream, trees, runs=runs, free=free)
    both = _mask_both(_turn(tree, turned), len(runs.run))
    ends = trees.is_end & free[runs.run[trees.child]] & ~both[trees.parent]
    ends &= ~np.isin(runs.run[trees.child], (PAYING_STAR, PAID_STAR))
    ends &= (runs.run[trees.child] != LONGEST) | (along[trees.child] >= QUIET)
    shuffled = stream.permutation(np.flatnonzero(ends))
    once = np.sort(np.unique(trees.parent[shuffled], return_index=True)[1])
    turned[shuffled[once][: max(0, wanted - int(both.sum()))]] = True
    return _turn(tree, turned)


def _turn_inside(
    stream: np.random.Generator, trees: Trees, *, runs: Stretches, free: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Say which guarantees inside trees are turned: shape (joins,), at most one a tree, and the chain of five."""
    run = runs.run[trees.child]
    inner = ~trees.is_end & free[run] & (run > max(LONGEST, PAYING_STAR, PAID_STAR))
    chosen = np.flatnonzero(inner & (stream.random(len(run)) < INNER_SHARE))
    turned = np.zeros(len(run), dtype=np.bool_)
    turned[chosen[np.unique(run[chosen], return_index=True)[1]]] = True
    turned |= (run == LONGEST) & np.isin(runs.place[trees.child], CHAIN_JOINS)
    return turned


def _turn(tree: Edges, turned: NDArray[np.bool_]) -> Edges:
    return Edges(first=np.where(turned, tree.second, tree.first), second=np.where(turned, tree.first, tree.second))


def _mask_both(edges: Edges, places: int) -> NDArray[np.bool_]:
    pays, paid = (np.zeros(places, dtype=np.bool_) for _ in range(2))
    pays[edges.first], paid[edges.second] = True, True
    return pays & paid
