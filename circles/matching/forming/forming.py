"""A forming: everything a proposal came from, kept for the questions asked of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError

if TYPE_CHECKING:
    from circles.matching.forming.candidates import Candidates
    from circles.matching.forming.recall import PastCircle
    from circles.matching.forming.search import Search
    from circles.matching.forming.stage import Stage
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forming:
    """What circles were formed from and how.

    Attributes
    ----------
    portfolio, rules, candidates, search
        Who applied, what was asked, who was a candidate, and how long was searched.
    stages
        One run of the engine for every kind of circle.
    bound
        Upper bound on the score of every proposal, in points.
    past
        Circles of an earlier plan, where these were formed anew from it.
    bounding
        The runs whose prices prove it: with mode ``any`` one of all strangers is among them.
    """

    portfolio: Portfolio
    rules: MatchingRules
    candidates: Candidates
    stages: tuple[Stage, ...]
    bound: int
    bounding: tuple[Stage, ...]
    search: Search
    past: tuple[PastCircle, ...] = ()

    def find_candidate(self, member_id: str) -> int | None:
        """Give the position of a candidate, None for an applicant that is none.

        Raises
        ------
        InputError
            If the member has not applied.
        """
        found = np.flatnonzero(self.candidates.ids == member_id)
        if len(found):
            return int(found[0])
        refuse_unknown(self.portfolio, member_id)
        return None


def refuse_unknown(portfolio: Portfolio, member_id: str) -> None:
    """Refuse a member that has not applied.

    Raises
    ------
    InputError
        Saying whether it is a member of the portfolio at all.
    """
    applicants = set(portfolio.applications["member_id"])
    if member_id not in applicants:
        known = member_id in set(portfolio.members["member_id"])
        what = "has not applied for a loan" if known else "is no member of the portfolio"
        msg = f"member {member_id!r} {what}; choose one of the {len(applicants):,} applicants"
        raise InputError(msg)
