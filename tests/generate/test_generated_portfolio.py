"""What holds for a whole generated portfolio: reproducible, complete, small sizes, clear refusals."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from circles.errors import InputError
from circles.generate import PROFILES, generate_portfolio
from circles.generate.population import YOUNG_DAYS
from circles.generate.streams import open_stream
from circles.generate.towns import TOWNS


@pytest.fixture(scope="module")
def portfolio():
    return generate_portfolio(members=3_000, trades=9_000, seed=7)


def test_the_same_seed_gives_the_same_tables(portfolio) -> None:
    assert generate_portfolio(members=3_000, trades=9_000, seed=7).digest() == portfolio.digest()


def test_another_seed_gives_other_tables(portfolio) -> None:
    assert generate_portfolio(members=3_000, trades=9_000, seed=8).digest() != portfolio.digest()


def test_more_trade_leaves_every_other_noun_as_it_was(portfolio) -> None:
    more = generate_portfolio(members=3_000, trades=12_000, seed=7)
    for name in ("members", "acquaintances", "applications", "circle_members", "loans", "guarantees"):
        pd.testing.assert_frame_equal(more.table(name), portfolio.table(name))


def test_no_global_generator_is_touched() -> None:
    np.random.seed(3)  # noqa: NPY002 - the global generator is what is watched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    generate_portfolio(members=200, trades=400, seed=7)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_nouns_have_streams_of_their_own() -> None:
    draws = [open_stream(7, noun).random() for noun in ("trade", "loans", "loan", "s")]
    assert len(set(draws)) == 4
    assert open_stream(8, "trade").random() != draws[0]
    assert 0 <= open_stream(10**40, "trade").random() < 1


def test_every_table_has_rows_and_nothing_is_odd(portfolio) -> None:
    from circles.portfolio import TABLES

    assert [name for name in TABLES if len(portfolio.table(name)) == 0] == []
    assert len(portfolio.warnings) == 0
    assert portfolio.as_of == date(2007, 12, 29)
    assert portfolio.currency == "CNY"


def test_every_engine_finds_its_input(portfolio) -> None:
    members = portfolio.members
    for column in ("resources_fen", "resources_source", "default_probability", "region", "industry", "registered_on"):
        assert members[column].notna().all(), column
    assert set(members["resources_source"]) == {"declared", "verified", "estimated"}
    assert members["recovery_rate"].notna().mean() == pytest.approx(0.08, abs=0.03)


def test_industries_gather_in_their_towns(portfolio) -> None:
    members = portfolio.members
    for town in TOWNS:
        made_here = members.loc[members["city"] == town.name, "industry"]
        assert made_here.mode()[0] == town.industry
        assert (made_here == town.industry).mean() > 0.5
    own = {town.name: town.industry for town in TOWNS}
    assert 0.65 < (members["city"].map(own) == members["industry"]).mean() < 0.8


def test_the_excluded_prefecture_has_a_small_share(portfolio) -> None:
    shares = portfolio.members["region"].value_counts(normalize=True)
    assert 0.005 < shares["Ningbo"] < 0.05
    assert shares[["Hangzhou", "Shaoxing", "Jiaxing"]].sum() > 0.3


def test_dates_are_in_order_and_some_members_are_too_young(portfolio) -> None:
    members, day = portfolio.members, pd.Timestamp(portfolio.as_of)
    assert (members["registered_on"] <= members["joined_on"]).all()
    assert (members["joined_on"] <= day).all()
    young = members["registered_on"] > day - pd.Timedelta(days=YOUNG_DAYS)
    assert 0.07 < young.mean() < 0.13
    lapsed = members["certified_until"].isna() | (members["certified_until"] < day)
    assert 0.02 < lapsed.mean() < 0.08


def test_default_probabilities_average_about_two_percent_and_follow_their_rule(portfolio) -> None:
    members = portfolio.members
    chance = members["default_probability"]
    assert 0.016 < chance.mean() < 0.024
    small = members["annual_sales_fen"] < 1_000_000 * 100
    assert chance[small].mean() > chance[~small].mean()
    late = portfolio.loans.query("days_overdue > 0")["borrower_id"]
    assert chance[members["member_id"].isin(late)].mean() > 3 * chance.mean()


def test_about_half_apply_with_affordable_amounts(portfolio) -> None:
    applications, day = portfolio.applications, pd.Timestamp(portfolio.as_of)
    assert 0.45 < applications["member_id"].nunique() / len(portfolio.members) < 0.56
    assert applications["amount_fen"].between(20_000 * 100, 2_000_000 * 100).all()
    assert (applications["term_months"] == 12).all()
    assert (applications["applied_on"] <= day).all()
    assert set(applications["mode"]) == {"acquainted", "strangers", "any"}
    assert applications["member_id"].duplicated().sum() > 0
    assert applications["applied_on"].is_monotonic_increasing


def test_resources_are_about_half_a_loan(portfolio) -> None:
    applications = portfolio.applications.drop_duplicates("member_id")
    wanted = applications["amount_fen"].to_numpy()
    resources = portfolio.members["resources_fen"].to_numpy(dtype=np.int64)
    own = resources[portfolio.member_positions(applications["member_id"].tolist())]
    assert 0.4 < np.median(own / wanted) < 0.6
    assert 0.45 < own.sum() / wanted.sum() < 0.85


def test_few_members_are_related_linked_or_at_odds(portfolio) -> None:
    groups = portfolio.members["control_group"].value_counts()
    assert 0.01 < groups.sum() / 3_000 < 0.03
    assert groups.between(2, 4).all()
    assert 0 < len(portfolio.links) < 60
    assert 0 < len(portfolio.exclusions) < 0.03 * len(portfolio.acquaintances)


def test_activity_is_recent_and_of_borrowers(portfolio) -> None:
    activity, day = portfolio.activity, pd.Timestamp(portfolio.as_of)
    assert activity["member_id"].isin(portfolio.loans["borrower_id"]).all()
    assert activity["date"].between(day - pd.Timedelta(days=75), day).all()
    joined = portfolio.members.set_index("member_id")["joined_on"]
    assert (joined[activity["member_id"]].to_numpy() <= activity["date"].to_numpy()).all()
    with_amount = activity["kind"].isin(["purchase", "sale"])
    assert (activity["amount_fen"].notna() == with_amount).all()


@pytest.mark.parametrize(
    ("members", "trades"),
    [(0, 0), (1, 0), (2, 0), (2, 48), (3, 144), (5, 0), (5, 480), (29, 100), (31, 3_100), (100, 10_000)],
)
def test_small_and_crowded_portfolios_have_exactly_the_rows_asked_for(members: int, trades: int) -> None:
    for seed in range(5):
        made = generate_portfolio(members=members, trades=trades, seed=seed)
        assert len(made.members) == members
        assert len(made.trades) == trades
        assert not made.trades.duplicated(["seller_id", "buyer_id", "period"]).any()


def test_twenty_thousand_members_are_made_whole() -> None:
    made = generate_portfolio(members=20_000, trades=160_000, seed=7)
    assert (len(made.members), len(made.trades)) == (20_000, 160_000)
    assert len(made.warnings) == 0


def test_progress_is_told_step_by_step_and_changes_nothing() -> None:
    told: list[tuple[int, int]] = []
    made = generate_portfolio(members=50, trades=90, seed=3, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 13) for done in range(1, 14)]
    assert made.digest() == generate_portfolio(members=50, trades=90, seed=3).digest()


def test_another_date_moves_everything_along() -> None:
    made = generate_portfolio(members=200, trades=400, seed=7, as_of="2024-06-30")
    assert made.as_of == date(2024, 6, 30)
    assert made.trades["period"].max() == pd.Timestamp("2024-06-01")
    assert made.loans["drawn_on"].max() <= pd.Timestamp("2024-06-30")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"members": -1}, r"members must be a whole number of at least 0, got -1"),
        ({"members": 2.5}, r"members must be a whole number"),
        ({"members": True}, r"members must be a whole number"),
        ({"members": 10**9, "trades": 0}, r"members must be at most 5,000,000, got 1,000,000,000"),
        ({"members": 10, "trades": -3}, r"trades must be a whole number of at least 0, got -3"),
        ({"members": 1, "trades": 1}, r"trades must be at most 0 for 1 members"),
        ({"members": 2, "trades": 49}, r"trades must be at most 48 for 2 members .* got 49"),
        ({"members": 1_000, "trades": 100_001}, r"trades must be at most 100,000 for 1,000 members"),
        ({"seed": -1}, r"seed must be a whole number of at least 0, got -1"),
        ({"seed": 1.0}, r"seed must be a whole number"),
        ({"profile": "jiangsu"}, r"unknown profile 'jiangsu'; the profiles are: zhejiang-2007"),
        ({"as_of": "2007-02-30"}, r"as_of must be a date such as 2007-12-29, got '2007-02-30'"),
        ({"as_of": 20071229}, r"as_of must be a date"),
        ({"as_of": "0001-01-01"}, r"as_of must be in the years 1990 to 2200"),
    ],
)
def test_bad_arguments_are_refused_with_what_is_allowed(given: dict, message: str) -> None:
    arguments = {"members": 10, "trades": 0, "seed": 7, **given}
    with pytest.raises(InputError, match=message):
        generate_portfolio(**arguments)


def test_profiles_are_listed_by_name() -> None:
    assert list(PROFILES) == ["zhejiang-2007"]
    assert PROFILES["zhejiang-2007"].needs_finance == 0.8902
