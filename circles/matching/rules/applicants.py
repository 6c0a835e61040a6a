"""Applicants: the newest application of every member, with what the rules ask about its member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from circles.portfolio import Portfolio

_ENDED = ("dissolved", "settled", "rejected")
_BAD_GRADES = ("substandard", "doubtful", "loss")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicants:
    """Members that applied for a loan, one row each, ordered by member id.

    Attributes
    ----------
    as_of
        The date on which they are judged.
    frame
        ``member_id, application_id, amount_fen, term_months, applied_on, mode, position`` (row in members), ``region,
        city, industry, registered_on, certified_until, resources_fen``, ``circle_id`` and ``circle_until`` of an
        active circle, ``overdue_loan`` (id of an open loan in trouble).
    """

    as_of: date
    frame: pd.DataFrame

    def take(self, rows: np.ndarray) -> Applicants:
        """Give some of the applicants, in the order of their rows."""
        return Applicants(as_of=self.as_of, frame=self.frame.iloc[rows].reset_index(drop=True))


def collect_applicants(portfolio: Portfolio) -> Applicants:
    """Join the newest application of every member with what is known about the member.

    The newest is the one applied for last; among those of one day, and those without a date, the greatest id.
    """
    newest = newest_applications(portfolio)
    members = portfolio.members.rename_axis("position").reset_index()
    about = ["member_id", "position", "region", "city", "industry", "registered_on", "certified_until", "resources_fen"]
    frame = newest.merge(members[about], on="member_id", how="left", validate="one_to_one")
    frame = frame.merge(_active_circles(portfolio), on="member_id", how="left", validate="one_to_one")
    frame = frame.merge(_overdue_loans(portfolio), on="member_id", how="left", validate="one_to_one")
    return Applicants(as_of=portfolio.as_of, frame=frame)


def newest_applications(portfolio: Portfolio) -> pd.DataFrame:
    """Give the newest application of every member, ordered by member id."""
    columns = ["application_id", "member_id", "amount_fen", "term_months", "applied_on", "mode"]
    ordered = portfolio.applications[columns].sort_values(
        ["member_id", "applied_on", "application_id"], na_position="first", kind="stable"
    )
    return ordered.drop_duplicates("member_id", keep="last").reset_index(drop=True)


def _active_circles(portfolio: Portfolio) -> pd.DataFrame:
    """Give an active circle of every member that has one: the one that lasts longest, then the smallest id."""
    circles = portfolio.circles
    ended = circles["status"].str.strip().str.casefold().isin(_ENDED)
    expired = circles["expires_on"] < np.datetime64(portfolio.as_of, "s")
    active = circles.loc[~ended & ~expired, ["circle_id", "expires_on"]].rename(columns={"expires_on": "circle_until"})
    belongs = portfolio.circle_members[["member_id", "circle_id"]].merge(active, on="circle_id")
    ordered = belongs.sort_values(["circle_until", "circle_id"], ascending=[False, True], na_position="first")
    return ordered.drop_duplicates("member_id", keep="first")


def _overdue_loans(portfolio: Portfolio) -> pd.DataFrame:
    """Give a loan in trouble of every member that has one: open, and overdue or graded worse than special mention."""
    loans = portfolio.loans
    is_open = (loans["balance_fen"] + loans["accrued_interest_fen"].fillna(0)) > 0
    late = loans["days_overdue"].fillna(0) > 0
    trouble = loans.loc[is_open & (late | loans["grade"].isin(_BAD_GRADES)), ["borrower_id", "loan_id"]]
    named = trouble.rename(columns={"borrower_id": "member_id", "loan_id": "overdue_loan"})
    return named.sort_values("overdue_loan").drop_duplicates("member_id", keep="first")
