"""Other circles in the place of those that were proposed, from the same forming and under its bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circles.matching.forming.bounding import rebound
from circles.matching.forming.drafting import draft_proposal
from circles.matching.forming.stage import score_circles
from circles.matching.plan import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage


def replan(stage: Stage, circles: Sequence[tuple[int, ...]], *, gap: float | None = None) -> Stage:
    """Give a stage with other circles of its problem; its prices, and the bound they prove, hold for these, too.

    Where a gap is given, a plan that near to the bound is within it.
    """
    value = stage.plan.fixed_value + int(score_circles(stage.problem, circles).sum())
    plan = replace(stage.plan, circles=tuple(sorted(circles)), value=value, status=PlanStatus.STOPPED)
    if value == plan.upper_bound:
        plan = replace(plan, status=PlanStatus.OPTIMAL)
    elif gap is not None and plan.gap <= gap:
        plan = replace(plan, status=PlanStatus.WITHIN_GAP)
    return replace(stage, plan=plan)


def redraft(forming: Forming, stages: Sequence[Stage]) -> Proposal:
    """Put other circles of a forming's stages into a proposal."""
    return draft_proposal(
        forming.portfolio,
        forming.rules,
        forming.candidates,
        stages=list(stages),
        bound=rebound(forming, tuple(stages)),
        search=forming.search,
        past=forming.past,
    )
