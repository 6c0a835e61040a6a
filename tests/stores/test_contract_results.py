"""What every graph store must keep beside a portfolio: written circles and failures, the snapshot, the summary."""

from __future__ import annotations

import pandas as pd
import pytest
from portfolios_for_stores import IDS, assert_same, hostile_portfolio, rows, small_portfolio

from circles.errors import InputError
from circles.portfolio import TABLES

PROPOSED = pd.DataFrame(
    {
        "circle_id": ["P1", "P1", "P1", "P2", "P2"],
        "member_id": ["M2", "M1", "M3", "M5", "M4"],
        "amount_fen": [100, 200, 300, 400, 500],
        "score": [-7, -7, -7, 12, 12],
        "something_else": ["not", "kept", "with", "the", "graph"],
    }
)
FAILED = pd.DataFrame({"member_id": ["M5", "M1"], "round": [1, 0], "cause": ["call", None], "hit_by": ["M1", None]})


class TestWrittenResults:
    def test_circles_come_back_as_they_were_written(self, small_store):
        small_store.write_circles(PROPOSED, "proposed")
        found = small_store.read_circles("proposed")
        assert list(found) == ["circle_id", "member_id", "draw_order", "deposit_fen", "amount_fen", "score", "status"]
        assert rows(found[["circle_id", "member_id", "amount_fen", "score"]]) == rows(PROPOSED.iloc[:, :4])
        assert found["draw_order"].isna().all()

    def test_writing_again_replaces_only_that_kind(self, small_store):
        small_store.write_circles(PROPOSED, "proposed")
        small_store.write_circles(PROPOSED[:3], "agreed")
        small_store.write_circles(PROPOSED[3:], "proposed")
        assert small_store.read_circles("proposed")["circle_id"].tolist() == ["P2", "P2"]
        assert len(small_store.read_circles("agreed")) == 3

    def test_no_circle_at_all_is_a_result_too(self, small_store):
        small_store.write_circles(PROPOSED[:0], "proposed")
        assert len(small_store.read_circles("proposed")) == 0
        assert rows(small_store.summary().circles) == [("proposed", 0, 0, True)]

    def test_circles_of_a_member_are_its_own_and_the_written_ones(self, small_store):
        small_store.write_circles(PROPOSED, "agreed")
        found = small_store.circles_of("M3")
        assert rows(found[["kind", "circle_id", "member_id", "amount_fen", "status", "current"]]) == [
            ("portfolio", "K", "M3", None, "signed", True),
            ("portfolio", "K", "M4", None, "signed", True),
            ("portfolio", "K", "M6", None, "signed", True),
            ("agreed", "P1", "M1", 200, None, True),
            ("agreed", "P1", "M2", 100, None, True),
            ("agreed", "P1", "M3", 300, None, True),
        ]
        assert len(small_store.circles_of("M7")) == 0
        assert list(small_store.circles_of("M7")) == list(found)

    def test_written_circles_leave_the_portfolio_as_it_is(self, small_store):
        small_store.write_circles(PROPOSED, "proposed")
        small_store.write_failures(FAILED, "M1 alone")
        assert_same(small_store.load(), small_portfolio())

    def test_failures_come_back_as_they_were_written(self, small_store):
        small_store.write_failures(FAILED, "M1 alone")
        found = small_store.read_failures("M1 alone")
        assert list(found) == ["member_id", "round", "state", "cause", "hit_by", "own_shortfall_fen"]
        assert rows(found[["member_id", "round", "cause", "hit_by"]]) == [
            ("M5", 1, "call", "M1"),
            ("M1", 0, None, None),
        ]
        assert rows(small_store.summary().failures) == [("M1 alone", 2, 2, True)]

    def test_results_stay_when_other_data_are_saved_and_say_so(self, small_store):
        small_store.write_circles(PROPOSED, "proposed")
        small_store.write_failures(FAILED, "run")
        small_store.save(small_portfolio().replace(receivables=small_portfolio().receivables.assign(amount_fen=1)))
        assert rows(small_store.summary().circles) == [("proposed", 2, 5, False)]
        assert rows(small_store.summary().failures) == [("run", 2, 2, False)]
        assert not small_store.circles_of("M1")["current"].any()
        assert "made on other data" in str(small_store.summary())
        small_store.save(small_portfolio())
        assert small_store.circles_of("M1")["current"].all()

    @pytest.mark.parametrize(
        ("frame", "message"),
        [
            (PROPOSED[["circle_id"]], "required column member_id is missing; the columns are: circle_id"),
            (
                PROPOSED.replace({"member_id": {"M1": "M9"}}),
                "member_id must be a member of the stored portfolio, 'M9' is not",
            ),
            (PROPOSED.assign(amount_fen="12k"), "amount_fen, row 0: must be a whole number, got '12k'"),
            (PROPOSED.assign(circle_id=["P1", None, "P1", "P2", "P2"]), "circle_id, row 1: must be text, got"),
            (PROPOSED.iloc[[0, 1, 0]], "row 2: circle_id and member_id must be unique, 'P1' and 'M2' is there already"),
            (
                PROPOSED.assign(status=pd.Series(["\udc00"] * 5, dtype=object)),
                "written_circles:0: status must be valid Unicode text",
            ),
        ],
    )
    def test_circles_that_cannot_be_kept_are_refused_and_change_nothing(self, small_store, frame, message):
        small_store.write_circles(PROPOSED[:3], "proposed")
        with pytest.raises(InputError, match=message):
            small_store.write_circles(frame.reset_index(drop=True), "proposed")
        assert len(small_store.read_circles("proposed")) == 3

    @pytest.mark.parametrize("kind", ["", "  ", "portfolio", None, "\ud800"])
    def test_a_kind_that_names_nothing_is_refused(self, small_store, kind):
        with pytest.raises(InputError, match="kind must"):
            small_store.write_circles(PROPOSED, kind)

    def test_a_failure_without_a_round_is_refused(self, small_store):
        with pytest.raises(InputError, match="round, row 1: must be a whole number"):
            small_store.write_failures(FAILED.assign(round=[1, None]), "run")

    def test_a_name_that_was_never_written_is_refused_with_those_there(self, small_store):
        small_store.write_circles(PROPOSED, "proposed")
        with pytest.raises(InputError, match="nothing was written under the kind 'agreed'; there is: 'proposed'"):
            small_store.read_circles("agreed")
        with pytest.raises(InputError, match="nothing was written under the run 'x'; there is: none"):
            small_store.read_failures("x")


class TestSummaryAndSnapshot:
    def test_a_summary_counts_rows_and_networks(self, small_store):
        """Trade joins M1, M2, M3 by three pairs; guarantees join M1, M5, M6, M7 by four; M1 and M4 know each other."""
        summary = small_store.summary()
        assert summary.digest == small_portfolio().digest()
        assert dict(rows(summary.tables)) == {name: len(small_portfolio().table(name)) for name in TABLES}
        assert rows(summary.layers) == [("trade", 3, 3, 1, 3), ("acquaintance", 1, 2, 1, 2), ("guarantee", 4, 4, 1, 4)]
        assert "portfolio at 2007-12-29 in CNY: 7 members, 5 trades" in str(summary)

    def test_a_snapshot_is_the_graph_of_what_is_stored(self, small_store):
        snapshot = small_store.snapshot()
        assert snapshot.digest == small_portfolio().digest()
        assert snapshot.member_ids.tolist() == [f"M{i}" for i in range(1, 8)]
        assert snapshot.trade.start.tolist() == [0, 1, 3, 3, 3, 3, 3, 3]
        assert snapshot.trade.other.tolist() == [1, 0, 2]
        assert snapshot.trade.amount_fen.tolist() == [60, 5, 7]
        small_store.save(hostile_portfolio())
        assert small_store.snapshot().digest == hostile_portfolio().digest()
        assert small_store.snapshot().member_ids.tolist() == IDS
