"""A plan: the circles to form, what they are worth, and the proof that nothing much better exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class PlanStatus(StrEnum):
    """How far the plan came."""

    OPTIMAL = "OPTIMAL"
    """No admissible plan is worth more: the value equals the bound."""
    WITHIN_GAP = "WITHIN_GAP"
    """The proven gap is at most the one asked for."""
    TIME_LIMIT = "TIME_LIMIT"
    """The time given ran out first; plan and bound are valid."""
    STOPPED = "STOPPED"
    """The sweeps were done, or someone interrupted, before the gap was reached; plan and bound are valid."""
    INFEASIBLE = "INFEASIBLE"
    """There is no admissible circle at all, or no plan places or lends as much as it must."""


class Proof(StrEnum):
    """What the upper bound rests on."""

    PRICES = "prices"
    """``fixed_value + ⌊(Σ prices + Σ ⌈limit · row_price / row_scale⌉ + Σ cut_prices) / price_scale⌋``."""
    ENUMERATION = "enumeration"
    """Exhaustive search closed more than the prices show; the prices stay valid and give a larger bound."""


def _none() -> NDArray[np.int64]:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """Circles to form, and the certificate that says how much better any other plan could be.

    Parameters
    ----------
    circles
        New circles as sorted tuples of member positions, in sorted order. Pinned circles are not repeated here.
    value
        Sum of the circles' worth, plus `fixed_value`.
    upper_bound
        No admissible plan is worth more, however early the search ended.
    prices
        Shape (n,), at least 0, in 1/`price_scale` of a unit: every admissible circle of free members is worth at most
        the sum of its members' prices, their parts of the row prices, and ⌊|circle ∩ cut| / 2⌋ of each cut's price.
    price_scale
        Parts of a unit in which prices are given.
    fixed_value
        Worth of the pinned circles; may be negative.
    proof
        Which argument `upper_bound` rests on.
    status
        How far the search came.
    row_prices, row_scale
        Shape (r,), at least 0, in 1/(`price_scale` · `row_scale`) of a unit. One row for each cap, for a loan in it,
        then one each for `place_at_least` and `lend_at_least`, where given, read as −Σ ≤ −least: so a member's part is
        ``⌊loan · price / row_scale⌋`` of its cap, and ``⌊−price / row_scale⌋`` and ``⌊−loan · price / row_scale⌋`` of
        the others. Limits are what pinned circles leave. Empty where there are no rows, or none is priced.
    cuts, cut_prices
        Triples of members, and their prices, shape (q,), at least 0, in 1/`price_scale`.
    reason
        One sentence where no plan is given.
    interrupted
        Whether Ctrl-C ended the search; the plan is the best one until then.
    """

    circles: tuple[tuple[int, ...], ...]
    value: int
    upper_bound: int
    prices: NDArray[np.int64]
    price_scale: int
    proof: Proof
    status: PlanStatus
    fixed_value: int = 0
    row_prices: NDArray[np.int64] = field(default_factory=_none)
    row_scale: int = 1
    cuts: tuple[tuple[int, ...], ...] = ()
    cut_prices: NDArray[np.int64] = field(default_factory=_none)
    interrupted: bool = False
    reason: str = ""

    @property
    def gap(self) -> float:
        """Proven distance to the best plan as a share of the bound, at least 0."""
        return (self.upper_bound - self.value) / max(1, abs(self.upper_bound))

    @property
    def placed(self) -> int:
        """How many members the new circles place."""
        return sum(map(len, self.circles))

    def __str__(self) -> str:
        return (
            f"{len(self.circles):,} circles place {self.placed:,} members, worth {self.value:,}; "
            f"no plan is worth more than {self.upper_bound:,} (gap {self.gap:.2%}, {self.status})"
        )
