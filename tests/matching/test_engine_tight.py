"""Walks and certificates of towns of 200 members against an enumeration that prunes nothing, at nearly tight prices.

Small problems hardly prune. ``--random-problems 100`` looks at a hundred towns.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matching_problems import draw_tight_town
from unpruned import Circles, list_all_circles

from circles.matching import MatchingProblem, Plan, solve
from circles.matching.engine.board import Field, build_field, build_look
from circles.matching.engine.clock import Clock
from circles.matching.engine.enumeration import Budget, walk_all, walk_deeper
from circles.matching.engine.ledger import Ledger, open_ledger, price_limits
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.pins import free_members
from circles.matching.engine.steps import acquainted_steps, fitting_steps
from circles.matching.rows import build_rows

if TYPE_CHECKING:
    from circles.matching.engine.enumeration_kernel import Look

QUICK = 2


def draw_with_an_earlier_plan(random: np.random.Generator) -> MatchingProblem:
    problem = draw_tight_town(random)
    if random.random() < 0.6:
        return problem
    circles, taken, previous = list_all_circles(problem), set(), []
    for row in circles.members[random.permutation(len(circles.members))[:40]].tolist():
        circle = [i for i in row if i >= 0]
        if taken.isdisjoint(circle):
            previous.append(circle)
            taken.update(circle)
    return dataclasses.replace(problem, previous=previous, change_charge=int(random.integers(1, 40)))


def paid(plan: Plan, circles: Circles, part: np.ndarray) -> np.ndarray:
    cost = circles.cost(plan.prices) + circles.cost(part)
    for cut, price in zip(plan.cuts, plan.cut_prices.tolist(), strict=True):
        cost += np.isin(circles.members, cut).sum(axis=1) // 2 * price
    return cost


def lay_out(problem: MatchingProblem, scale: int, part: np.ndarray) -> Field:
    ready = free_members(problem).problem
    steps = acquainted_steps(ready) if ready.connected else fitting_steps(ready, most=10**6)
    return build_field(ready, steps, scale=scale, piece_charge=no_pieces(ready.sizes[-1]), part=part)


def draw_ledger(problem: MatchingProblem, random: np.random.Generator, scale: int) -> Ledger:
    """Prices at random on caps and on how many must be placed; the last ones make members cheaper."""
    rows = build_rows(problem)
    prices = random.uniform(0, 30, len(rows)) * scale / np.maximum(1, np.abs(rows.amount).max(axis=1, initial=1))
    return price_limits(rows, prices, most=10**9)


def limit(problem: MatchingProblem, random: np.random.Generator) -> MatchingProblem:
    caps, n = int(random.integers(0, 3)), problem.members
    cap_label = random.integers(-1, caps, n) if caps else np.zeros(0, dtype=np.int64)
    least = {"place_at_least": n // 2} if random.random() < 0.6 else {}
    lent = {"lend_at_least": int(problem.loan.sum()) // 3} if random.random() < 0.4 else {}
    return dataclasses.replace(problem, cap_label=cap_label, cap_limit=[1_000] * caps, **least, **lent)


def compare_walk(field: Field, circles: Circles, prices: np.ndarray, threshold: int) -> int:
    """A walk to the end finds exactly the circles above the threshold, with what they exceed it by; give how many."""
    walked = walk_all(field.board, build_look(field, prices), budget=Budget(threshold=threshold))
    excess = circles.worth * field.scale - circles.cost(prices) - circles.cost(field.part)
    known = {tuple(i for i in row if i >= 0) for row in field.known.members.tolist()}
    found = {
        tuple(i for i in row if i >= 0): over
        for row, over in zip(walked.sets.tolist(), walked.excess.tolist(), strict=True)
    }
    wanted = circles.keys(excess > threshold) - known
    assert set(found) - known == wanted
    over = dict(zip(map(tuple, circles.members.tolist()), excess.tolist(), strict=True))
    width = circles.members.shape[1]
    assert all(over[(*set_, *[-1] * (width - len(set_)))] == found[set_] for set_ in wanted)
    return len(wanted)


def compare_lifts(field: Field, circles: Circles, prices: np.ndarray, random: np.random.Generator) -> int:
    """Whatever a walk cut short leaves out is covered by its root's lift; give how many circles that were."""
    look = build_look(field, prices)
    budget = Budget(visits=int(random.integers(0, 60)), keep=int(random.integers(1, 4)))
    walked = walk_all(field.board, look, budget=budget)
    lift = np.zeros(len(look.own), dtype=np.int64)
    lift[walked.roots] = walked.lift
    found = {tuple(i for i in row if i >= 0) for row in walked.sets.tolist()}
    found |= {tuple(i for i in row if i >= 0) for row in field.known.members.tolist()}
    excess = circles.worth * field.scale - circles.cost(prices) - circles.cost(field.part)
    missing = [
        row for row in np.flatnonzero(excess > 0) if tuple(circles.members[row][circles.members[row] >= 0]) not in found
    ]
    for row in missing:
        inside = circles.members[row][circles.members[row] >= 0]
        root = inside[np.argmin(look.rank[inside])]
        assert excess[row] <= lift[root]
    compare_deeper_walks(field, circles, excess, look, {int(i): int(lift[i]) for i in np.flatnonzero(lift > 0)})
    return len(missing)


def compare_deeper_walks(field: Field, circles: Circles, excess: np.ndarray, look: Look, lifts: dict[int, int]) -> None:
    """Walking again from roots never raises their lift, and finds whatever exceeds it."""
    budget = Budget(visits=100, keep=70, part_visits=2**62)
    again = walk_deeper(field.board, look, lifts, budget=budget, clock=Clock(None), workers=2)
    assert [root for root, _, _ in again] == list(lifts)
    known = {tuple(i for i in row if i >= 0) for row in field.known.members.tolist()}
    for root, lift, walks in again:
        assert lift <= lifts[root]
        found = {tuple(i for i in row if i >= 0) for walked in walks for row in walked.sets.tolist()} | known
        for row in np.flatnonzero(excess > lift) if lift < lifts[root] else ():
            inside = circles.members[row][circles.members[row] >= 0]
            if inside[np.argmin(look.rank[inside])] == root:
                assert tuple(inside.tolist()) in found


@pytest.fixture
def towns(random_problems: int) -> int:
    return random_problems or QUICK


def test_walks_at_nearly_tight_prices_miss_nothing_that_an_unpruned_enumeration_finds(towns: int):
    random, met, left_out = np.random.default_rng(2009), 0, 0
    for _ in range(towns):
        problem = draw_with_an_earlier_plan(random)
        circles, plan = list_all_circles(problem), solve(problem, gap=0.01, time_limit=20.0)
        scale, n = plan.price_scale, problem.members
        assert (circles.worth * scale <= paid(plan, circles, np.zeros(n, dtype=np.int64))).all()
        field = lay_out(problem, scale, np.zeros(n, dtype=np.int64))
        tight = np.maximum(0, plan.prices - random.integers(0, 3 * scale, n))
        met += compare_walk(field, circles, tight, threshold=int(random.integers(-10, 2)) * scale)
        left_out += compare_lifts(field, circles, tight, random)
    assert met > 5 * towns
    assert left_out > towns


def test_prices_of_limits_hide_no_circle_from_a_walk(towns: int):
    random, met, cheaper = np.random.default_rng(2010), 0, 0
    for _ in range(towns):
        free = draw_with_an_earlier_plan(random)
        problem, plan = limit(free, random), solve(free, gap=0.02, time_limit=20.0)
        circles, scale = list_all_circles(problem), plan.price_scale
        part = draw_ledger(problem, random, scale).part
        cheaper += bool((part < 0).any())
        field = lay_out(problem, scale, part)
        prices = np.maximum(0, plan.prices - part - random.integers(0, 3 * scale, problem.members))
        met += compare_walk(field, circles, prices, threshold=int(random.integers(-10, 2)) * scale)
        compare_lifts(field, circles, prices, random)
    assert met > 5 * towns
    assert cheaper > towns // 4


def test_certificates_of_towns_with_limits_pay_for_every_circle(towns: int):
    random, priced = np.random.default_rng(2011), 0
    for _ in range(towns):
        problem = limit(draw_with_an_earlier_plan(random), random)
        plan = solve(problem, gap=0.01, time_limit=10.0)
        if plan.reason:
            continue
        rows = build_rows(problem)
        part = rows.parts(plan.row_prices, plan.row_scale) if len(rows) else open_ledger(rows).part
        circles = list_all_circles(problem)
        assert (circles.worth * plan.price_scale <= paid(plan, circles, part)).all()
        total = int(plan.prices.sum() + plan.cut_prices.sum()) + rows.offset(plan.row_prices, plan.row_scale)
        assert plan.value <= plan.upper_bound <= total // plan.price_scale
        priced += bool(plan.row_prices.any())
    assert priced
