"""A search's clock: stands still while kernels are compiled, and is heard inside of them."""

import threading
import time

import numpy as np
import pytest
from numba import njit

from circles.matching import MatchingProblem
from circles.matching.engine.board import Field, build_field, build_look
from circles.matching.engine.clock import Clock, watched
from circles.matching.engine.compiling_kernel import compiling_seconds
from circles.matching.engine.enumeration import Budget, walk_parts
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.steps import acquainted_steps


def test_compiling_takes_none_of_a_searchs_time() -> None:
    @njit
    def kernel(numbers):
        total = 0.0
        for number in np.sort(numbers):
            total += number**2
        return total

    clock, before, began = Clock(1_000.0), compiling_seconds(), time.monotonic()
    kernel(np.arange(3.0))
    compiled, passed = compiling_seconds() - before, time.monotonic() - began
    assert 0 < compiled <= passed
    assert clock.seconds < passed - 0.9 * compiled
    assert 1_000.0 - clock.left < passed - 0.9 * compiled


def test_a_clock_runs_otherwise() -> None:
    clock = Clock(0.01)
    time.sleep(0.02)
    assert clock.is_over
    assert clock.left == 0.0
    assert Clock(None).left == float("inf")


def test_a_watched_flag_rises_when_the_time_is_over_and_when_nobody_waits_any_more() -> None:
    threads = threading.active_count()
    with watched(Clock(0.02)) as flag:
        time.sleep(0.2)
        assert flag[0]
    with watched(Clock(1_000.0)) as flag:
        assert not flag[0]
    assert flag[0]
    with watched(Clock(None)) as flag:
        assert not flag[0]
    assert flag[0]
    assert threading.active_count() == threads


@pytest.mark.parametrize("workers", [1, 2])
def test_a_walk_through_too_many_sets_ends_with_the_clock_and_covers_what_is_left(workers: int) -> None:
    """Sixty members who all know each other make 3 · 10⁹ sets of up to eight; with no more to look at, days."""
    field = know_each_other(60)
    look = build_look(field, np.zeros(60, dtype=np.int64))
    budget = Budget(visits=10**12, keep=10, part_visits=10**12)
    clock, began = Clock(0.5), time.monotonic()
    walked = list(walk_parts(field.board, look, budget=budget, clock=clock, workers=workers))
    assert time.monotonic() - began < 10.0
    lift = {int(root): int(most) for part in walked for root, most in zip(part.roots, part.lift, strict=True)}
    assert len(lift) == 60
    circle = look.order[-8:].tolist()  # nobody had the time to look at these
    pairs = np.isin(field.board.near_to, circle) & np.isin(np.arange(60).repeat(59), circle)
    assert lift[circle[0]] >= 8 * 7 - 1 + int(field.board.near_extra[pairs].sum()) // 2


def know_each_other(n: int) -> Field:
    first, second = np.triu_indices(n, 1)
    problem = MatchingProblem(
        value=np.full(n, 7),
        pair_first=first,
        pair_second=second,
        pair_value=np.random.default_rng(1).integers(0, 9, len(first)),
        pair_acquainted=np.ones(len(first), dtype=np.bool_),
        size_charge={8: 1},
    )
    return build_field(problem, acquainted_steps(problem), scale=1, piece_charge=no_pieces(8))
