"""The bound of a whole proposal: one that holds for circles of every kind that the mode forms."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.forming import Forming
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
    joined = _join_prices((first, whole))
    if rules.first == "score":
        joined = min(joined, first.plan.upper_bound + whole.plan.upper_bound)
    return Bound(value=joined, stages=(first, whole))


def rebound(forming: Forming, stages: tuple[Stage, ...]) -> Bound:
    """Bound the score of every proposal that places, or lends, as much as some plans do.

    The forming's own bound, unless the plans fall short of what the rules put first: that bound speaks of proposals
    that place or lend at least so much, and fewer members may well score more.
    """
    if all(map(_reaches_what_comes_first, stages)):
        return Bound(value=forming.bound, stages=forming.bounding)
    return Bound(value=max(forming.bound, _join_prices(forming.bounding)), stages=forming.bounding)


def _reaches_what_comes_first(stage: Stage) -> bool:
    placed = [member for circle in stage.plan.circles for member in circle]
    lent = int(stage.problem.loan[placed].sum())
    return len(placed) >= (stage.problem.place_at_least or 0) and lent >= (stage.problem.lend_at_least or 0)


def _join_prices(stages: Iterable[Stage]) -> int:
    """Bound circles of several kinds by prices that pay for each: the greatest of each member's, and all cuts.

    Where a kind must place or lend so much, its own bound holds for that only; but the prices of such limits lower
    what a circle may be worth, so that members' prices and cuts alone pay for every circle.
    """
    prices: dict[int, Fraction] = {}
    cuts = Fraction(0)
    for stage in stages:
        cuts += Fraction(int(stage.plan.cut_prices.sum()), stage.plan.price_scale)
        for member, price in zip(stage.chosen.tolist(), stage.plan.prices.tolist(), strict=True):
            own = Fraction(price, stage.plan.price_scale)
            prices[member] = max(prices.get(member, Fraction(0)), own)
    return int(sum(prices.values(), start=cuts))
