"""Walks over many roots, side by side: the same sets whatever the number of workers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import NO_LIMIT
from circles.matching.engine.clock import watched
from circles.matching.engine.enumeration_kernel import (
    ADMISSIBLE,
    BEST,
    LEAST_RESOURCES,
    LEAST_TOP,
    NEVER,
    NUMBER,
    VISITS,
    Board,
    Effort,
    Found,
    Look,
    Stack,
    walk,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock

MOST_PARTS = 64
LEAST_ROOTS = 32
HALVES = 5
"""Thresholds tried for a root with too many sets near it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walked:
    """What a walk from some roots found.

    Parameters
    ----------
    roots
        Shape (r,). The roots walked from, in order.
    sets
        Shape (m, L). Members of each set kept, ascending, -1 behind the last.
    excess
        Shape (m,). Score less prices and charge, in 1/scale; above the threshold.
    whole
        Shape (m,). True: an admissible circle; False: a piece of one.
    lift
        Shape (r,). By root: no set first met from it that was not kept exceeds this (or the threshold).
    visits, admissible
        Sets looked at, and admissible circles met among those above the threshold.
    """

    roots: NDArray[np.int64]
    sets: NDArray[np.int32]
    excess: NDArray[np.int64]
    whole: NDArray[np.bool_]
    lift: NDArray[np.int64]
    visits: int
    admissible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How far to walk: keep what exceeds `threshold`; look at `visits` sets and keep `keep` from each root.

    `part_visits` limits the sets looked at in one part.
    """

    threshold: int = 0
    visits: int = 5_000_000
    keep: int = 500_000
    part_visits: int = 5_000_000


def walk_parts(board: Board, look: Look, *, budget: Budget, clock: Clock, workers: int) -> Iterator[Walked]:
    """Walk from all roots, part by part in root order.

    When the time is over, whatever is left is only bounded, which takes a moment; so every root is answered.

    Parameters
    ----------
    board, look
        The board, and what depends on the prices.
    budget
        How far to walk from each root.
    clock
        Ends it.
    workers
        Parts walked at the same time; the answer does not depend on it.
    """
    n = len(look.order)
    step = max(LEAST_ROOTS, -(-n // MOST_PARTS))
    parts = [(start, min(n, start + step)) for start in range(0, n, step)]
    with ThreadPoolExecutor(max_workers=workers) as executor, watched(clock) as flag:
        running: list[Future[Walked]] = []
        try:
            for part in parts:
                running.append(executor.submit(_walk_roots, board, look, part=part, budget=budget, flag=flag))
                if len(running) > workers:
                    yield running.pop(0).result()
            while running:
                yield running.pop(0).result()
        finally:
            for future in running:
                future.cancel()


def walk_deeper(
    board: Board, look: Look, lifts: dict[int, int], *, budget: Budget, clock: Clock, workers: int
) -> list[tuple[int, int, list[Walked]]]:
    """Walk again from roots that have too many sets near them, so that less is left out.

    A higher threshold leaves out what does not exceed it, and needs fewer sets to be looked at. The lowest threshold
    that the budget reaches the end with is looked for, by halves; it is then the lift.

    Parameters
    ----------
    board, look
        The board, and what depends on the prices.
    lifts
        By root: no set first met from it that is not known exceeds this; more than 0.
    budget
        How far to walk each time; its threshold is not asked.
    clock, workers
        When to end, and how many roots to walk from at the same time; the answer does not depend on it.

    Returns
    -------
    Every root with its lift, no higher than before, and walks that found all sets above it.
    """
    with ThreadPoolExecutor(max_workers=workers) as executor, watched(clock) as flag:

        def walk_one(root: int) -> tuple[int, int, list[Walked]]:
            return root, *_walk_by_halves(board, look, root, high=lifts[root], budget=budget, flag=flag)

        return list(executor.map(walk_one, lifts))


def _walk_by_halves(
    board: Board, look: Look, root: int, *, high: int, budget: Budget, flag: NDArray[np.int64]
) -> tuple[int, list[Walked]]:
    at, low, kept = int(look.rank[root]), 0, []
    threshold = 0
    for _ in range(HALVES):
        if flag[0] or threshold >= high:
            break
        tried = replace(budget, threshold=threshold)
        walked = _walk_roots(board, look, part=(at, at + 1), budget=tried, flag=flag)
        left = max(threshold, int(walked.lift[0]))
        if left < high:
            high = left
            kept.append(walked)
        if left > threshold:
            low = threshold
        threshold = (low + high) // 2 if high > 0 else high
    return high, kept


def walk_all(board: Board, look: Look, *, budget: Budget) -> Walked:
    """Walk from all roots at once, without asking a clock: for small problems."""
    return _walk_roots(board, look, part=(0, len(look.order)), budget=budget, flag=np.zeros(1, dtype=np.int64))


def walk_first(board: Board, look: Look, *, budget: Budget) -> Walked:
    """Walk from the first root only: through all sets with that member."""
    return _walk_roots(board, look, part=(0, 1), budget=budget, flag=np.zeros(1, dtype=np.int64))


def _walk_roots(board: Board, look: Look, *, part: tuple[int, int], budget: Budget, flag: NDArray[np.int64]) -> Walked:
    start, stop = part
    found = _empty_found(board, roots=stop - start, keep=budget.keep)
    effort = Effort(
        start=start,
        stop=stop,
        threshold=budget.threshold,
        visits=budget.visits,
        keep=budget.keep,
        all_visits=budget.part_visits,
        flag=flag,
    )
    walk(board, look, empty_stack(board), found, effort)
    number = int(found.tally[NUMBER])
    roots = look.order[start:stop]
    return Walked(
        roots=roots,
        sets=sort_sets(found.sets[:number]),
        excess=found.excess[:number].copy(),
        whole=found.whole[:number].copy(),
        lift=found.lift[roots],
        visits=int(found.tally[VISITS]),
        admissible=int(found.tally[ADMISSIBLE]),
    )


def sort_sets(sets: NDArray[np.int32]) -> NDArray[np.int32]:
    """Put each row's members in ascending order, -1 behind the last, in a copy."""
    last = np.iinfo(np.int32).max
    ordered = np.sort(np.where(sets < 0, last, sets), axis=1)
    ordered[ordered == last] = -1
    return ordered


def _empty_found(board: Board, *, roots: int, keep: int) -> Found:
    capacity = min(500_000, roots * keep)
    return Found(
        sets=np.empty((capacity, len(board.size) - 1), dtype=np.int32),
        excess=np.empty(capacity, dtype=np.int64),
        whole=np.empty(capacity, dtype=np.bool_),
        lift=np.full(len(board.half), NEVER, dtype=np.int64),
        tally=np.zeros(3, dtype=np.int64),
    )


def empty_stack(board: Board) -> Stack:
    """Give the memory of one walk."""
    n, largest = len(board.half), len(board.size) - 1
    most = int(np.diff(board.near_from).max(initial=0))
    width = max(1, min(n, most * (largest - 1)))
    level = np.zeros((largest + 1, BEST + largest + 1), dtype=np.int64)
    level[0, LEAST_TOP] = level[0, LEAST_RESOURCES] = NO_LIMIT
    return Stack(
        level=level,
        next=np.zeros((largest + 1, width), dtype=np.int32),
        plain=np.zeros((largest + 1, width), dtype=np.int64),
        gain=np.zeros((largest + 1, width), dtype=np.int64),
        ahead=np.full((largest + 1, largest + 1, width), NEVER, dtype=np.int64),
        extra=np.zeros(n, dtype=np.int64),
        mark=np.zeros((2, n), dtype=np.int32),
        sorted=np.zeros(largest, dtype=np.int64),
        cash=np.zeros(largest, dtype=np.int64),
    )
