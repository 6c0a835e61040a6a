"""Making a problem ready for the engine: what belongs together becomes acquainted pairs, old circles are looked at."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import is_admissible
from circles.matching.groups import keep_inner_pairs
from circles.matching.worth import pair_scores

if TYPE_CHECKING:
    from circles.matching.problem import MatchingProblem


def make_ready(problem: MatchingProblem) -> MatchingProblem:
    """List the pairs inside groups that belong together, and forget earlier circles that break a rule by now.

    Sets then grow along these pairs, and a piece of a circle that hangs together by listed pairs holds whole groups.
    """
    near = keep_inner_pairs(problem, problem.previous)
    kept = tuple(circle for circle in problem.previous if is_admissible(near, circle))
    if not problem.together:
        return problem if kept == problem.previous else replace(problem, previous=kept)
    return replace(_list_inner_pairs(problem), previous=kept)


def _list_inner_pairs(problem: MatchingProblem) -> MatchingProblem:
    inner = np.array([pair for group in problem.together for pair in combinations(group, 2)], dtype=np.int64)
    first, second = inner.reshape(-1, 2).T
    n = problem.members
    low, high = np.sort([problem.pair_first, problem.pair_second], axis=0)
    listed = low * n + high
    new = ~np.isin(first * n + second, listed)
    return replace(
        problem,
        pair_first=np.concatenate([problem.pair_first, first[new]]),
        pair_second=np.concatenate([problem.pair_second, second[new]]),
        pair_value=np.concatenate([problem.pair_value, pair_scores(problem, first, second)[new]]),
        pair_acquainted=np.concatenate(
            [problem.pair_acquainted | np.isin(listed, first * n + second), np.ones(int(new.sum()), dtype=np.bool_)]
        ),
    )
