"""Work given to a few threads in turn: what one thread is given is done in order, and the threads work at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

_WAITING = 2
"""Pieces of work that are under way or waiting in one lane, before its giver has to wait."""


class Lanes:
    """Some threads, each with a queue of its own; an error in one is raised where work is given or awaited next.

    Parameters
    ----------
    count
        Number of lanes.
    done
        Called with what a piece of work gave, in the thread that gives it.
    """

    def __init__(self, count: int, done: Callable[[int], None]) -> None:
        self._done = done
        self._workers = [ThreadPoolExecutor(1, thread_name_prefix=f"circles-lane-{lane}") for lane in range(count)]
        self._given: list[deque[Future[int]]] = [deque() for _ in self._workers]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is under way; after an error nothing that waits is begun."""
        for worker in self._workers:
            worker.shutdown(wait=False, cancel_futures=kind is not None)
        for worker in self._workers:
            worker.shutdown(wait=True)

    def give(self, lane: int, work: Callable[[], int]) -> None:
        """Give one lane a piece of work; waits while that lane has enough."""
        while len(self._given[lane]) >= _WAITING:
            self._done(self._given[lane].popleft().result())
        self._given[lane].append(self._workers[lane].submit(work))

    def wait(self) -> None:
        """Wait until everything that was given is done."""
        for given in self._given:
            while given:
                self._done(given.popleft().result())
