"""Where joined things go on a plane: the same edges always give the same places.

Stress majorisation: Gansner, Koren and North (2005), *Graph Drawing by Stress Majorization*, started from classical
multidimensional scaling. Nothing is drawn by lot.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_ITERATIONS = 60
_FARTHEST = 9.0
_SPREAD = 1.08
_LONG = 1.6
"""A picture so many times as long as wide is laid flat."""
_FEW = 64
"""Things of which all axes are found at once; of more, only the two that are needed."""
_STILL = 0.0005
"""A picture in which things move by no more than this part of its extent, in the mean, is done."""
_SOLVING = 3
"""Steps of conjugate gradients in one of these iterations."""
_TINY = 1e-30
_BEARINGS = 1.0
"""How much bearings weigh in the start, against the longest extent that distances ask for: so much that an addition
moves the rest little; stress is then 2 % higher (mean of 17 surroundings in the sample)."""


def place_joined(lengths: csr_array, marks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place joined things so that distances follow the edges; `separate_discs` then keeps them apart.

    Parameters
    ----------
    lengths
        Shape (n, n), symmetric: wished distance of joined discs, 0 where there is no edge. All are connected.
    marks
        Shape (n,), in (0, 1): a number that belongs to each thing, whatever else is drawn. They decide what distances
        leave open, so that a picture to which something is added looks alike.

    Returns
    -------
    Shape (n, 2): places, with the longer extent along the first axis where one is longer. O(n³) time, n ≤ 2,000.
    """
    if lengths.shape[0] == 1:
        return np.zeros((1, 2))
    wished, angles = _measure_distances(lengths), 2 * np.pi * marks
    bearings = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    places = _majorise(_scale_classically(wished, bearings), wished)
    return _turn(places, bearings)


def separate_discs(places: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push discs apart until none overlaps, spreading the whole picture where pushing alone does not do.

    Parameters
    ----------
    places
        Shape (n, 2): centres.
    radii
        Shape (n,), gap included.

    Returns
    -------
    Shape (n, 2): centres at least the sum of their radii apart.
    """
    if len(radii) == 1:
        return places
    golden = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(len(radii))
    places = places + 1e-3 * np.stack([np.cos(golden), np.sin(golden)], axis=1)
    while True:
        for _ in range(30):
            push = _push_apart(places, radii)
            if push is None:
                return places
            places = places + push
        places = places * _SPREAD


def _push_apart(places: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64] | None:
    one, two = _find_near(places, radii)
    gap = places[one] - places[two]
    far = np.hypot(gap[:, 0], gap[:, 1])
    lack = radii[one] + radii[two] - far
    if lack.max(initial=0.0) <= 1e-6:
        return None
    over, count = lack > 0, len(places)
    one, two = one[over], two[over]
    pull = gap[over] * ((lack[over] + 1e-3) / np.maximum(far[over], 1e-9))[:, None]
    push = np.stack([np.bincount(one, way, count) - np.bincount(two, way, count) for way in pull.T], axis=1)
    crowd = np.bincount(one, minlength=count) + np.bincount(two, minlength=count)
    return 0.5 * push / np.sqrt(np.maximum(1.0, crowd))[:, None]


def _find_near(places: NDArray[np.float64], radii: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the pairs of discs that may overlap, each once: every disc with those near it that are no larger."""
    from scipy.spatial import cKDTree

    scale = np.ceil(2.0 * np.log2(radii)).astype(np.int64)
    found = []
    for size in np.unique(scale):
        same, smaller = np.flatnonzero(scale == size), np.flatnonzero(scale < size)
        tree, reach = cKDTree(places[same]), float(radii[same].max())
        found.append(same[tree.query_pairs(2.0 * reach, output_type="ndarray")])
        if len(smaller):
            most = reach + float(radii[smaller].max())
            near = tree.sparse_distance_matrix(cKDTree(places[smaller]), most, output_type="ndarray")
            found.append(np.stack([same[near["i"]], smaller[near["j"]]], axis=1))
    pairs = np.concatenate(found)
    return pairs[:, 0], pairs[:, 1]


def _measure_distances(lengths: csr_array) -> NDArray[np.float64]:
    """Shortest ways along edges; very far pairs count as just far, so that a long chain curls up."""
    from scipy.sparse.csgraph import dijkstra

    wished = dijkstra(lengths, directed=False)
    return np.minimum(wished, _FARTHEST * float(lengths.data.mean()))


def _scale_classically(wished: NDArray[np.float64], bearings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Start from classical scaling; what it leaves open, as which leaf of a star lies where, bearings decide."""
    square = wished**2
    centred = -0.5 * (square - square.mean(axis=0) - square.mean(axis=1)[:, None] + square.mean())
    reach = float(_find_main_axes(centred)[0][-1]) / len(wished)
    values, vectors = _find_main_axes(centred + _BEARINGS * reach * bearings @ bearings.T)
    axes = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 1e-9))
    return _turn(axes, bearings) + wished.mean() * 0.01 * bearings


def _find_main_axes(square: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the two largest eigenvalues of a symmetric matrix and their vectors, the largest last."""
    if len(square) <= _FEW:
        values, vectors = np.linalg.eigh(square)
        return values[-2:], vectors[:, -2:]
    from scipy.sparse.linalg import LinearOperator, eigsh

    operator = LinearOperator(square.shape, matvec=partial(np.einsum, "ij,j->i", square), dtype=np.float64)
    found: tuple[NDArray[np.float64], NDArray[np.float64]] = eigsh(operator, k=2, which="LA", v0=square[0])
    return found


def _multiply(matrix: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Multiply without threads: they wait for each other where a machine is busy, for longer than one alone takes."""
    return np.stack([np.einsum("ij,j->i", matrix, np.ascontiguousarray(column)) for column in columns.T], axis=1)


def _majorise(places: NDArray[np.float64], wished: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lower the stress step by step; a step solves for the places of all things at once, nearly."""
    weights = 1.0 / np.maximum(wished, 1e-9) ** 2
    np.fill_diagonal(weights, 0.0)
    pulling = weights * wished
    for _ in range(_ITERATIONS):
        pull = pulling / _measure_gaps(places)
        moved = _solve(weights, pull.sum(axis=1)[:, None] * places - _multiply(pull, places), places)
        moved -= moved.mean(axis=0)
        way = np.hypot(*(moved - places).T).mean()
        places = moved
        if way < _STILL * np.ptp(places, axis=0).max():
            break
    return places


def _solve(
    weights: NDArray[np.float64], target: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Come nearer to the solution of the weights' Laplacian by a few steps of conjugate gradients from a start."""
    degrees = weights.sum(axis=1)[:, None]
    found = start
    rest = target - degrees * found + _multiply(weights, found)
    way = rest / degrees
    length = (rest * way).sum(axis=0)
    for _ in range(_SOLVING):
        ahead = degrees * way - _multiply(weights, way)
        step = length / np.maximum((way * ahead).sum(axis=0), _TINY)
        found, rest = found + step * way, rest - step * ahead
        last, length = length, (rest * rest / degrees).sum(axis=0)
        way = rest / degrees + length / np.maximum(last, _TINY) * way
    return found


def _measure_gaps(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the distance of every pair of places, > 0."""
    from scipy.spatial.distance import cdist

    return np.maximum(cdist(places, places), 1e-9)


def _turn(places: NDArray[np.float64], bearings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lay a long picture flat; turn a round one so that things lie to where their bearings point, all in all."""
    centred = places - places.mean(axis=0)
    extents, vectors = np.linalg.eigh(centred.T @ centred)
    if extents[1] > _LONG**2 * extents[0]:
        flat = centred @ vectors[:, ::-1]
        return flat * np.where((bearings * flat).sum(axis=0) < 0, -1.0, 1.0)
    left, _, right = np.linalg.svd(centred.T @ bearings)
    return centred @ left @ right
