"""The engine beyond pairs against brute force: groups, limits across circles, pins, changes, joint loss, all at once.

``pytest tests/matching/test_beyond.py --random-problems 1000`` is the long campaign.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from beyond_problems import (
    cost_of,
    draw_beyond_problem,
    keeps_limits,
    shown_bound,
    solve_plainly,
)
from matching_problems import draw_town

from circles.matching import JointLoss, MatchingProblem, PlanStatus, Proof, solve, verify_bound
from circles.matching.engine import collect, search
from circles.matching.worth import circle_worth

QUICK = 24


def assert_right(problem: MatchingProblem, *, is_exact: bool) -> str:
    """Solve one problem and judge everything about the plan; give its status."""
    truth = solve_plainly(problem)
    plan = solve(problem, gap=0.0, workers=1)
    assert verify_bound(problem, plan).status == "proved"
    if truth.best is None or not truth.circles:
        assert plan.status is PlanStatus.INFEASIBLE
        assert (plan.circles, plan.value) == ((), truth.fixed)
        assert bool(plan.reason) == (truth.best is None)
        return "INFEASIBLE"
    for circle, worth in truth.circles.items():
        assert worth * plan.price_scale <= cost_of(problem, plan, plan.prices, circle)
    placed = [i for circle in plan.circles for i in circle]
    assert len(placed) == len(set(placed))
    assert keeps_limits(problem, sum(1 << i for i in placed))
    assert plan.value == truth.fixed + sum(truth.circles[circle] for circle in plan.circles)
    assert plan.value <= truth.best <= plan.upper_bound <= shown_bound(problem, plan)
    assert (plan.status is PlanStatus.OPTIMAL) == (plan.value == plan.upper_bound)
    assert plan.status is PlanStatus.OPTIMAL or not is_exact
    return str(plan.status)


@pytest.mark.parametrize("batch", range(2))
def test_random_problems_are_solved_and_proved(batch, random_problems):
    count = (random_problems or QUICK) // 2
    random = np.random.default_rng([2008, batch])
    seen = [assert_right(draw_beyond_problem(random, most=9 if at % 3 else 14), is_exact=True) for at in range(count)]
    assert seen.count("OPTIMAL") > count // 3


def test_problems_too_large_to_collect_still_have_right_bounds(monkeypatch):
    monkeypatch.setattr(collect, "MOST_COLUMNS", 3)
    random = np.random.default_rng(4)
    for _ in range(12):
        assert_right(draw_beyond_problem(random, most=9), is_exact=False)


def test_relabelling_members_keeps_the_value():
    random = np.random.default_rng(6)
    for _ in range(8):
        problem = draw_beyond_problem(random, most=8)
        place = random.permutation(problem.members)  # member i becomes place[i]
        assert solve(relabel(problem, place), gap=0.0).value == solve(problem, gap=0.0).value


def relabel(problem: MatchingProblem, place: np.ndarray) -> MatchingProblem:
    back, loss = np.argsort(place), problem.joint_loss
    moved = {
        name: tuple(tuple(place[list(g)]) for g in getattr(problem, name))
        for name in ("together", "pinned", "previous")
    }
    names = ("value", "labels", "loan", "resources", "cap_label")
    pairs = ("pair_first", "pair_second", "forbidden_first", "forbidden_second")
    return dataclasses.replace(
        problem,
        **{name: getattr(problem, name)[back] for name in names},
        **{name: place[getattr(problem, name)] for name in pairs},
        **moved,
        joint_loss=None if loss is None else loss.pick(back),
    )


def test_old_prices_still_verify_after_a_rule_is_added():
    problem = draw_town(80, seed=3)
    plan = solve(problem, gap=0.0)
    bare = dataclasses.replace(plan, circles=(), value=0, proof=Proof.PRICES, status=PlanStatus.STOPPED)
    bare = dataclasses.replace(bare, upper_bound=shown_bound(problem, plan))
    for rule in ({"coverage": 1.0}, {"amount_ratio": 2}, {"together": [(0, 1)]}, {"max_circle_loan": 200}):
        assert verify_bound(dataclasses.replace(problem, **rule), bare).status == "proved"


def test_members_who_belong_together_are_placed_together_or_not_at_all():
    """0 and 4 do not know each other and join two chains; apart, the best plan would leave 4 out."""
    problem = MatchingProblem(
        value=[10, 10, 10, 10, 1], pair_first=[0, 1, 2], pair_second=[1, 2, 3], pair_value=[5, 5, 5],
        pair_acquainted=[True, True, True], stranger_value=-3, size_charge={3: 0}, together=[(4, 0)],
    )  # fmt: skip
    plan = solve(problem, gap=0.0)
    assert plan.circles == ((1, 2, 3),)
    rich = dataclasses.replace(problem, value=[10, 10, 1, 1, 30])
    assert solve(rich, gap=0.0).circles == ((0, 1, 4),)


def test_a_cap_across_circles_is_kept_and_priced():
    problem = draw_town(120, seed=5)
    open_plan = solve(problem, gap=0.0)
    placed = [i for circle in open_plan.circles for i in circle]
    label = problem.labels[:, 0] % 2
    lent = int(problem.loan[placed][label[placed] == 0].sum())
    capped = dataclasses.replace(problem, cap_label=np.where(label == 0, 0, -1), cap_limit=[lent // 2])
    plan = solve(capped, gap=0.02, time_limit=30.0)
    new = [i for circle in plan.circles for i in circle]
    assert problem.loan[new][label[new] == 0].sum() <= lent // 2
    assert plan.row_prices[0] > 0
    assert plan.gap <= 0.02
    assert plan.upper_bound == shown_bound(capped, plan) or plan.proof is Proof.ENUMERATION
    assert verify_bound(capped, plan).status == "proved"


def test_loans_of_pinned_circles_are_off_the_cap():
    problem = MatchingProblem(
        value=[5] * 6, size_charge={3: 0}, connected=False, loan=[1] * 6, cap_label=[0] * 6, cap_limit=[5],
        pinned=[(0, 1, 2)],
    )  # fmt: skip
    assert solve(problem).circles == ()
    assert solve(dataclasses.replace(problem, cap_limit=[6])).circles == ((3, 4, 5),)


def test_placing_more_costs_score_and_what_cannot_be_placed_is_said():
    problem = MatchingProblem(value=[9, 9, 9, 1, 1], size_charge={3: 0, 5: 20}, connected=False, stranger_value=-1)
    assert (solve(problem).circles, solve(problem).value) == (((0, 1, 2),), 24)
    plan = solve(dataclasses.replace(problem, place_at_least=4))
    assert (plan.circles, plan.value, plan.upper_bound) == (((0, 1, 2, 3, 4),), -1, -1)
    never = dataclasses.replace(problem, size_charge={3: 0}, place_at_least=4)
    plan = solve(never)
    assert plan.status is PlanStatus.INFEASIBLE
    assert plan.reason == "at most 3 members can be placed, not 4"
    assert verify_bound(never, plan).status == "proved"
    both = dataclasses.replace(never, loan=[1] * 5, lend_at_least=2)  # that could be lent
    assert solve(both).reason == plan.reason
    assert verify_bound(both, solve(both)).status == "proved"


def test_an_earlier_plan_is_kept_unless_a_change_is_worth_its_charge():
    problem = draw_town(90, seed=6)
    before = solve(problem, gap=0.0)
    changed = dataclasses.replace(problem, value=problem.value + np.arange(90) % 3, previous=before.circles)
    kept = []
    for charge in (0, 40, 10_000):
        charged = dataclasses.replace(changed, change_charge=charge)
        plan = solve(charged, gap=0.0)
        assert plan.value == sum(circle_worth(charged, circle) for circle in plan.circles)
        assert verify_bound(charged, plan).status == "proved"
        kept.append(len(set(plan.circles) & set(before.circles)))
    assert kept == sorted(kept)
    assert kept[-1] == len(plan.circles)


def test_joint_loss_is_charged_and_proved_on_a_town():
    problem = draw_town(100, seed=7)
    random = np.random.default_rng(1)
    loss = JointLoss(
        default_probability=random.uniform(0.01, 0.2, 100), exposure=problem.loan, correlation=0.2, weight=2.0
    )
    charged = dataclasses.replace(problem, joint_loss=loss)
    plan, free = solve(charged, gap=0.0), solve(problem, gap=0.0)
    assert plan.status is PlanStatus.OPTIMAL
    assert sum(circle_worth(charged, circle) for circle in free.circles) <= plan.value < free.value
    assert verify_bound(charged, plan).status == "proved"


def test_common_shocks_are_charged_more_than_independent_ones():
    n, worths = 4, []
    for correlation in (0.0, 0.3):
        loss = JointLoss(default_probability=[0.05] * n, exposure=[100] * n, correlation=correlation, weight=1_000.0)
        problem = MatchingProblem(
            value=[0] * n, size_charge={4: 0}, resources=[120] * n, connected=False, joint_loss=loss
        )
        worths.append(circle_worth(problem, range(n)))
    assert worths[1] < 1.3 * worths[0] < 0


def test_a_plan_within_limits_is_the_same_for_any_number_of_workers():
    problem = draw_town(120, seed=8)
    capped = dataclasses.replace(problem, cap_label=problem.labels[:, 0] % 3, cap_limit=[900, 700, 800])
    plans = [solve(capped, gap=0.01, workers=workers) for workers in (1, 2)]
    assert plans[0].circles == plans[1].circles
    assert np.array_equal(plans[0].prices, plans[1].prices)
    assert np.array_equal(plans[0].row_prices, plans[1].row_prices)


def test_where_too_few_were_placed_in_time_the_bound_still_holds():
    problem = draw_town(300, seed=3)
    best = solve(problem)
    hurried = solve(dataclasses.replace(problem, place_at_least=best.placed), time_limit=1e-6)
    assert hurried.status is PlanStatus.TIME_LIMIT
    assert hurried.circles == ()
    assert hurried.upper_bound >= best.value
    assert hurried.upper_bound == int(hurried.prices.sum()) // hurried.price_scale
    assert "no plan was found" in hurried.reason


def test_the_bound_told_never_rises_and_is_the_plans():
    """Prices of limits begin anew with prices of members about twice as high as needed."""
    problem = draw_town(80, seed=8)
    capped = dataclasses.replace(problem, cap_label=problem.labels[:, 0] % 3, cap_limit=[9_000, 700, 800])
    for time_limit in (None, 1e-6):
        told: list[int] = []
        plan = solve(capped, time_limit=time_limit, observer=lambda *now, told=told: told.append(now[2]))
        assert told == sorted(told, reverse=True)
        assert told[-1] == plan.upper_bound
        assert plan.upper_bound == shown_bound(capped, plan)


def test_nobody_can_be_covered_among_strangers_too_many_to_look_at():
    for resources in ([1] * 200, [100, 100, *[1] * 198]):  # two could cover each other; a circle has three
        problem = MatchingProblem(
            value=[5] * 200, size_charge={3: 0}, connected=False, loan=[102] * 200, resources=resources, coverage=1
        )
        plan = solve(problem)
        assert (plan.status, plan.circles, plan.reason) == (PlanStatus.INFEASIBLE, (), "")


@pytest.mark.parametrize("resources", [1, 100])
def test_problems_forced_into_pieces_say_whether_there_is_a_circle(resources: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(search, "MOST_FITTING", -1)
    monkeypatch.setattr(search, "FITTING_DEGREE", -1)
    problem = MatchingProblem(
        value=[-5] * 6, size_charge={3: 0}, connected=False,
        loan=[101] * 6, resources=[100, *[resources] * 5], coverage=1,
    )  # fmt: skip
    plan = solve(problem)
    assert plan.status is (PlanStatus.INFEASIBLE if resources == 1 else PlanStatus.OPTIMAL)
    assert (plan.circles, plan.value, plan.upper_bound) == ((), 0, 0)
    assert verify_bound(problem, plan).status == "proved"
