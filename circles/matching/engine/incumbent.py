"""The best plan and the best bound so far; both stay valid whenever the search ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.pool import Pool, empty_pool, merge_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock

Observer = Callable[[float, int, int], None]
"""Told of every improvement: seconds, value, upper bound."""


class Incumbent:
    """Keeps the best circles and prices, component by component, outside of every solver.

    Parameters
    ----------
    component
        Shape (n,). Component of each member, 0 to k - 1; no circle crosses components.
    prices
        Shape (n,). Valid prices to begin with, in 1/scale.
    scale
        Parts of a unit.
    largest
        Largest size of a circle.
    fixed_value
        Worth of the pinned circles, which counts in the gap.
    clock, observer
        Whom to tell of improvements.
    """

    def __init__(
        self,
        component: NDArray[np.int64],
        prices: NDArray[np.int64],
        *,
        scale: int,
        largest: int,
        fixed_value: int,
        clock: Clock,
        observer: Observer | None,
    ) -> None:
        self.component = component
        self.scale = scale
        self.fixed_value = fixed_value
        self.prices = prices
        self.circles = empty_pool(largest)
        self._count = int(component.max(initial=-1)) + 1
        self._closed = self._sum_prices(prices) // scale
        self._clock, self._observer = clock, observer

    @property
    def value(self) -> int:
        """Worth of the best plan, in units."""
        return int(self.circles.worth.sum()) // self.scale

    @property
    def price_bound(self) -> int:
        """Bound that the prices alone prove, in units."""
        return int(self.prices.sum()) // self.scale

    @property
    def bound(self) -> int:
        """Best bound, in units: component by component, by prices or by exhaustive search."""
        return min(self.price_bound, int(self._closed.sum()))

    def reaches(self, gap: float) -> bool:
        """Say whether plan and bound are within a gap, as a share of the bound."""
        return self.bound - self.value <= gap * max(1, abs(self.fixed_value + self.bound))

    def values(self) -> NDArray[np.int64]:
        """Worth of the plan by component, in units; shape (k,)."""
        by_circle = self.component[self.circles.members[:, 0]]
        return _sum_by(by_circle, self.circles.worth, self._count) // self.scale

    def bounds(self) -> NDArray[np.int64]:
        """Best bound by component, in units; shape (k,)."""
        return self._closed.copy()

    def room(self) -> NDArray[np.int64]:
        """By component, how much a better plan's circles may cost beyond their worth, in 1/scale; shape (k,)."""
        return self._sum_prices(self.prices) - (self.values() + 1) * self.scale

    def offer_circles(self, circles: Pool, inside: NDArray[np.bool_]) -> bool:
        """Take new circles in place of all old ones among some members, if worth more.

        Parameters
        ----------
        circles
            Disjoint circles of members `inside`.
        inside
            Shape (n,). Old circles have all their members inside, or none.
        """
        old = inside[self.circles.members[:, 0]]
        if circles.worth.sum() <= self.circles.worth[old].sum():
            return False
        self.circles = merge_pools([self.circles.pick(~old), circles])
        self._tell()
        return True

    def offer_prices(self, prices: NDArray[np.int64]) -> None:
        """Take valid prices wherever they prove more for a component."""
        better = self._sum_prices(prices) < self._sum_prices(self.prices)
        if better.any():
            self.prices = np.where(better[self.component], prices, self.prices)
            self._closed = np.minimum(self._closed, self._sum_prices(self.prices) // self.scale)
            self._tell()

    def close(self, component: int) -> None:
        """Note that exhaustive search found no better plan for a component."""
        self._closed[component] = self.values()[component]
        self._tell()

    def _sum_prices(self, prices: NDArray[np.int64]) -> NDArray[np.int64]:
        return _sum_by(self.component, prices, self._count)

    def _tell(self) -> None:
        if self._observer is not None:
            self._observer(self._clock.seconds, self.fixed_value + self.value, self.fixed_value + self.bound)


def _sum_by(group: NDArray[np.int64], amount: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, group, amount)
    return sums
