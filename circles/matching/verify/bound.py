"""Checking a bound without trusting the solver: plain enumeration in exact numbers, sharing none of its code.

First the plan itself is judged: its circles are disjoint, admissible and worth what it says. Then every admissible
circle of free members is looked at and compared with its members' prices; a branch is left out only by rules that no
further member can mend. If the bound is lower than the prices show (proof by enumeration), the best plan is searched
anew, component by component, among the circles that cost little beyond their worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from circles.matching.verify.circles import Rulebook, UnfinishedError, list_worthwhile
from circles.matching.verify.search import search_best

if TYPE_CHECKING:
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem


class BoundStatus(StrEnum):
    """Whether a plan's bound holds."""

    PROVED = "proved"
    """No admissible plan is worth more than the bound."""
    VIOLATED = "violated"
    """The plan or its certificate is wrong; a circle shows it, where one can."""
    NOT_PROVED = "not proved"
    """The time given did not suffice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundCheck:
    """What checking a bound came to.

    Parameters
    ----------
    status
        Proved, violated or not proved.
    circle
        A circle that shows the violation: worth more than its prices, not admissible, or part of a better plan.
    reason
        One sentence.
    """

    status: BoundStatus
    circle: tuple[int, ...] | None = None
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.status}: {self.reason}" + (f" (circle {self.circle})" if self.circle else "")


def verify_bound(problem: MatchingProblem, plan: Plan, *, time_limit: float | None = None) -> BoundCheck:
    """Prove a plan's value and upper bound anew, without the solver.

    Parameters
    ----------
    problem
        The integer problem.
    plan
        A plan for it, from wherever.
    time_limit
        Seconds; None for no limit. Every admissible circle is looked at, so large problems take long.

    Returns
    -------
    Proved, violated with the circle that shows it, or not proved in the time given.

    Examples
    --------
    >>> from circles.matching import MatchingProblem, solve, verify_bound
    >>> problem = MatchingProblem(value=[3, 4], size_charge={2: 1}, connected=False)
    >>> str(verify_bound(problem, solve(problem)))
    'proved: no admissible plan is worth more than 6'
    """
    book = Rulebook(problem, time_limit=time_limit)
    try:
        return _judge_plan(book, plan) or _judge_prices(book, plan) or _judge_bound(book, plan)
    except UnfinishedError:
        return BoundCheck(status=BoundStatus.NOT_PROVED, reason="the time given did not suffice")


def _violated(reason: str, circle: tuple[int, ...] | None = None) -> BoundCheck:
    return BoundCheck(status=BoundStatus.VIOLATED, circle=circle, reason=reason)


def _judge_plan(book: Rulebook, plan: Plan) -> BoundCheck | None:
    if int(plan.fixed_value) != book.fixed_value:
        return _violated(f"the pinned circles are worth {book.fixed_value:,}, not {plan.fixed_value:,}")
    seen: set[int] = set(book.pinned)
    for circle in plan.circles:
        members = tuple(int(i) for i in circle)
        if not all(0 <= i < book.n for i in members) or seen & set(members) or len(set(members)) < len(members):
            return _violated("a member is in two circles, or unknown", members)
        if not book.allows(members):
            return _violated("the circle breaks a rule", members)
        seen |= set(members)
    value = book.fixed_value + sum(book.worth(circle) for circle in plan.circles)
    if value != plan.value:
        return _violated(f"the circles are worth {value:,}, not {plan.value:,}")
    if plan.upper_bound < value:
        return _violated(f"the bound {plan.upper_bound:,} is below the plan's own value {value:,}")
    return None


def _judge_prices(book: Rulebook, plan: Plan) -> BoundCheck | None:
    prices, scale = [int(price) for price in plan.prices], int(plan.price_scale)
    if len(prices) != book.n or scale < 1 or min(prices, default=0) < 0:
        return _violated("prices are one a member, at least 0, and the scale is at least 1")
    if len(plan.row_prices) or len(plan.cuts) or len(plan.cut_prices):
        return _violated("this problem has no rows or cuts to price")
    circle = next(iter(list_worthwhile(book, prices, scale, spare=-1)), None)
    if circle is not None:
        return _violated("the circle is worth more than its members' prices", circle)
    return None


def _judge_bound(book: Rulebook, plan: Plan) -> BoundCheck:
    proved = BoundCheck(status=BoundStatus.PROVED, reason=f"no admissible plan is worth more than {plan.upper_bound:,}")
    shown = book.fixed_value + sum(int(price) for price in plan.prices) // int(plan.price_scale)
    if plan.upper_bound >= shown:
        return proved
    if plan.proof != "enumeration":
        return _violated(f"the prices prove {shown:,}, not {plan.upper_bound:,}")
    best, better = search_best(book, plan)
    if book.fixed_value + best <= plan.upper_bound:
        return proved
    return _violated(f"a plan with the circle is worth {book.fixed_value + best:,}", better)
