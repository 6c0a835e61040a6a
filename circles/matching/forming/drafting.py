"""Drafting a proposal: the engine's plans as tables with names, reasons and sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.forming.flagging import flag_circles
from circles.matching.forming.forming import Forming
from circles.matching.forming.funnel import explain_unplaced
from circles.matching.forming.in_place import fresh_ids
from circles.matching.forming.notes import note_what_is_not_stated
from circles.matching.forming.proposal import Proposal
from circles.matching.forming.terms import break_down
from circles.matching.plan import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circles.matching.forming.bounding import Bound
    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.recall import PastCircle
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCircle:
    """A formed circle with the id under which it is proposed, and its candidates."""

    circle_id: str
    kind: str
    members: tuple[int, ...]


def draft_proposal(
    portfolio: Portfolio,
    rules: MatchingRules,
    candidates: Candidates,
    *,
    stages: list[Stage],
    bound: Bound,
    search: Search,
    past: tuple[PastCircle, ...] = (),
) -> Proposal:
    """Put plans into a proposal.

    Parameters
    ----------
    portfolio, rules, candidates, search
        What the plans were made from and how.
    stages
        One for every kind of circle.
    bound
        Upper bound on the score of every proposal, and the stages that prove it.
    past
        Circles of an earlier plan; those that stand again keep their ids.
    """
    forming = Forming(
        portfolio=portfolio,
        rules=rules,
        candidates=candidates,
        stages=tuple(stages),
        bound=bound.value,
        bounding=bound.stages,
        search=search,
        past=past,
    )
    plain = [(stage.kind, circle) for stage in stages for circle in stage.circles]
    points = break_down(candidates, rules.weights, [circle for _, circle in plain], kinds=[kind for kind, _ in plain])
    scores = points.groupby("circle")["points"].sum().reindex(range(len(plain)), fill_value=0)
    order = sorted(range(len(plain)), key=lambda at: (-int(scores[at]), plain[at][1]))
    taken = set(portfolio.circles["circle_id"])
    ids, kept = fresh_ids("C", taken=taken.union(circle.circle_id for circle in past)), candidates.previous or {}
    named = [
        NamedCircle(circle_id=_keep_id(kept.get(circle), taken) or next(ids), kind=kind, members=circle)
        for kind, circle in (plain[at] for at in order)
    ]
    notes = note_what_is_not_stated(portfolio, rules, candidates)
    return draft_named(forming, named, notes=notes)


def _keep_id(circle_id: str | None, taken: set[str]) -> str | None:
    """Give the id of an earlier circle, unless a circle of the portfolio has it by now."""
    return None if circle_id in taken else circle_id


def draft_named(forming: Forming, circles: list[NamedCircle], *, notes: tuple[str, ...]) -> Proposal:
    """Put circles that have ids already into a proposal.

    Parameters
    ----------
    forming
        What they were formed from; the circles of its stages are these.
    circles
        In the order in which they are listed.
    notes
        Sentences on the proposal.
    """
    portfolio, rules, candidates, stages = forming.portfolio, forming.rules, forming.candidates, forming.stages
    plain, names = [circle.members for circle in circles], [circle.circle_id for circle in circles]
    points = break_down(candidates, rules.weights, plain, kinds=[circle.kind for circle in circles])
    scores = points.groupby("circle")["points"].sum().reindex(range(len(plain)), fill_value=0).tolist()
    flags = flag_circles(portfolio, rules, candidates, circles=plain)
    return Proposal(
        status=_status(stages, score=sum(scores), bound=forming.bound, gap=forming.search.gap),
        score=sum(scores),
        upper_bound=forming.bound,
        circles=_placed_rows(candidates, rules, circles, scores),
        unplaced=explain_unplaced(candidates, stages, placed={m: c.circle_id for c in circles for m in c.members}),
        breakdown=_with_names(points, names),
        flags=_with_names(flags, names),
        rules=rules,
        seed=forming.search.seed,
        digest=portfolio.digest(),
        notes=notes,
        plans=tuple(stage.plan for stage in stages),
        _portfolio=portfolio,
        _forming=forming,
    )


def _status(stages: Sequence[Stage], *, score: int, bound: int, gap: float) -> PlanStatus:
    """Say how far all plans together came towards the bound."""
    found = [stage.plan.status for stage in stages]
    if all(status is PlanStatus.INFEASIBLE for status in found):
        return PlanStatus.INFEASIBLE
    if score == bound:
        return PlanStatus.OPTIMAL
    if (bound - score) / max(1, abs(bound)) <= gap:
        return PlanStatus.WITHIN_GAP
    return PlanStatus.TIME_LIMIT if PlanStatus.TIME_LIMIT in found else PlanStatus.STOPPED


def _placed_rows(
    candidates: Candidates, rules: MatchingRules, circles: list[NamedCircle], scores: list[int]
) -> pd.DataFrame:
    members = [member for circle in circles for member in circle.members]
    who = candidates.applicants.frame[["member_id", "application_id", "amount_fen"]].iloc[members]
    sizes = [len(circle.members) for circle in circles]
    about = pd.DataFrame(
        {
            "circle_id": pd.Series([circle.circle_id for circle in circles], dtype="str"),
            "kind": pd.Series([circle.kind for circle in circles], dtype="str"),
            "score": pd.Series(scores, dtype="int64"),
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


def _with_names(rows: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Put the circle's id in the place of its position, and the rows in the order of ids."""
    named = rows["circle"].map(dict(enumerate(names))).astype("str")
    return (
        rows.drop(columns="circle")
        .assign(circle_id=named)[["circle_id", *rows.columns.drop("circle")]]
        .sort_values("circle_id", kind="stable", ignore_index=True)
    )
