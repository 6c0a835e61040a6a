"""The linear programme over a pool: the first-order method comes as near the best as it says, floors are kept."""

from __future__ import annotations

import time

import numpy as np
import pytest

from circles.matching.engine import master
from circles.matching.engine.clock import Clock
from circles.matching.engine.master import Relaxed, relax
from circles.matching.engine.pool import Pool, merge_pools

MEMBERS = 40


def draw_pool(random: np.random.Generator, circles: int) -> Pool:
    members = np.full((circles, 5), -1, dtype=np.int32)
    for row in members:
        size = int(random.integers(2, 6))
        row[:size] = np.sort(random.choice(MEMBERS, size, replace=False))
    return merge_pools([Pool(members=members, worth=random.integers(-20, 500, circles))])


def solve_both(pool: Pool, monkeypatch: pytest.MonkeyPatch, **asked: object) -> tuple[Relaxed, Relaxed]:
    exact = relax(pool, MEMBERS, clock=Clock(None), **asked)
    monkeypatch.setattr(master, "SIMPLEX_COLUMNS", 0)
    near = relax(pool, MEMBERS, clock=Clock(None), **asked)
    monkeypatch.undo()
    return exact, near


def test_the_first_order_method_comes_as_near_as_asked(monkeypatch: pytest.MonkeyPatch):
    random = np.random.default_rng(5)
    for accuracy in (1e-2, 1e-3, 1e-4) * 4:
        pool = draw_pool(random, 300)
        exact, near = solve_both(pool, monkeypatch, accuracy=accuracy)
        best = float(exact.shares @ pool.worth)
        assert near.shares @ pool.worth == pytest.approx(best, rel=4 * accuracy)
        assert near.prices.sum() == pytest.approx(best, rel=4 * accuracy)
        assert (pool.incidence(MEMBERS) @ near.shares).max() < 1 + 20 * accuracy
        assert (near.prices >= 0).all()


def test_prices_stay_above_their_floor_and_are_the_best_of_those(monkeypatch: pytest.MonkeyPatch):
    """With a floor, the prices solve the programme in which everybody may also be alone for that much."""
    random = np.random.default_rng(6)
    for _ in range(6):
        pool, floor = draw_pool(random, 200), random.integers(0, 90, MEMBERS).astype(np.float64)
        alone = np.full((MEMBERS, 5), -1, dtype=np.int32)
        alone[:, 0] = np.arange(MEMBERS)
        wider = merge_pools([pool, Pool(members=alone, worth=floor.astype(np.int64))])
        least = float(relax(wider, MEMBERS, clock=Clock(None)).prices.sum())
        for relaxed in solve_both(pool, monkeypatch, floor=floor, accuracy=1e-4):
            assert (relaxed.prices >= floor).all()
            assert relaxed.prices.sum() == pytest.approx(least, rel=1e-3)


def test_cuts_have_prices_of_their_own(monkeypatch: pytest.MonkeyPatch):
    """Three pairs of three members, worth 20 each: half of each is 30, a cut allows 20."""
    pool = Pool(members=np.array([[0, 1], [0, 2], [1, 2]], dtype=np.int32), worth=np.full(3, 20))
    for relaxed in solve_both(pool, monkeypatch, triples=np.array([[0, 1, 2], [3, 4, 5]]), accuracy=1e-5):
        assert relaxed.shares.sum() == pytest.approx(1.0, rel=1e-3)
        assert relaxed.prices.sum() + relaxed.row_prices.sum() == pytest.approx(20.0, rel=1e-3)
        assert relaxed.row_prices[1] == 0


def test_circles_that_pay_whatever_the_prices_are_cost_no_time():
    random = np.random.default_rng(7)
    pool = draw_pool(random, 200)
    relaxed = relax(pool, MEMBERS, clock=Clock(None), floor=np.full(MEMBERS, 500.0))
    assert not relaxed.shares.any()
    assert (relaxed.prices == 500).all()
    none = relax(pool.pick(np.flatnonzero(pool.worth <= 0)), MEMBERS, clock=Clock(None))
    assert not none.prices.any()


def test_the_clock_ends_the_first_order_method(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(master, "SIMPLEX_COLUMNS", 0)
    pool, began = draw_pool(np.random.default_rng(8), 2_000), time.monotonic()
    relaxed = relax(pool, MEMBERS, clock=Clock(0.05), accuracy=0.0)
    assert time.monotonic() - began < 10.0
    assert (relaxed.prices >= 0).all()
