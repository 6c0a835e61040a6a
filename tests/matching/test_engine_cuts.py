"""Cuts on triples: found where a relaxed plan needs them, valid against every circle, and worth their price."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from matching_problems import draw_small_problem, solve_by_brute_force

from circles.matching import MatchingProblem
from circles.matching.engine.board import build_field
from circles.matching.engine.certificate import start_prices
from circles.matching.engine.clock import Clock
from circles.matching.engine.columns import walk_once
from circles.matching.engine.cuts import Cuts, find_hits, join_cuts, no_cuts, separate_cuts
from circles.matching.engine.cutting import cut_bound
from circles.matching.engine.improve import Drive
from circles.matching.engine.incumbent import Incumbent
from circles.matching.engine.ledger import open_ledger
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.pool import Pool, empty_pool
from circles.matching.engine.steps import acquainted_steps, fitting_steps
from circles.matching.engine.tighten import tighten_prices
from circles.matching.rows import build_rows

SCALE = 64


def cut_everywhere(problem: MatchingProblem) -> Incumbent:
    """Collect every circle worth something, then look for cuts and price them."""
    steps = acquainted_steps(problem) if problem.connected else fitting_steps(problem, most=10_000)
    field = build_field(problem, steps, scale=SCALE, piece_charge=no_pieces(problem.sizes[-1]))
    nothing, everybody = np.zeros(problem.members, dtype=np.int64), np.ones(problem.members, dtype=np.bool_)
    incumbent = Incumbent(
        nothing,
        start_prices(field),
        scale=SCALE,
        largest=problem.sizes[-1],
        fixed_value=0,
        ledger=open_ledger(build_rows(problem)),
        enough=None,
        clock=Clock(None),
        observer=None,
    )
    drive = Drive(seed=1, gap=0.0, clock=Clock(None), workers=1)
    pool = walk_once(problem, field, nothing, drive=drive, among=everybody).found.circles
    tighten_prices(pool, incumbent, complete=np.ones(1, dtype=np.bool_), clock=Clock(None))
    cut_bound(problem, field, pool, incumbent=incumbent, drive=drive, among=everybody)
    return incumbent


def paid(incumbent: Incumbent, circle: tuple[int, ...]) -> int:
    cuts = zip(incumbent.cuts.triples.tolist(), incumbent.cuts.prices.tolist(), strict=True)
    shared = sum(price * (len(set(triple) & set(circle)) // 2) for triple, price in cuts)
    return int(incumbent.prices[list(circle)].sum()) + shared


def test_one_cut_proves_what_prices_of_members_cannot():
    first, second = np.array(list(combinations(range(3), 2))).T
    problem = MatchingProblem(
        value=[5, 5, 5],
        pair_first=first,
        pair_second=second,
        pair_value=[10, 10, 10],
        pair_acquainted=[True] * 3,
        size_charge={2: 0},
    )
    incumbent = cut_everywhere(problem)
    assert incumbent.cuts.triples.tolist() == [[0, 1, 2]]
    assert 20 <= incumbent.bound < 28  # without the cut 3 · 10 = 30
    assert all(paid(incumbent, pair) >= 20 * SCALE for pair in combinations(range(3), 2))


def test_cuts_of_small_problems_bound_every_circle():
    random, lowered = np.random.default_rng(140), 0
    for _ in range(120):
        problem = draw_small_problem(random)
        truth = solve_by_brute_force(problem)
        if not any(worth > 0 for worth in truth.circles.values()):
            continue
        incumbent = cut_everywhere(problem)
        assert (incumbent.prices >= 0).all()
        assert (incumbent.cuts.prices >= 0).all()
        assert incumbent.bound >= truth.best
        assert all(paid(incumbent, circle) >= worth * SCALE for circle, worth in truth.circles.items())
        lowered += len(incumbent.cuts) > 0
    assert lowered > 1


def test_a_triple_is_hit_by_two_or_three_of_its_members():
    random = np.random.default_rng(3)
    rows = [sorted(random.choice(9, int(random.integers(2, 6)), replace=False).tolist()) for _ in range(60)]
    members = np.array([[*row, *[-1] * (5 - len(row))] for row in rows], dtype=np.int32)
    triples = np.array(list(combinations(range(9), 3)))
    hits = find_hits(Pool(members=members, worth=np.ones(60, dtype=np.int64)), triples).toarray()
    for row, hit in zip(rows, hits, strict=True):
        assert hit.tolist() == [int(len(set(row) & set(triple)) >= 2) for triple in triples.tolist()]


def test_a_broken_triple_is_found_once():
    pool = Pool(members=np.array([[0, 1], [0, 2], [1, 2]], dtype=np.int32), worth=np.full(3, 20))
    none, shares = np.zeros((0, 3), dtype=np.int64), np.full(3, 0.5)
    found = separate_cuts(pool, shares, 3, known=none)
    assert found.tolist() == [[0, 1, 2]]
    assert len(separate_cuts(pool, shares, 3, known=found)) == 0
    assert len(separate_cuts(pool, np.array([1.0, 0.0, 0.0]), 3, known=none)) == 0


def test_no_cuts_cost_nothing():
    pool = Pool(members=np.array([[0, 1]], dtype=np.int32), worth=np.array([5]))
    cuts = Cuts(triples=np.array([[0, 1, 2]]), prices=np.array([7]))
    assert no_cuts().part(pool).tolist() == [0]
    assert cuts.part(pool).tolist() == [7]
    assert cuts.part(empty_pool(2)).tolist() == []
    assert join_cuts(no_cuts(), cuts).prices.tolist() == [7]
