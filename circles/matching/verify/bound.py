"""Checking a bound without trusting the solver: an own enumeration in whole numbers, sharing none of its code.

First the plan itself is judged: its circles are disjoint, admissible, within the limits across circles, and worth what
it says. Then every admissible circle of free members that could be worth more than it costs is looked at (`suspects`),
and judged again in plain Python. Where strangers may meet and there are too many circles, they are judged by their
pieces (`pieces`). If the bound is lower than the certificate shows (proof by enumeration), a better plan is searched
for, part by part (`parts`), among the circles that cost little beyond their worth (`rivals`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.plan import PlanStatus
from circles.matching.verify.costs import Costs, Row, find_fault, read_costs, read_rows
from circles.matching.verify.parts import Case, find_better
from circles.matching.verify.pieces import pieces_pay
from circles.matching.verify.rivals import Contest, find_rival, take_options
from circles.matching.verify.rulebook import Rulebook, UnfinishedError
from circles.matching.verify.suspects import Option, list_suspects
from circles.matching.verify.suspects_kernel import LOW, Town
from circles.matching.verify.town import Roads, build_town, find_meetings, find_roads, read_pairs

if TYPE_CHECKING:
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem

FEW_MEMBERS, FEW_MEETINGS = 60, 60
"""Among strangers, every circle is looked at if there are so few members, or so few pairs a member that may meet."""
_UNFINISHED = (PlanStatus.TIME_LIMIT, PlanStatus.STOPPED)
"""Answers that may say that no plan was found; their bound is judged all the same."""
MOST_MATRIX = 8_000
"""With more members the pairs of strangers that may meet are not counted."""


class BoundStatus(StrEnum):
    """Whether a plan's bound holds."""

    PROVED = "proved"
    """No admissible plan is worth more than the bound."""
    VIOLATED = "violated"
    """The plan or its certificate is wrong; a circle shows it, where one can."""
    NOT_PROVED = "not proved"
    """The time given did not suffice, or there are too many circles to look at."""


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
        if plan.status == PlanStatus.INFEASIBLE:
            return _judge_infeasible(problem, plan, time_limit)
        costs = read_costs(problem, plan)
        return _judge_plan(book, plan) or _judge_certificate(book, costs) or _judge_bound(book, plan, costs)
    except UnfinishedError as error:
        return BoundCheck(status=BoundStatus.NOT_PROVED, reason=str(error))


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
    broken = [row for row in read_rows(book.problem) if sum(row.amount[i] for i in seen - book.pinned) > row.limit]
    gives_none = plan.reason and not plan.circles and plan.status in _UNFINISHED
    if broken and not gives_none:
        return _violated(f"the circles together break {broken[0].name}")
    value = book.fixed_value + sum(book.worth(circle) for circle in plan.circles)
    if value != plan.value:
        return _violated(f"the circles are worth {value:,}, not {plan.value:,}")
    if plan.upper_bound < value:
        return _violated(f"the bound {plan.upper_bound:,} is below the plan's own value {value:,}")
    if plan.status == PlanStatus.OPTIMAL and plan.upper_bound > value:
        return _violated(f"it says OPTIMAL, and the bound {plan.upper_bound:,} is above its value {value:,}")
    return None


def _judge_certificate(book: Rulebook, costs: Costs) -> BoundCheck | None:
    breach = next(_list_breaches(book, costs), None)
    return None if breach is None else _violated("the circle is worth more than it costs", breach.circle)


def _list_breaches(book: Rulebook, costs: Costs) -> Iterator[Option]:
    """List circles worth more than they cost; where they are too many to look at, none if their pieces show none."""
    if not _has_many_meetings(book.problem):
        yield from list_suspects(book, _build_whole_town(book, costs), costs, spare=-1)
        return
    problem, pairs = book.problem, read_pairs(book.problem)
    piece = np.full(max(problem.size_charge) + 1, LOW, dtype=np.int64)
    town = build_town(problem, costs, pairs, Roads(first=pairs.first, second=pairs.second))
    yield from list_suspects(book, town, costs, spare=-1, piece=piece)
    if not pieces_pay(town, piece):
        yield from list_suspects(book, _build_whole_town(book, costs), costs, spare=-1)


def _build_whole_town(book: Rulebook, costs: Costs) -> Town:
    """Lay the problem out so that every circle is met."""
    if not book.connected and book.n > MOST_MATRIX:
        msg = f"among {book.n:,} strangers there are too many circles to look at"
        raise UnfinishedError(msg)
    pairs = read_pairs(book.problem)
    roads = find_roads(book.problem, pairs) if book.connected else find_meetings(book.problem)
    return build_town(book.problem, costs, pairs, roads)


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
    case = Case(book=book, town=_build_whole_town(book, costs), costs=costs, rows=read_rows(book.problem))
    better = find_better(case, plan.circles, most=int(plan.upper_bound) - book.fixed_value)
    if better is None:
        return proved
    value = book.fixed_value + sum(map(book.worth, better))
    fresh = [circle for circle in better if circle not in plan.circles]
    return _violated(f"a plan with the circle is worth {value:,}", next(iter(fresh), None))


def _judge_infeasible(problem: MatchingProblem, plan: Plan, time_limit: float | None) -> BoundCheck:
    """Prove that there is no circle, or no plan within the limits: even where every circle is worth 0."""
    fixed = Rulebook(problem, time_limit=None).fixed_value
    if not plan.fixed_value == plan.value == fixed <= plan.upper_bound:
        return _violated(f"the pinned circles alone are worth {fixed:,}, and the bound is no less")
    if plan.circles:
        return _violated("there is a circle in a plan that says there is none", tuple(plan.circles[0]))
    bare = _take_worth_away(problem)
    book, costs, rows = Rulebook(bare, time_limit=time_limit), read_costs(bare, plan), read_rows(bare)
    if all(row.limit >= 0 for row in rows):
        return _judge_no_circle(book)
    breach = _judge_certificate(book, costs)
    if breach is not None:
        return breach
    better = None if costs.total < 0 else _find_any(book, costs, rows)
    if better:
        return _violated("a plan with the circle is within the limits", better[0])
    return BoundCheck(status=BoundStatus.PROVED, reason="no plan places and lends as much as it must")


def _judge_no_circle(book: Rulebook) -> BoundCheck:
    nothing = Costs(member=[0] * book.n, price=[0] * book.n, total=0, scale=1, cuts=[])
    found = next(list_suspects(book, _build_whole_town(book, nothing), nothing, spare=0), None)
    if found is None:
        return BoundCheck(status=BoundStatus.PROVED, reason="no circle is admissible")
    return _violated("the circle is admissible", found.circle)


def _find_any(book: Rulebook, costs: Costs, rows: Sequence[Row]) -> list[tuple[int, ...]]:
    """Find a plan within all limits where circles are worth nothing; it has circles, or there is none."""
    town = _build_whole_town(book, costs)
    options = take_options(list_suspects(book, town, costs, spare=costs.total))
    contest = Contest(members=town.order.tolist(), options=options, target=0)
    rival = find_rival(book, costs, rows, contest)
    return [] if rival is None else rival.circles


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
