"""A part of a problem: some of its members, renumbered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem


def restrict_problem(problem: MatchingProblem, kept: NDArray[np.bool_]) -> MatchingProblem:
    """Give the problem of some members only, in their order, without pins; `kept` has shape (n,)."""
    place = np.cumsum(kept) - 1
    pairs = np.flatnonzero(kept[problem.pair_first] & kept[problem.pair_second])
    bans = np.flatnonzero(kept[problem.forbidden_first] & kept[problem.forbidden_second])
    return replace(
        problem,
        value=problem.value[kept],
        pair_first=place[problem.pair_first[pairs]],
        pair_second=place[problem.pair_second[pairs]],
        pair_value=problem.pair_value[pairs],
        pair_acquainted=problem.pair_acquainted[pairs],
        labels=problem.labels[kept],
        forbidden_first=place[problem.forbidden_first[bans]],
        forbidden_second=place[problem.forbidden_second[bans]],
        loan=problem.loan[kept],
        resources=problem.resources[kept],
        pinned=(),
    )
