"""What every graph store must answer about one member."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from portfolios_for_stores import HOSTILE_TEXTS, IDS, hostile_portfolio, rows

from circles.errors import InputError
from circles.portfolio import Portfolio


class TestNeighbourhood:
    def test_one_step_reaches_by_every_layer_in_both_directions(self, small_store):
        """From M1: M2 by trade, M4 by acquaintance, M5 by guarantee and receivable, M6 guarantees it."""
        around = small_store.neighbourhood("M1")
        assert rows(around.nodes) == [
            ("M1", "Firm M1", 0),
            ("M2", "Firm M2", 1),
            ("M4", "Firm M4", 1),
            ("M5", "Firm M5", 1),
            ("M6", "Firm M6", 1),
        ]
        assert rows(around.edges) == [
            ("trade", "M1", "M2", None, 60, 3),
            ("trade", "M2", "M1", None, 5, 1),
            ("acquaintance", "M1", "M4", None, None, 2),
            ("guarantee", "M1", "M5", "G1", 11, 1),
            ("guarantee", "M6", "M1", "G3", 13, 1),
            ("receivable", "M5", "M1", None, 9, 1),
        ]

    def test_two_steps_add_what_a_second_step_crosses(self, small_store):
        around = small_store.neighbourhood("M1", 2)
        assert [(row[0], row[2]) for row in rows(around.nodes)][5:] == [("M3", 2), ("M7", 2)]
        assert [row for row in rows(around.edges) if row[0] in ("trade", "guarantee", "circle")] == [
            ("trade", "M1", "M2", None, 60, 3),
            ("trade", "M2", "M1", None, 5, 1),
            ("trade", "M2", "M3", None, 7, 1),
            ("guarantee", "M1", "M5", "G1", 11, 1),
            ("guarantee", "M5", "M6", "G2", 12, 1),
            ("guarantee", "M6", "M1", "G3", 13, 1),
            ("guarantee", "M6", "M7", "G4", 14, 1),
            ("circle", "M3", "M4", "K", None, 1),
            ("circle", "M3", "M6", "K", None, 1),
            ("circle", "M4", "M6", "K", None, 1),
        ]

    def test_a_circle_reaches_all_its_members(self, small_store):
        around = small_store.neighbourhood("M3")
        assert around.nodes["member_id"].tolist() == ["M3", "M2", "M4", "M6"]
        assert rows(around.edges[around.edges["layer"] == "circle"]) == [
            ("circle", "M3", "M4", "K", None, 1),
            ("circle", "M3", "M6", "K", None, 1),
        ]

    def test_columns_have_their_types_also_without_rows(self, store):
        store.save(Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]})))
        around = store.neighbourhood("M1")
        assert rows(around.nodes) == [("M1", None, 0)]
        assert {name: str(kind) for name, kind in around.edges.dtypes.items()} == {
            "layer": "str",
            "source_id": "str",
            "target_id": "str",
            "reference_id": "str",
            "amount_fen": "Int64",
            "entries": "int64",
        }
        assert str(around.nodes["hop"].dtype) == "int64"
        assert str(around) == "0 members within 1 step of 'M1', 0 edges"

    def test_hostile_ids_are_found_and_stay_text(self, store):
        store.save(hostile_portfolio())
        around = store.neighbourhood(IDS[0])
        assert sorted(around.nodes["member_id"]) == sorted(IDS[:4])
        assert sorted(store.neighbourhood(IDS[9]).nodes["member_id"]) == [IDS[9]]
        assert around.nodes.set_index("member_id")["name"][IDS[1]] == HOSTILE_TEXTS[2]

    def test_a_walk_agrees_with_networkx_on_random_graphs(self, store):
        rng = np.random.default_rng(5)
        portfolio = random_portfolio(rng, members=60, edges=70)
        store.save(portfolio)
        graph = nx.Graph()
        graph.add_nodes_from(portfolio.members["member_id"])
        for table, first, second in (
            ("trades", "seller_id", "buyer_id"),
            ("acquaintances", "member_a", "member_b"),
            ("guarantees", "guarantor_id", "borrower_id"),
            ("receivables", "supplier_id", "buyer_id"),
        ):
            graph.add_edges_from(portfolio.table(table)[[first, second]].itertuples(index=False))
        for member in portfolio.members["member_id"][:12]:
            for hops in (1, 2, 3):
                around = store.neighbourhood(member, hops)
                expected = nx.single_source_shortest_path_length(graph, member, cutoff=hops)
                assert dict(zip(around.nodes["member_id"], around.nodes["hop"], strict=True)) == expected
                crossed = {frozenset(pair) for pair in graph.edges if min(map(distance(expected), pair)) < hops}
                pairs = around.edges[["source_id", "target_id"]].itertuples(index=False)
                assert {frozenset(pair) for pair in pairs} == crossed
                trades = portfolio.trades
                near = {name for name, hop in expected.items() if hop < hops}
                touched = trades[trades["seller_id"].isin(near) | trades["buyer_id"].isin(near)]
                total = around.edges.loc[around.edges["layer"] == "trade", ["amount_fen", "entries"]].sum()
                assert total.tolist() == [touched["amount_fen"].sum(), len(touched)]

    @pytest.mark.parametrize("hops", [0, -1, 21, 1.5, True, "2"])
    def test_hops_out_of_range_are_refused(self, small_store, hops):
        with pytest.raises(InputError, match="hops must be a whole number from 1 to 20, got"):
            small_store.neighbourhood("M1", hops)

    @pytest.mark.parametrize("member", ["", "m1", "M1' OR '1'='1", "M1\0", "\ud800", None, 1])
    def test_an_unknown_member_is_refused_by_every_question(self, small_store, member):
        for ask in (small_store.neighbourhood, small_store.guarantee_chain, small_store.circles_of):
            with pytest.raises(InputError, match="not found among the 7 members of the store"):
                ask(member)


def distance(hops: dict[str, int]) -> Callable[[str], int]:
    return lambda member: hops.get(member, 10**6)


def random_portfolio(rng: np.random.Generator, *, members: int, edges: int) -> Portfolio:
    ids = np.array([f"R{i:03d}" for i in range(members)], dtype=object)

    def pairs(first: str, second: str) -> pd.DataFrame:
        left = rng.integers(0, members, edges // 4)
        right = (left + rng.integers(1, members, edges // 4)) % members
        return pd.DataFrame({first: ids[left], second: ids[right]})

    trades = pairs("seller_id", "buyer_id")
    trades = pd.concat([trades.assign(period="2007-01"), trades.assign(period="2007-02")])
    guarantees = pairs("guarantor_id", "borrower_id")
    loans = pd.DataFrame({"borrower_id": ids[rng.integers(0, members, edges)]})
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids}),
        trades=trades.assign(amount_fen=rng.integers(0, 1000, len(trades))),
        acquaintances=pairs("member_a", "member_b"),
        receivables=pairs("supplier_id", "buyer_id").assign(amount_fen=rng.integers(0, 1000, edges // 4)),
        guarantees=guarantees.assign(guarantee_id=[f"G{i}" for i in range(len(guarantees))], amount_fen=1),
        loans=loans.assign(loan_id=[f"L{i}" for i in range(edges)], balance_fen=rng.integers(0, 1000, edges)),
    )


class TestGuaranteeChain:
    def test_a_chain_follows_guarantees_and_ends_where_it_meets_itself(self, small_store):
        """M1 stands for M5, M5 for M6, M6 for M1 and M7: all owe 101 + 20 + 50 + 1,000; M1's own 5 are not counted."""
        chain = small_store.guarantee_chain("M1")
        assert rows(chain.members) == [
            ("M1", "Firm M1", 0, 1, 5),
            ("M5", "Firm M5", 1, 2, 121),
            ("M6", "Firm M6", 2, 1, 50),
            ("M7", "Firm M7", 3, 1, 1000),
        ]
        assert chain.guarantees["guarantee_id"].tolist() == ["G1", "G2", "G3", "G4"]
        assert chain.guarantees["hop"].tolist() == [0, 1, 2, 2]
        assert (chain.loans, chain.exposure_fen, chain.truncated) == (4, 1171, False)
        assert str(chain) == "'M1' stands for 3 members within 5 guarantees, who owe 11.71 yuan on 4 loans"

    def test_a_chain_cut_off_says_so(self, small_store):
        chain = small_store.guarantee_chain("M1", hops=2)
        assert chain.members["member_id"].tolist() == ["M1", "M5", "M6"]
        assert (chain.loans, chain.exposure_fen, chain.truncated) == (3, 171, True)
        assert str(chain).endswith("; the chain goes on")
        assert not small_store.guarantee_chain("M1", hops=3).truncated

    @pytest.mark.parametrize(
        ("since", "until", "reached"),
        [
            ("2007-12-31", "2007-12-31", ["M5", "M6"]),  # G2 may be claimed until that day, G4 starts the next
            ("2008-01-01", "2008-01-01", ["M5"]),  # G2 has ended
            ("2007-12-31", "2008-01-01", ["M5", "M6", "M7"]),  # each in force on one of the days
            (None, "2006-12-31", ["M5"]),  # G2 has not begun
            ("2009-01-01", None, ["M5"]),
            (None, None, ["M5", "M6", "M7"]),
        ],
    )
    def test_only_guarantees_in_force_within_the_dates_count(self, small_store, since, until, reached):
        chain = small_store.guarantee_chain("M1", since=since, until=until)
        assert chain.members["member_id"].tolist()[1:] == reached

    def test_expiry_counts_only_without_a_claim_date(self, small_store):
        """G4 of M6 has no claim date and expires on 2008-12-31."""
        last, after = (
            small_store.guarantee_chain("M6", since=day, until=day).members["member_id"].tolist()
            for day in ("2008-12-31", "2009-01-01")
        )
        assert "M7" in last
        assert "M7" not in after

    def test_a_member_that_guarantees_nobody_stands_alone(self, small_store):
        chain = small_store.guarantee_chain("M2")
        assert rows(chain.members) == [("M2", "Firm M2", 0, 0, 0)]
        assert (len(chain.guarantees), chain.loans, chain.exposure_fen, chain.truncated) == (0, 0, 0, False)

    def test_a_chain_agrees_with_networkx_on_random_graphs(self, store):
        portfolio = random_portfolio(np.random.default_rng(11), members=40, edges=180)
        store.save(portfolio)
        given = portfolio.guarantees[["guarantor_id", "borrower_id"]].itertuples(index=False)
        graph = nx.DiGraph(list(given))
        owed = portfolio.loans.groupby("borrower_id")["balance_fen"].agg(["sum", "count"])
        for member in sorted(graph)[:15]:
            for hops in (1, 2, 5):
                chain = store.guarantee_chain(member, hops=hops)
                expected = nx.single_source_shortest_path_length(graph, member, cutoff=hops)
                assert dict(zip(chain.members["member_id"], chain.members["hop"], strict=True)) == expected
                beyond = owed.reindex(sorted(set(expected) - {member})).fillna(0).sum()
                assert (chain.exposure_fen, chain.loans) == (beyond["sum"], beyond["count"])
                assert chain.truncated == (len(nx.descendants(graph, member)) + 1 > len(expected))

    def test_a_window_that_ends_before_it_starts_is_refused(self, small_store):
        with pytest.raises(InputError, match="until must not be before since, got since 2008-01-02 and until 2008-01"):
            small_store.guarantee_chain("M1", since="2008-01-02", until="2008-01-01")

    def test_a_date_that_does_not_exist_is_refused(self, small_store):
        with pytest.raises(InputError, match="since must be a date such as 2007-12-29, got '2007-02-30'"):
            small_store.guarantee_chain("M1", since="2007-02-30")
