"""Edges: which count at the data date, how they are joined and kept."""

import numpy as np
import pandas as pd
from books_to_draw import build_book
from hypothesis import given, settings
from hypothesis import strategies as st

from circles.portfolio import Portfolio
from circles.viz.edges import (
    Ends,
    count_expired_guarantees,
    join_members,
    keep_strongest,
    measure_widths,
    read_ends,
    read_failures,
)


def pairs(portfolio: Portfolio, kind: str) -> list[tuple[int, int, int]]:
    places = np.arange(len(portfolio.members), dtype=np.int32)
    edges = join_members(read_ends(portfolio), places, count=len(places))
    rows = edges.loc[edges["kind"] == kind, ["source", "target", "amount_fen"]]
    return [tuple(int(value) for value in row) for row in rows.itertuples(index=False)]


def test_trades_of_both_directions_are_one_edge_with_the_sum() -> None:
    trades = pd.DataFrame(
        {
            "seller_id": ["M0002", "M0000", "M0000", "M0000"],
            "buyer_id": ["M0000", "M0002", "M0002", "M0001"],
            "period": ["2007-12", "2007-01", "2006-12", "2008-01"],
            "amount_fen": [5, 7, 100, 100],
        }
    )
    assert pairs(build_book().replace(trades=trades), "trade") == [(0, 2, 12)]


def test_a_guarantee_runs_from_guarantor_to_borrower_while_it_is_in_force() -> None:
    guarantees = pd.DataFrame(
        {
            "guarantee_id": ["G1", "G2", "G3", "G4"],
            "guarantor_id": ["M0002", "M0003", "M0004", "M0005"],
            "borrower_id": ["M0001", "M0001", "M0001", "M0001"],
            "amount_fen": [5, 6, 7, 8],
            "starts_on": ["2007-12-29", "2007-12-30", "2007-01-01", "2007-01-01"],
            "expires_on": [None, None, "2007-12-28", "2007-06-01"],
            "claim_until": [None, None, None, "2007-12-29"],
        }
    )
    book = build_book().replace(guarantees=guarantees)
    assert pairs(book, "guarantee") == [(2, 1, 5), (5, 1, 8)]
    assert count_expired_guarantees(book, np.ones(len(book.members), dtype=np.bool_)) == 2


def test_a_receivable_runs_from_who_owes_to_the_supplier() -> None:
    receivables = pd.DataFrame({"supplier_id": ["M0000"] * 2, "buyer_id": ["M0001"] * 2, "amount_fen": [3, 4]})
    assert pairs(build_book().replace(receivables=receivables), "receivable") == [(1, 0, 7)]


def test_who_brought_whom_down_is_read_from_the_cascade() -> None:
    members = pd.DataFrame({"member_id": ["M0", "M1", "M2"], "hit_by": ["", None, "M0;M1;M2;gone"]})
    found = read_failures(members, np.arange(3, dtype=np.int32))
    assert list(zip(found.source, found.target, strict=True)) == [(0, 2), (1, 2)]


def rank_edges(pairs: list[tuple[int, int]], kinds: list[str], amounts: list[int]) -> pd.DataFrame:
    source, target = zip(*pairs, strict=True)
    edges = {"source": source, "target": target, "kind": kinds, "amount_fen": amounts}
    return pd.DataFrame(edges).assign(faint=False)


def test_when_there_are_too_many_edges_failures_stay_and_small_trades_go() -> None:
    pairs = [(0, 1), (0, 1), (1, 0), (0, 1)]
    edges = rank_edges(pairs, ["trade", "acquaintance", "failure", "receivable"], [9, 10, 0, 1])
    assert keep_strongest(edges, limit=3)["kind"].tolist() == ["failure", "receivable", "acquaintance"]
    faint = edges.assign(faint=[False, False, False, True])
    assert keep_strongest(faint, limit=3)["kind"].tolist() == ["failure", "acquaintance", "trade"]


def test_members_that_edges_join_stay_joined_over_the_strongest() -> None:
    """A triangle of receivables, a member beside it that trades a little, and failures beyond the limit."""
    pairs = [(0, 1), (1, 2), (0, 2), (2, 3)]
    edges = rank_edges(pairs, ["receivable"] * 3 + ["trade"], [30, 20, 10, 1])
    kept = keep_strongest(edges, limit=2)
    assert list(zip(kept["source"], kept["target"], strict=True)) == [(0, 1), (1, 2), (2, 3)]
    fallen = rank_edges(pairs, ["failure"] * 4, [0, 0, 0, 0])
    assert len(keep_strongest(fallen, limit=1)) == 4


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(13, 25)), min_size=1, max_size=60), st.integers(1, 20))
def test_no_member_loses_all_its_edges_and_the_strongest_stays(pairs: list[tuple[int, int]], limit: int) -> None:
    edges = rank_edges(pairs, ["trade"] * len(pairs), list(range(len(pairs))))
    kept = keep_strongest(edges, limit=limit)
    for member in {end for pair in pairs for end in pair}:
        strongest = max(place for place, pair in enumerate(pairs) if member in pair)
        assert strongest in kept["amount_fen"].tolist()
    assert len(kept) <= max(limit, 25)


def test_width_grows_with_the_amount_inside_a_kind() -> None:
    edges = pd.DataFrame({"kind": ["trade"] * 3, "amount_fen": [0, 25, 100]})
    assert measure_widths(edges).tolist() == [1.0, 2.5, 4.0]


def test_members_that_are_not_drawn_have_no_edges() -> None:
    always = np.array(["2007-12-01", "2007-12-01"], dtype="datetime64[D]")
    source, target, amount = np.array([0, 1]), np.array([1, 2]), np.array([1, 1])
    ends = [Ends(kind="trade", source=source, target=target, amount_fen=amount, since=always, until=always)]
    edges = join_members(ends, np.array([2, 1], dtype=np.int32), count=3)
    assert edges[["source", "target"]].to_numpy().tolist() == [[0, 1]]
