"""Estimated default probabilities: the state of loans first, then peers in the book, else nothing."""

import pandas as pd
import pytest

from circles import InputError, Portfolio, estimate_default_probabilities
from circles.estimate import DefaultProbabilityRule

TWO = DefaultProbabilityRule(least_peers=2)


def book(probabilities: list, industries: list, loans: list[dict] | None = None) -> Portfolio:
    ids = [f"M{row}" for row in range(len(probabilities))]
    members = {"member_id": ids, "default_probability": probabilities, "industry": industries}
    tables = {"loans": pd.DataFrame(loans).assign(loan_id=[f"L{row}" for row in range(len(loans))])} if loans else {}
    return Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame(members), **tables)


def test_peers_are_those_of_the_industry_else_of_the_book():
    """Socks: 2 and 4 %; ties: one states 9 %, which is too few; the book: the mean of all three."""
    portfolio = book([0.02, 0.04, None, 0.09, None, None], ["socks"] * 3 + ["ties"] * 2 + [None])
    estimate = estimate_default_probabilities(portfolio, TWO)
    assert estimate.portfolio.members["default_probability"].tolist() == pytest.approx(
        [0.02, 0.04, 0.03, 0.09, 0.05, 0.05]
    )
    assert estimate.members["basis"].tolist() == ["industry", "book", "book"]


@pytest.mark.parametrize(
    ("loan", "basis", "probability"),
    [
        ({"days_overdue": 91}, "non_performing", 1.0),
        ({"grade": "doubtful"}, "non_performing", 1.0),
        ({"days_overdue": 1}, "watched", 0.2),
        ({"grade": "special_mention"}, "watched", 0.2),
        ({"grade": "normal", "days_overdue": 0}, "industry", 0.03),
    ],
)
def test_the_state_of_a_loan_comes_first(loan, basis, probability):
    loans = [{"borrower_id": "M2", "balance_fen": 1, **loan}]
    (row,) = estimate_default_probabilities(book([0.02, 0.04, None], ["a"] * 3, loans), TWO).members.itertuples()
    assert (row.basis, row.default_probability) == (basis, pytest.approx(probability))


def test_watched_members_are_never_better_than_their_peers():
    loans = [{"borrower_id": "M2", "balance_fen": 1, "days_overdue": 5}]
    estimate = estimate_default_probabilities(book([0.5, 0.3, None], ["a"] * 3, loans), TWO)
    assert estimate.members["default_probability"].tolist() == pytest.approx([0.4])


def test_too_few_stated_leave_it_empty_rather_than_invented():
    estimate = estimate_default_probabilities(book([0.02, None], ["a", "a"]))
    assert estimate.portfolio.members["default_probability"].isna().tolist() == [False, True]
    assert estimate.left_empty.tolist() == ["M1"]
    assert "1 of 2 members; 0 estimated, 1 left empty" in str(estimate)


def test_a_parameter_out_of_range_is_refused():
    with pytest.raises(InputError, match="the rule's watched_probability must be a number from 0 to 1, got 2"):
        DefaultProbabilityRule(watched_probability=2)
