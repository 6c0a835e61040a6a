"""By hand: two members change places, with the score at once and the rules still in charge."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.matching.answers.redraft import replan
from circles.matching.answers.standing import Standing, read_standing
from circles.matching.forming.bounding import rebound
from circles.matching.forming.drafting import NamedCircle, draft_named
from circles.matching.forming.terms import break_down
from circles.matching.lines import join_lines
from circles.matching.rules import judge_applicants, judge_circle

if TYPE_CHECKING:
    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Swap:
    """Two members in each other's place; prints as a short text.

    Attributes
    ----------
    first_id, second_id
        The members.
    refusals
        Frame ``circle_id, rule, detail``: every rule that the swap would break; empty when it is possible.
    score_before, score_after
        Points of the proposal; after is None when refused.
    circles
        Frame ``circle_id, members`` (ids, separated by blanks), ``score_before, score_after`` of the circles that
        change; scores after are what they would be, also when refused (NA where who should join is no candidate).
    proposal
        The new proposal, with the same bound (a higher one where yuan lent come first and it lends less); None when
        refused.
    """

    first_id: str
    second_id: str
    refusals: pd.DataFrame
    score_before: int
    score_after: int | None
    circles: pd.DataFrame
    proposal: Proposal | None

    def __str__(self) -> str:
        both = f"{self.first_id} and {self.second_id}"
        if self.proposal is None:
            return join_lines([f"{both} cannot change places:", *self._list_refusals()])
        change = (self.score_after or 0) - self.score_before
        lines = [f"{both} change places: score {self.score_before:,} → {self.score_after:,} ({change:+,})"]
        lines += [
            f"  {row.circle_id}: {row.members}, score {row.score_before:,} → {row.score_after:,}"
            for row in self.circles.itertuples()
        ]
        return join_lines(lines)

    def _list_refusals(self) -> list[str]:
        return [f"  {row.circle_id}, {row.rule}: {row.detail}" for row in self.refusals.itertuples()]

    __repr__ = __str__


def swap_members(proposal: Proposal, first_id: str, second_id: str) -> Swap:
    """Let two members change places, or an unplaced one take the place of a placed one."""
    if first_id == second_id:
        msg = f"member {first_id!r} cannot change places with itself; name two members"
        raise InputError(msg)
    forming, standing = proposal.forming, read_standing(proposal)
    positions = {name: forming.find_candidate(name) for name in (first_id, second_id)}
    changed = _exchange(standing, positions)
    refusals = _judge_all(forming, standing, changed, incoming=positions)
    scores = {
        name: _score(forming, standing.kind[name], circle)
        for name, circle in changed.items()
        if len(circle) == len(standing.members[name])
    }
    new = None if len(refusals) else _redraft(proposal, standing, changed, both=(first_id, second_id))
    return Swap(
        first_id=first_id,
        second_id=second_id,
        refusals=refusals,
        score_before=proposal.score,
        score_after=None if new is None else new.score,
        circles=_describe(forming, standing, changed, scores),
        proposal=new,
    )


def _exchange(standing: Standing, positions: dict[str, int | None]) -> dict[str, tuple[int, ...]]:
    """Give the members of every circle that changes; an applicant that is no candidate is left out of them."""
    (first, left), (second, right) = positions.items()
    homes = [standing.circle_of.get(-1 if member is None else member) for member in (left, right)]
    if homes[0] == homes[1]:
        where = "neither has a circle" if homes[0] is None else f"both are in {homes[0]}"
        msg = f"members {first!r} and {second!r} cannot change places: {where}"
        raise InputError(msg)
    changed = {}
    for home, leaves, joins in ((homes[0], left, right), (homes[1], right, left)):
        if home is not None:
            stay = [member for member in standing.members[home] if member != leaves]
            changed[home] = tuple(sorted([*stay, *([] if joins is None else [joins])]))
    return changed


def _judge_all(
    forming: Forming,
    standing: Standing,
    changed: dict[str, tuple[int, ...]],
    *,
    incoming: dict[str, int | None],
) -> pd.DataFrame:
    """List every rule that is broken: by an applicant that is no candidate, or by a circle as it would be."""
    refused = forming.candidates.refused.set_index("member_id")
    rows = [
        (next(iter(changed)), str(refused.loc[name, "reason"]), f"{name} {refused.loc[name, 'detail']}")
        for name, position in incoming.items()
        if position is None
    ]
    if not rows:
        for name, circle in changed.items():
            rows += [(name, rule, detail) for rule, detail in judge_by_rules(forming, standing.kind[name], circle)]
    return pd.DataFrame(rows, columns=["circle_id", "rule", "detail"], dtype="str")


def judge_by_rules(forming: Forming, kind: str, circle: tuple[int, ...]) -> list[tuple[str, str]]:
    """Judge candidates as a circle of one kind: every rule broken, by code, with its sentence."""
    limits, candidates = forming.rules.limits(kind), forming.candidates
    alone = judge_applicants(candidates.applicants.take(np.array(circle, dtype=np.int64)), forming.rules, limits)
    ids = candidates.ids[list(circle)]
    rows = [(row.rule, f"{ids[row.row]} {row.detail}") for row in alone.itertuples()]
    judged = judge_circle(candidates.case(circle), limits)
    return rows + [(rule, detail) for rule, details in judged.items() for detail in details]


def _score(forming: Forming, kind: str, circle: tuple[int, ...]) -> int:
    return int(break_down(forming.candidates, forming.rules.weights, [circle], kinds=[kind])["points"].sum())


def _describe(
    forming: Forming, standing: Standing, changed: dict[str, tuple[int, ...]], scores: dict[str, int]
) -> pd.DataFrame:
    ids = forming.candidates.ids
    rows = [
        (name, " ".join(str(ids[member]) for member in circle), standing.score[name], scores.get(name))
        for name, circle in changed.items()
    ]
    frame = pd.DataFrame(rows, columns=["circle_id", "members", "score_before", "score_after"])
    return frame.astype({"score_after": "Int64"})


def _redraft(
    proposal: Proposal, standing: Standing, changed: dict[str, tuple[int, ...]], *, both: tuple[str, str]
) -> Proposal:
    members = {**standing.members, **changed}
    circles = [
        NamedCircle(circle_id=name, kind=standing.kind[name], members=circle) for name, circle in members.items()
    ]
    stages = tuple(_replan(stage, circles, gap=proposal.forming.search.gap) for stage in proposal.forming.stages)
    note = f"{both[0]} and {both[1]} were swapped by hand"
    bound = rebound(proposal.forming, stages)
    forming = replace(proposal.forming, stages=stages, bound=bound.value, bounding=bound.stages)
    return draft_named(forming, circles, notes=(*proposal.notes, note))


def _replan(stage: Stage, circles: list[NamedCircle], *, gap: float) -> Stage:
    """Give a stage with the circles of its kind as they are now; its prices and its bound hold for these, too.

    With mode ``any`` a circle with strangers may now hold members that took no part in its stage; then the engine's
    plan stays as it was.
    """
    own = [circle.members for circle in circles if circle.kind == stage.kind]
    if not np.isin([member for circle in own for member in circle], stage.chosen).all():
        return stage
    return replan(stage, [tuple(int(i) for i in np.searchsorted(stage.chosen, circle)) for circle in own], gap=gap)
