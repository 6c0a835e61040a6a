"""Flows between bubbles: sums over both ends, the strongest drawn, the rest counted."""

import numpy as np
import pandas as pd
import pytest

from circles.generate import generate_portfolio
from circles.portfolio import Portfolio
from circles.viz.overview import draw_overview, flows
from circles.viz.overview.flows import keep_lines, list_flows, list_lines, write_flow_rows, write_layers, write_notes

IDS = [f"M{place}" for place in range(4)]


@pytest.fixture
def book() -> Portfolio:
    trades = [
        ("M0", "M1", "2007-11", 5),
        ("M1", "M0", "2007-11", 2),
        ("M2", "M3", "2007-12", 3),
        ("M2", "M1", "2006-11", 9),
    ]
    trades += [("M0", "M3", "2007-10", 4), ("M0", "M3", "2007-11", 4)]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": IDS}),
        trades=pd.DataFrame(trades, columns=["seller_id", "buyer_id", "period", "amount_fen"]),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G1", "G2"],
                "guarantor_id": ["M3", "M3"],
                "borrower_id": ["M0", "M1"],
                "amount_fen": [700, 800],
                "expires_on": pd.to_datetime(["2008-06-30", "2007-06-30"]),
            }
        ),
    )


def test_flows_are_sums_by_bubble_of_what_counts_today(book: Portfolio) -> None:
    found = list_flows(book, np.array([0, 0, 1, 2], dtype=np.int32), bubbles=3)
    assert found.to_numpy().tolist() == [
        ["trade", 0, 2, 8],
        ["trade", 0, 0, 7],
        ["trade", 1, 2, 3],
        ["guarantee", 2, 0, 700],
    ]


def test_the_strongest_are_drawn_and_the_rest_is_said(book: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "MOST_LINES", 1)
    found = list_flows(book, np.array([0, 0, 1, 2], dtype=np.int32), bubbles=3)
    assert keep_lines(found)[["source", "target"]].to_numpy().tolist() == [[0, 2], [2, 0]]
    assert list_lines(found) == [["trade", 0, 2, 1.0], ["guarantee", 2, 0, 1.0]]
    assert "the 1 strongest of 2 flows between bubbles, 73% of their amount" in write_notes(found, "CNY", "en")
    assert '<th scope="row">Guarantees</th><td>c</td><td>&lt;a&gt;</td><td>7</td>' in write_flow_rows(
        found, ["<a>", "b", "c"], "en"
    )
    assert write_layers(found, "en").count("checkbox") == 2
    inside = list_flows(book, np.zeros(4, dtype=np.int32), bubbles=1)
    assert write_layers(inside, "en") == ""
    assert write_notes(inside, "CNY", "en").count("all of it stays inside") == 2


def test_flows_of_a_book_add_up() -> None:
    whole = generate_portfolio(members=300, trades=3_000, seed=3)
    drawn = draw_overview(whole)
    month = whole.trades["period"].dt.to_period("M")
    recent = whole.trades[(month > "2006-12") & (month <= "2007-12")]
    trade = drawn.flows[drawn.flows["kind"] == "trade"]
    assert trade["amount_fen"].sum() == recent["amount_fen"].sum() > 0
    assert trade["source"].max() < len(drawn.bubbles)
    owed = whole.loans["balance_fen"].sum() + whole.loans["accrued_interest_fen"].sum()
    assert drawn.bubbles["exposure_fen"].sum() == owed > whole.loans["balance_fen"].sum()
