"""What comes first: the best score, or the most members or yuan and then the best score."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem


def put_first(problem: MatchingProblem, first: str, most: Plan) -> MatchingProblem:
    """Ask a problem to place, or lend, as much as was found; the score decides among the plans that do.

    As much as possible is placed first, whatever it scores; that is then a limit. A large bonus a member would do the
    same to the plan, but a gap of 1 % would then be 1 % of the members.

    Parameters
    ----------
    problem
        The problem whose value is the score.
    first
        ``members`` or ``amount``.
    most
        The plan for `count_only` of the problem.

    Returns
    -------
    The problem with `place_at_least` or `lend_at_least`, pinned circles included, and the circles found as a plan to
    start from, unless changes are charged. The same problem where no circle was found.
    """
    if not most.circles:
        return problem
    start = problem.previous if problem.change_charge else most.circles
    placed = [i for circle in (*problem.pinned, *most.circles) for i in circle]
    if first == "members":
        return replace(problem, place_at_least=len(placed), previous=start)
    return replace(problem, lend_at_least=int(problem.loan[placed].sum()), previous=start)


def count_only(problem: MatchingProblem, first: str) -> MatchingProblem:
    """Give the problem in which a circle is worth its members, or its loans, and nothing else."""
    return replace(
        problem,
        value=np.ones_like(problem.value) if first == "members" else problem.loan,
        pair_value=np.zeros_like(problem.pair_value),
        stranger_value=0,
        label_charges=np.zeros_like(problem.label_charges),
        size_charge=dict.fromkeys(problem.size_charge, 0),
        joint_loss=None,
        change_charge=0,
    )
