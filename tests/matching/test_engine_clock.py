"""A search's clock: stands still while kernels are compiled."""

import time

import numpy as np
from numba import njit

from circles.matching.engine.clock import Clock
from circles.matching.engine.compiling_kernel import compiling_seconds


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
