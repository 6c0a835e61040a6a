"""Blocking circles: admissible ones in which every member would be strictly better off than now.

A member's part of a circle is the worth of placing it, half of its scores with the others, and an equal part of the
charge of the size: the parts of all members add up to the circle's score. Unplaced is worth 0. A circle blocks if each
of its members has a greater part in it than now; such circles are a subset of those worth more than their members'
present parts, which one walk of the engine finds with the parts as prices (blocking coalitions of hedonic games: S.
Banerjee, H. Konishi, T. Sönmez, "Core in a simple coalition formation game", Social Choice and Welfare 18, 2001).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.matching.answers.standing import Standing, name_members, place_circle, read_standing
from circles.matching.engine.board import build_field, build_look
from circles.matching.engine.clock import Clock
from circles.matching.engine.enumeration import Budget, walk_parts
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.steps import acquainted_steps, fitting_steps, listed_steps
from circles.matching.lines import join_lines
from circles.matching.worth import pair_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.forming.forming import Forming
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.stage import Stage
    from circles.matching.problem import MatchingProblem

PARTS = 1_680
"""A point is cut into so many: twice what 2 to 8 divide, so that halves and equal parts of charges are whole."""
_MOST_FITTING = 300_000
"""Among strangers all circles are looked at if there are at most so many fitting pairs, else the listed pairs' only."""
_VISITS, _KEEP, _PART_VISITS = 200_000, 5_000, 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class StabilityAudit:
    """Blocking circles of a proposal; prints as a short text.

    Attributes
    ----------
    circles
        Frame, the greatest least gain first: ``members`` (ids, separated by blanks), ``kind, score``, ``least_gain``
        (points that the member gains that gains least), ``displaces`` (ids of the proposed circles that lose a member).
    complete
        Whether every admissible circle was judged; else the search was limited, and an empty list proves nothing.
    """

    circles: pd.DataFrame
    complete: bool

    @property
    def is_stable(self) -> bool:
        """Whether no circle blocks, and all were judged."""
        return self.complete and not len(self.circles)

    def __str__(self) -> str:
        if not len(self.circles):
            return (
                "no circle blocks the proposal" if self.complete else "no blocking circle was found in a limited search"
            )
        start = "" if self.complete else "at least "
        lines = [f"{start}{len(self.circles):,} circles block the proposal: all their members would rather form them"]
        lines += [
            f"  {row.members} ({row.kind}): score {row.score:,}, each gains at least {row.least_gain:,.1f}"
            for row in self.circles.head(5).itertuples()
        ]
        return join_lines([*lines, "  …"] if len(self.circles) > 5 else lines)

    __repr__ = __str__


def audit_stability(proposal: Proposal, *, workers: int | None = None) -> StabilityAudit:
    """Look for the blocking circles of a proposal, in every kind of circle that it forms."""
    forming, standing = proposal.forming, read_standing(proposal)
    parts = _present_parts(forming, standing)
    frames, complete = [], True
    for stage in forming.stages:
        found = _find_blocking(stage, parts[stage.chosen], workers=workers or 2)
        complete &= found.complete
        frames.append(_describe(forming, standing, stage, found))
    whole = pd.concat(frames, ignore_index=True)
    ordered = whole.sort_values(["least_gain", "members"], ascending=[False, True], kind="stable", ignore_index=True)
    return StabilityAudit(circles=ordered, complete=complete)


def member_parts(problem: MatchingProblem, circles: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give every member's part of its circle, in 1/`PARTS` of a point.

    Parameters
    ----------
    problem
        The integer problem.
    circles
        Shape (m, size), member positions: circles of one allowed size.

    Returns
    -------
    Shape (m, size); a row adds up to `PARTS` × the circle's worth.
    """
    size = circles.shape[1]
    parts = problem.value[circles] * PARTS - problem.size_charge[size] * PARTS // size
    for a in range(size):
        for b in range(a + 1, size):
            half = pair_scores(problem, circles[:, a], circles[:, b]) * PARTS // 2
            parts[:, a] += half
            parts[:, b] += half
    return parts


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Blocking:
    """Blocking circles as positions in a problem, their members' least gain, and whether there can be no others."""

    circles: list[tuple[int, ...]]
    least_gain: list[int]
    worth: list[int]
    complete: bool


def _present_parts(forming: Forming, standing: Standing) -> NDArray[np.int64]:
    parts = np.zeros(len(forming.candidates), dtype=np.int64)
    alike: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    problems: dict[int, MatchingProblem] = {}
    for name, circle in standing.members.items():
        problem, local = place_circle(forming, standing.kind[name], circle)
        problems[id(problem)] = problem
        alike.setdefault((id(problem), len(circle)), []).append((*circle, *local.tolist()))
    for (number, size), circles in alike.items():
        rows = np.array(circles, dtype=np.int64)
        parts[rows[:, :size]] = member_parts(problems[number], rows[:, size:])
    return parts


def _find_blocking(stage: Stage, now: NDArray[np.int64], *, workers: int) -> _Blocking:
    problem, complete = stage.problem, True
    steps = acquainted_steps(problem) if problem.connected else fitting_steps(problem, most=_MOST_FITTING)
    if steps is None:
        steps, complete = listed_steps(problem), False
    field = build_field(problem, steps, scale=PARTS, piece_charge=no_pieces(problem.sizes[-1]))
    budget = Budget(threshold=0, visits=_VISITS, keep=_KEEP, part_visits=_PART_VISITS)
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for walked in walk_parts(field.board, build_look(field, now), budget=budget, clock=Clock(None), workers=workers):
        complete &= not (walked.lift > 0).any()
        for size in problem.sizes:
            rows = walked.sets[(walked.sets >= 0).sum(axis=1) == size, :size].astype(np.int64)
            parts = member_parts(problem, rows)
            gain = (parts - now[rows]).min(axis=1)
            for row in np.flatnonzero(gain > 0):
                found[tuple(rows[row].tolist())] = (int(gain[row]), int(parts[row].sum()) // PARTS)
    circles = sorted(found)
    return _Blocking(
        circles=circles,
        least_gain=[found[circle][0] for circle in circles],
        worth=[found[circle][1] for circle in circles],
        complete=complete,
    )


def _describe(forming: Forming, standing: Standing, stage: Stage, found: _Blocking) -> pd.DataFrame:
    chosen = [[int(stage.chosen[member]) for member in circle] for circle in found.circles]
    return pd.DataFrame(
        {
            "members": pd.Series([name_members(forming, circle) for circle in chosen], dtype="str"),
            "kind": pd.Series([stage.kind] * len(chosen), dtype="str"),
            "score": pd.Series(found.worth, dtype="int64"),
            "least_gain": np.array(found.least_gain, dtype=np.float64) / PARTS,
            "displaces": pd.Series([" ".join(standing.displaced(circle)) for circle in chosen], dtype="str"),
        }
    )
