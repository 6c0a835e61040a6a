"""Pinned circles: set aside before the search, and counted again afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

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
    """

    problem: MatchingProblem
    positions: NDArray[np.int64]
    fixed_value: int


def free_members(problem: MatchingProblem) -> Free:
    """Set the pinned circles aside."""
    fixed_value = sum(circle_worth(problem, circle) for circle in problem.pinned)
    if not problem.pinned:
        return Free(problem=problem, positions=np.arange(problem.members), fixed_value=0)
    free = np.ones(problem.members, dtype=np.bool_)
    free[[i for circle in problem.pinned for i in circle]] = False
    positions = np.flatnonzero(free)
    place = np.cumsum(free) - 1
    pairs = free[problem.pair_first] & free[problem.pair_second]
    bans = free[problem.forbidden_first] & free[problem.forbidden_second]
    left = replace(
        problem,
        value=problem.value[free],
        pair_first=place[problem.pair_first[pairs]],
        pair_second=place[problem.pair_second[pairs]],
        pair_value=problem.pair_value[pairs],
        pair_acquainted=problem.pair_acquainted[pairs],
        labels=problem.labels[free],
        forbidden_first=place[problem.forbidden_first[bans]],
        forbidden_second=place[problem.forbidden_second[bans]],
        loan=problem.loan[free],
        resources=problem.resources[free],
        pinned=(),
    )
    return Free(problem=left, positions=positions, fixed_value=fixed_value)
