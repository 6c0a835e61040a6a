"""The bound of a whole proposal: one that holds for circles of every kind that the mode forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.plan import PlanStatus, Proof
from circles.matching.rows import build_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem
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
    that place or lend at least so much, and fewer members may well score more. The prices of the limit then prove a
    higher bound, for proposals that place or lend at least as much as these.
    """
    if len(forming.bounding) > 1 or _reaches_what_comes_first(stages[0]):
        return Bound(value=forming.bound, stages=forming.bounding)
    proving = _ask_for_less(forming.bounding[0], stages[0])
    return Bound(value=proving.plan.upper_bound, stages=(proving,))


def _reaches_what_comes_first(stage: Stage) -> bool:
    placed, lent = _measure(stage)
    return placed >= (stage.problem.place_at_least or 0) and lent >= (stage.problem.lend_at_least or 0)


def _measure(stage: Stage) -> tuple[int, int]:
    """Give how many members a stage places, and how much it lends."""
    placed = [member for circle in stage.plan.circles for member in circle]
    return len(placed), int(stage.problem.loan[placed].sum())


def _ask_for_less(proving: Stage, formed: Stage) -> Stage:
    """Ask for no more than some circles place or lend; the same prices prove a bound of that problem, too."""
    placed, lent = _measure(formed)
    members, amount = proving.problem.place_at_least, proving.problem.lend_at_least
    problem = replace(
        proving.problem,
        place_at_least=None if members is None else min(members, placed),
        lend_at_least=None if amount is None else min(amount, lent),
    )
    bound = _bound_by_prices(problem, proving.plan)
    status = PlanStatus.OPTIMAL if bound == proving.plan.value else PlanStatus.STOPPED
    plan = replace(proving.plan, upper_bound=bound, proof=Proof.PRICES, status=status)
    return replace(proving, problem=problem, plan=plan)


def _bound_by_prices(problem: MatchingProblem, plan: Plan) -> int:
    """Give the bound that a plan's prices prove of a problem that differs in its limits only."""
    total = int(plan.prices.sum()) + int(plan.cut_prices.sum())
    if len(plan.row_prices):
        total += build_rows(problem).offset(plan.row_prices, plan.row_scale)
    return plan.fixed_value + total // plan.price_scale


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
