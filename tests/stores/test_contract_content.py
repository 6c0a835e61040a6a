"""What every graph store must do with whole portfolios: all comes back, replaced as a whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portfolios_for_stores import assert_same, hostile_portfolio, small_portfolio, whole

from circles.errors import InputError, StoreError
from circles.graph import open_graph
from circles.portfolio import TABLES, Portfolio


class TestSaveAndLoad:
    def test_the_hostile_portfolio_uses_every_column_and_every_null(self):
        portfolio = hostile_portfolio()
        for name, table in TABLES.items():
            for column in table.columns:
                cells = portfolio.table(name)[column.frame_name]
                assert cells.notna().any(), f"{name}.{column.name}"
                assert column.required or cells.isna().any(), f"{name}.{column.name}"

    def test_every_column_of_every_table_comes_back(self, store):
        store.save(hostile_portfolio())
        assert_same(store.load(), hostile_portfolio())

    def test_what_was_saved_is_there_for_the_next_to_open(self, case):
        with open_graph(case.url) as graph:
            graph.save(hostile_portfolio())
        with open_graph(case.url) as graph:
            assert_same(graph.load(), hostile_portfolio())

    def test_saving_twice_is_saving_once(self, store):
        store.save(hostile_portfolio())
        before = str(store.summary())
        store.save(hostile_portfolio())
        assert_same(store.load(), hostile_portfolio())
        assert str(store.summary()) == before

    def test_a_portfolio_of_members_alone_comes_back(self, store):
        members = pd.DataFrame({"member_id": ["M1", "NA"]})
        portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
        store.save(portfolio)
        assert_same(store.load(), portfolio)

    def test_a_portfolio_of_nobody_comes_back(self, store):
        members = pd.DataFrame({"member_id": pd.Series([], dtype="str")})
        portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
        store.save(portfolio)
        assert_same(store.load(), portfolio)
        assert store.summary().layers["members"].tolist() == [0, 0, 0]

    def test_saving_replaces_everything(self, store):
        store.save(hostile_portfolio())
        store.save(small_portfolio())
        assert_same(store.load(), small_portfolio())

    @pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
    def test_a_save_that_breaks_off_leaves_what_was_there(self, case, store, monkeypatch, error):
        store.save(small_portfolio())
        with monkeypatch.context() as patch:
            case.break_next_save(patch, error)
            with pytest.raises(error):
                store.save(hostile_portfolio())
        assert_same(store.load(), small_portfolio())
        assert store.summary().digest == small_portfolio().digest()
        store.save(hostile_portfolio())
        assert_same(store.load(), hostile_portfolio())

    def test_a_first_save_that_breaks_off_leaves_nothing(self, case, store, monkeypatch):
        with monkeypatch.context() as patch:
            case.break_next_save(patch, KeyboardInterrupt)
            with pytest.raises(KeyboardInterrupt):
                store.save(small_portfolio())
        with pytest.raises(StoreError, match="holds no portfolio yet"):
            store.load()

    def test_whoever_watches_is_told_how_many_rows_are_in(self, store):
        seen = []
        store.save(small_portfolio(), progress=lambda done, total: seen.append((done, total)))
        rows = sum(len(small_portfolio().table(name)) for name in TABLES)
        assert seen == sorted(set(seen))
        assert seen[-1] == (rows, rows)
        assert {total for _, total in seen} == {rows}

    def test_half_a_surrogate_pair_is_refused_by_place(self, store):
        store.save(small_portfolio())
        members = small_portfolio().members.assign(name=pd.Series(["ok", "bad \ud800", *["ok"] * 5], dtype=object))
        with pytest.raises(InputError, match=r"members:1: name must be valid Unicode text, got 'bad \\ud800'"):
            store.save(small_portfolio().replace(members=members))
        assert_same(store.load(), small_portfolio())

    def test_a_signed_zero_and_a_signed_nan_are_a_zero_and_a_null(self, store):
        rates = np.array([-0.0, np.copysign(np.nan, -1.0)])
        members = pd.DataFrame({"member_id": ["M1", "M2"], "default_probability": rates})
        portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
        store.save(portfolio)
        assert_same(store.load(), portfolio)
        plain = members.assign(default_probability=[0.0, np.nan])
        assert portfolio.digest() == Portfolio.from_frames(as_of="2007-12-29", members=plain).digest()

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        texts=st.lists(
            st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), min_size=1, max_size=6
        ),
        numbers=st.lists(st.one_of(st.none(), st.integers(-(10**15), 10**15)), min_size=6, max_size=6),
        rates=st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=6, max_size=6),
        dates=st.lists(st.one_of(st.none(), st.dates()), min_size=6, max_size=6),
    )
    def test_any_text_number_rate_and_date_comes_back(self, store, texts, numbers, rates, dates):
        count = len(texts)
        members = pd.DataFrame(
            {
                "member_id": [f"{text or ''}/{i}" for i, text in enumerate(texts)],
                "name": pd.Series(texts, dtype="object"),
                "net_assets_fen": whole(*numbers[:count]),
                "recovery_rate": np.array(rates[:count], dtype=np.float64),
                "joined_on": np.array(dates[:count], dtype="datetime64[s]"),
            }
        )
        portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
        store.save(portfolio)
        assert_same(store.load(), portfolio)


class TestNothingThere:
    @pytest.mark.parametrize(
        "ask",
        [
            lambda g: g.load(),
            lambda g: g.neighbourhood("M1"),
            lambda g: g.guarantee_chain("M1"),
            lambda g: g.circles_of("M1"),
            lambda g: g.write_circles(pd.DataFrame({"circle_id": ["P"], "member_id": ["M1"]}), "proposed"),
            lambda g: g.write_failures(pd.DataFrame({"member_id": ["M1"], "round": [0]}), "run"),
            lambda g: g.read_circles("proposed"),
            lambda g: g.read_failures("run"),
            lambda g: g.snapshot(),
            lambda g: g.summary(),
        ],
    )
    def test_a_store_in_which_nothing_was_saved_says_so(self, store, ask):
        with pytest.raises(StoreError, match=r"holds no portfolio yet; save one first \(circles load FOLDER\)"):
            ask(store)


WRITER = """
import sys
sys.path[:0] = [sys.argv[2]]
from portfolios_for_stores import hostile_portfolio, small_portfolio
from circles.graph import open_graph
with open_graph(sys.argv[1]) as graph:
    print("open", flush=True)
    for _ in range(2):
        graph.save(hostile_portfolio())
        graph.save(small_portfolio())
"""


class TestSeveralProcesses:
    def test_two_readers_always_see_one_whole_portfolio_while_another_process_saves(self, case, store):
        store.save(small_portfolio())
        whole = {small_portfolio().digest(), hostile_portfolio().digest()}
        command = [sys.executable, "-c", WRITER, case.url, str(Path(__file__).parent)]
        seen = []
        with open_graph(case.url) as second, subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout.readline() == "open\n"
            while writer.poll() is None:
                seen += [store.load().digest(), second.load().digest()]
        assert writer.returncode == 0
        assert set(seen) <= whole
        assert len(seen) >= 2

    def test_what_one_store_saves_the_other_reads(self, case, store):
        with open_graph(case.url) as other:
            store.save(small_portfolio())
            assert_same(other.load(), small_portfolio())
            other.save(hostile_portfolio())
            assert_same(store.load(), hostile_portfolio())
