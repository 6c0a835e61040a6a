"""Reaching what must be placed or lent: a first plan within all limits, or the proof that there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.pool import Pool, empty_pool, merge_pools
from circles.matching.plan import Plan, PlanStatus, Proof
from circles.matching.worth import circle_worths

if TYPE_CHECKING:
    from circles.matching.engine.pins import Free
    from circles.matching.problem import MatchingProblem

Form = Callable[["MatchingProblem", int], Plan]
"""Forms circles until the plan is worth so much, or is proved to be worth less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """No plan within the limits was found, and none was ruled out: how the search for one ended, in a sentence too."""

    status: PlanStatus
    interrupted: bool
    reason: str


def find_start(problem: MatchingProblem, free: Free, form: Form) -> Pool | Plan | Unreached:
    """Find circles within all limits, with their worth in units, or the proof that there are none.

    Where nothing must be reached there are none to begin with, and circles of the earlier plan serve if they suffice.
    Otherwise as much as possible is lent, or as many members placed as possible, whatever the circles are worth.

    Parameters
    ----------
    problem
        The whole problem.
    free
        What is left of it beside pinned circles.
    form
        Solves a problem up to a value that is enough.

    Returns
    -------
    The circles, or the INFEASIBLE plan that proves that there are none, or what ended the search before either.
    """
    for circles in ((), free.problem.previous):
        start = _to_pool(free, circles)
        if (free.rows.limit >= free.rows.use(start.members).sum(axis=1)).all():
            return start
    goal, required = _set_goal(problem)
    plan = form(goal, required)
    if plan.status is not PlanStatus.INFEASIBLE and plan.value >= required:
        place = {int(i): at for at, i in enumerate(free.positions)}
        return _to_pool(free, [[place[i] for i in circle] for circle in plan.circles])
    noun = "members can be placed" if problem.lend_at_least is None else "can be lent"
    if plan.status is PlanStatus.INFEASIBLE and plan.reason:
        return _refuse(plan, free, plan.reason)
    if plan.status is PlanStatus.INFEASIBLE or plan.upper_bound < required:
        reason = f"at most {max(plan.upper_bound, plan.fixed_value):,} {noun}, not {required:,}"
        return _refuse(_price_goal(plan, free), free, reason)
    reason = f"no plan was found in which {required:,} {noun}; the best has {plan.value:,}, and the bound is "
    return Unreached(
        status=PlanStatus.TIME_LIMIT if plan.status is PlanStatus.TIME_LIMIT else PlanStatus.STOPPED,
        interrupted=plan.interrupted,
        reason=f"{reason}{plan.upper_bound:,}",
    )


def _to_pool(free: Free, circles: object) -> Pool:
    largest = free.problem.sizes[-1]
    rows = [[*circle, *[-1] * (largest - len(circle))] for circle in circles]  # type: ignore[attr-defined]
    if not rows:
        return empty_pool(largest)
    members = np.array(rows, dtype=np.int32)
    return merge_pools([Pool(members=members, worth=circle_worths(free.problem, members))])


def _set_goal(problem: MatchingProblem) -> tuple[MatchingProblem, int]:
    """Give the problem whose value is what must be reached last, and how much that is."""
    is_lent = problem.lend_at_least is not None
    required = problem.lend_at_least if is_lent else problem.place_at_least
    goal = replace(
        problem,
        value=problem.loan if is_lent else np.ones_like(problem.value),
        pair_value=np.zeros_like(problem.pair_value),
        stranger_value=0,
        label_charges=np.zeros_like(problem.label_charges),
        size_charge=dict.fromkeys(problem.size_charge, 0),
        joint_loss=None,
        change_charge=0,
        place_at_least=problem.place_at_least if is_lent else None,
        lend_at_least=None,
    )
    return goal, int(required or 0)


def _price_goal(plan: Plan, free: Free) -> Plan:
    """Put a price on the goal, so that the prices for the goal's problem prove that it cannot be reached."""
    rows = np.zeros(len(free.rows), dtype=np.int64)
    rows[: len(plan.row_prices)] = plan.row_prices
    rows[-1] = plan.price_scale * plan.row_scale
    return replace(plan, row_prices=rows)


def _refuse(plan: Plan, free: Free, reason: str) -> Plan:
    """Turn the plan for the goal into one without circles, whose prices are the proof."""
    rows = np.zeros(len(free.rows), dtype=np.int64)
    rows[: len(plan.row_prices)] = plan.row_prices
    return replace(
        plan,
        circles=(),
        value=free.fixed_value,
        upper_bound=free.fixed_value,
        fixed_value=free.fixed_value,
        row_prices=rows,
        proof=Proof(plan.proof),
        status=PlanStatus.INFEASIBLE,
        reason=reason,
    )
