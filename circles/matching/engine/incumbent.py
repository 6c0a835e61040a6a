"""The best plan and the best bound so far; both stay valid whenever the search ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.cuts import Cuts, join_cuts, no_cuts
from circles.matching.engine.pool import Pool, empty_pool, merge_pools, sum_over

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.ledger import Ledger

Observer = Callable[[float, int, int], None]
"""Told of every improvement: seconds, value, upper bound."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _State:
    """Everything that holds together; it changes in one step, so that an interrupt never finds half of a change."""

    circles: Pool
    prices: NDArray[np.int64]
    cuts: Cuts
    ledger: Ledger
    closed: NDArray[np.int64]
    """Shape (k,). Best bound by component, in units."""

    @property
    def price_sum(self) -> int:
        """What all prices sum to, in 1/scale."""
        return int(self.prices.sum() + self.cuts.prices.sum() + self.ledger.offset)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """Prices of members, cuts and limits that are valid together, and the bound that they prove, in units."""

    prices: NDArray[np.int64]
    cuts: Cuts
    ledger: Ledger
    bound: int


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
    ledger
        Limits across circles; circles come with their worth less their members' parts.
    enough
        A value, pinned circles included, that is enough, or whose proof to be out of reach is.
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
        ledger: Ledger,
        enough: int | None,
        clock: Clock,
        observer: Observer | None,
    ) -> None:
        self.component = component
        self.scale = scale
        self.fixed_value = fixed_value
        self.guess: NDArray[np.int64] | None = None
        """Prices to look for circles with at first, in 1/scale; not valid, but near."""
        self._enough = enough
        self._count = int(component.max(initial=-1)) + 1
        self._clock, self._observer = clock, observer
        self._unpriced: _State | None = None
        self._state = _State(
            circles=empty_pool(largest),
            prices=prices,
            cuts=no_cuts(),
            ledger=ledger,
            closed=self._sum_prices(prices, no_cuts(), ledger) // scale,
        )
        self._tell()

    @property
    def circles(self) -> Pool:
        """The best plan; worth is worth less the members' parts of the prices of limits."""
        return self._state.circles

    @property
    def prices(self) -> NDArray[np.int64]:
        """Valid prices of members, together with those of cuts and limits; shape (n,), in 1/scale."""
        return self._state.prices

    @property
    def cuts(self) -> Cuts:
        """Cuts and their prices."""
        return self._state.cuts

    @property
    def ledger(self) -> Ledger:
        """Limits across circles and their prices."""
        return self._state.ledger

    @property
    def value(self) -> int:
        """Worth of the best plan, in units."""
        return int(self.ledger.full_worth(self.circles).sum()) // self.scale

    @property
    def price_sum(self) -> int:
        """What all prices sum to, in 1/scale."""
        return self._state.price_sum

    @property
    def certificate(self) -> Certificate:
        """The prices that prove most: the present ones, or those from before the limits had a price."""
        now, then = (
            Certificate(prices=state.prices, cuts=state.cuts, ledger=state.ledger, bound=state.price_sum // self.scale)
            for state in (self._state, self._unpriced or self._state)
        )
        return then if then.bound < now.bound else now

    def excess(self, pool: Pool) -> NDArray[np.int64]:
        """Give each circle's worth less what it pays; shape (m,), in 1/scale, at most 0 for admissible circles."""
        return pool.excess(self.prices) - self.cuts.part(pool)

    @property
    def bound(self) -> int:
        """Best bound, in units: component by component, by prices or by exhaustive search."""
        return min(self.price_sum // self.scale, int(self._state.closed.sum()))

    def reaches(self, gap: float) -> bool:
        """Say whether plan and bound are within a gap, as a share of the bound."""
        enough = self._enough
        if enough is not None and not self.fixed_value + self.value < enough <= self.fixed_value + self.bound:
            return True
        return self.bound - self.value <= gap * max(1, abs(self.fixed_value + self.bound))

    def values(self) -> NDArray[np.int64]:
        """Worth of the plan by component, in units; shape (k,)."""
        by_circle = self.component[self.circles.members[:, 0]]
        return _sum_by(by_circle, self.ledger.full_worth(self.circles), self._count) // self.scale

    def bounds(self) -> NDArray[np.int64]:
        """Best bound by component, in units; shape (k,)."""
        return self._state.closed.copy()

    def room(self) -> NDArray[np.int64]:
        """By component, how much a better plan's circles may cost beyond their worth, in 1/scale; shape (k,)."""
        return self._sum_prices(self.prices, self.cuts, self.ledger) - (self.values() + 1) * self.scale

    def begin_with(self, circles: Pool) -> None:
        """Take the circles of a plan within all limits, whatever it is worth, before any search."""
        self._state = replace(self._state, circles=circles)

    def offer_circles(self, circles: Pool, inside: NDArray[np.bool_]) -> bool:
        """Take new circles in place of all old ones among some members, if worth more and within the limits.

        Parameters
        ----------
        circles
            Disjoint circles of members `inside`.
        inside
            Shape (n,). Old circles have all their members inside, or none.
        """
        old = inside[self.circles.members[:, 0]]
        worth = self.ledger.full_worth
        if worth(circles).sum() <= worth(self.circles.pick(old)).sum():
            return False
        plan = merge_pools([self.circles.pick(~old), circles])
        if len(self.ledger.rows) and (self.ledger.spare(plan) < 0).any():
            return False
        self._state = replace(self._state, circles=plan)
        self._tell()
        return True

    def offer_prices(self, prices: NDArray[np.int64], among: NDArray[np.bool_], cuts: Cuts | None = None) -> None:
        """Take valid prices, of members and of cuts, wherever they prove more for a component.

        Parameters
        ----------
        prices
            Shape (n,), in 1/scale.
        among
            Shape (n,). Members whom the prices speak of, whole components; all others keep what they have.
        cuts
            Cuts of members `among` that the prices need; None for none.
        """
        cuts = no_cuts() if cuts is None else cuts
        new, old = (self._sum_prices(*each, self.ledger) for each in ((prices, cuts), (self.prices, self.cuts)))
        better = new < old
        better[self.component[~among]] = False
        if not better.any():
            return
        kept = ~better[self.component[self.cuts.triples[:, 0]]]
        taken = better[self.component[cuts.triples[:, 0]]]
        self._state = replace(
            self._state,
            prices=np.where(better[self.component], prices, self.prices),
            cuts=join_cuts(self.cuts.pick(kept), cuts.pick(taken)),
            closed=np.minimum(self._state.closed, np.where(better, new, old) // self.scale),
        )
        self._tell()

    def reprice(self, ledger: Ledger, prices: NDArray[np.int64]) -> None:
        """Take prices of the limits, and prices of members that are valid with them, before any search."""
        worth = self.ledger.full_worth(self.circles) - sum_over(self.circles.members, ledger.part)
        proven = self._sum_prices(prices, no_cuts(), ledger) // self.scale
        self._unpriced = self._state
        self._state = _State(
            circles=Pool(members=self.circles.members, worth=worth),
            prices=prices,
            cuts=no_cuts(),
            ledger=ledger,
            closed=np.minimum(self._state.closed, proven),
        )
        self._tell()

    def close(self, component: int) -> None:
        """Note that exhaustive search found no better plan for a component."""
        closed = self.bounds()
        closed[component] = self.values()[component]
        self._state = replace(self._state, closed=closed)
        self._tell()

    def _sum_prices(self, prices: NDArray[np.int64], cuts: Cuts, ledger: Ledger) -> NDArray[np.int64]:
        sums = _sum_by(self.component, prices, self._count)
        sums += _sum_by(self.component[cuts.triples[:, 0]], cuts.prices, self._count)
        sums[:1] += ledger.offset  # where there are limits, there is one component
        return sums

    def _tell(self) -> None:
        if self._observer is not None:
            self._observer(self._clock.seconds, self.fixed_value + self.value, self.fixed_value + self.bound)


def _sum_by(group: NDArray[np.int64], amount: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    sums = np.zeros(groups, dtype=np.int64)
    np.add.at(sums, group, amount)
    return sums
