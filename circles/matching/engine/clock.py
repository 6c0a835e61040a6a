"""The time a search may take, without that of compiling kernels, which a machine does once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.compiling_kernel import compiling_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Clock:
    """Says how much time is left; without a limit there is always some."""

    __slots__ = ("_began", "_ends")

    def __init__(self, time_limit: float | None) -> None:
        self._began = _now()
        self._ends = float("inf") if time_limit is None else self._began + time_limit

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return _now() - self._began

    @property
    def left(self) -> float:
        """Seconds left, at least 0; infinite without a limit."""
        return max(0.0, self._ends - _now())

    @property
    def used(self) -> float:
        """Share of the time that is gone, at least 0; 0 without a limit."""
        return self.seconds / max(1e-9, self._ends - self._began)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0.0


@contextmanager
def watched(clock: Clock) -> Iterator[NDArray[np.int64]]:
    """Give a flag, shape (1,), for kernels to look at: not 0 once the time is over, or whoever asked has left.

    A kernel cannot ask the clock, and must not run on when nobody waits for it any more.
    """
    flag, left = np.full(1, int(clock.is_over), dtype=np.int64), threading.Event()

    def watch() -> None:
        while not left.wait(clock.left):
            if clock.is_over:
                flag[0] = 1
                return

    watcher = None if clock.left == float("inf") else threading.Thread(target=watch, daemon=True)
    if watcher is not None:
        watcher.start()
    try:
        yield flag
    finally:
        flag[0] = 1
        left.set()
        if watcher is not None:
            watcher.join()


def _now() -> float:
    return time.monotonic() - compiling_seconds()
