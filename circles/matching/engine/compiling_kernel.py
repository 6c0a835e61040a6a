"""How long this process has been compiling kernels, as numba tells: once a machine, and no part of a search's time."""

from __future__ import annotations

import threading
import time
from typing import Any

from numba.core import event


class _Stopwatch(event.Listener):
    """Adds up the time in which any thread compiles."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = 0
        self._since = self._total = 0.0

    @property
    def seconds(self) -> float:
        with self._lock:
            return self._total + (time.monotonic() - self._since if self._under_way else 0.0)

    def on_start(self, event: Any) -> None:
        with self._lock:
            if not self._under_way:
                self._since = time.monotonic()
            self._under_way += 1

    def on_end(self, event: Any) -> None:
        with self._lock:
            self._under_way -= 1
            if not self._under_way:
                self._total += time.monotonic() - self._since


_STOPWATCH = _Stopwatch()
event.register("numba:compile", _STOPWATCH)


def compiling_seconds() -> float:
    """Give the seconds since this process began in which at least one thread compiled a kernel."""
    return _STOPWATCH.seconds
