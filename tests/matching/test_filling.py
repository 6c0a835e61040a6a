"""Filling up a plan with circles among the members left over."""

import numpy as np
import pytest

from circles.matching.forming.filling import fill_up
from circles.matching.plan import Plan, PlanStatus, Proof


def plan_of(*circles: tuple[int, ...], bound: int = 100, status: PlanStatus = PlanStatus.STOPPED) -> Plan:
    """Ten points a member placed."""
    return Plan(
        circles=circles,
        value=10 * sum(map(len, circles)),
        upper_bound=bound,
        prices=np.zeros(8, dtype=np.int64),
        price_scale=1,
        proof=Proof.PRICES,
        status=status,
    )


def first_three(rest: np.ndarray) -> Plan:
    """Put the first three of those left into a circle, while there are three."""
    return plan_of((0, 1, 2)) if len(rest) >= 3 else plan_of()


@pytest.mark.parametrize(
    ("bound", "status"), [(60, PlanStatus.OPTIMAL), (61, PlanStatus.WITHIN_GAP), (100, PlanStatus.STOPPED)]
)
def test_those_left_over_are_placed_while_there_are_circles(bound: int, status: PlanStatus):
    filled = fill_up(plan_of((1, 3, 5), bound=bound), first_three, members=8, gap=0.05)
    assert filled.circles == ((0, 2, 4), (1, 3, 5))
    assert (filled.value, filled.upper_bound, filled.status) == (60, bound, status)


@pytest.mark.parametrize("status", [PlanStatus.OPTIMAL, PlanStatus.WITHIN_GAP, PlanStatus.INFEASIBLE])
def test_a_plan_that_is_good_enough_stays(status: PlanStatus):
    plan = plan_of((1, 3, 5), status=status)
    assert fill_up(plan, first_three, members=8, gap=0.05) is plan
