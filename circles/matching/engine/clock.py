"""The time a search may take, without that of compiling kernels, which a machine does once."""

from __future__ import annotations

import time

from circles.matching.engine.compiling_kernel import compiling_seconds


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


def _now() -> float:
    return time.monotonic() - compiling_seconds()
