"""What became of an earlier plan's circles, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.rules import judge_circle

if TYPE_CHECKING:
    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.recall import PastCircle
    from circles.matching.rules import MatchingRules

COLUMNS = ("circle_id", "outcome", "now", "reason", "detail")


def list_changes(
    candidates: Candidates, rules: MatchingRules, past: tuple[PastCircle, ...], *, circles: pd.DataFrame
) -> pd.DataFrame:
    """Compare an earlier plan's circles with those formed now.

    Parameters
    ----------
    candidates, rules
        Who may be placed now, and what holds now.
    past
        The earlier circles.
    circles
        The circles formed now, as in a proposal.

    Returns
    -------
    Frame ``circle_id, outcome, now, reason, detail``, one row for every earlier circle, then one for every circle that
    is new. The outcome is ``kept``, ``changed`` (two or more of its members are together again), ``dissolved`` or
    ``new``; ``now`` are the ids of the circles in which two or more of its members are.
    """
    seat = dict(zip(circles["member_id"], circles["circle_id"], strict=True))
    whole: dict[str, set[str]] = {}
    for member, name in seat.items():
        whole.setdefault(name, set()).add(member)
    refused = candidates.refused.drop_duplicates("member_id").set_index("member_id")
    place = {str(member): at for at, member in enumerate(candidates.ids)}
    rows = []
    for circle in past:
        together = Counter(seat[member] for member in circle.members if member in seat)
        now = [name for name, count in together.items() if count > 1]
        if any(whole[name] == set(circle.members) for name in now):
            rows.append((circle.circle_id, "kept", " ".join(now), "", "stands as it was"))
        else:
            why = _say_why(candidates, rules, circle, refused=refused, place=place)
            rows.append((circle.circle_id, "changed" if now else "dissolved", " ".join(now), *why))
    before = {member: circle.circle_id for circle in past for member in circle.members}
    kept = {row[2] for row in rows if row[1] == "kept"}
    rows += [
        (name, "new", name, "", _say_whence(members, before)) for name, members in whole.items() if name not in kept
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _say_why(
    candidates: Candidates, rules: MatchingRules, circle: PastCircle, *, refused: pd.DataFrame, place: dict[str, int]
) -> tuple[str, str]:
    """Say why an earlier circle does not stand any more: the first of its members, or of the rules, that forbids it."""
    for member in circle.members:
        if member in refused.index:
            return str(refused.loc[member, "reason"]), f"{member}: {refused.loc[member, 'detail']}"
        if member not in place:
            return "application", f"{member} has no application any more"
    kind = circle.kind if circle.kind in rules.kinds else rules.kinds[0]
    case = candidates.case(tuple(sorted(place[member] for member in circle.members)))
    for rule, sentences in judge_circle(case, rules.limits(kind)).items():
        return rule, sentences[0]
    charge = rules.weights.change
    return "outbid", f"it is still allowed; others are worth more, even at {charge:,} points for each circle changed"


def _say_whence(members: set[str], before: dict[str, str]) -> str:
    sources = Counter(before.get(member, "no circle") for member in members)
    return ", ".join(f"{count} of {name}" for name, count in sorted(sources.items()))
