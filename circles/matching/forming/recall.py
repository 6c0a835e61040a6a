"""Recalling an earlier plan: which of its circles could stand again, and under which ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.record.saved import Run

UNKNOWN = 1e12
"""The price to begin with of a member that had none; the engine lowers it to one that is surely enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCircle:
    """A circle of an earlier plan: its id, its kind and the ids of its members, sorted."""

    circle_id: str
    kind: str
    members: tuple[str, ...]


def list_past_circles(circles: pd.DataFrame) -> tuple[PastCircle, ...]:
    """List the circles of an earlier proposal, in its order.

    Raises
    ------
    InputError
        If a member is in two of them.
    """
    members: dict[str, list[str]] = {}
    for name, member in zip(circles["circle_id"], circles["member_id"], strict=True):
        members.setdefault(str(name), []).append(str(member))
    kinds = dict(zip(circles["circle_id"], circles["kind"], strict=True))
    past = tuple(
        PastCircle(circle_id=name, kind=str(kinds[name]), members=tuple(sorted(ids))) for name, ids in members.items()
    )
    seen: dict[str, str] = {}
    for circle in past:
        for member in circle.members:
            if member in seen:
                msg = f"previous: member {member!r} is in the circles {seen[member]} and {circle.circle_id}"
                raise InputError(msg)
            seen[member] = circle.circle_id
    return past


def recall_circles(candidates: Candidates, past: tuple[PastCircle, ...]) -> Candidates:
    """Give the candidates with the earlier circles of which every member is still a candidate."""
    place = {member: at for at, member in enumerate(candidates.ids)}
    found: Mapping[tuple[int, ...], str] = {
        tuple(sorted(place[member] for member in circle.members)): circle.circle_id
        for circle in past
        if all(member in place for member in circle.members)
    }
    return replace(candidates, previous=found)


def recall_prices(candidates: Candidates, runs: tuple[Run, ...]) -> dict[str, NDArray[np.float64]]:
    """Give the prices that proved an earlier bound, by kind, for every candidate, in points.

    Who had none then may cost whatever it takes.
    """
    found = {}
    for run in runs:
        if run.gives_bound:
            then = dict(zip(run.members, (run.plan.prices / run.plan.price_scale).tolist(), strict=True))
            found[run.kind] = np.array([then.get(member, UNKNOWN) for member in candidates.ids], dtype=np.float64)
    return found
