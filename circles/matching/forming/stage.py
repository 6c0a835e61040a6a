"""One run of the engine: the problem of one kind of circle among some candidates, and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
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
