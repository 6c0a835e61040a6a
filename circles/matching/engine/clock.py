"""The time a search may take."""

from __future__ import annotations

import time


class Clock:
    """Says how much time is left; without a limit there is always some."""

    __slots__ = ("_began", "_ends")

    def __init__(self, time_limit: float | None) -> None:
        self._began = time.monotonic()
        self._ends = float("inf") if time_limit is None else self._began + time_limit

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds left, at least 0; infinite without a limit."""
        return max(0.0, self._ends - time.monotonic())

    @property
    def used(self) -> float:
        """Share of the time that is gone, at least 0; 0 without a limit."""
        return self.seconds / max(1e-9, self._ends - self._began)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0.0
