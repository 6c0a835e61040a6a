"""The same members in other circles: what grouping alone does, whoever is placed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
from circles.matching.answers.redraft import redraft, replan
from circles.matching.engine.restrict import restrict_problem
from circles.matching.forming.search import run_engine

if TYPE_CHECKING:
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage


def regroup_members(proposal: Proposal, other: Proposal) -> Proposal:
    """Group the members that another proposal places, all of them and nobody else, for the best score.

    Both lend the same to the same members, so that they differ in who guarantees for whom alone.
    """
    forming = proposal.forming
    if other.forming.candidates is not forming.candidates:
        msg = "regroup: the other proposal comes from another forming; give one that came from this proposal"
        raise InputError(msg)
    return redraft(forming, [_regroup(stage, forming.search) for stage in other.forming.stages])


def _regroup(stage: Stage, search: Search) -> Stage:
    """Form the best circles of the members that a stage places; where none are found that place all, its own stay."""
    circles = stage.plan.circles
    kept = np.zeros(stage.problem.members, dtype=np.bool_)
    kept[[member for circle in circles for member in circle]] = True
    if not kept.any():
        return stage
    place, members = np.cumsum(kept) - 1, np.flatnonzero(kept)
    small = restrict_problem(stage.problem, kept)
    start = small.previous if small.change_charge else [tuple(place[list(circle)].tolist()) for circle in circles]
    plan = run_engine(search, replace(small, previous=start, place_at_least=len(members)))
    if plan.placed < len(members):
        return stage
    return replan(stage, [tuple(members[list(circle)].tolist()) for circle in plan.circles])
