"""The months in which loans are drawn and due, and in which guarantees lapse."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.settlement import MonthPlan
from circles.settlement.cover import cover_loans, rank_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.horizon.timetable import Timetable
    from circles.portfolio import Portfolio
    from circles.settlement import Obligations

NEVER = 2**40
"""A month that never comes."""
_OF_YEAR = 12


def plan_months(
    portfolio: Portfolio,
    obligations: Obligations,
    timetable: Timetable,
    *,
    first_month: NDArray[np.int64],
    monthly_income: Mapping[str, int] | None,
) -> MonthPlan:
    """Say what happens in which month, from the dates of a portfolio.

    Parameters
    ----------
    portfolio, obligations
        The same book as tables and as arrays.
    timetable
        How long things take.
    first_month
        Shape (members,), in the order of the obligations: when each defaults first.
    monthly_income
        Free income in whole fen by member; None, and members that are not in it: a twelfth of their resources.

    Raises
    ------
    InputError
        If an income is of nobody or no whole amount of at least 0.
    """
    dates = list_dates(portfolio, timetable)
    income = _read_income(portfolio, obligations, monthly_income)
    due = _due_dates(portfolio, obligations)
    return MonthPlan(
        months=timetable.months,
        call_delay=timetable.call_delay,
        first_month=first_month,
        draw_month=_find_draws(portfolio, obligations, timetable, dates=dates),
        due_month=_find_due(due, dates),
        close_month=_find_closings(portfolio, obligations, timetable, dates=dates, due=due),
        income=income,
        income_of_failed=np.floor(income * timetable.income_of_failed),
    )


def list_dates(portfolio: Portfolio, timetable: Timetable) -> NDArray[np.datetime64]:
    """Give the day on which each month begins: shape (months,); the 31st becomes the last day of a shorter month."""
    start = pd.Timestamp(portfolio.as_of)
    dates = [start + pd.DateOffset(months=month) for month in range(timetable.months)]
    return np.array([date.to_datetime64() for date in dates], dtype="datetime64[s]")


def _read_income(
    portfolio: Portfolio, obligations: Obligations, stated: Mapping[str, int] | None
) -> NDArray[np.float64]:
    income = np.floor(obligations.resources / _OF_YEAR)
    if not stated:
        return income
    wrong = [(member, fen) for member, fen in stated.items() if not _is_amount(fen)]
    if wrong:
        msg = f"monthly_income must be whole fen of at least 0, got {wrong[0][1]!r} for {wrong[0][0]!r}"
        raise InputError(msg)
    income[find_members(portfolio, obligations, list(stated), what="member with income")] = list(stated.values())
    return income


def _is_amount(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 0


def find_members(portfolio: Portfolio, obligations: Obligations, ids: list[str], *, what: str) -> NDArray[np.int64]:
    """Give members' positions in the order of the obligations, in the order of the ids."""
    rows = portfolio.member_positions(ids, what=what)
    position = np.empty(len(obligations.members), dtype=np.int64)
    position[obligations.rows] = np.arange(len(position))
    return position[rows]


def _due_dates(portfolio: Portfolio, obligations: Obligations) -> NDArray[np.datetime64]:
    """Give the due date of each loan in the order of the obligations; none where it was overdue already."""
    due = _of_loans(portfolio, obligations, "due_on").to_numpy("datetime64[s]").copy()
    due[due < np.datetime64(portfolio.as_of, "s")] = np.datetime64("NaT")
    return due


def _of_loans(portfolio: Portfolio, obligations: Obligations, column: str) -> Any:
    return portfolio.table("loans").set_index("loan_id")[column].reindex(obligations.loans.ids)


def _find_due(due: NDArray[np.datetime64], dates: NDArray[np.datetime64]) -> NDArray[np.int64]:
    month = np.searchsorted(dates, due, side="left")
    return np.where(np.isnat(due), NEVER, month)


def _find_draws(
    portfolio: Portfolio, obligations: Obligations, timetable: Timetable, *, dates: NDArray[np.datetime64]
) -> NDArray[np.int64]:
    """Say when loans are drawn: on their dates; without one, by their borrower's turn in the circle."""
    drawn = _of_loans(portfolio, obligations, "drawn_on").to_numpy("datetime64[s]")
    month = np.where(np.isnat(drawn), 0, np.searchsorted(dates, drawn, side="left"))
    if timetable.draw_interval:
        waiting = np.isnat(drawn)
        turn = _find_turns(portfolio, obligations)
        month[waiting] = turn[waiting] * timetable.draw_interval
    return month.astype(np.int64)


def _find_turns(portfolio: Portfolio, obligations: Obligations) -> NDArray[np.int64]:
    """Give each loan its borrower's turn in the circle by `draw_order`, from 0; 0 where none is stated."""
    seats = portfolio.table("circle_members")
    order = pd.Series(seats["draw_order"].to_numpy(np.float64, na_value=np.nan))
    turn = order.groupby(seats["circle_id"].to_numpy(dtype=object)).rank("dense").fillna(1.0) - 1.0
    of_seat = pd.Series(turn.to_numpy(np.float64), index=pd.MultiIndex.from_frame(seats[["circle_id", "member_id"]]))
    loans = portfolio.table("loans").set_index("loan_id").reindex(obligations.loans.ids)
    seat = pd.MultiIndex.from_frame(loans[["circle_id", "borrower_id"]])
    return of_seat.reindex(seat).fillna(0.0).to_numpy(np.float64).astype(np.int64)


def _find_closings(
    portfolio: Portfolio,
    obligations: Obligations,
    timetable: Timetable,
    *,
    dates: NDArray[np.datetime64],
    due: NDArray[np.datetime64],
) -> NDArray[np.int64]:
    """Say from which month on each guarantor cannot be called for anything new."""
    pools = obligations.pools
    last = _last_claims(obligations, due, timetable)[pools.pool]
    stated = _stated_claims(portfolio, obligations)
    claim = np.where(np.isnat(stated), last, stated)
    return np.where(np.isnat(claim), NEVER, np.maximum(np.searchsorted(dates, claim, side="right"), 1))


def _last_claims(obligations: Obligations, due: NDArray[np.datetime64], timetable: Timetable) -> NDArray[np.datetime64]:
    """Give, for each pool, the end of the claim period after its last loan; none where a loan has no due date."""
    pool = obligations.loans.pool
    last = pd.Series(due[pool >= 0]).groupby(pool[pool >= 0])
    days = last.max().where(last.count() == last.size())
    ends = pd.to_datetime(days) + pd.DateOffset(months=timetable.claim_months)
    return ends.reindex(np.arange(len(obligations.pools.ids))).to_numpy("datetime64[s]")


def _stated_claims(portfolio: Portfolio, obligations: Obligations) -> NDArray[np.datetime64]:
    """Give each guarantor's own last day for claims, the latest where several guarantees are one entry."""
    pools, guarantees, ranks = obligations.pools, portfolio.table("guarantees"), rank_ids(portfolio)
    working = cover_loans(portfolio, ranks).guarantee_pool
    members = max(len(obligations.members), 1)
    key = working * members + ranks.members[portfolio.codes("guarantees", "guarantor_id")]
    until = guarantees["claim_until"].where(guarantees["claim_until"].notna(), guarantees["expires_on"])
    ends = pd.Series(until.to_numpy("datetime64[s]")[working >= 0]).groupby(key[working >= 0]).max()
    entries = pools.pool.astype(np.int64) * members + pools.member
    return ends.reindex(entries).to_numpy("datetime64[s]")
