"""The snapshot: the graph as arrays, ignored whenever it is not that of the stored portfolio."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from portfolios_for_stores import IDS, hostile_portfolio, small_portfolio

from circles.errors import InputError, StoreError
from circles.graph import build_snapshot, open_graph, open_snapshot, write_snapshot
from circles.graph import snapshot as snapshots
from circles.graph.embedded import store as embedded
from circles.portfolio import Portfolio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "graph.npz"


@pytest.fixture
def place(tmp_path):
    return tmp_path / "circles.db"


def portfolio_of_pairs(pairs: list[tuple[int, int]], *, members: int, amount_fen: int = 1) -> Portfolio:
    ids = [f"S{i}" for i in range(members)]
    frame = pd.DataFrame([(ids[a], ids[b]) for a, b in pairs], columns=["seller_id", "buyer_id"], dtype="str")
    trades = frame.assign(period="2007-01", amount_fen=np.full(len(pairs), amount_fen))
    return Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ids}), trades=trades)


def same(left, right) -> bool:
    layers = (snapshots.Layer.__slots__, ("trade", "acquaintance", "guarantee"))
    arrays = [(getattr(left, y), getattr(right, y), x) for x in layers[0] for y in layers[1]]
    equal = all(np.array_equal(getattr(a, x), getattr(b, x)) for a, b, x in arrays)
    return equal and left.digest == right.digest and left.member_ids.tolist() == right.member_ids.tolist()


class TestArrays:
    def test_pairs_are_summed_and_acquaintances_have_no_direction(self):
        snapshot = build_snapshot(small_portfolio())
        assert snapshot.trade.entries.tolist() == [3, 1, 1]
        assert snapshot.acquaintance.start.tolist() == [0, 1, 1, 1, 1, 1, 1, 1]
        assert (snapshot.acquaintance.other.tolist(), snapshot.acquaintance.entries.tolist()) == ([3], [2])
        assert snapshot.guarantee.other.tolist() == [4, 5, 0, 6]
        assert snapshot.guarantee.amount_fen.tolist() == [11, 12, 13, 14]

    def test_networks_agree_with_networkx_on_random_graphs(self):
        rng = np.random.default_rng(3)
        for members, edges in ((1, 0), (5, 0), (40, 15), (40, 60)):
            first, step = rng.integers(0, members, edges), rng.integers(1, 40, edges)
            pairs = [(int(a), int(a + b) % members) for a, b in zip(first, step, strict=True)]
            row = build_snapshot(portfolio_of_pairs(pairs, members=members)).describe_layers().iloc[0]
            graph = nx.Graph(pairs)
            sizes = [len(part) for part in nx.connected_components(graph)]
            assert row.tolist() == ["trade", len(set(pairs)), len(graph), len(sizes), max(sizes, default=0)]

    def test_amounts_that_no_int64_holds_are_refused(self):
        portfolio = portfolio_of_pairs([(0, 1)] * 9300, members=2, amount_fen=10**15)
        with pytest.raises(InputError, match="trade: the amounts between two members add up to more than"):
            build_snapshot(portfolio)


class TestFile:
    def test_a_snapshot_comes_back_as_it_was_written(self, path):
        snapshot = build_snapshot(hostile_portfolio())
        write_snapshot(snapshot, path)
        found = open_snapshot(path, digest=hostile_portfolio().digest())
        assert same(found, snapshot)
        assert found.member_ids.tolist() == IDS

    def test_a_snapshot_of_nobody_comes_back(self, path):
        empty = portfolio_of_pairs([], members=0)
        write_snapshot(build_snapshot(empty), path)
        assert same(open_snapshot(path, digest=empty.digest()), build_snapshot(empty))

    def test_a_snapshot_of_other_data_is_refused(self, path):
        write_snapshot(build_snapshot(small_portfolio()), path)
        with pytest.raises(StoreError, match="is the snapshot of another portfolio"):
            open_snapshot(path, digest=hostile_portfolio().digest())

    def test_a_snapshot_of_another_format_is_refused(self, path, monkeypatch):
        write_snapshot(build_snapshot(small_portfolio()), path)
        monkeypatch.setattr(snapshots, "_FORMAT", 2)
        with pytest.raises(StoreError):
            open_snapshot(path, digest=small_portfolio().digest())

    @pytest.mark.parametrize("kept", [0, 1, 100, 0.5, 0.99])
    def test_a_file_cut_short_is_refused(self, path, kept):
        write_snapshot(build_snapshot(small_portfolio()), path)
        content = path.read_bytes()
        path.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
        with pytest.raises(StoreError, match="is not a readable snapshot"):
            open_snapshot(path, digest=small_portfolio().digest())

    def test_any_changed_byte_of_an_array_is_noticed_or_harmless(self, path):
        snapshot = build_snapshot(small_portfolio())
        write_snapshot(snapshot, path)
        content = path.read_bytes()
        noticed = 0
        for place in range(0, len(content), 37):
            path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
            try:
                found = open_snapshot(path, digest=snapshot.digest)
            except StoreError:
                noticed += 1
            else:
                assert same(found, snapshot), place
        assert noticed > len(content) / 37 / 2

    def test_no_file_is_refused(self, path):
        with pytest.raises(StoreError, match="is not a readable snapshot"):
            open_snapshot(path, digest="0" * 64)


class TestBesideTheStore:
    @pytest.fixture
    def saved(self, place):
        with open_graph(f"sqlite:///{place}") as graph:
            graph.save(small_portfolio())
        return place.with_name("circles.db.snapshot.npz")

    def test_it_is_written_on_saving_and_read_afterwards(self, place, saved, monkeypatch):
        monkeypatch.setattr(embedded, "build_snapshot", lambda *_: pytest.fail("built again"))
        with open_graph(f"sqlite:///{place}") as graph:
            assert same(graph.snapshot(), build_snapshot(small_portfolio()))

    @pytest.mark.parametrize("damage", [b"", b"junk", None])
    def test_one_that_is_damaged_or_missing_is_made_anew(self, place, saved, damage):
        saved.unlink() if damage is None else saved.write_bytes(damage)
        with open_graph(f"sqlite:///{place}") as graph:
            assert same(graph.snapshot(), build_snapshot(small_portfolio()))
        assert same(open_snapshot(saved, digest=small_portfolio().digest()), build_snapshot(small_portfolio()))

    def test_one_of_other_data_is_made_anew(self, place, saved):
        write_snapshot(build_snapshot(hostile_portfolio()), saved)
        with open_graph(f"sqlite:///{place}") as graph:
            assert graph.snapshot().digest == small_portfolio().digest()
        assert open_snapshot(saved, digest=small_portfolio().digest()).digest == small_portfolio().digest()

    def test_a_place_that_cannot_be_written_costs_only_time(self, place, saved):
        saved.unlink()
        saved.mkdir()
        with open_graph(f"sqlite:///{place}") as graph:
            graph.save(hostile_portfolio())
            assert graph.summary().digest == hostile_portfolio().digest()
