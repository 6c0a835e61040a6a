"""What a circle is worth: its members' values and pair scores, less what its size, a change and joint loss cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.groups import group_of
from circles.matching.joint_loss_kernel import charge_circles, lay_out_losses

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
        Shape (m, largest size), member positions ascending, `NOBODY` behind the last; each row of an allowed size.

    Returns
    -------
    Shape (m,).
    """
    worth = uncharged_worths(problem, circles)
    if problem.change_charge:
        worth -= np.where(is_previous(problem, circles), 0, problem.change_charge)
    if problem.joint_loss is not None:
        worth -= joint_losses(problem, circles)
    return worth


def uncharged_worths(problem: MatchingProblem, circles: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give what circles are worth before a change and joint loss are charged; parameters as for `circle_worths`."""
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


def is_previous(problem: MatchingProblem, circles: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Say which circles are circles of the earlier plan; shape (m,)."""
    number = np.append(group_of(problem.previous, problem.members), -1)
    size = np.array([*map(len, problem.previous), -1], dtype=np.int64)
    first, taken = number[circles[:, 0]], circles != NOBODY
    same = np.where(taken, number[circles] == first[:, None], True).all(axis=1)
    return (first >= 0) & same & (size[first] == taken.sum(axis=1))


def joint_losses(problem: MatchingProblem, circles: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give the joint-loss charge of each of many circles; shape (m,)."""
    charge = np.zeros(len(circles), dtype=np.int64)
    rows = np.ascontiguousarray(circles, dtype=np.int64)
    charge_circles(lay_out_losses(problem), rows, charge, np.zeros(circles.shape[1], dtype=np.int64))
    return charge


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
