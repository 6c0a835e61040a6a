"""The engine against brute force: a thousand small problems, both modes, every rule, scores of both signs."""

from __future__ import annotations

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from matching_problems import BruteForce, draw_small_problem, solve_by_brute_force

from circles.matching import MatchingProblem, Plan, PlanStatus, solve, verify_bound
from circles.matching.admissible import is_admissible
from circles.matching.engine.board import best_unlisted, build_field, build_look
from circles.matching.engine.certificate import start_prices
from circles.matching.engine.clock import Clock
from circles.matching.engine.columns import generate_columns
from circles.matching.engine.enumeration import Budget, walk_all
from circles.matching.engine.improve import Drive
from circles.matching.engine.incumbent import Incumbent
from circles.matching.engine.ledger import open_ledger
from circles.matching.engine.mix import mix_strangers
from circles.matching.engine.pieces import no_pieces, price_pieces, share_charge
from circles.matching.engine.steps import acquainted_steps, fitting_steps, listed_steps
from circles.matching.rows import build_rows
from circles.matching.verify.rulebook import Rulebook
from circles.matching.worth import circle_worth

PROBLEMS, BATCHES, QUICK = 1_000, 10, 20


def draw_problems(batch: int) -> list[MatchingProblem]:
    random = np.random.default_rng([2007, batch])
    return [draw_small_problem(random) for _ in range(PROBLEMS // BATCHES)]


def assert_prices_hold(prices: np.ndarray, scale: int, truth: BruteForce) -> None:
    assert (prices >= 0).all()
    for circle, worth in truth.circles.items():
        assert worth * scale <= prices[list(circle)].sum()


def assert_plan_is_right(problem: MatchingProblem, plan: Plan, truth: BruteForce) -> None:
    members = [i for circle in plan.circles for i in circle]
    assert len(members) == len(set(members))
    assert plan.value == sum(truth.circles[circle] for circle in plan.circles)
    assert plan.value <= truth.best <= plan.upper_bound <= plan.prices.sum() // plan.price_scale
    assert (plan.status is PlanStatus.INFEASIBLE) == (not truth.circles)
    assert (plan.status is PlanStatus.OPTIMAL) == (plan.value == plan.upper_bound and bool(truth.circles))
    assert_prices_hold(plan.prices, plan.price_scale, truth)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_plans_of_small_problems_are_optimal_and_proved(batch, random_problems):
    """``--random-problems 100`` looks at all thousand."""
    for at, problem in enumerate(draw_problems(batch)[: random_problems or QUICK]):
        truth = solve_by_brute_force(problem)
        plan = solve(problem, gap=0.0 if at % 2 else 0.05, workers=1)
        assert_plan_is_right(problem, plan, truth)
        if at % 2 and truth.circles:
            assert plan.status is PlanStatus.OPTIMAL
            assert plan.value == truth.best
        assert verify_bound(problem, plan).status == "proved"


def test_worth_and_rules_are_read_alike_by_the_engine_and_the_verifier():
    for problem in draw_problems(8)[:40]:
        truth, book = solve_by_brute_force(problem), Rulebook(problem, time_limit=None)
        for size in problem.sizes:
            for circle in combinations(range(problem.members), size):
                assert is_admissible(problem, circle) == book.allows(circle) == (circle in truth.circles)
        for circle, worth in truth.circles.items():
            assert circle_worth(problem, circle) == book.worth(circle) == worth


def test_walks_meet_every_circle_above_the_threshold_once():
    random = np.random.default_rng(11)
    met = 0
    for problem in draw_problems(0):
        truth, scale, prices = solve_by_brute_force(problem), 4, random.integers(0, 60, problem.members)
        threshold = int(random.integers(-80, 60))
        steps = acquainted_steps(problem) if problem.connected else fitting_steps(problem, most=10_000)
        field = build_field(problem, steps, scale=scale, piece_charge=no_pieces(problem.sizes[-1]))
        walked = walk_all(field.board, build_look(field, prices), budget=Budget(threshold=threshold))
        found = {
            tuple(i for i in row if i >= 0): excess
            for row, excess in zip(walked.sets.tolist(), walked.excess.tolist(), strict=True)
        }
        excess = {circle: worth * scale - prices[list(circle)].sum() for circle, worth in truth.circles.items()}
        assert len(found) == len(walked.sets)
        assert found == {circle: over for circle, over in excess.items() if over > threshold}
        met += len(found)
    assert met > 150


def test_a_walk_cut_short_lifts_its_roots_enough():
    random = np.random.default_rng(12)
    cut = 0
    for problem in draw_problems(2):
        truth, prices = solve_by_brute_force(problem), random.integers(0, 20, problem.members) * 8
        steps = acquainted_steps(problem) if problem.connected else fitting_steps(problem, most=10_000)
        field = build_field(problem, steps, scale=8, piece_charge=no_pieces(problem.sizes[-1]))
        look = build_look(field, prices)
        budget = Budget(visits=int(random.integers(0, 4)), keep=int(random.integers(1, 3)))
        walked = walk_all(field.board, look, budget=budget)
        found = {tuple(i for i in row if i >= 0) for row in walked.sets.tolist()}
        for circle, worth in truth.circles.items():
            excess = worth * 8 - prices[list(circle)].sum()
            if excess > 0 and circle not in found:
                root = min(circle, key=lambda i: look.rank[i])
                assert excess <= walked.lift[walked.roots.tolist().index(root)]
                cut += 1
    assert cut > 20


def test_the_first_prices_are_valid_in_every_mode():
    for problem in draw_problems(4):
        steps = acquainted_steps(problem) if problem.connected else listed_steps(problem)
        field = build_field(problem, steps, scale=1024, piece_charge=no_pieces(problem.sizes[-1]))
        assert_prices_hold(start_prices(field), 1024, solve_by_brute_force(problem))


@pytest.mark.parametrize("batch", [5, 6])
def test_prices_of_pieces_bound_every_circle_with_strangers(batch):
    random = np.random.default_rng(13)
    for problem in draw_problems(batch):
        if problem.connected or problem.members == 0:
            continue
        truth, largest = solve_by_brute_force(problem), problem.sizes[-1]
        charge = price_pieces(
            problem.size_charge, best_unlisted(problem), weight=random.random(largest) + 0.01, scale=64
        )
        field = build_field(problem, listed_steps(problem), scale=64, piece_charge=charge)
        incumbent = Incumbent(
            np.zeros(problem.members, dtype=np.int64),
            start_prices(field),
            scale=64,
            largest=largest,
            fixed_value=0,
            ledger=open_ledger(build_rows(problem)),
            enough=None,
            clock=Clock(None),
            observer=None,
        )
        drive = Drive(seed=1, gap=0.0, clock=Clock(None), workers=1)
        everyone = np.ones(problem.members, dtype=np.bool_)
        columns = generate_columns(problem, field, incumbent=incumbent, drive=drive, among=everyone)
        assert_prices_hold(incumbent.prices, 64, truth)
        for circle, worth in zip(
            columns.circles.circles(np.arange(len(columns.circles))), columns.circles.worth.tolist(), strict=True
        ):
            assert truth.circles[circle] * 64 == worth
        mix_strangers(problem, incumbent, drive)
        assert incumbent.value == max(0, truth.best)


def test_charges_of_pieces_never_exceed_what_a_circle_is_charged():
    charge = price_pieces({3: 60, 5: 90}, -12, weight=np.array([0, 1.0, 1.0, 0.1, 0.1]), scale=1024)
    shared = share_charge({3: 60, 5: 90}, -12, scale=1024)
    for parts, size in (((1, 1, 1), 3), ((2, 1), 3), ((1,) * 5, 5), ((2, 2, 1), 5), ((3, 2), 5), ((4, 1), 5)):
        across = (size**2 - sum(part**2 for part in parts)) // 2
        limit = ({3: 60, 5: 90}[size] + 12 * across) * 1024
        assert sum(int(charge[part]) for part in parts) <= limit
        assert sum(shared[part - 1] for part in parts) <= limit


def test_a_falsified_certificate_is_refused():
    refused = 0
    for problem in draw_problems(7):
        truth = solve_by_brute_force(problem)
        if truth.best == 0:
            continue
        plan = solve(problem, gap=0.0, workers=1)
        false_bound = dataclasses.replace(plan, upper_bound=plan.upper_bound - 1)
        assert verify_bound(problem, false_bound).status == "violated"
        free = dataclasses.replace(plan, prices=np.zeros_like(plan.prices))
        check = verify_bound(problem, free)
        assert check.status == "violated"
        assert truth.circles[check.circle] > 0
        assert verify_bound(problem, dataclasses.replace(plan, value=plan.value + 1)).status == "violated"
        nothing = dataclasses.replace(plan, circles=(), value=0, upper_bound=truth.best - 1, proof="enumeration")
        if truth.best > 1:
            assert verify_bound(problem, nothing).status == "violated"
        refused += 1
    assert refused > 10
