"""Filling up a plan: further circles among the members that it left over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.plan import Plan, PlanStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

Again = Callable[["NDArray[np.int64]"], Plan]
"""Forms circles among some members of a problem (sorted positions); the plan counts within them."""

_ENOUGH = (PlanStatus.OPTIMAL, PlanStatus.WITHIN_GAP, PlanStatus.INFEASIBLE)
_MOST_ROUNDS = 2


def fill_up(plan: Plan, again: Again, *, members: int, gap: float) -> Plan:
    """Form further circles among the members left over, as long as there are any worth forming.

    Among strangers the engine sees a choice of circles only; looked at alone, those left over show more of them. The
    bound stays: it holds for every plan.

    Parameters
    ----------
    plan
        What the engine found for the whole problem.
    again
        Runs the engine on some of its members.
    members
        How many members the problem has.
    gap
        Proven gap that is good enough.
    """
    for _ in range(_MOST_ROUNDS):
        if plan.status in _ENOUGH:
            break
        rest = np.setdiff1d(
            np.arange(members), np.array([i for circle in plan.circles for i in circle], dtype=np.int64)
        )
        more = again(rest)
        if not more.circles:
            break
        plan = _join(plan, more, rest=rest, gap=gap)
    return plan


def _join(plan: Plan, more: Plan, *, rest: NDArray[np.int64], gap: float) -> Plan:
    added = [tuple(int(rest[i]) for i in circle) for circle in more.circles]
    joined = replace(plan, circles=tuple(sorted([*plan.circles, *added])), value=plan.value + more.value)
    if joined.value == joined.upper_bound:
        return replace(joined, status=PlanStatus.OPTIMAL)
    return replace(joined, status=PlanStatus.WITHIN_GAP) if joined.gap <= gap else joined
