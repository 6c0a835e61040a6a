"""Proposed circles in place: a portfolio as it would be with them, and the ids of what is new in it."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circles.portfolio import Portfolio

_TERM_MONTHS = 12


def put_in_place(before: Portfolio, placed: pd.DataFrame) -> Portfolio:
    """Give the portfolio with proposed circles in place, each member with the loan that it applied for.

    Parameters
    ----------
    before
        The portfolio that they were formed from.
    placed
        A proposal's ``circles``.
    """
    if not len(placed):
        return before
    ends = _loan_ends(before, placed)
    return before.replace(
        circles=_joined(before.circles, _circle_rows(placed, ends, start=before.as_of)),
        circle_members=_joined(before.circle_members, placed[["circle_id", "member_id", "deposit_fen"]]),
        loans=_joined(before.loans, _loan_rows(before, placed, ends)),
    )


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
