"""A proposal: circles that await a person's decision, what each is worth, and why the others have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.matching.forming.explanation import Explanation, explain_circle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circles.matching.plan import Plan, PlanStatus
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio

_TERM_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Proposal:
    """Proposed circles, with a proof of how much better any other proposal could be.

    Attributes
    ----------
    status
        OPTIMAL, WITHIN_GAP, TIME_LIMIT, STOPPED or INFEASIBLE (no admissible circle at all); see `PlanStatus`.
    score
        Sum of the circles' scores, in points.
    upper_bound
        No proposal under the same rules scores more, in points.
    circles
        Frame, one row a member placed: ``circle_id, member_id, application_id, amount_fen, deposit_fen, kind``
        (acquainted or strangers), ``score`` (of the whole circle).
    unplaced
        Frame, one row an applicant without a proposed circle: ``member_id, application_id, amount_fen, reason`` (a
        code), ``detail`` (a sentence).
    breakdown
        Frame ``circle_id, term, points``; a circle's points add up to its score.
    rules, seed
        What it was formed with.
    digest
        Fingerprint of the portfolio it was formed from.
    notes
        Sentences on what the data do not state: rules that were not judged, resources that are estimates.
    plans
        The engine's plans, one for every kind of circle, with their certificates.
    """

    status: PlanStatus
    score: int
    upper_bound: int
    circles: pd.DataFrame
    unplaced: pd.DataFrame
    breakdown: pd.DataFrame
    rules: MatchingRules
    seed: int
    digest: str
    notes: tuple[str, ...]
    plans: tuple[Plan, ...]
    _portfolio: Portfolio

    @property
    def gap(self) -> float:
        """Proven distance to the best proposal as a share of the bound, at least 0."""
        return (self.upper_bound - self.score) / max(1, abs(self.upper_bound))

    @property
    def plan(self) -> Plan:
        """The engine's plan; with mode ``any``, that of the circles of acquaintances."""
        return self.plans[0]

    def explain(self, circle_id: str) -> Explanation:
        """Explain one circle: its terms, its members and what each may owe, the rule that binds most.

        Raises
        ------
        InputError
            If no proposed circle has that id.
        """
        rows = self.circles[self.circles["circle_id"] == circle_id]
        if not len(rows):
            found = self.circles["circle_id"].drop_duplicates()
            shown = ", ".join(found.head(3)) + (" …" if len(found) > 3 else "") if len(found) else "none"
            msg = f"circle {circle_id!r} is not one of the {len(found):,} proposed circles: {shown}"
            raise InputError(msg)
        terms = self.breakdown[self.breakdown["circle_id"] == circle_id]
        return explain_circle(self._portfolio, self.rules, rows, terms=terms)

    def portfolio(self) -> Portfolio:
        """Give the portfolio with the proposed circles in place, each member with the loan that it applied for.

        Circles have the status ``proposed`` and run for twelve months, or the longest term applied for; loans get new
        ids, are drawn at the portfolio's date and belong to their circle.
        """
        before = self._portfolio
        if not len(self.circles):
            return before
        ends = _loan_ends(before, self.circles)
        return before.replace(
            circles=_joined(before.circles, _circle_rows(self.circles, ends, start=before.as_of)),
            circle_members=_joined(before.circle_members, self.circles[["circle_id", "member_id", "deposit_fen"]]),
            loans=_joined(before.loans, _loan_rows(before, self.circles, ends)),
        )

    def __str__(self) -> str:
        found = self.circles["circle_id"].nunique()
        reasons = self.unplaced["reason"].value_counts()
        left = ", ".join(f"{reason} {number:,}" for reason, number in reasons.items())
        lines = [
            f"Proposal: {found:,} circles place {len(self.circles):,} of {len(self.circles) + len(self.unplaced):,} "
            f"applicants ({self.status})",
            f"score {self.score:,}, upper bound {self.upper_bound:,}: no proposal scores more (gap {self.gap:.2%})",
        ]
        if left:
            lines.append(f"unplaced {len(self.unplaced):,}: {left}")
        return "\n".join([*lines, *self.notes])

    __repr__ = __str__


def fresh_ids(prefix: str, *, taken: Iterable[str]) -> Iterator[str]:
    """Give ids such as C00001, C00002, … one after the other, leaving out those that are taken."""
    used = set(taken)
    return (name for number in count(1) if (name := f"{prefix}{number:05d}") not in used)


def _loan_ends(portfolio: Portfolio, placed: pd.DataFrame) -> pd.Series:
    terms = portfolio.applications.set_index("application_id")["term_months"]
    months = terms.reindex(placed["application_id"]).fillna(_TERM_MONTHS).clip(lower=1).astype("int64")
    ends = [_months_later(portfolio.as_of, int(number)) for number in months]
    return pd.Series(pd.to_datetime(ends), index=placed.index, dtype="datetime64[s]")


def _months_later(day: date, months: int) -> date:
    return (pd.Timestamp(day) + pd.DateOffset(months=min(months, 1_200))).date()


def _circle_rows(placed: pd.DataFrame, ends: pd.Series, *, start: date) -> pd.DataFrame:
    lasts = ends.groupby(placed["circle_id"], sort=False).max()
    rows = pd.DataFrame({"circle_id": lasts.index, "expires_on": lasts.to_numpy(), "status": "proposed"})
    return rows.assign(formed_on=np.datetime64(start, "s"))


def _loan_rows(portfolio: Portfolio, placed: pd.DataFrame, ends: pd.Series) -> pd.DataFrame:
    names = fresh_ids("L", taken=portfolio.loans["loan_id"])
    return pd.DataFrame(
        {
            "loan_id": [next(names) for _ in range(len(placed))],
            "borrower_id": placed["member_id"].to_numpy(),
            "balance_fen": placed["amount_fen"].to_numpy(),
            "limit_fen": placed["amount_fen"].astype("Int64").to_numpy(),
            "circle_id": placed["circle_id"].to_numpy(),
            "drawn_on": np.datetime64(portfolio.as_of, "s"),
            "due_on": ends.to_numpy(),
            "grade": "normal",
        }
    )


def _joined(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Put new rows under a table, in its columns and types."""
    whole = new.reindex(columns=old.columns)
    for name, kind in old.dtypes.items():
        whole[name] = whole[name].astype(kind)
    return pd.concat([old, whole], ignore_index=True) if len(old) else whole.reset_index(drop=True)
