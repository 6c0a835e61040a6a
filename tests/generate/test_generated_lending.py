"""Existing circles obey the product's rules; loans and guarantees agree with each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from circles.generate import generate_portfolio

DAY = pd.Timestamp("2007-12-29")


@pytest.fixture(scope="module")
def portfolio():
    return generate_portfolio(members=20_000, trades=0, seed=11)


@pytest.fixture(scope="module")
def seats(portfolio) -> pd.DataFrame:
    """One row a seat: the circle's and the member's columns beside it."""
    return portfolio.circle_members.merge(portfolio.members, on="member_id").merge(portfolio.circles, on="circle_id")


def test_circles_have_three_to_five_members_of_one_town(seats) -> None:
    assert seats.groupby("circle_id").size().between(3, 5).all()
    assert (seats.groupby("circle_id")["city"].nunique() == 1).all()
    assert not seats["member_id"].duplicated().any()
    assert 0.04 < len(seats) / 20_000 < 0.07


def test_members_of_circles_were_eligible_when_it_was_formed(seats) -> None:
    assert (seats["region"] != "Ningbo").all()
    assert (seats["formed_on"] - seats["registered_on"] >= pd.Timedelta(days=548)).all()
    assert (seats["certified_until"] >= DAY).all()
    assert seats["control_group"].isna().all()


def test_the_order_of_draw_down_counts_from_one(seats) -> None:
    for _, order in seats.groupby("circle_id")["draw_order"]:
        assert sorted(order) == list(range(1, len(order) + 1))


def test_members_of_a_circle_know_each_other_in_a_chain(portfolio, seats) -> None:
    known = set(zip(portfolio.acquaintances["member_a"], portfolio.acquaintances["member_b"], strict=True))
    for _, group in seats.groupby("circle_id")["member_id"]:
        inside = sorted(group)
        reached, edge = {inside[0]}, {inside[0]}
        while edge:
            edge = {m for m in inside if m not in reached and any((min(m, r), max(m, r)) in known for r in edge)}
            reached |= edge
        assert reached == set(inside)


def test_circles_are_not_expired_and_a_few_are_dissolved_frozen_or_overdue(portfolio) -> None:
    circles = portfolio.circles
    assert (circles["expires_on"] > DAY).all()
    assert (circles["status"] == "active").mean() > 0.8
    assert set(circles["status"]) == {"active", "dissolved", "frozen", "overdue"}
    dissolved = circles.loc[circles["status"] == "dissolved", "circle_id"]
    assert not portfolio.loans["circle_id"].isin(dissolved).any()
    late = portfolio.loans.loc[portfolio.loans["days_overdue"] > 0, "circle_id"].dropna()
    assert set(late) == set(circles.loc[circles["status"] == "overdue", "circle_id"])


def test_loans_stay_within_limits_and_dates(portfolio) -> None:
    loans = portfolio.loans
    assert (loans["balance_fen"] <= loans["limit_fen"]).all()
    assert (loans["balance_fen"] > 0).all()
    assert (loans["limit_fen"] <= 2_000_000 * 100).all()
    assert (loans["drawn_on"] <= DAY).all()
    assert (loans["accrued_interest_fen"] >= 0).all()
    assert (loans["accrued_interest_fen"] < 0.15 * loans["balance_fen"]).all()
    assert loans["annual_rate"].between(0.07, 0.1).all()


def test_nobody_borrows_before_it_is_registered_or_joins_a_circle_before_the_platform(portfolio, seats) -> None:
    registered = portfolio.members["registered_on"].to_numpy()
    assert (registered[portfolio.codes("loans", "borrower_id")] <= portfolio.loans["drawn_on"].to_numpy()).all()
    assert (seats["joined_on"] <= seats["formed_on"]).all()


def test_grades_follow_days_overdue(portfolio) -> None:
    loans = portfolio.loans
    days = loans["days_overdue"].astype("int64").to_numpy()
    expected = np.select(
        [days > 360, days > 270, days > 90, days > 0], ["loss", "doubtful", "substandard", "special_mention"], ""
    )
    overdue = days > 0
    assert 0.01 < overdue.mean() < 0.05
    assert (loans["grade"].to_numpy()[overdue] == expected[overdue]).all()
    assert set(loans["grade"][~overdue]) == {"normal", "special_mention"}
    outside = loans["circle_id"].isna().to_numpy() & overdue
    late_days = (DAY - loans["due_on"]).dt.days.to_numpy()
    assert (late_days[outside] == days[outside]).all()
    assert (loans["due_on"][~overdue] > DAY - pd.Timedelta(days=1)).all()


def test_non_performing_balances_are_about_what_the_programme_had() -> None:
    shares = []
    for seed in range(4):
        loans = generate_portfolio(members=20_000, trades=0, seed=seed).loans
        bad = loans["grade"].isin(["substandard", "doubtful", "loss"])
        shares.append(loans.loc[bad, "balance_fen"].sum() / loans["balance_fen"].sum())
    assert 0.006 < np.mean(shares) < 0.018


def test_the_share_of_members_with_a_loan_is_the_decks(portfolio) -> None:
    with_loan = portfolio.loans["borrower_id"].nunique() / 20_000
    assert with_loan == pytest.approx(0.8902 - 0.6895, abs=0.02)


def test_every_guarantee_is_for_a_borrower_outside_circles(portfolio) -> None:
    outside = portfolio.loans[portfolio.loans["circle_id"].isna()]
    guarantees = portfolio.guarantees
    assert guarantees["borrower_id"].isin(outside["borrower_id"]).all()
    assert (guarantees["amount_fen"] > 0).all()
    assert (guarantees["starts_on"] <= DAY).all()
    assert (guarantees["expires_on"] <= guarantees["claim_until"]).all()


def test_some_borrowers_have_all_their_guarantees_on_one_named_loan(portfolio) -> None:
    guarantees = portfolio.guarantees
    named = guarantees["loan_id"].notna()
    assert 0.1 < named.mean() < 0.4
    assert (guarantees.assign(named=named).groupby("borrower_id")["named"].nunique() == 1).all()
    assert (guarantees.groupby("borrower_id")["loan_id"].nunique() <= 1).all()
