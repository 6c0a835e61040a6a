"""Pinned circles: set aside before the search, and counted again afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.restrict import restrict_problem
from circles.matching.worth import circle_worth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Free:
    """What is left to plan.

    Parameters
    ----------
    problem
        The problem of the members in no pinned circle, renumbered.
    positions
        Shape (m,). Their positions in the whole problem, ascending.
    fixed_value
        Worth of the pinned circles.
    members
        How many members the whole problem has.
    """

    problem: MatchingProblem
    positions: NDArray[np.int64]
    fixed_value: int
    members: int


def free_members(problem: MatchingProblem) -> Free:
    """Set the pinned circles aside."""
    fixed_value = sum(circle_worth(problem, circle) for circle in problem.pinned)
    if not problem.pinned:
        return Free(problem=problem, positions=np.arange(problem.members), fixed_value=0, members=problem.members)
    free = np.ones(problem.members, dtype=np.bool_)
    free[[i for circle in problem.pinned for i in circle]] = False
    left = restrict_problem(problem, free)
    return Free(problem=left, positions=np.flatnonzero(free), fixed_value=fixed_value, members=problem.members)
