"""The verifier against brute force: certificates at random and the engine's own, and what is wrong with them.

``pytest tests/matching/test_verify.py --random-problems 1000`` is the long campaign.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from itertools import combinations
from math import prod
from statistics import NormalDist

import numpy as np
import pytest
from beyond_problems import (
    BeyondRules,
    cost_of,
    draw_beyond_problem,
    draw_certificate,
    is_true,
    keeps_limits,
    shown_bound,
    solve_plainly,
    spoil,
)
from matching_problems import draw_town
from scipy.integrate import quad

from circles.matching import JointLoss, MatchingProblem, Plan, PlanStatus, Proof, solve, verify_bound
from circles.matching.admissible import is_admissible
from circles.matching.verify import bound as bound_module
from circles.matching.verify.rulebook import Rulebook
from circles.matching.worth import circle_worth
from circles.settlement import Loans, Obligations, Pools, Receivables, Terms, settle_waterfall


def draw_cases(seed: int, count: int):
    random = np.random.default_rng([2009, seed])
    for _ in range(count):
        problem = draw_beyond_problem(random, most=8)
        truth = solve_plainly(problem)
        yield problem, truth, draw_certificate(problem, truth, random), random


def test_rules_and_worth_are_read_alike_by_engine_verifier_and_brute_force():
    losses = 0
    for problem, truth, _, _ in draw_cases(1, 40):
        book, pinned = Rulebook(problem, time_limit=None), {i for pin in problem.pinned for i in pin}
        assert book.fixed_value == truth.fixed
        for size in problem.sizes:
            for circle in combinations([i for i in range(problem.members) if i not in pinned], size):
                assert is_admissible(problem, circle) == book.allows(circle) == (circle in truth.circles)
        for circle, worth in truth.circles.items():
            assert circle_worth(problem, circle) == book.worth(circle) == worth
        losses += sum(BeyondRules(problem).joint_loss(circle) > 0 for circle in truth.circles)
    assert losses > 10


@pytest.mark.parametrize("pieces", [False, True])
def test_certificates_are_proved_or_refuted_with_a_circle(pieces, monkeypatch):
    if pieces:  # judge strangers by pieces where that is enough
        monkeypatch.setattr(bound_module, "FEW_MEMBERS", 0)
        monkeypatch.setattr(bound_module, "FEW_MEETINGS", 0)
    proved = refuted = 0
    for problem, truth, plan, random in draw_cases(2 + pieces, 60):
        if not keeps_limits(problem, 0):
            continue  # the empty plan is none
        prices = plan.prices - random.integers(0, 2 * plan.price_scale, problem.members) * (random.random() < 0.5)
        plan = dataclasses.replace(plan, prices=np.maximum(0, prices), upper_bound=10**6)
        over = [c for c, w in truth.circles.items() if w * plan.price_scale > cost_of(problem, plan, plan.prices, c)]
        check = verify_bound(problem, plan)
        assert check.status == ("violated" if over else "proved"), check
        assert check.circle in over if over else check.circle is None
        proved, refuted = proved + (not over), refuted + bool(over)
    assert proved >= 15
    assert refuted >= 5


def test_a_bound_below_the_certificate_is_refused_or_searched_for():
    better = exact = 0
    for problem, truth, plan, _ in draw_cases(4, 60):
        if not keeps_limits(problem, 0) or truth.best is None:
            continue
        assert truth.best <= plan.upper_bound
        lower = dataclasses.replace(plan, upper_bound=shown_bound(problem, plan) - 1)
        if lower.upper_bound >= lower.value:
            assert verify_bound(problem, lower).status == "violated"
        closed = dataclasses.replace(plan, upper_bound=truth.best, proof=Proof.ENUMERATION)
        assert verify_bound(problem, closed).status == "proved"
        exact += truth.best < plan.upper_bound
        if truth.best > truth.fixed:
            closed = dataclasses.replace(closed, upper_bound=truth.best - 1)
            assert verify_bound(problem, closed).status == "violated"
            better += 1
    assert better > 10
    assert exact > 10


@pytest.mark.parametrize("batch", range(2))
def test_true_plans_are_proved_and_spoiled_ones_judged_as_brute_force_does(batch, random_problems, record_property):
    random, counts = np.random.default_rng([2010, batch]), Counter()
    for at in range((random_problems or 24) // 2):
        problem = draw_beyond_problem(random, most=9 if at % 5 else 12)
        truth, plan = solve_plainly(problem), solve(problem, gap=float(random.choice([0.0, 0.05, 0.5])), workers=1)
        assert is_true(problem, truth, plan)
        assert verify_bound(problem, plan).status == "proved"
        counts["true plan", "proved"] += 1
        for what, spoiled in spoil(problem, truth, plan, random).items():
            check = verify_bound(problem, spoiled)
            assert check.status == ("proved" if is_true(problem, truth, spoiled) else "violated"), (what, check)
            counts[what, str(check.status)] += 1
    for (what, status), count in counts.items():
        record_property(f"{what}: {status}", count)
    assert sum(count for (_, status), count in counts.items() if status == "violated") > 3 * counts.total() // 8


def test_what_must_be_placed_and_cannot_be_is_proved():
    found = {True: 0, False: 0}
    for problem, truth, plan, _ in draw_cases(5, 120):
        if keeps_limits(problem, 0) or not truth.circles:
            continue
        count = len(problem.cap_limit)
        rows = [0] * count + [plan.price_scale * plan.row_scale] * (len(plan.row_prices) - count)
        plan = dataclasses.replace(
            plan,
            status=PlanStatus.INFEASIBLE,
            row_prices=np.array(rows),
            cuts=(),
            cut_prices=np.zeros(0, dtype=np.int64),
        )
        generous = np.full(problem.members, int(problem.loan.max() + 1) * plan.price_scale)
        check = verify_bound(problem, dataclasses.replace(plan, prices=generous))
        assert check.status == ("proved" if truth.best is None else "violated"), check
        found[truth.best is None] += 1
    assert min(found.values()) >= 3


def test_a_malformed_certificate_is_refused():
    problem = MatchingProblem(value=[5, 5, 5], size_charge={2: 0}, connected=False)
    plan = solve(problem)
    for wrong in (
        {"prices": plan.prices[:2]},
        {"prices": plan.prices - 10**6},
        {"row_prices": np.array([1])},
        {"cuts": ((0, 1, 2),)},
        {"cuts": ((0, 1, 7),), "cut_prices": np.array([1])},
        {"cuts": ((0, 1),), "cut_prices": np.array([1])},
    ):
        assert verify_bound(problem, dataclasses.replace(plan, **wrong)).status == "violated"


def test_cuts_pay_for_odd_rings():
    """Three members, circles of two worth 2 each: the best plan is 2, and without the cut prices prove 3."""
    problem = MatchingProblem(value=[1, 1, 1], size_charge={2: 0}, connected=False)
    plan = solve(problem)
    cut = Plan(
        circles=plan.circles, value=2, upper_bound=2, prices=np.zeros(3, dtype=np.int64), price_scale=1,
        proof=Proof.PRICES, status=PlanStatus.OPTIMAL, cuts=((0, 1, 2),), cut_prices=np.array([2]),
    )  # fmt: skip
    assert verify_bound(problem, cut).status == "proved"
    assert verify_bound(problem, dataclasses.replace(cut, cut_prices=np.array([1]))).status == "violated"


def one_pool(exposure: np.ndarray, resources: np.ndarray) -> Obligations:
    """One circle: every member borrows, and all guarantee all without cap."""
    n, none, nobody = len(exposure), np.zeros(0), np.zeros(0, dtype=np.int32)
    each, start, where = np.arange(n, dtype=np.int32), np.arange(n + 1), np.zeros(n, dtype=np.int32)
    amount = exposure.astype(np.float64)
    return Obligations(
        members=np.array([f"M{i}" for i in range(n)]),
        rows=np.arange(n),
        resources=resources.astype(np.float64),
        recovery=np.full(n, np.nan),
        loans=Loans(ids=np.array([f"L{i}" for i in range(n)]), borrower=each, exposure=amount, pool=where, start=start),
        pools=Pools(
            ids=np.array(["circle:C"]), deposit=np.zeros(1), start=np.array([0, n]), pool=where, member=each,
            cap=np.full(n, np.inf), own_loan=amount, member_start=start, member_entry=each,
        ),
        receivables=Receivables(
            buyer_start=np.zeros(n + 1, dtype=np.int64), supplier=nobody, supplier_amount=none,
            supplier_start=np.zeros(n + 1, dtype=np.int64), buyer=nobody, buyer_amount=none,
        ),
    )  # fmt: skip


def test_a_joint_loss_is_what_settlement_says():
    random = np.random.default_rng(3)
    for _ in range(30):
        size = int(random.integers(2, 7))
        exposure, resources = random.integers(0, 50, size), random.integers(0, 60, size)
        loss = JointLoss(default_probability=[0.5] * size, exposure=exposure, correlation=0.0, weight=1.0)
        problem = MatchingProblem(value=[0] * size, size_charge={size: 0}, resources=resources, joint_loss=loss)
        first = np.flatnonzero(random.random(size) < 0.5)
        settled = settle_waterfall(one_pool(exposure, resources), first, Terms())
        plain = BeyondRules(problem).settle(tuple(range(size)), set(first.tolist()))
        assert float(plain) == pytest.approx(settled.bank_loss, abs=1e-6)


@pytest.mark.parametrize("correlation", [0.0, 0.15, 0.4])
def test_a_joint_loss_is_the_integral_over_the_common_factor(correlation):
    """16 nodes against adaptive quadrature of the loss given the factor, every default set settled in fractions."""
    random = np.random.default_rng(4)
    for _ in range(3):
        size = int(random.integers(2, 6))
        chance, exposure = random.uniform(0.01, 0.3, size), random.integers(10, 50, size)
        resources, weight = random.integers(0, 60, size), 10_000.0
        loss = JointLoss(default_probability=chance, exposure=exposure, correlation=correlation, weight=weight)
        problem = MatchingProblem(value=[0] * size, size_charge={size: 0}, resources=resources, joint_loss=loss)
        expected = weight * expect_loss(problem, tuple(range(size)))
        assert -circle_worth(problem, range(size)) == pytest.approx(expected, rel=2e-3, abs=1.0)
        assert Rulebook(problem, time_limit=None).worth(range(size)) == circle_worth(problem, range(size))


def expect_loss(problem: MatchingProblem, circle: tuple[int, ...]) -> float:
    loss, rules, normal = problem.joint_loss, BeyondRules(problem), NormalDist()
    sets = [first for size in range(1, len(circle) + 1) for first in combinations(circle, size)]
    lost = {first: float(rules.settle(circle, set(first))) for first in sets}
    limit = [normal.inv_cdf(chance) for chance in loss.default_probability]
    share = loss.correlation

    def weighed(factor: float) -> float:
        falls = [normal.cdf((each - share**0.5 * factor) / (1 - share) ** 0.5) for each in limit]
        chances = [prod(falls[i] if i in first else 1 - falls[i] for i in circle) for first in sets]
        return normal.pdf(factor) * sum(chance * lost[first] for chance, first in zip(chances, sets, strict=True))

    return quad(weighed, -9, 9, epsabs=1e-10, epsrel=1e-10, limit=200)[0]


def test_fifteen_hundred_members_are_verified_in_seconds():
    problem = draw_town(1500, seed=4, degree=8.0)
    plan = solve(problem, gap=0.02, time_limit=20.0)
    assert verify_bound(problem, plan, time_limit=60.0).status == "proved"
