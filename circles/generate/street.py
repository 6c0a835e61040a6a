"""The street: members in an order in which neighbours are of one town and of like size.

Firms know and vouch for firms like themselves (self-formed groups are homogeneous), so circles, guarantees and
acquaintances are taken from stretches of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

SIZE_BLUR = 0.2
"""Standard deviation, in decades of sales, of the noise in the order: 0 would sort strictly by size (assumption)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Runs of neighbours taken from a street.

    Attributes
    ----------
    member
        Shape (k,): the members in the runs.
    run
        Shape (k,): the run of each, rising from 0.
    place
        Shape (k,): its place in the run, from 0.
    """

    member: NDArray[np.int64]
    run: NDArray[np.int64]
    place: NDArray[np.int64]


def walk_streets(population: Population, stream: np.random.Generator) -> NDArray[np.int64]:
    """Order the members by town and, blurred, by sales: shape (n,), positions of members."""
    size = np.log10(population.sales_fen) + SIZE_BLUR * stream.standard_normal(len(population))
    return np.lexsort((size, population.town))


def take_stretches(street: NDArray[np.int64], sizes: NDArray[np.int64], stream: np.random.Generator) -> Stretches:
    """Take runs of neighbours of the given sizes from random places of a street; runs never overlap.

    Parameters
    ----------
    street
        Shape (m,): members in the order of the street.
    sizes
        Shape (r,), each at least 1. Sizes that do not fit in the street are left out, last first.
    stream
        Decides the places.
    """
    sizes = sizes[np.cumsum(sizes) <= len(street)]
    gaps = len(street) - int(sizes.sum())
    order = stream.permutation(len(sizes) + gaps)
    lengths = np.where(order < len(sizes), np.append(sizes, 1)[np.minimum(order, len(sizes))], 1)
    starts = np.cumsum(lengths) - lengths
    first = np.empty(len(sizes), dtype=np.int64)
    taken = order < len(sizes)
    first[order[taken]] = starts[taken]
    run = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(run)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return Stretches(member=street[first[run] + place], run=run, place=place)
