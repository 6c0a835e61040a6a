"""Why not me: for every applicant without a circle, how far it came and what it lacks.

The funnel: eligible → has partners → has an admissible circle → outbid.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.forming.stage import score_circles
from circles.matching.forming.witness import Witness, WitnessSearch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.stage import Stage

REASONS = ("no_partners", "no_circle", "none_found", "outbid")
"""Reason codes of candidates, each a step farther; applicants that are none carry the code of the rule they break."""

_SETS_IN_ALL, _LEAST_SETS, _MOST_SETS = 300_000, 200, 20_000
_COLUMNS = ["member_id", "application_id", "amount_fen", "reason", "detail"]
_TYPES = {"member_id": "str", "application_id": "str", "amount_fen": "int64", "reason": "str", "detail": "str"}
_WHAT = {
    "forbidden": "related parties or exclusions",
    "own_loan": "its loan is more than a co-member could bear",
    "own_resources": "its resources could not bear a co-member's loan",
    "bearable": "one co-member could not bear another's loan",
    "coverage": "the co-members' resources do not cover a loan",
    "amount_ratio": "the loans differ too much",
    "max_circle_loan": "the loans together exceed the limit of a circle",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """How far one candidate came in one stage."""

    reason: str
    detail: str


def explain_unplaced(candidates: Candidates, stages: Sequence[Stage], *, placed: dict[int, str]) -> pd.DataFrame:
    """Give the reason of every applicant without a circle.

    Parameters
    ----------
    candidates
        All candidates, and who was refused.
    stages
        The runs of the engine.
    placed
        Candidate → id of its circle.

    Returns
    -------
    Frame ``member_id, application_id, amount_fen, reason, detail`` by member id.
    """
    left = [member for member in range(len(candidates)) if member not in placed]
    budget = min(max(_SETS_IN_ALL // max(1, len(left)), _LEAST_SETS), _MOST_SETS)
    findings: dict[int, _Finding] = {}
    for stage in stages:
        _look_through(candidates, stage, findings, left=set(left), placed=placed, budget=budget)
    who = candidates.applicants.frame[["member_id", "application_id", "amount_fen"]].iloc[left]
    found = who.assign(
        reason=[findings[member].reason for member in left], detail=[findings[member].detail for member in left]
    )
    whole = pd.concat([candidates.refused[_COLUMNS].astype(_TYPES), found[_COLUMNS].astype(_TYPES)])
    return whole.sort_values("member_id", ignore_index=True)


def _look_through(
    candidates: Candidates,
    stage: Stage,
    findings: dict[int, _Finding],
    *,
    left: set[int],
    placed: dict[int, str],
    budget: int,
) -> None:
    """Look for circles of one stage; of two findings the one that came farther stays."""
    search, came_farther = WitnessSearch(stage.problem, budget=budget), {}
    for local, member in enumerate(stage.chosen.tolist()):
        before = REASONS.index(findings[member].reason) if member in findings else -1
        if member not in left or before == len(REASONS) - 1:
            continue
        witness = search.look(local)
        if REASONS.index(_reason(witness)) > before:
            came_farther[local] = witness
    scores = _score_witnesses(stage, came_farther)
    for local, witness in came_farther.items():
        detail = _detail(candidates, stage, witness, local=local, score=scores.get(local, 0), placed=placed)
        findings[int(stage.chosen[local])] = _Finding(reason=_reason(witness), detail=detail)


def _score_witnesses(stage: Stage, witnesses: dict[int, Witness]) -> dict[int, int]:
    """Score the circles found, by the member that each was found for."""
    found = {local: witness.circle for local, witness in witnesses.items() if witness.circle is not None}
    return dict(zip(found, score_circles(stage.problem, list(found.values())).tolist(), strict=True))


def _reason(witness: Witness) -> str:
    if witness.circle is not None:
        return "outbid"
    if not witness.complete:
        return "none_found"
    return "no_circle" if witness.partners else "no_partners"


def _detail(
    candidates: Candidates, stage: Stage, witness: Witness, *, local: int, score: int, placed: dict[int, str]
) -> str:
    if witness.circle is not None:
        others = [int(stage.chosen[other]) for other in witness.circle if other != local]
        return _say_outbid(candidates, others, score=score, placed=placed)
    if not witness.partners:
        return (
            "no other candidate that it knows may be with it" if stage.problem.connected else "has no possible partner"
        )
    if not witness.broken:
        return f"too few candidates could join it: a circle needs at least {stage.problem.sizes[0]} members"
    start = "no circle through it is admissible" if witness.complete else "no admissible circle through it was found"
    return f"{start}: {_say_broken(witness.broken)}"


def _say_broken(broken: Counter[str]) -> str:
    return "; ".join(f"{_WHAT[rule]} ({count:,})" for rule, count in broken.most_common(2))


def _say_outbid(candidates: Candidates, others: list[int], *, score: int, placed: dict[int, str]) -> str:
    ids = ", ".join(str(candidates.ids[other]) for other in others)
    start = f"could share a circle with {ids} (score {score:,})"
    elsewhere = sorted({placed[other] for other in others if other in placed})
    if score <= 0:
        return f"{start}, which is not worth forming"
    if elsewhere:
        return f"{start}, but members of it are placed in {', '.join(elsewhere)}"
    return f"{start}, which the search left out within its gap"
