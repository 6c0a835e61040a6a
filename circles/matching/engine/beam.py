"""Beam searches from many roots, side by side: the same sets whatever the number of workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.beam_kernel import Beam, Caught, search
from circles.matching.engine.enumeration import empty_stack, sort_sets
from circles.matching.engine.enumeration_kernel import NEVER, Board, Look

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock

WIDTH, KEEP = 10, 5
"""Sets of each size grown from each root, and kept from it."""
PART_ROOTS = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beamed:
    """What beams from all roots found, each set perhaps several times.

    Parameters
    ----------
    sets
        Shape (m, L). Members ascending, -1 behind the last.
    excess
        Shape (m,). Score less prices and charge, in 1/scale, above the threshold.
    whole
        Shape (m,). Whether it is an admissible circle, or only a piece of one.
    """

    sets: NDArray[np.int32]
    excess: NDArray[np.int64]
    whole: NDArray[np.bool_]


def beam_all(
    board: Board,
    look: Look,
    *,
    clock: Clock,
    workers: int,
    threshold: int = 0,
    strangers: NDArray[np.int32] | None = None,
) -> Beamed:
    """Grow sets from all roots, part by part; parts that the clock leaves no time for find nothing.

    Parameters
    ----------
    board, look
        The board, and what depends on the prices.
    clock, workers
        When to end, and how many parts to search at the same time.
    threshold
        Sets that exceed it are kept, in 1/scale.
    strangers
        Shape (p, k). Members who may join any set, near it or not; a row for each part, in turn. None for nobody.
    """
    nobody = np.zeros((1, 0), dtype=np.int32)
    rows = nobody if strangers is None else strangers

    def search_part(start: int) -> Beamed:
        stop = start if clock.is_over else min(n, start + PART_ROOTS)
        joining = rows[start // PART_ROOTS % len(rows)]
        return _search_part(board, look, (start, stop), threshold=threshold, joining=joining)

    n = len(look.order)
    executor = ThreadPoolExecutor(max_workers=workers)
    try:
        none = _search_part(board, look, (0, 0), threshold=threshold, joining=nobody[0])
        found = [none, *executor.map(search_part, range(0, n, PART_ROOTS))]
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return Beamed(
        sets=np.concatenate([part.sets for part in found]),
        excess=np.concatenate([part.excess for part in found]),
        whole=np.concatenate([part.whole for part in found]),
    )


def _search_part(
    board: Board, look: Look, part: tuple[int, int], *, threshold: int, joining: NDArray[np.int32]
) -> Beamed:
    (start, stop), largest, n = part, len(board.size) - 1, len(board.half)
    roots = stop - start
    beam = Beam(
        sets=np.zeros((2, WIDTH, largest), dtype=np.int32),
        score=np.zeros((2, WIDTH), dtype=np.int64),
        mark=np.zeros((2, WIDTH), dtype=np.int64),
        seen=np.zeros(n, dtype=np.int64),
        least=np.zeros(1, dtype=np.int64),
        open=np.ascontiguousarray(joining),
    )
    caught = Caught(
        sets=np.full((roots, KEEP, largest), -1, dtype=np.int32),
        excess=np.full((roots, KEEP), NEVER, dtype=np.int64),
        whole=np.zeros((roots, KEEP), dtype=np.bool_),
    )
    search(board, look, empty_stack(board), beam, caught, start, threshold)
    kept = caught.excess > NEVER
    return Beamed(sets=sort_sets(caught.sets[kept]), excess=caught.excess[kept], whole=caught.whole[kept])
