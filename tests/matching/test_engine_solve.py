"""The engine on whole towns: statuses, limits, pins, and the same answer whatever the number of workers."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from matching_problems import draw_town

from circles.errors import InputError
from circles.matching import MatchingProblem, PlanStatus, Proof, solve, verify_bound
from circles.matching.engine import search as search_module
from circles.matching.worth import circle_worth


def assert_same(one, other):
    assert one.circles == other.circles
    assert one.prices.tolist() == other.prices.tolist()
    assert (one.value, one.upper_bound, one.status) == (other.value, other.upper_bound, other.status)


def test_two_hundred_members_are_placed_optimally_and_the_prices_are_nearly_tight():
    problem = draw_town(200, seed=3)
    plan = solve(problem, gap=0.0)
    assert plan.status is PlanStatus.OPTIMAL
    assert plan.prices.sum() / plan.price_scale <= plan.value * 1.01
    assert verify_bound(problem, plan).status == "proved"


def test_lowering_a_price_or_the_bound_of_a_tight_certificate_is_noticed():
    problem = draw_town(60, seed=3)
    plan = solve(problem, gap=0.0)
    prices = plan.prices.copy()
    prices[plan.circles[0][0]] = 0
    check = verify_bound(problem, dataclasses.replace(plan, prices=prices))
    assert check.status == "violated"
    assert circle_worth(problem, check.circle) * plan.price_scale > prices[list(check.circle)].sum()
    lower = dataclasses.replace(plan, circles=plan.circles[1:], upper_bound=plan.value - 1)
    lower = dataclasses.replace(lower, value=plan.value - circle_worth(problem, plan.circles[0]))
    assert verify_bound(problem, dataclasses.replace(lower, proof=Proof.ENUMERATION)).status == "violated"


@pytest.mark.parametrize("connected", [True, False])
def test_the_number_of_workers_changes_nothing(connected):
    problem = draw_town(150 if connected else 70, seed=5, connected=connected)
    assert_same(solve(problem, seed=3, gap=0.005, workers=1), solve(problem, seed=3, gap=0.005, workers=3))


def test_strangers_are_mixed_into_circles_with_a_valid_bound():
    problem = draw_town(40, seed=6, connected=False)
    plan = solve(problem, gap=0.05, time_limit=20.0)
    acquainted = solve(dataclasses.replace(problem, connected=True), gap=0.0)
    assert plan.value >= acquainted.value
    assert plan.upper_bound >= acquainted.upper_bound
    assert verify_bound(problem, plan, time_limit=30.0).status == "proved"


def test_too_many_circles_to_collect_still_give_a_plan_within_the_gap(monkeypatch):
    problem = draw_town(200, seed=3)
    best = solve(problem, gap=0.0)
    monkeypatch.setattr("circles.matching.engine.collect.MOST_COLUMNS", 50)
    plan = solve(problem, gap=0.02)
    assert plan.status is PlanStatus.WITHIN_GAP
    assert plan.value <= best.value <= plan.upper_bound
    assert verify_bound(problem, plan).status == "proved"


def test_a_time_limit_leaves_a_valid_plan_and_bound():
    problem = draw_town(200, seed=3)
    best = solve(problem, gap=0.0)
    for seconds in (1e-9, 0.05):
        plan = solve(problem, gap=0.0, time_limit=seconds)
        assert plan.value <= best.value <= plan.upper_bound
        assert plan.status in (PlanStatus.TIME_LIMIT, PlanStatus.OPTIMAL)
        assert verify_bound(problem, plan).status == "proved"


def test_an_interrupt_gives_the_best_plan_so_far(monkeypatch):
    def interrupt(*_args, **_options):
        raise KeyboardInterrupt

    problem = draw_town(200, seed=3)
    monkeypatch.setattr(search_module, "close_components", interrupt)
    plan = solve(problem, gap=0.0)
    assert plan.status is PlanStatus.STOPPED
    assert plan.circles
    assert verify_bound(problem, plan).status == "proved"


def test_improvements_are_told_to_the_observer():
    told = []
    plan = solve(draw_town(100, seed=8), gap=0.0, observer=lambda *news: told.append(news))
    values, bounds = [value for _, value, _ in told], [bound for _, _, bound in told]
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert (values[-1], bounds[-1]) == (plan.value, plan.upper_bound)


def test_pinned_circles_are_set_aside_and_counted():
    problem = draw_town(60, seed=9)
    kept = solve(problem, gap=0.0).circles[2]
    pinned = dataclasses.replace(problem, pinned=[kept])
    plan = solve(pinned, gap=0.0)
    assert plan.fixed_value == circle_worth(problem, kept)
    assert not set(kept) & {i for circle in plan.circles for i in circle}
    assert plan.value == plan.fixed_value + sum(circle_worth(problem, circle) for circle in plan.circles)
    assert not plan.prices[list(kept)].any()
    assert verify_bound(pinned, plan).status == "proved"


def test_no_admissible_circle_is_an_outcome():
    alone = MatchingProblem(value=[5, 5, 5], size_charge={3: 0})
    assert solve(alone).status is PlanStatus.INFEASIBLE
    assert solve(MatchingProblem(value=[], size_charge={3: 0})).status is PlanStatus.INFEASIBLE


def test_circles_worth_nothing_are_left_alone():
    plan = solve(MatchingProblem(value=[5, 5], size_charge={2: 10}, connected=False))
    assert (plan.status, plan.circles, plan.value, plan.upper_bound) == (PlanStatus.OPTIMAL, (), 0, 0)


def test_large_scores_lower_the_price_scale():
    huge = MatchingProblem(value=[10**11] * 3, size_charge={3: -(10**11)}, stranger_value=10**11, connected=False)
    plan = solve(huge, gap=0.0)
    assert plan.value == plan.upper_bound == 7 * 10**11
    assert 1 <= plan.price_scale <= 1024


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"seed": -1}, "seed: got -1"),
        ({"gap": -0.1}, "gap: got -0.1"),
        ({"gap": "1"}, "gap: got '1'"),
        ({"time_limit": 0}, "time_limit: got 0"),
        ({"workers": 0}, "workers: got 0"),
        ({"workers": True}, "workers: got True"),
    ],
)
def test_a_wrong_parameter_is_refused_by_name(wrong, says):
    with pytest.raises(InputError, match=says):
        solve(draw_town(10, seed=1), **wrong)


def test_a_verification_that_is_out_of_time_says_so():
    problem = draw_town(200, seed=3)
    assert verify_bound(problem, solve(problem), time_limit=1e-9).status == "not proved"


def test_no_solver_is_loaded_before_something_is_solved():
    code = (
        "import sys; from circles.matching import MatchingProblem, solve; "
        "assert not [name for name in sys.modules if name.startswith('ortools')]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_prices_cannot_be_changed():
    plan = solve(draw_town(20, seed=2))
    with pytest.raises(ValueError, match="read-only"):
        plan.prices[0] = 1
    assert isinstance(plan.prices, np.ndarray)
