"""Loans: in existing circles, behind guarantees, and to members who have collateral."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.ids import number_ids
from circles.generate.population import Days, Population, draw_days
from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.existing_circles import ExistingCircles
    from circles.generate.guarantee_network import GuaranteeNetwork
    from circles.generate.profile import Profile

LENDERS = ("Bank A", "Bank B", "City Bank C", "Rural Cooperative D")
UNDRAWN_SHARE = 0.10
"""Share of members of circles that have not drawn yet (assumption)."""
SECOND_LOAN_SHARE = 0.12
"""Share of borrowers outside circles with a second loan from another lender (assumption)."""
REPAID_SHARE = 0.35
"""Share of loans paid back in part (assumption)."""
BASE_RATE, RATE_SPREAD = 0.0747, 0.02
"""Yearly rate: the central bank's benchmark for one year from 21 December 2007, and up to two points more."""
SHORT_OVERDUE_SHARE, LONG_OVERDUE_SHARE, WATCHED_SHARE = 0.015, 0.013, 0.02
"""Share of loans overdue up to 90 days, of those outside circles overdue more than 90 days, and of others watched; they
bring non-performing balances to about the programme's 1.08 %."""
LONGEST_OVERDUE_DAYS = 400
TERMS_DAYS = (183, 365, 730)
GRADES = ("normal", "special_mention", "substandard", "doubtful", "loss")
GRADE_DAYS = (1, 91, 271, 361)
"""First day overdue of each worse grade: Rules on risk classification of financial assets (2023), art. 10-13."""
COLLATERAL_RANGE = (0.8, 1.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanBook:
    """All loans; every array has shape (loans,). Circle is −1 outside circles; amounts are whole fen."""

    borrower: NDArray[np.int64]
    circle: NDArray[np.int64]
    lender: NDArray[np.int64]
    limit_fen: NDArray[np.int64]
    balance_fen: NDArray[np.int64]
    interest_fen: NDArray[np.int64]
    annual_rate: NDArray[np.float64]
    collateral_fen: NDArray[np.int64]
    drawn_on: Days
    due_on: Days
    grade: NDArray[np.int64]
    days_overdue: NDArray[np.int64]

    @property
    def ids(self) -> NDArray[np.object_]:
        """Shape (loans,): the ids."""
        return number_ids("L", len(self.borrower))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Borrowing:
    """Who borrows, in which circle, against what, and since when."""

    borrower: NDArray[np.int64]
    circle: NDArray[np.int64]
    secured: NDArray[np.bool_]
    drawn_on: Days
    due_on: Days


def draw_loans(
    seed: int,
    population: Population,
    *,
    profile: Profile,
    circles: ExistingCircles,
    network: GuaranteeNetwork,
) -> LoanBook:
    """Draw all loans.

    Borrowers are the members of circles that have drawn, everybody whom the network guarantees, and as many others
    with collateral as bring the share of members with a loan to what the profile says (needs finance, less needs it
    and got none).
    """
    stream = open_stream(seed, "loans")
    inside = _draw_circle_borrowing(stream, circles, population.day)
    served = profile.needs_finance - profile.needs_and_got_none
    outside = _draw_outside_borrowing(stream, population, circles=circles, network=network, served=served)
    borrower = np.concatenate([inside.borrower, outside.borrower])
    both = _Borrowing(
        borrower=borrower,
        circle=np.concatenate([inside.circle, outside.circle]),
        secured=np.concatenate([inside.secured, outside.secured]),
        drawn_on=np.concatenate([inside.drawn_on, outside.drawn_on]),
        due_on=np.concatenate([inside.due_on, outside.due_on]),
    )
    return _book_loans(stream, both, population)


def frame_loans(loans: LoanBook, population: Population) -> pd.DataFrame:
    """Build the loans table."""
    circle_ids = np.concatenate([number_ids("E", int(loans.circle.max(initial=-1)) + 1), [None]])
    return pd.DataFrame(
        {
            "loan_id": loans.ids,
            "borrower_id": population.ids[loans.borrower],
            "balance_fen": loans.balance_fen,
            "accrued_interest_fen": loans.interest_fen,
            "circle_id": circle_ids[loans.circle],
            "lender": np.array(LENDERS, dtype=np.object_)[loans.lender],
            "limit_fen": loans.limit_fen,
            "annual_rate": loans.annual_rate,
            "collateral_value_fen": loans.collateral_fen,
            "drawn_on": loans.drawn_on,
            "due_on": loans.due_on,
            "grade": np.array(GRADES, dtype=np.object_)[loans.grade],
            "days_overdue": loans.days_overdue,
        }
    )


def _draw_circle_borrowing(stream: np.random.Generator, circles: ExistingCircles, day: np.datetime64) -> _Borrowing:
    active = (circles.status != "dissolved")[circles.circle]
    drawn = active & (stream.random(len(active)) >= UNDRAWN_SHARE)
    circle = circles.circle[drawn]
    since = np.minimum(circles.formed_on[circle] + 4 * circles.draw_order[drawn], day)
    return _Borrowing(
        borrower=circles.member[drawn],
        circle=circle,
        secured=np.zeros(len(circle), dtype=np.bool_),
        drawn_on=since,
        due_on=since + 365,
    )


def _draw_outside_borrowing(
    stream: np.random.Generator,
    population: Population,
    *,
    circles: ExistingCircles,
    network: GuaranteeNetwork,
    served: float,
) -> _Borrowing:
    guaranteed = np.unique(network.borrower)
    free = population.settled & ~circles.mask_members(len(population))
    free[guaranteed] = False
    wanted = round(served * len(population)) - len(circles.member) - len(guaranteed)
    others = stream.permutation(np.flatnonzero(free))[: max(0, wanted)]
    first = np.concatenate([guaranteed, np.sort(others)])
    second = first[stream.random(len(first)) < SECOND_LOAN_SHARE]
    borrower = np.concatenate([first, second])
    secured = np.ones(len(borrower), dtype=np.bool_)
    secured[: len(guaranteed)] = False
    terms = stream.choice(TERMS_DAYS, size=len(borrower), p=(0.25, 0.6, 0.15))
    drawn = draw_days(stream, population.day - np.minimum(terms - 1, 700), population.day - 1)
    circle = np.full(len(borrower), -1)
    return _Borrowing(borrower=borrower, circle=circle, secured=secured, drawn_on=drawn, due_on=drawn + terms)


def _book_loans(stream: np.random.Generator, loans: _Borrowing, population: Population) -> LoanBook:
    count = len(loans.borrower)
    overdue = _draw_overdue(stream, loans, population.day)
    late = (overdue > 0) & (loans.circle < 0)
    due = np.where(late, population.day - overdue, loans.due_on)
    drawn = np.where(late, np.minimum(loans.drawn_on, due - TERMS_DAYS[0]), loans.drawn_on)
    limit = population.suitable_loan_fen[loans.borrower]
    kept = np.where(stream.random(count) < REPAID_SHARE, 0.3 + 0.65 * stream.random(count), 1.0)
    balance = np.floor(limit * kept / 100_000).astype(np.int64) * 100_000
    rate = np.round(BASE_RATE + RATE_SPREAD * stream.random(count), 4)
    low, high = COLLATERAL_RANGE
    collateral = np.floor(limit * (low + (high - low) * stream.random(count)) / 1_000_000) * 1_000_000
    return LoanBook(
        borrower=loans.borrower,
        circle=loans.circle,
        lender=np.where(loans.circle >= 0, 0, stream.integers(0, len(LENDERS), size=count)),
        limit_fen=limit,
        balance_fen=balance,
        interest_fen=_accrue_interest(balance, rate, days=_unpaid_days(drawn, overdue, population.day)),
        annual_rate=rate,
        collateral_fen=np.where(loans.secured, collateral, 0).astype(np.int64),
        drawn_on=drawn,
        due_on=due,
        grade=_grade_loans(stream, overdue),
        days_overdue=overdue,
    )


def _draw_overdue(stream: np.random.Generator, loans: _Borrowing, day: np.datetime64) -> NDArray[np.int64]:
    """Days overdue: in circles only late interest of a running loan, elsewhere up to `LONGEST_OVERDUE_DAYS`."""
    kind, even = stream.random(len(loans.borrower)), stream.random(len(loans.borrower))
    days = np.where(kind < SHORT_OVERDUE_SHARE, 1 + 90 * even, 0)
    long = (kind >= SHORT_OVERDUE_SHARE) & (kind < SHORT_OVERDUE_SHARE + LONG_OVERDUE_SHARE)
    days = np.where(long, 91 + (LONGEST_OVERDUE_DAYS - 91) * even, days).astype(np.int64)
    running = (day - loans.drawn_on).astype(np.int64) - 30
    return np.where(loans.circle >= 0, np.clip(days, 0, np.clip(running, 0, 90)), days)


def _unpaid_days(drawn: Days, overdue: NDArray[np.int64], day: np.datetime64) -> NDArray[np.int64]:
    """Days since interest was last paid: quarterly on the 20th, or since the loan was drawn or fell overdue."""
    quarter = (day.astype("datetime64[M]") - np.datetime64("2007-03", "M")).astype(np.int64) % 3
    settled = (day.astype("datetime64[M]") - quarter).astype("datetime64[D]") + 19
    settled = settled if settled <= day else settled - 90
    last = np.maximum(drawn, np.minimum(settled, day - overdue))
    return (day - last).astype(np.int64)


def _accrue_interest(
    balance_fen: NDArray[np.int64], rate: NDArray[np.float64], *, days: NDArray[np.int64]
) -> NDArray[np.int64]:
    return np.round(balance_fen * rate * days / 360).astype(np.int64)


def _grade_loans(stream: np.random.Generator, overdue: NDArray[np.int64]) -> NDArray[np.int64]:
    """Grade by days overdue; a few loans that are not overdue are watched all the same."""
    grade = np.searchsorted(GRADE_DAYS, overdue, side="right")
    watched = stream.random(len(overdue)) < WATCHED_SHARE
    return np.where(watched & (grade == 0), 1, grade)
