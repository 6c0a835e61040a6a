"""Trade is sparse, local and has hubs; acquaintances are local; receivables rest on trade."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from circles.generate import generate_portfolio
from circles.generate.hubs import choose_hubs
from circles.generate.population import draw_population
from circles.generate.profile import ZHEJIANG_2007


@pytest.fixture(scope="module")
def portfolio():
    return generate_portfolio(members=10_000, trades=80_000, seed=7)


@pytest.fixture(scope="module")
def pairs(portfolio):
    """Distinct (seller, buyer) positions, shape (pairs, 2)."""
    both = np.column_stack([portfolio.codes("trades", "seller_id"), portfolio.codes("trades", "buyer_id")])
    return np.unique(both, axis=0)


def test_sixty_percent_trade_with_no_other_member(pairs) -> None:
    assert len(np.unique(pairs)) / 10_000 == pytest.approx(0.4, abs=0.02)


def test_a_few_large_buyers_have_very_many_suppliers(portfolio, pairs) -> None:
    suppliers = np.bincount(pairs[:, 1], minlength=10_000)
    hubs = np.argsort(-suppliers)[:18]
    assert suppliers[hubs].min() > 60
    assert 0.2 < suppliers[hubs].sum() / len(pairs) < 0.4
    sales = portfolio.members["annual_sales_fen"].to_numpy(dtype=np.int64)
    assert np.median(sales[hubs]) > 450_000_000 * 100


@pytest.mark.parametrize(("members", "hubs"), [(29, 0), (30, 1), (3_000, 9), (10_000, 18), (250_000, 104)])
def test_hubs_grow_slower_than_members(members: int, hubs: int) -> None:
    day = np.datetime64("2007-12-29", "D")
    assert len(choose_hubs(draw_population(7, members, profile=ZHEJIANG_2007, day=day))) == hubs


def test_degrees_without_hubs_fall_like_a_power(portfolio, pairs) -> None:
    suppliers = np.bincount(pairs[:, 1], minlength=10_000)
    ordinary = np.sort(suppliers)[:-18]
    trading = ordinary[ordinary > 0]
    assert trading.max() > 8 * np.median(trading)
    assert (trading >= 4).sum() > 3 * (trading >= 12).sum() > 0


def test_no_seller_sells_more_than_its_annual_sales(portfolio) -> None:
    sold = portfolio.trades.groupby("seller_id")["amount_fen"].sum()
    sales = portfolio.members.set_index("member_id")["annual_sales_fen"].astype("int64")
    assert (sold <= 2 * 0.4 * sales[sold.index].clip(upper=10_000_000 * 100) + 10_000 * 24).all()


def test_trade_is_mostly_local_beside_the_hubs(portfolio, pairs) -> None:
    city = portfolio.members["city"].to_numpy()
    suppliers = np.bincount(pairs[:, 1], minlength=10_000)
    ordinary = pairs[suppliers[pairs[:, 1]] < 60]
    assert (city[ordinary[:, 0]] == city[ordinary[:, 1]]).mean() > 0.6


def test_trade_lies_in_the_last_24_months(portfolio) -> None:
    assert portfolio.trades["period"].min() >= pd.Timestamp("2006-01-01")
    assert portfolio.trades["period"].max() == pd.Timestamp("2007-12-01")
    online = portfolio.trades["paid_online_amount_fen"]
    assert (online.dropna() <= portfolio.trades.loc[online.notna(), "amount_fen"]).all()


def test_nobody_trades_before_it_is_registered(portfolio) -> None:
    registered = portfolio.members["registered_on"].to_numpy()
    period = portfolio.trades["period"].to_numpy()
    for column in ("seller_id", "buyer_id"):
        assert (registered[portfolio.codes("trades", column)] <= period).all()


def test_acquaintances_are_mostly_of_one_town_and_about_four_for_those_who_apply(portfolio) -> None:
    a, b = portfolio.codes("acquaintances", "member_a"), portfolio.codes("acquaintances", "member_b")
    city = portfolio.members["city"].to_numpy()
    assert (city[a] == city[b]).mean() > 0.9
    applies = np.zeros(10_000, dtype=bool)
    applies[portfolio.codes("applications", "member_id")] = True
    both = applies[a] & applies[b]
    degree = np.bincount(np.concatenate([a[both], b[both]]), minlength=10_000)[applies]
    assert 3.0 < degree.mean() < 5.0
    assert 0.03 < (degree == 0).mean() < 0.2


def test_acquaintances_are_listed_once_and_met_after_both_registered(portfolio) -> None:
    a, b = portfolio.codes("acquaintances", "member_a"), portfolio.codes("acquaintances", "member_b")
    assert (a < b).all()
    assert len(np.unique(a.astype(np.int64) << 32 | b)) == len(a)
    registered = portfolio.members["registered_on"].to_numpy()
    since = portfolio.acquaintances["since"].to_numpy()
    assert (since >= np.maximum(registered[a], registered[b])).all()


def test_receivables_are_unpaid_parts_of_recent_trade(portfolio) -> None:
    recent = portfolio.trades[portfolio.trades["period"] >= "2007-10-01"]
    sold = recent.groupby(["seller_id", "buyer_id"])["amount_fen"].sum()
    owed = portfolio.receivables.groupby(["supplier_id", "buyer_id"])["amount_fen"].sum()
    assert len(owed) > 100
    assert (owed <= sold.reindex(owed.index)).all()


def test_hubs_do_not_apply_and_are_in_no_circle(portfolio) -> None:
    day = np.datetime64("2007-12-29", "D")
    hubs = choose_hubs(draw_population(7, 10_000, profile=ZHEJIANG_2007, day=day))
    ids = portfolio.members["member_id"].iloc[hubs]
    assert not ids.isin(portfolio.applications["member_id"]).any()
    assert not ids.isin(portfolio.circle_members["member_id"]).any()
