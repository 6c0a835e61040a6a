"""The whole engine against brute force, and every way through it: collected, priced by walks, by pieces, cut short.

``--random-problems 1000`` is the long campaign: so many problems each way.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from beyond_problems import Truth, cost_of, draw_beyond_problem, keeps_limits, shown_bound, solve_plainly
from matching_problems import draw_small_problem

from circles.matching import MatchingProblem, Plan, PlanStatus, Proof, solve, verify_bound

QUICK = 9
ENGINE = "circles.matching.engine."
SMALL_PARTS = {"enumeration.LEAST_ROOTS": 2, "beam.PART_ROOTS": 3}
NO_COLLECTING = {"collect.MOST_COLUMNS": 1, **SMALL_PARTS}
WAYS: dict[str, dict[str, int]] = {
    "collected": SMALL_PARTS,
    "walks": NO_COLLECTING,
    "first-order": {"master.SIMPLEX_COLUMNS": 0, **NO_COLLECTING},
    "pieces": {"search.MOST_FITTING": -1, "search.FITTING_DEGREE": -1, **NO_COLLECTING},
    "pieces-last": {"search.MOST_FITTING": -1, "search.FITTING_DEGREE": -1, "search.MIX_FIRST": 0, **NO_COLLECTING},
    "cut-short": {"columns.KEEP": 2, "columns.VISITS": 3, "collect.MOST_VISITS": 1, **NO_COLLECTING},
}
"""What is set to what, so that small problems take the ways of large ones."""


def draw(random: np.random.Generator, at: int) -> tuple[MatchingProblem, Truth]:
    """Every other problem has pairs only, the others everything beyond, up to 14 members; few have no circle at all."""
    while True:
        problem = draw_small_problem(random) if at % 2 else draw_beyond_problem(random, most=14 if at % 4 else 9)
        truth = solve_plainly(problem)
        if truth.circles or at % 6 == 0:
            return problem, truth


def assert_right(problem: MatchingProblem, plan: Plan, truth: Truth) -> None:
    if truth.best is None or not truth.circles:
        assert plan.status is not PlanStatus.OPTIMAL or plan.upper_bound == plan.value  # among too many strangers
        assert (plan.circles, plan.value) == ((), truth.fixed)
        return
    assert plan.status is not PlanStatus.INFEASIBLE
    if plan.reason:  # no plan within the limits was found in the time given, and none was ruled out
        return
    for circle, worth in truth.circles.items():
        assert worth * plan.price_scale <= cost_of(problem, plan, plan.prices, circle)
    assert min(plan.prices.min(initial=0), plan.row_prices.min(initial=0), plan.cut_prices.min(initial=0)) >= 0
    placed = [i for circle in plan.circles for i in circle]
    assert len(placed) == len(set(placed))
    assert keeps_limits(problem, sum(1 << i for i in placed))
    assert plan.value == truth.fixed + sum(truth.circles[circle] for circle in plan.circles)
    assert plan.value <= truth.best <= plan.upper_bound <= shown_bound(problem, plan)
    assert plan.proof is Proof.ENUMERATION or plan.upper_bound == shown_bound(problem, plan)
    assert (plan.status is PlanStatus.OPTIMAL) == (plan.value == plan.upper_bound)


def assert_same(one: Plan, other: Plan) -> None:
    assert (one.circles, one.value, one.upper_bound) == (other.circles, other.value, other.upper_bound)
    assert (one.status, one.proof, one.cuts) == (other.status, other.proof, other.cuts)
    for name in ("prices", "row_prices", "cut_prices"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


@pytest.mark.parametrize("way", WAYS)
def test_every_way_through_the_engine_is_right_and_the_same_for_one_worker_and_two(
    way: str, random_problems: int, monkeypatch: pytest.MonkeyPatch
):
    for name, value in WAYS[way].items():
        monkeypatch.setattr(ENGINE + name, value)
    random, statuses, count = np.random.default_rng([2012, *way.encode()]), Counter(), random_problems or QUICK
    for at in range(count):
        problem, truth = draw(random, at)
        plan = solve(problem, gap=0.0, workers=1)
        assert_right(problem, plan, truth)
        if plan.status is PlanStatus.INFEASIBLE or not plan.reason:
            assert verify_bound(problem, plan).status == "proved"
        if at % 3 == 0:
            assert_same(plan, solve(problem, gap=0.0, workers=2))
        statuses[plan.status] += 1
    print(way, dict(statuses))  # noqa: T201 (the campaign's count, with -s)
    assert statuses[PlanStatus.OPTIMAL] > count // 4
