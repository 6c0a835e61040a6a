"""Published tables of amounts by class, and amounts drawn from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.money import FEN_PER_YUAN

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountTable:
    """Shares of members by class of amount, as published.

    Attributes
    ----------
    bounds
        Yuan, rising: class k holds amounts from ``bounds[k]`` up to, not including, ``bounds[k + 1]``.
    percents
        The published share of each class in percent. Rounding may leave a sum other than 100; see `shares`.
    step
        Yuan: amounts are multiples of it, as firms state them. Divides every bound.
    """

    bounds: tuple[int, ...]
    percents: tuple[float, ...]
    step: int

    @property
    def shares(self) -> NDArray[np.float64]:
        """Shape (classes,): the published shares scaled to a sum of 1."""
        percents = np.array(self.percents)
        return percents / percents.sum()

    def class_of(self, amounts_fen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Shape (n,): the class of each amount."""
        inner = np.array(self.bounds[1:-1], dtype=np.int64) * FEN_PER_YUAN
        return np.searchsorted(inner, amounts_fen, side="right")


def draw_amounts(table: AmountTable, ranks: NDArray[np.float64]) -> NDArray[np.int64]:
    """Give the amount at each rank of a published table; log-uniform inside a class (an assumption).

    Parameters
    ----------
    table
        The classes and their shares.
    ranks
        Shape (n,), in [0, 1): the place of each member from smallest to largest. Uniform ranks follow the table.

    Returns
    -------
    Shape (n,), whole fen, multiples of the table's step.
    """
    bounds = np.array(table.bounds, dtype=np.float64)
    below = np.concatenate([[0.0], np.cumsum(table.shares)[:-1]])
    group = np.searchsorted(below[1:], ranks, side="right")
    inside = (ranks - below[group]) / table.shares[group]
    yuan = bounds[group] * (bounds[group + 1] / bounds[group]) ** inside
    steps = np.clip(yuan // table.step, bounds[group] // table.step, bounds[group + 1] // table.step - 1)
    return steps.astype(np.int64) * (table.step * FEN_PER_YUAN)
