"""What else: the best other circles through one candidate, and what each would take apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.errors import InputError
from circles.matching.answers.standing import name_members, read_standing, stages_with
from circles.matching.answers.through import find_through
from circles.matching.lines import join_lines
from circles.matching.worth import circle_worth

if TYPE_CHECKING:
    from circles.matching.answers.standing import Standing
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage

_MOST = 50
_COLUMNS = ["members", "kind", "score", "prices", "short", "displaces", "displaced_score", "change"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Alternatives:
    """The best other circles through one candidate; prints as a short text.

    Attributes
    ----------
    member_id, circle_id
        The candidate, and its proposed circle (None: unplaced).
    circles
        Frame, the best first: ``members`` (ids, separated by blanks), ``kind, score``, ``prices`` (points: what its
        members are worth to the plan), ``short`` (prices less score), ``displaces`` (ids of the proposed circles that
        lose a member), ``displaced_score`` (their points), ``change`` (of the proposal's score, if those were given up
        and nothing else were formed).
    complete
        Whether no other circle comes nearer to its members' prices; else the search was limited.
    """

    member_id: str
    circle_id: str | None
    circles: pd.DataFrame
    complete: bool

    def __str__(self) -> str:
        now = "is unplaced" if self.circle_id is None else f"is placed in {self.circle_id}"
        many = f"{len(self.circles)} best" if self.complete else f"{len(self.circles)} best found"
        lines = [f"{self.member_id} {now}; the {many} other circles through it:"]
        if not len(self.circles):
            lines = [f"{self.member_id} {now}; there is no other admissible circle through it"]
        for row in self.circles.itertuples():
            takes = f"takes apart {row.displaces} (in all {row.change:+,})" if row.displaces else "takes nothing apart"
            lines.append(f"  {row.members} ({row.kind}): score {row.score:,}, {row.short:,.1f} short; {takes}")
        return join_lines(lines)

    __repr__ = __str__


def find_alternatives(proposal: Proposal, member_id: str, count: int) -> Alternatives:
    """Give the best other circles through one candidate."""
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= _MOST:
        msg = f"count must be a whole number from 1 to {_MOST}, got {count!r}"
        raise InputError(msg)
    forming, standing = proposal.forming, read_standing(proposal)
    candidate = forming.find_candidate(member_id)
    if candidate is None:
        refused = forming.candidates.refused.set_index("member_id").loc[member_id]
        msg = f"member {member_id!r} is no candidate: it {refused['detail']}"
        raise InputError(msg)
    rows, complete = [], True
    for stage, at in stages_with(forming, candidate):
        plan = stage.plan
        through = find_through(stage.problem, plan, at, count=count + 1)
        complete &= through.complete
        for circle, short in zip(through.circles, through.short.tolist(), strict=True):
            rows.append(_describe(forming, standing, stage, circle, short=short / plan.price_scale))
    own = standing.circle_of.get(candidate)
    now = None if own is None else name_members(forming, standing.members[own])
    frame = pd.DataFrame([row for row in rows if row[0] != now], columns=_COLUMNS)
    best = frame.sort_values(["short", "members"], kind="stable", ignore_index=True).head(count)
    return Alternatives(member_id=member_id, circle_id=own, circles=best, complete=complete)


def _describe(
    forming: Forming, standing: Standing, stage: Stage, circle: tuple[int, ...], *, short: float
) -> tuple[object, ...]:
    chosen = [int(stage.chosen[member]) for member in circle]
    displaced, score = standing.displaced(chosen), circle_worth(stage.problem, circle)
    given_up = sum(standing.score[name] for name in displaced)
    members = name_members(forming, chosen)
    return (members, stage.kind, score, score + short, short, " ".join(displaced), given_up, score - given_up)
