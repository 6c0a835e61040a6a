"""What an instance is: a problem, and circles that were planted in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching import MatchingProblem

Circles = list[tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A problem and the circles planted in it: disjoint, and admissible by how they were drawn.

    Their worth is a value that every plan should reach, and that no bound may be below.
    """

    problem: MatchingProblem
    planted: tuple[tuple[int, ...], ...]

    @property
    def planted_value(self) -> int:
        """Worth of the planted circles that are worth something."""
        from circles.matching.worth import NOBODY, circle_worths

        largest = self.problem.sizes[-1]
        rows = np.full((len(self.planted), largest), NOBODY, dtype=np.int64)
        for row, circle in zip(rows, self.planted, strict=True):
            row[: len(circle)] = circle
        return int(np.maximum(circle_worths(self.problem, rows), 0).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One published instance: its name, what is hard about it, how it is drawn, and how far it is solved.

    `gap` and `time_limit` (seconds) are what the table asks `solve` for.
    """

    name: str
    about: str
    draw: Callable[[int], Drawn]
    gap: float
    time_limit: float


def plant_circles(near: NDArray[np.int64], sizes: tuple[int, ...], random: np.random.Generator) -> Circles:
    """Divide members into circles of near ones, of sizes drawn evenly; some are left over.

    Parameters
    ----------
    near
        Shape (n, k). Members near each member, the nearest first.
    sizes
        Allowed sizes.
    random
        Where chance comes from.
    """
    free = np.ones(len(near), dtype=np.bool_)
    circles = []
    for start, size in zip(random.permutation(len(near)), random.choice(sizes, len(near)), strict=True):
        if not free[start]:
            continue
        others = near[start][free[near[start]]][: size - 1]
        if len(others) == size - 1:
            circle = np.append(others, start)
            free[circle] = False
            circles.append(tuple(sorted(circle.tolist())))
    return circles


def cover_circles(circles: Circles, loan: NDArray[np.int64], resources: NDArray[np.int64]) -> NDArray[np.int64]:
    """Raise the resources inside each circle by one factor, where the others could not pay a member's loan in full."""
    raised = resources.copy()
    for circle in circles:
        members = list(circle)
        others = raised[members].sum() - raised[members]
        factor = max(1.0, float((loan[members] / others).max()))
        raised[members] = np.ceil(raised[members] * factor)
    return raised
