"""What a circle is worth: every named term and its weight, in points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from circles.errors import InputError

MIN_SIZE, MAX_SIZE = 2, 8
"""Sizes of circles that can be formed at all."""

_SIZE_CHARGE: Mapping[int, int] = {2: 60, 3: 60, 4: 70, 5: 90, 6: 120, 7: 160, 8: 210}
_MAX_POINTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Points for what makes a circle good, and charges for what makes it risky.

    All are whole points, at least 0; a charge is subtracted. A pair is *known* if the two declared acquaintance or
    traded in the window of `MatchingRules.trade_months`; every other pair in a circle only costs `stranger`, and
    `same_industry` where it applies.

    Attributes
    ----------
    member
        For every member placed.
    amount
        For every 100,000 yuan placed (rounded to whole points a member).
    trade_volume, trade_both_ways, trade_months, trade_recency
        For a known pair, times a share in [0, 1] of `circles.graph.affinity`.
    acquaintance
        For a pair that declared to know each other.
    same_town
        For a known pair in the same city.
    same_industry
        Charge on any pair in the same industry: one shock hits both.
    common_customers
        Charge on a known pair, times the share of customers they have in common.
    stranger
        Charge on every pair that does not know each other.
    trust
        In a circle with strangers, for a pair that does not know each other, times the strength of the best path
        between the two: the product of its ties, at most three; see `MatchingRules.trust_pairs`.
    change
        Charge on a circle that is not one of an earlier plan's, where circles are formed anew from one.
    size_charge
        Charge on a circle by its size: the loss that members may bear together grows with it.

    Raises
    ------
    InputError
        If a weight is not a whole number in [0, 1,000,000].

    Examples
    --------
    >>> Weights(same_industry=30).same_industry
    30
    """

    member: int = 100
    amount: int = 0
    trade_volume: int = 40
    trade_both_ways: int = 10
    trade_months: int = 20
    trade_recency: int = 10
    acquaintance: int = 30
    same_town: int = 10
    same_industry: int = 15
    common_customers: int = 20
    stranger: int = 10
    trust: int = 20
    change: int = 30
    size_charge: Mapping[int, int] = field(default_factory=lambda: dict(_SIZE_CHARGE), hash=False)

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name != "size_charge":
                _check_points(item.name, value)
        if not isinstance(self.size_charge, Mapping):
            msg = f"size_charge must give a charge for each size, such as {{3: 60, 4: 70}}, got {self.size_charge!r}"
            raise InputError(msg)
        for size, charge in self.size_charge.items():
            _check_size_charge(size, charge)

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Self:
        """Read weights as a rule file states them: by name, the sizes of ``size_charge`` perhaps as text.

        Raises
        ------
        InputError
            If a name is not a weight's, or a value is refused.

        Examples
        --------
        >>> Weights.from_mapping({"size_charge": {"3": 60}}).size_charge
        {3: 60}
        """
        known = [item.name for item in fields(cls)]
        unknown = [name for name in given if name not in known]
        if unknown:
            msg = f"there is no weight {unknown[0]!r}; the weights are: {', '.join(known)}"
            raise InputError(msg)
        values = dict(given)
        if isinstance(values.get("size_charge"), Mapping):
            values["size_charge"] = {_as_size(size): charge for size, charge in values["size_charge"].items()}
        return cls(**values)


def _as_size(size: object) -> object:
    return int(size) if isinstance(size, str) and size.isdecimal() else size


def _check_points(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MAX_POINTS:
        msg = f"weight {name} must be a whole number in [0, {_MAX_POINTS:,}], got {value!r}"
        raise InputError(msg)


def _check_size_charge(size: object, charge: object) -> None:
    if isinstance(size, bool) or not isinstance(size, int) or not MIN_SIZE <= size <= MAX_SIZE:
        msg = f"size_charge is for sizes {MIN_SIZE} to {MAX_SIZE}, got {size!r}"
        raise InputError(msg)
    _check_points(f"size_charge[{size}]", charge)
