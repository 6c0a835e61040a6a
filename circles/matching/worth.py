"""What a circle is worth: its members' values and pair scores, less the charge of its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

NOBODY = -1
"""Fills the rows of a table of circles behind the last member."""


def circle_worth(problem: MatchingProblem, circle: Sequence[int]) -> int:
    """Give what one circle of an allowed size is worth, whether it is admissible or not.

    Parameters
    ----------
    problem
        The integer problem.
    circle
        Positions of the members, each once.

    Examples
    --------
    >>> from circles.matching import MatchingProblem
    >>> problem = MatchingProblem(
    ...     value=[10, 20, 30], pair_first=[0], pair_second=[1], pair_value=[5], pair_acquainted=[True],
    ...     stranger_value=-2, size_charge={3: 6},
    ... )
    >>> circle_worth(problem, (0, 1, 2))  # 60 of value, 5 - 2 - 2 of pairs, 6 of charge
    55
    """
    return int(circle_worths(problem, np.array([sorted(circle)], dtype=np.int64))[0])


def pair_score(problem: MatchingProblem, first: int, second: int) -> int:
    """Give the score of having two members in one circle.

    Examples
    --------
    >>> from circles.matching import MatchingProblem
    >>> problem = MatchingProblem(
    ...     value=[0, 0], stranger_value=-2, labels=[[7], [7]], label_charges=[3], size_charge={2: 0}
    ... )
    >>> pair_score(problem, 0, 1)
    -5
    """
    return int(pair_scores(problem, np.array([first]), np.array([second]))[0])


def circle_worths(problem: MatchingProblem, circles: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give what each of many circles is worth.

    Parameters
    ----------
    problem
        The integer problem.
    circles
        Shape (m, largest size), member positions, `NOBODY` behind the last; each row of an allowed size.

    Returns
    -------
    Shape (m,).
    """
    taken = circles != NOBODY
    worth = np.where(taken, problem.value[np.maximum(circles, 0)], 0).sum(axis=1)
    width = circles.shape[1]
    for a in range(width):
        for b in range(a + 1, width):
            both = np.flatnonzero(taken[:, a] & taken[:, b])
            worth[both] += pair_scores(problem, circles[both, a], circles[both, b])
    charge = np.zeros(width + 1, dtype=np.int64)
    for size, amount in problem.size_charge.items():
        if size <= width:
            charge[size] = amount
    return worth - charge[taken.sum(axis=1)]


def pair_scores(problem: MatchingProblem, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give the scores of many pairs; the arrays have one shape (q,), the result too."""
    score = np.full(len(first), problem.stranger_value, dtype=np.int64)
    if len(problem.label_charges):
        score -= (problem.labels[first] == problem.labels[second]) @ problem.label_charges
    keys = np.minimum(problem.pair_first, problem.pair_second) * problem.members
    keys += np.maximum(problem.pair_first, problem.pair_second)
    if len(keys) == 0:
        return score
    order = np.argsort(keys)
    wanted = np.minimum(first, second).astype(np.int64) * problem.members + np.maximum(first, second)
    at = order[np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)]
    return np.where(keys[at] == wanted, problem.pair_value[at], score)
