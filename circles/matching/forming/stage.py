"""One run of the engine: the problem of one kind of circle among some candidates, and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.worth import NOBODY, circle_worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """The forming of one kind of circle.

    Attributes
    ----------
    kind
        ``acquainted`` or ``strangers``.
    chosen
        Shape (m,), sorted: member i of the problem is candidate ``chosen[i]``.
    problem, plan
        What the engine was asked and what it answered.
    """

    kind: str
    chosen: NDArray[np.int64]
    problem: MatchingProblem
    plan: Plan

    @property
    def circles(self) -> list[tuple[int, ...]]:
        """The circles formed, as sorted tuples of candidates."""
        return [tuple(int(self.chosen[member]) for member in circle) for circle in self.plan.circles]


def score_circles(problem: MatchingProblem, circles: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """Score many circles of a problem at once, whether they are admissible or not: shape (circles,), points.

    Parameters
    ----------
    problem
        The integer problem.
    circles
        Positions of the members, each circle of an allowed size.
    """
    rows = np.full((len(circles), problem.sizes[-1]), NOBODY, dtype=np.int64)
    for row, circle in zip(rows, circles, strict=True):
        row[: len(circle)] = sorted(circle)
    return circle_worths(problem, rows)
