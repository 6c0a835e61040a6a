"""Drafting a proposal: the engine's plans as tables with names, reasons and sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.forming.funnel import explain_unplaced
from circles.matching.forming.notes import note_what_is_not_stated
from circles.matching.forming.proposal import Proposal, fresh_ids
from circles.matching.forming.terms import break_down
from circles.matching.plan import PlanStatus

if TYPE_CHECKING:
    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCircle:
    """A formed circle with the id under which it is proposed, its candidates and its score."""

    circle_id: str
    kind: str
    members: tuple[int, ...]
    score: int


def draft_proposal(
    portfolio: Portfolio,
    rules: MatchingRules,
    candidates: Candidates,
    *,
    stages: list[Stage],
    bound: int,
    search: Search,
) -> Proposal:
    """Put plans into a proposal.

    Parameters
    ----------
    portfolio, rules, candidates, search
        What the plans were made from and how.
    stages
        One for every kind of circle.
    bound
        Upper bound on the score of every proposal, in points.
    """
    plain = [(stage.kind, circle) for stage in stages for circle in stage.circles]
    points = break_down(candidates, rules.weights, [circle for _, circle in plain])
    scores = points.groupby("circle")["points"].sum().reindex(range(len(plain)), fill_value=0)
    order = sorted(range(len(plain)), key=lambda at: (-int(scores[at]), plain[at][1]))
    ids = dict(zip(order, fresh_ids("C", taken=portfolio.circles["circle_id"]), strict=False))
    named = [
        NamedCircle(circle_id=ids[at], kind=plain[at][0], members=plain[at][1], score=int(scores[at])) for at in order
    ]
    score = int(scores.sum())
    return Proposal(
        status=_status(stages, score=score, bound=bound, gap=search.gap),
        score=score,
        upper_bound=bound,
        circles=_placed_rows(candidates, rules, named),
        unplaced=explain_unplaced(candidates, stages, placed={m: c.circle_id for c in named for m in c.members}),
        breakdown=_named_points(points, ids),
        rules=rules,
        seed=search.seed,
        digest=portfolio.digest(),
        notes=note_what_is_not_stated(portfolio, rules, candidates),
        plans=tuple(stage.plan for stage in stages),
        _portfolio=portfolio,
    )


def _status(stages: list[Stage], *, score: int, bound: int, gap: float) -> PlanStatus:
    """Say how far all plans together came."""
    found = [stage.plan.status for stage in stages]
    if len(found) == 1 or all(status is PlanStatus.INFEASIBLE for status in found):
        return found[0]
    if score == bound:
        return PlanStatus.OPTIMAL
    if (bound - score) / max(1, abs(bound)) <= gap:
        return PlanStatus.WITHIN_GAP
    return PlanStatus.TIME_LIMIT if PlanStatus.TIME_LIMIT in found else PlanStatus.STOPPED


def _placed_rows(candidates: Candidates, rules: MatchingRules, circles: list[NamedCircle]) -> pd.DataFrame:
    members = [member for circle in circles for member in circle.members]
    who = candidates.applicants.frame[["member_id", "application_id", "amount_fen"]].iloc[members]
    sizes = [len(circle.members) for circle in circles]
    about = pd.DataFrame(
        {
            "circle_id": pd.Series([circle.circle_id for circle in circles], dtype="str"),
            "kind": pd.Series([circle.kind for circle in circles], dtype="str"),
            "score": pd.Series([circle.score for circle in circles], dtype="int64"),
        }
    )
    repeated = about.loc[about.index.repeat(sizes)].reset_index(drop=True)
    limits = {kind: rules.limits(kind) for kind in rules.kinds}
    deposits = [
        limits[kind].deposit_fen(int(amount)) for kind, amount in zip(repeated["kind"], who["amount_fen"], strict=True)
    ]
    placed = pd.concat([repeated, who.reset_index(drop=True)], axis=1)
    placed["deposit_fen"] = pd.Series(deposits, dtype="int64")
    return placed[["circle_id", "member_id", "application_id", "amount_fen", "deposit_fen", "kind", "score"]]


def _named_points(points: pd.DataFrame, ids: dict[int, str]) -> pd.DataFrame:
    named = points.assign(circle_id=points["circle"].map(ids).astype("str"))
    return named[["circle_id", "term", "points"]].sort_values("circle_id", kind="stable", ignore_index=True)
