"""Circles of strangers, judged by their pieces: what pieces of each size may be worth beyond their cost at most.

A circle of t members falls into pieces that scored pairs connect; all pairs across pieces score at most what an
unlisted pair may. If the best pieces of sizes c₁, c₂, … are worth ψ(c₁), ψ(c₂), … beyond their cost, the circle is
worth at most ``Σ ψ(cᵢ) + across · most − charge[t]`` beyond its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from circles.matching.verify.suspects_kernel import LOW

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.matching.verify.suspects_kernel import Town


def pieces_pay(town: Town, piece: NDArray[np.int64]) -> bool:
    """Say whether no circle of two or more pieces can be worth more than it costs.

    Parameters
    ----------
    town
        The problem laid out, with roads along all scored pairs.
    piece
        Shape (L + 1,). ψ by size, in 1/scale.
    """
    best, charges = piece.tolist(), town.charge.tolist()
    for size in range(2, len(charges)):
        for parts in list_partitions(size, size - 1) if town.allowed[size] else ():
            across = (size * size - sum(part * part for part in parts)) // 2
            worth = sum(best[part] for part in parts) + across * town.stranger - charges[size]
            if min(best[part] for part in parts) > LOW and worth > 0:
                return False
    return True


def list_partitions(size: int, most: int) -> Iterator[tuple[int, ...]]:
    """List the ways to write a size as a sum of parts of at most `most`, the larger first."""
    if size == 0:
        yield ()
    for part in range(min(size, most), 0, -1):
        for rest in list_partitions(size - part, part):
            yield (part, *rest)
