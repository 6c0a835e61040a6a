"""The profile of a portfolio: figures that fit on paper, and the same found another way."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from health.books_to_examine import YUAN, build_book

from circles import InputError, Portfolio, examine_portfolio, generate_portfolio
from circles.health import Health


@pytest.fixture(scope="module")
def health() -> Health:
    return examine_portfolio(build_book())


def rows_of(frame: pd.DataFrame) -> list[list]:
    return frame.to_numpy(dtype=object).tolist()


def test_networks_and_isolated_members_of_each_kind_of_edge_are_counted(health: Health) -> None:
    assert rows_of(health.networks) == [
        ["trade", 3, 3, 9, 1, 3],
        ["acquaintance", 1, 2, 10, 1, 2],
        ["guarantee", 1, 2, 10, 1, 2],
        ["any of these", 5, 6, 6, 2, 3],
    ]
    sizes = health.network_sizes
    found = sizes[(sizes["layer"] == "any of these") & (sizes["networks"] > 0)]
    assert rows_of(found) == [["any of these", "3 to 5", 2, 6]]


def test_networks_are_those_that_networkx_finds() -> None:
    portfolio = generate_portfolio(members=400, trades=300, seed=5)
    graph = nx.Graph()
    graph.add_nodes_from(range(400))
    for table, first, second in (
        ("trades", "seller_id", "buyer_id"),
        ("acquaintances", "member_a", "member_b"),
        ("guarantees", "guarantor_id", "borrower_id"),
    ):
        graph.add_edges_from(zip(portfolio.codes(table, first), portfolio.codes(table, second), strict=True))
    sizes = [len(found) for found in nx.connected_components(graph) if len(found) > 1]
    health = examine_portfolio(portfolio)
    row = health.network("any of these")
    assert (row["networks"], row["largest"], row["connected"]) == (len(sizes), max(sizes), sum(sizes))
    classes = health.network_sizes[health.network_sizes["layer"] == "any of these"]
    assert (classes["networks"].sum(), classes["members"].sum()) == (len(sizes), sum(sizes))


def test_hubs_are_the_largest_with_their_partners_and_shares(health: Health) -> None:
    buyers = health.hubs[health.hubs["role"] == "buyer"].drop(columns=["role", "name"])
    assert rows_of(buyers) == [["M01", 2, 60 * YUAN, 0.6], ["M02", 1, 40 * YUAN, 0.4]]
    (seller,) = health.concentration.query("role == 'seller'").itertuples()
    assert (seller.largest, seller.share) == (1, 0.8)


def test_money_is_summed_by_year_and_what_has_no_date_is_not_lost(health: Health) -> None:
    years = health.years.query("table in ('trades', 'loans')")
    assert rows_of(years) == [
        ["trades", "2006", 1, 30 * YUAN],
        ["trades", "2007", 3, 70 * YUAN],
        ["loans", "2006", 1, 100_000 * YUAN],
        ["loans", "2007", 1, 300_000 * YUAN],
        ["loans", "not stated", 1, 0],
    ]


def test_months_without_trade_are_there_with_nothing(health: Health) -> None:
    months = health.months
    assert len(months) == 13
    assert months["rows"].tolist() == [1, *[0] * 9, 1, 1, 1]
    assert months["amount_fen"].sum() == 100 * YUAN


def test_sources_circles_and_grades_are_counted(health: Health) -> None:
    assert health.sources["source"].tolist() == ["declared", "estimated", "not stated"]
    assert health.sources["members"].tolist() == [10, 1, 1]
    assert health.estimated_share == pytest.approx(1 / 12)
    assert rows_of(health.circles[["members", "circles"]]) == [[0, 1], [2, 1], [3, 1]]
    assert health.grades["grade"].tolist() == ["normal", "loss", "not stated"]
    assert health.grades["share"].tolist() == [0.25, 0.75, 0.0]


def test_amounts_are_counted_by_size_from_each_bound_on() -> None:
    sales = [0, 999_99, 1_000_00, 9_999_99, 10_000_00, 10**8 * YUAN, *[None] * 6]
    sizes = examine_portfolio(build_book(annual_sales_fen=pd.array(sales, dtype="Int64"))).sizes
    assert sizes[sizes["column"] == "annual_sales"]["rows"].tolist() == [2, 2, 1, 0, 0, 0, 1]


def test_columns_and_dates_say_what_is_missing(health: Health) -> None:
    columns = health.columns.set_index(["table", "column"])
    assert columns.loc[("members", "resources_source"), ["rows", "missing"]].tolist() == [12, 1]
    assert columns.loc[("loans", "balance"), ["smallest", "largest"]].tolist() == ["0.00", "300,000.00"]
    dates = health.dates.set_index(["table", "column"])
    assert dates.loc[("trades", "period")].tolist() == ["2006-12", "2007-12", 0, 0]
    assert dates.loc[("loans", "drawn_on")].tolist() == ["2006-05-05", "2007-05-05", 1, 0]


def test_it_prints_what_a_person_wants_first(health: Health) -> None:
    lines = str(health).splitlines()
    assert lines[0] == "Health of the data of 2007-12-29, amounts in yuan"
    assert lines[1].startswith("12 members; 6 neither trade with, know nor stand for any other; 2 networks")
    assert "resources of 8% of the members are estimates" in lines


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_and_one_alone_have_a_profile_too(count: int) -> None:
    ids = [f"M{row}" for row in range(count)]
    health = examine_portfolio(Portfolio.from_frames(as_of="0001-01-01", members=pd.DataFrame({"member_id": ids})))
    assert health.network("any of these")["isolated"] == count
    assert len(health.hubs) == len(health.months) == len(health.years) == 0
    assert f"{count} members" in str(health)


def test_more_money_than_64_bits_hold_is_refused() -> None:
    rows = 10_000
    loans = {
        "loan_id": [f"L{row}" for row in range(rows)],
        "borrower_id": ["M00"] * rows,
        "balance_fen": [10**15] * rows,
    }
    with pytest.raises(InputError, match="loans: the amounts add up to more than"):
        examine_portfolio(build_book().replace(loans=pd.DataFrame(loans)))


def test_the_order_of_rows_does_not_matter() -> None:
    portfolio = generate_portfolio(members=120, trades=200, seed=3)
    turned = portfolio.replace(trades=portfolio.trades.iloc[::-1].reset_index(drop=True))
    one, other = examine_portfolio(portfolio), examine_portfolio(turned)
    for name in ("networks", "network_sizes", "hubs", "concentration", "years", "months", "sizes", "findings"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert np.isclose(one.hubs.groupby("role")["share"].sum(), other.hubs.groupby("role")["share"].sum()).all()
