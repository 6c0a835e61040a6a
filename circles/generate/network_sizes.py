"""Sizes of the components of a whole guarantee network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.known_network import NetworkAggregates

LEAST = 3
SIZE_TAIL = 1.3
"""Exponent of the Pareto tail of sizes from 3 up, before they are fitted to the number of firms (assumption)."""
SECOND_LARGEST_SHARE = 0.5
"""No component but the largest has more than so much of the largest one's firms (assumption)."""
STAR_ROOM = (1.2, 2.0)
"""Firms in the component of a star, as a multiple of the star's degree (assumption)."""
HALVINGS = 60


def draw_sizes(stream: np.random.Generator, known: NetworkAggregates) -> NDArray[np.int64]:
    """Draw the sizes of all components: the landmarks' first, then falling, plain pairs last.

    Returns
    -------
    Shape (components,), adding up to the firms.
    """
    low, high = STAR_ROOM
    room = low + (high - low) * stream.random(2)
    stars = np.ceil(room * [known.guarantees_for, known.guaranteed_by]).astype(np.int64) + 1
    landmarks = np.array([known.largest, *stars], dtype=np.int64)
    count = known.larger - len(landmarks)
    tail = np.sort((1 - stream.random(count)) ** (-1 / SIZE_TAIL))[::-1]
    most = round(SECOND_LARGEST_SHARE * known.largest)
    others = _fit_sizes(tail - 1, firms=known.firms_in_larger - int(landmarks.sum()), most=most)
    return np.concatenate([landmarks, others, np.full(known.pairs, 2, dtype=np.int64)])


def _fit_sizes(excess: NDArray[np.float64], *, firms: int, most: int) -> NDArray[np.int64]:
    """Stretch sizes above the least, falling, until they add up to the firms."""
    low, high = 0.0, float(most)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _stretch(excess, middle, most).sum() <= firms:
            low = middle
        else:
            high = middle
    sizes = _stretch(excess, low, most)
    left = firms - int(sizes.sum())
    sizes[np.flatnonzero(sizes < most)[:left]] += 1
    return np.sort(sizes)[::-1]


def _stretch(excess: NDArray[np.float64], factor: float, most: int) -> NDArray[np.int64]:
    return np.minimum(LEAST + np.floor(excess * factor), most).astype(np.int64)
