"""Rankings and the presets side by side: counted by hand on circles and a chain of unpaid bills."""

from dataclasses import replace

import pandas as pd
import pytest

from circles.contagion import compare_presets, rank_members, simulate_losses
from circles.contagion.losses.break_even import find_break_even
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.settlement import Terms

LOAN = 100_00


def three_and_a_chain():
    """A circle of three (resources 0, 60, 60; loans of 100), and D, whose unpaid bill of 50 fails E (resources 40)."""
    members = {"member_id": list("ABCDE"), "resources_fen": [0, 60_00, 60_00, 0, 40_00]}
    loans = {
        "loan_id": ["LA", "LB", "LC", "LE"],
        "borrower_id": ["A", "B", "C", "E"],
        "balance_fen": [LOAN, LOAN, LOAN, 30_00],
        "circle_id": pd.Series(["C1", "C1", "C1", None], dtype="str"),
    }
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({**members, "default_probability": 0.05}),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": list("ABC")}),
        loans=pd.DataFrame(loans),
        receivables=pd.DataFrame({"supplier_id": ["E"], "buyer_id": ["D"], "amount_fen": [50_00]}),
    )


def test_members_are_ranked_by_what_their_default_alone_costs():
    """A fails: B and C pay 50 each, the bank gets all. B or C fails: the other and A are called for 50 each; A fails
    with nothing, its loan joins, and the last one pays 60 of 200 …: it fails too, and 300 − 60 are lost.
    D has no loan, but E fails of its bill and 30 are lost."""
    frame = rank_members(three_and_a_chain()).members.set_index("member_id")
    assert frame.index.to_list() == ["B", "C", "D", "E", "A"]
    assert frame["bank_loss_fen"].to_dict() == {"B": 240_00, "C": 240_00, "D": 30_00, "E": 30_00, "A": 0}
    assert frame["own_shortfall_fen"].to_dict() == {"B": LOAN, "C": LOAN, "D": 0, "E": 30_00, "A": LOAN}
    assert frame["extra_loss_fen"].to_dict() == {"B": 140_00, "C": 140_00, "D": 30_00, "E": 0, "A": -LOAN}
    assert frame["brought_down"].to_dict() == {"B": 2, "C": 2, "D": 1, "E": 0, "A": 0}
    assert frame["failed_by"].to_dict() == {"B": 1, "C": 1, "D": 0, "E": 1, "A": 2}
    assert frame["exposed_to"].to_dict() == {"B": 2, "C": 2, "D": 0, "E": 1, "A": 2}


def test_terms_change_the_ranking():
    """Without cross-default A and E fail but their loans stay good: only E's own default loses, 30."""
    frame = rank_members(three_and_a_chain(), Terms(cross_default=False)).members.set_index("member_id")
    assert frame["bank_loss_fen"].to_dict() == {"B": 40_00, "C": 40_00, "E": 30_00, "A": 0, "D": 0}


def test_order_of_rows_does_not_change_the_ranking():
    portfolio = three_and_a_chain()
    mixed = portfolio.replace(members=portfolio.members.iloc[::-1], loans=portfolio.loans.iloc[::-1])
    assert rank_members(mixed).members.equals(rank_members(portfolio).members)


def test_a_ranking_reads_as_a_short_table_and_cannot_be_changed():
    ranking = rank_members(three_and_a_chain())
    lines = str(ranking).splitlines()
    assert lines[0].split() == ["member", "bank", "loss", "extra", "loss", "brings", "down", "failed", "by"]
    assert lines[1].split() == ["B", "240.00", "140.00", "2", "1"]
    frame = ranking.members
    frame.loc[0, "bank_loss_fen"] = 1
    assert ranking.members.loc[0, "bank_loss_fen"] == 240_00
    nobody = Portfolio.from_frames(as_of="2007-12-29", members=three_and_a_chain().members.head(0))
    assert len(rank_members(nobody).members) == 0


def test_ranking_needs_resources_but_no_default_probability():
    portfolio = three_and_a_chain()
    members = portfolio.members.assign(default_probability=float("nan"))
    assert len(rank_members(portfolio.replace(members=members)).members) == 5
    members["resources_fen"] = pd.array([None] * 5, dtype="Int64")
    with pytest.raises(InputError, match="5 of 5 members have no resources"):
        rank_members(portfolio.replace(members=members))


@pytest.fixture(scope="module")
def comparison():
    return compare_presets(three_and_a_chain(), trials=3_000, seed=7)


@pytest.mark.parametrize("preset", ["worst", "base", "forbearance"])
def test_presets_side_by_side_are_the_same_as_one_by_one(comparison, preset):
    alone = simulate_losses(three_and_a_chain(), trials=3_000, seed=7, terms=Terms.preset(preset))
    assert getattr(comparison, preset).trial_table.equals(alone.trial_table)
    rows = comparison.table[comparison.table["preset"] == preset].drop(columns="preset").reset_index(drop=True)
    assert rows.equals(alone.table)
    assert comparison.trials[f"{preset}_with_guarantees_fen"].tolist() == alone.samples_fen.tolist()


@pytest.mark.parametrize("changes", [{"share": "able"}, {"risk_pool_fen": 30_00, "contagious_recovery_rate": 0.1}])
def test_a_change_of_terms_holds_in_all_three_presets(changes):
    found = compare_presets(three_and_a_chain(), trials=300, seed=7, changes=changes)
    for name, losses in found.presets:
        terms = replace(Terms.preset(name), **changes)
        alone = simulate_losses(three_and_a_chain(), trials=300, seed=7, terms=terms)
        assert losses.terms == terms
        assert losses.trial_table.equals(alone.trial_table)
    for name, value in changes.items():
        assert f"{name} = {value}" in str(found)


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"colour": 1}, "terms: 'colour' is not known; the names are: settlement"), ({"share": "most"}, "share must be")],
)
def test_changes_that_are_none_are_refused(changes, message):
    with pytest.raises(InputError, match=message):
        compare_presets(three_and_a_chain(), trials=10, seed=7, changes=changes)


def test_the_break_even_is_that_of_the_changed_terms():
    found = compare_presets(three_and_a_chain(), trials=300, seed=7, changes={"risk_pool_fen": 30_00}).break_even
    terms = Terms(recovery_rate=0.25, contagious_recovery_rate=0.0, receivable_recovery_rate=0.5, risk_pool_fen=30_00)
    alone = simulate_losses(three_and_a_chain(), trials=300, seed=7, terms=terms)
    assert found.cost_at_none == pytest.approx((alone.samples_fen - alone.with_trade.samples_fen).mean(), abs=1)
    assert found.cost_at_none != compare_presets(three_and_a_chain(), trials=300, seed=7).break_even.cost_at_none


def test_comparison_tells_progress_over_all_presets():
    told = []
    compare_presets(three_and_a_chain(), trials=10, seed=1, progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 30), (20, 30), (30, 30)]


def test_comparison_reads_as_a_table_of_three(comparison):
    text = str(comparison)
    assert text.splitlines()[1].split() == ["worst", "base", "forbearance"]
    assert "guarantees multiply expected loss by" in text
    assert str(comparison.break_even) in text


def test_break_even_is_where_the_two_expected_losses_meet():
    """Two members, loans of 100, A always defaults, B (resources 40) never does by itself; recovery .25 of A's loan.

    With the guarantee the bank gets B's 40 and loses 75 − 40 on A and 100·(1 − r) on B; without it 75 on A alone.
    35 + 100·(1 − r) = 75 at r = .6.
    """
    members = {"member_id": ["A", "B"], "resources_fen": [0, 40_00], "default_probability": [1.0, 0.0]}
    loans = {"loan_id": ["LA", "LB"], "borrower_id": ["A", "B"], "balance_fen": LOAN, "circle_id": "C1"}
    portfolio = Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(members),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ["A", "B"]}),
        loans=pd.DataFrame(loans),
    )
    found = compare_presets(portfolio, trials=4, seed=1).break_even
    assert found.recovery == pytest.approx(0.6, abs=0.005)
    assert found.cost_at_none == pytest.approx(60_00)
    assert found.cost_at_all == pytest.approx(-40_00)
    assert str(found).startswith("guarantees lower the expected loss where more than 60% is recovered")


@pytest.mark.parametrize(
    ("at_none", "at_all", "sentence"),
    [
        (-1.0, -2.0, "guarantees do not raise the expected loss, whether nothing or everything is recovered"),
        (
            2.0,
            1.0,
            "guarantees raise the expected loss, whether nothing or everything is recovered",
        ),
        (0.0, 0.0, "guarantees make no difference"),
        (-1.0, 1.0, "guarantees do not raise the expected loss where nothing is recovered"),
    ],
)
def test_no_break_even_is_said_in_words(at_none, at_all, sentence):
    found = find_break_even(lambda recovery: at_none + (at_all - at_none) * recovery, trials=1)
    assert found.recovery is None
    assert str(found).startswith(sentence)
