"""A part of a problem: some of its members, renumbered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem


def restrict_problem(problem: MatchingProblem, kept: NDArray[np.bool_]) -> MatchingProblem:
    """Give the problem of some members only, in their order, without pins and without limits across circles.

    Parameters
    ----------
    problem
        The integer problem.
    kept
        Shape (n,). Members who stay; those who belong together all stay, or none of them.
    """
    place = np.cumsum(kept) - 1
    pairs = np.flatnonzero(kept[problem.pair_first] & kept[problem.pair_second])
    none = np.zeros(0, dtype=np.int64)
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
        together=_renumber(problem.together, kept, place),
        pinned=(),
        cap_label=none,
        cap_limit=none,
        joint_loss=None if problem.joint_loss is None else problem.joint_loss.pick(kept),
        previous=_renumber(problem.previous, kept, place),
        place_at_least=None,
        lend_at_least=None,
    )


def _renumber(
    groups: Sequence[Sequence[int]], kept: NDArray[np.bool_], place: NDArray[np.int64]
) -> tuple[tuple[int, ...], ...]:
    """Give the groups of which all members stay."""
    return tuple(tuple(place[list(group)].tolist()) for group in groups if kept[list(group)].all())
