"""How a proposal stands: which candidates are in which circle, and what each circle scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.forming.build import build_problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage
    from circles.matching.problem import MatchingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The proposed circles by id, as positions of candidates.

    Attributes
    ----------
    members, kind, score
        Circle id → its candidates, ascending; its kind; its points.
    circle_of
        Candidate → id of its circle.
    """

    members: dict[str, tuple[int, ...]]
    kind: dict[str, str]
    score: dict[str, int]
    circle_of: dict[int, str]

    def displaced(self, circle: Iterable[int]) -> list[str]:
        """Name the circles that lose a member if these candidates form one, in the order of ids."""
        return sorted({self.circle_of[member] for member in circle if member in self.circle_of})


def read_standing(proposal: Proposal) -> Standing:
    """Read a proposal's circles."""
    candidates, placed = proposal.forming.candidates, proposal.circles
    at = dict(zip(candidates.ids.tolist(), range(len(candidates)), strict=True))
    members: dict[str, tuple[int, ...]] = {}
    for name, ids in placed.groupby("circle_id", sort=False)["member_id"]:
        members[str(name)] = tuple(sorted(at[member] for member in ids))
    first = placed.drop_duplicates("circle_id").set_index("circle_id")
    return Standing(
        members=members,
        kind={str(name): str(kind) for name, kind in first["kind"].items()},
        score={str(name): int(score) for name, score in first["score"].items()},
        circle_of={member: name for name, circle in members.items() for member in circle},
    )


def stages_with(forming: Forming, candidate: int) -> list[tuple[Stage, int]]:
    """Give the stages that a candidate took part in, and its position in the problem of each."""
    found = []
    for stage in forming.stages:
        at = int(stage.chosen.searchsorted(candidate))
        if at < len(stage.chosen) and stage.chosen[at] == candidate:
            found.append((stage, at))
    return found


def place_circle(forming: Forming, kind: str, circle: tuple[int, ...]) -> tuple[MatchingProblem, NDArray[np.int64]]:
    """Give a problem of one kind that holds all of a circle's candidates, and their positions in it."""
    for stage in forming.stages:
        if stage.kind == kind and np.isin(circle, stage.chosen).all():
            return stage.problem, np.searchsorted(stage.chosen, circle)
    chosen = np.array(sorted(circle), dtype=np.int64)
    return build_problem(forming.candidates, forming.rules, kind, chosen=chosen), np.arange(len(circle))


def name_members(forming: Forming, circle: Iterable[int]) -> str:
    """Write the ids of candidates, separated by blanks."""
    return " ".join(str(forming.candidates.ids[member]) for member in circle)
