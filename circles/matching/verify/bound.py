"""Checking a bound without trusting the solver: an own enumeration in whole numbers, sharing none of its code.

First the plan itself is judged: its circles are disjoint, admissible, within the limits across circles, and worth what
it says. Then every admissible circle of free members that could be worth more than it costs is looked at (`suspects`),
and judged again in plain Python. Where strangers may meet and there are too many circles, they are judged by their
pieces (`pieces`). If the bound is lower than the certificate shows (proof by enumeration), a better plan is searched
for, part by part, among the circles that cost little beyond their worth (`search`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.plan import PlanStatus
from circles.matching.verify.costs import Costs, find_fault, read_costs, read_rows
from circles.matching.verify.pieces import pieces_pay
from circles.matching.verify.rulebook import Rulebook, UnfinishedError
from circles.matching.verify.search import Hunt, Option, find_plan, split_town
from circles.matching.verify.suspects import list_suspects
from circles.matching.verify.suspects_kernel import LOW
from circles.matching.verify.town import Roads, build_town, find_meetings, read_pairs

if TYPE_CHECKING:
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem

FEW_MEMBERS, FEW_MEETINGS = 60, 60
"""Among strangers, every circle is looked at if there are so few members, or so few pairs a member that may meet."""
MOST_MATRIX = 8_000
"""With more members the pairs of strangers that may meet are not counted."""


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
        Seconds; None for no limit.

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
    fault = find_fault(problem, plan)
    if fault is not None:
        return _violated(fault)
    try:
        if plan.status is PlanStatus.INFEASIBLE:
            return _judge_infeasible(problem, plan, time_limit)
        costs = read_costs(problem, plan)
        return _judge_plan(book, plan) or _judge_certificate(book, costs) or _judge_bound(book, plan, costs)
    except (UnfinishedError, RecursionError):
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
    for row in read_rows(book.problem):
        if sum(row.amount[i] for circle in plan.circles for i in circle) > row.limit:
            return _violated(f"the circles together break {row.name}")
    value = book.fixed_value + sum(book.worth(circle) for circle in plan.circles)
    if value != plan.value:
        return _violated(f"the circles are worth {value:,}, not {plan.value:,}")
    if plan.upper_bound < value:
        return _violated(f"the bound {plan.upper_bound:,} is below the plan's own value {value:,}")
    return None


def _judge_certificate(book: Rulebook, costs: Costs) -> BoundCheck | None:
    circle, _ = next(_list_breaches(book, costs), (None, 0))
    return None if circle is None else _violated("the circle is worth more than it costs", circle)


def _list_breaches(book: Rulebook, costs: Costs) -> Iterator[Option]:
    """List circles worth more than they cost; where they are too many to look at, none if their pieces show none."""
    if not _has_many_meetings(book.problem):
        yield from _list_all(book, costs, spare=-1)
        return
    problem, pairs = book.problem, read_pairs(book.problem)
    piece = np.full(max(problem.size_charge) + 1, LOW, dtype=np.int64)
    town = build_town(problem, costs, pairs, Roads(first=pairs.first, second=pairs.second))
    yield from list_suspects(book, town, costs, spare=-1, piece=piece)
    if not pieces_pay(town, piece):
        if problem.members > MOST_MATRIX:
            raise UnfinishedError
        yield from _list_all(book, costs, spare=-1)


def _list_all(book: Rulebook, costs: Costs, *, spare: int) -> Iterator[Option]:
    pairs = read_pairs(book.problem)
    if book.connected:
        roads = Roads(first=pairs.first[pairs.known], second=pairs.second[pairs.known])
    else:
        roads = find_meetings(book.problem)
    yield from list_suspects(book, build_town(book.problem, costs, pairs, roads), costs, spare=spare)


def _has_many_meetings(problem: MatchingProblem) -> bool:
    n = problem.members
    if problem.connected or n <= FEW_MEMBERS:
        return False
    return n > MOST_MATRIX or len(find_meetings(problem).first) > FEW_MEETINGS * n


def _judge_bound(book: Rulebook, plan: Plan, costs: Costs) -> BoundCheck:
    proved = BoundCheck(status=BoundStatus.PROVED, reason=f"no admissible plan is worth more than {plan.upper_bound:,}")
    shown = book.fixed_value + costs.total // costs.scale
    if plan.upper_bound >= shown:
        return proved
    if plan.proof != "enumeration":
        return _violated(f"the certificate proves {shown:,}, not {plan.upper_bound:,}")
    better = _find_better(book, plan, costs)
    if better is None:
        return proved
    value, circle = better
    return _violated(f"a plan with the circle is worth {value:,}", circle)


def _find_better(book: Rulebook, plan: Plan, costs: Costs) -> tuple[int, tuple[int, ...] | None] | None:
    """Find a plan worth more than the bound, part by part."""
    rows = read_rows(book.problem)
    worth = {circle: book.worth(circle) for circle in map(tuple, plan.circles)}
    parts = split_town(book, rows)
    where = {i: at for at, part in enumerate(parts) for i in part}
    values, total = [0] * len(parts), sum(worth.values())
    for circle, each in worth.items():
        values[where[circle[0]]] += each
    most = int(plan.upper_bound) - book.fixed_value
    step = most - total + 1 if len(parts) == 1 else 1
    sums = [_sum_costs(costs, part, whole=len(parts) == 1) for part in parts]
    budgets = [cost - (value + step) * costs.scale for cost, value in zip(sums, values, strict=True)]
    options: list[list[Option]] = [[] for _ in parts]
    for circle, cost in _list_all(book, costs, spare=max(budgets, default=-1)):
        options[where[circle[0]]].append((circle, cost))
    for part, value, budget, choice in zip(parts, values, budgets, options, strict=True):
        hunt = Hunt(members=part, options=choice, budget=budget, target=value + step)
        found = find_plan(book, costs, rows, hunt)
        while found is not None:
            gain = sum(book.worth(circle) for circle in found) - (hunt.target - step)
            total += gain
            if total > most:
                return book.fixed_value + total, next(iter(found), None)
            hunt = replace(hunt, budget=hunt.budget - gain * costs.scale, target=hunt.target + gain)
            found = find_plan(book, costs, rows, hunt)
    return None


def _sum_costs(costs: Costs, part: list[int], *, whole: bool) -> int:
    if whole:
        return costs.total
    inside = set(part)
    return sum(costs.price[i] for i in part) + sum(price for cut, price in costs.cuts if cut & inside)


def _judge_infeasible(problem: MatchingProblem, plan: Plan, time_limit: float | None) -> BoundCheck:
    """Prove that there is no circle, or no plan within the limits: even where every circle is worth 0."""
    bare = _take_worth_away(problem)
    book, costs, rows = Rulebook(bare, time_limit=time_limit), read_costs(bare, plan), read_rows(bare)
    free = [i for i in range(book.n) if i not in book.pinned]
    if plan.circles:
        return _violated("there is a circle in a plan that says there is none", tuple(plan.circles[0]))
    if all(row.limit >= 0 for row in rows):
        found = next(_list_all(book, costs, spare=costs.total), None)
        if found is None:
            return BoundCheck(status=BoundStatus.PROVED, reason="no circle is admissible")
        return _violated("the circle is admissible", found[0])
    breach = _judge_certificate(book, costs)
    if breach is not None:
        return breach
    if costs.total >= 0:
        options = list(_list_all(book, costs, spare=costs.total))
        found_plan = find_plan(book, costs, rows, Hunt(members=free, options=options, budget=costs.total, target=0))
        if found_plan is not None:
            return _violated("a plan with the circle is within the limits", next(iter(found_plan), None))
    return BoundCheck(status=BoundStatus.PROVED, reason="no plan places and lends as much as it must")


def _take_worth_away(problem: MatchingProblem) -> MatchingProblem:
    return replace(
        problem,
        value=np.zeros_like(problem.value),
        pair_value=np.zeros_like(problem.pair_value),
        stranger_value=0,
        label_charges=np.zeros_like(problem.label_charges),
        size_charge=dict.fromkeys(problem.size_charge, 0),
        joint_loss=None,
        change_charge=0,
    )
