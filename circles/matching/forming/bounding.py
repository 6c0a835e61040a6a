"""The bound of a whole proposal: one that holds for circles of every kind that the mode forms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage
    from circles.matching.rules import MatchingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """No proposal under the same rules scores more than `value`, in points; the plans of `stages` prove it."""

    value: int
    stages: tuple[Stage, ...]


def bound_all(candidates: Candidates, rules: MatchingRules, search: Search, *, stages: list[Stage]) -> Bound:
    """Bound the score of every proposal, also of those that place acquaintances differently.

    Parameters
    ----------
    candidates, rules, search
        Who may be placed, what holds, and how long to search.
    stages
        What was formed. With mode ``any`` the strangers among those left over say nothing of all strangers, so that
        the engine is run once more, on all of them.
    """
    first = stages[0]
    if rules.mode != "any":
        return Bound(value=first.plan.upper_bound, stages=(first,))
    whole, everybody = stages[1], np.flatnonzero(candidates.for_strangers)
    if len(whole.chosen) < len(everybody):
        again = search.shortened(0.2).after(whole.plan).after(first.plan)
        whole = again.run(candidates, rules, "strangers", chosen=everybody)
    joined = _join_prices(first, whole)
    if rules.first == "score":
        joined = min(joined, first.plan.upper_bound + whole.plan.upper_bound)
    return Bound(value=joined, stages=(first, whole))


def _join_prices(first: Stage, second: Stage) -> int:
    """Bound circles of both kinds by prices that pay for either: the greater of each member's two, and all cuts.

    Where each kind must place or lend so much, its own bound holds for that only; but the prices of such limits lower
    what a circle may be worth, so that members' prices and cuts alone pay for every circle.
    """
    plans = (first.plan, second.plan)
    prices: dict[int, Fraction] = {}
    cuts = sum((Fraction(int(plan.cut_prices.sum()), plan.price_scale) for plan in plans), start=Fraction(0))
    for stage in (first, second):
        for member, price in zip(stage.chosen.tolist(), stage.plan.prices.tolist(), strict=True):
            own = Fraction(price, stage.plan.price_scale)
            prices[member] = max(prices.get(member, Fraction(0)), own)
    return int(sum(prices.values(), start=cuts))
