"""Pinned circles: set aside before the search, and counted again afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.ready import make_ready
from circles.matching.engine.restrict import restrict_problem
from circles.matching.rows import Rows, build_rows
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
    rows
        Limits across circles, as far as the pinned ones leave them.
    members
        How many members the whole problem has.
    """

    problem: MatchingProblem
    positions: NDArray[np.int64]
    fixed_value: int
    rows: Rows
    members: int


def free_members(problem: MatchingProblem) -> Free:
    """Set the pinned circles aside; they are not charged for a change."""
    rows, n = build_rows(problem), problem.members
    if not problem.pinned:
        everyone = np.arange(n)
        return Free(problem=make_ready(problem), positions=everyone, fixed_value=0, rows=rows, members=n)
    unchanged = replace(problem, change_charge=0)
    fixed_value = sum(circle_worth(unchanged, circle) for circle in problem.pinned)
    free = np.ones(problem.members, dtype=np.bool_)
    free[[i for circle in problem.pinned for i in circle]] = False
    left, positions = restrict_problem(problem, free), np.flatnonzero(free)
    return Free(
        problem=make_ready(left), positions=positions, fixed_value=fixed_value, rows=rows.pick(positions), members=n
    )
