"""Why not me: how far an applicant came, and what the best circle through it lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.errors import InputError
from circles.matching.answers.standing import Standing, read_standing, stages_with
from circles.matching.answers.through import find_through, member_prices
from circles.matching.lines import join_lines
from circles.matching.worth import circle_worth

if TYPE_CHECKING:
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage

_STEPS = ("eligible", "has partners", "has an admissible circle", "outbid")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BestCircle:
    """The circle through an applicant that comes nearest to what its members are worth elsewhere.

    Attributes
    ----------
    kind, score
        Its kind, and its points.
    members
        Frame ``member_id, amount_fen, price`` (points: what the member is worth to the plan), ``circle_id`` (proposed).
    short
        Points that it lacks: the prices of its members less its score, at least 0.
    displaced
        Ids of the proposed circles that it would take apart.
    displaced_score
        Their points.
    complete
        Whether no other circle lacks less; else the search was limited.
    """

    kind: str
    score: int
    members: pd.DataFrame
    short: float
    displaced: tuple[str, ...]
    displaced_score: int
    complete: bool

    def __str__(self) -> str:
        ids = ", ".join(self.members["member_id"])
        start = "the best circle through it" if self.complete else "the best circle found through it"
        lines = [
            f"{start}: {ids} ({self.kind}), score {self.score:,}; its members are worth {self.short:,.1f} points more "
            "elsewhere"
        ]
        if self.displaced:
            scores = "scores" if len(self.displaced) == 1 else "score"
            lines.append(f"it would take apart {', '.join(self.displaced)}, which {scores} {self.displaced_score:,}")
        lines += [
            f"  {row.member_id}: price {row.price:,.1f}" + (f", placed in {row.circle_id}" if row.circle_id else "")
            for row in self.members.itertuples()
        ]
        return join_lines(lines)

    __repr__ = __str__


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WhyUnplaced:
    """Why an applicant has no proposed circle; prints as a short text.

    Attributes
    ----------
    member_id, reason, detail
        As in the proposal's ``unplaced``.
    funnel
        Frame ``step, passed``: eligible → has partners → has an admissible circle → outbid.
    best
        The best circle through it; None where there is none, or none was found.
    """

    member_id: str
    reason: str
    detail: str
    funnel: pd.DataFrame
    best: BestCircle | None

    def __str__(self) -> str:
        steps = ", ".join(f"{row.step}: {'yes' if row.passed else 'no'}" for row in self.funnel.itertuples())
        lines = [f"{self.member_id} has no circle ({self.reason}): {self.detail}", steps]
        return join_lines(lines) if self.best is None else f"{join_lines(lines)}\n{self.best}"

    __repr__ = __str__


def explain_unplaced_member(proposal: Proposal, member_id: str) -> WhyUnplaced:
    """Say why an applicant has no circle."""
    forming = proposal.forming
    candidate, rows = forming.find_candidate(member_id), proposal.unplaced
    rows = rows[rows["member_id"] == member_id]
    if not len(rows):
        circle = proposal.circles.set_index("member_id").loc[member_id, "circle_id"]
        msg = f"member {member_id!r} is placed in {circle}; ask for an unplaced one, or explain the circle"
        raise InputError(msg)
    best = None if candidate is None else _find_best(forming, read_standing(proposal), candidate)
    reason = "outbid" if best is not None else str(rows["reason"].iloc[0])
    return WhyUnplaced(
        member_id=member_id,
        reason=reason,
        detail=str(rows["detail"].iloc[0]),
        funnel=_funnel(reason),
        best=best,
    )


def _funnel(reason: str) -> pd.DataFrame:
    """Say which steps an applicant came to; `none_found` came as far as `no_circle`, for all that is known."""
    far = {"no_partners": 1, "no_circle": 2, "none_found": 2, "outbid": len(_STEPS)}.get(reason, 0)
    return pd.DataFrame({"step": _STEPS, "passed": [at < far for at in range(len(_STEPS))]})


def _find_best(forming: Forming, standing: Standing, candidate: int) -> BestCircle | None:
    """Give the circle that lacks least, of all kinds that the candidate may be in."""
    found = [
        best
        for stage, at in stages_with(forming, candidate)
        if (best := _find_in_stage(forming, standing, stage, at=at)) is not None
    ]
    return min(found, key=lambda best: best.short, default=None)


def _find_in_stage(forming: Forming, standing: Standing, stage: Stage, *, at: int) -> BestCircle | None:
    plan = stage.plan
    through = find_through(stage.problem, plan, at, count=1)
    if not through.circles:
        return None
    circle = through.circles[0]
    chosen = [int(stage.chosen[member]) for member in circle]
    displaced = standing.displaced(chosen)
    members = pd.DataFrame(
        {
            "member_id": forming.candidates.ids[chosen],
            "amount_fen": forming.candidates.loans_fen[chosen],
            "price": member_prices(stage.problem, plan)[list(circle)] / plan.price_scale,
            "circle_id": [standing.circle_of.get(member, "") for member in chosen],
        }
    ).astype({"member_id": "str", "circle_id": "str"})
    return BestCircle(
        kind=stage.kind,
        score=circle_worth(stage.problem, circle),
        members=members,
        short=int(through.short[0]) / plan.price_scale,
        displaced=tuple(displaced),
        displaced_score=sum(standing.score[name] for name in displaced),
        complete=through.complete,
    )
