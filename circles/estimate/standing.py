"""How members stand with the loans they have in the book: interest of a year, and whether a loan is in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

NON_PERFORMING_DAYS = 90
"""Days overdue beyond which a loan is in default (Basel Framework, CRE36.69) and non-performing in China (Measures for
the Risk Classification of Financial Assets of Commercial Banks, 2023, art. 11)."""
_NON_PERFORMING = ("substandard", "doubtful", "loss")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """What the loans in the book say of each member, in the order of the members table.

    Attributes
    ----------
    interest_fen
        Shape (members,), fen as float64: a year's interest on the balances, and what interest is open already.
    non_performing
        Shape (members,): owes a loan more than 90 days overdue, or graded substandard or worse.
    watched
        Shape (members,): owes a loan that is overdue or graded special mention, none that is non-performing.
    """

    interest_fen: NDArray[np.float64]
    non_performing: NDArray[np.bool_]
    watched: NDArray[np.bool_]


def read_standing(portfolio: Portfolio, *, interest_rate: float) -> Standing:
    """Read how members stand with their loans; linear in loans and members.

    Parameters
    ----------
    portfolio
        Where the loans are.
    interest_rate
        Yearly rate in [0, 1] of loans that state none.
    """
    loans, count = portfolio.table("loans"), len(portfolio.table("members"))
    borrower = portfolio.codes("loans", "borrower_id")
    rate = loans["annual_rate"].fillna(interest_rate).to_numpy(np.float64)
    interest = loans["balance_fen"].to_numpy(np.float64) * rate
    interest += loans["accrued_interest_fen"].to_numpy(np.float64, na_value=0.0)
    days = loans["days_overdue"].to_numpy(np.int64, na_value=0)
    bad = (days > NON_PERFORMING_DAYS) | loans["grade"].isin(_NON_PERFORMING).to_numpy()
    odd = (days > 0) | (loans["grade"] == "special_mention").to_numpy(dtype=np.bool_, na_value=False)
    non_performing = _mark(borrower[bad], count)
    return Standing(
        interest_fen=np.bincount(borrower, weights=interest, minlength=count).astype(np.float64),
        non_performing=non_performing,
        watched=_mark(borrower[odd], count) & ~non_performing,
    )


def _mark(members: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, dtype=np.bool_)
    marked[members] = True
    return marked
