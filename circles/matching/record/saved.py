"""A proposal as its audit file states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from circles.matching.plan import Plan, PlanStatus
    from circles.matching.rules import MatchingRules


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Run:
    """One run of the engine: on whom, and its plan with the certificate.

    Attributes
    ----------
    kind
        ``acquainted`` or ``strangers``.
    members
        Ids of the members that it was to place, sorted; member i of the plan is ``members[i]``.
    plan
        What the engine answered.
    gives_circles
        Whether its circles are proposed.
    gives_bound
        Whether the proposal's upper bound rests on its prices.
    place_at_least, lend_at_least
        How many members, or how much in fen, its circles had to hold; None: no matter.
    """

    kind: str
    members: tuple[str, ...]
    plan: Plan
    gives_circles: bool
    gives_bound: bool
    place_at_least: int | None = None
    lend_at_least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SavedProposal:
    """A proposal read from its audit file: its tables, what it was formed with, and the certificates of its bound.

    `circles.read_proposal` reads one, `circles.verify_proposal` judges it and `circles.reform_circles` goes on from it.

    Attributes
    ----------
    status, score, upper_bound, circles, unplaced, breakdown, flags, rules, seed, digest, notes
        As in `circles.Proposal`.
    as_of, currency
        Of the portfolio that it was formed from.
    asked_gap, time_limit
        The gap that was good enough, and the seconds given, None for no limit.
    previous
        Circles of an earlier plan, as sorted tuples of member ids; every other circle is charged a change. None: no
        earlier plan, and no charge.
    versions
        Versions of Python and of the packages that the result depends on.
    runs
        Runs of the engine, in order.
    is_sealed
        Whether the file still has the fingerprint that it was written with.
    """

    status: PlanStatus
    score: int
    upper_bound: int
    circles: pd.DataFrame
    unplaced: pd.DataFrame
    breakdown: pd.DataFrame
    flags: pd.DataFrame
    rules: MatchingRules
    seed: int
    asked_gap: float
    time_limit: float | None
    digest: str
    as_of: date
    currency: str
    previous: tuple[tuple[str, ...], ...] | None
    notes: tuple[str, ...]
    versions: Mapping[str, str]
    runs: tuple[Run, ...]
    is_sealed: bool = True

    @property
    def gap(self) -> float:
        """Proven distance to the best proposal as a share of the bound, at least 0."""
        return (self.upper_bound - self.score) / max(1, abs(self.upper_bound))

    def __str__(self) -> str:
        found = self.circles["circle_id"].nunique()
        return (
            f"Proposal of {self.as_of}: {found:,} circles place {len(self.circles):,} of "
            f"{len(self.circles) + len(self.unplaced):,} applicants ({self.status})\n"
            f"score {self.score:,}, upper bound {self.upper_bound:,}: no proposal scores more (gap {self.gap:.2%})"
        )

    __repr__ = __str__
