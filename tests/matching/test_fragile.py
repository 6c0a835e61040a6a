"""Fragile circles: which failure breaks one, the smallest deposit that mends it, and the swap."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forming_book import YUAN, book

from circles.matching import MatchingRules, Proposal, form_circles
from circles.matching.answers.failures import open_book
from circles.matching.answers.repairs import _exchange, _list_swaps
from circles.matching.answers.standing import read_standing
from circles.settlement import Terms, build_obligations, settle_trials, stands
from circles.settlement.exchange import exchange_member, replace_deposit

LOOSE = MatchingRules(max_members=3, bearable=None, coverage=None)


def weak(fourth: int = 200_000) -> Proposal:
    """M1, M2, M3 borrow 100,000 yuan each; M3 has 20,000. M4 knows M2, has not the points, and has `fourth`."""
    cash = [200_000 * YUAN, 200_000 * YUAN, 20_000 * YUAN, fourth * YUAN]
    industry = ["a", "b", "c", "a"]
    portfolio = book(
        4,
        known=[("M1", "M2"), ("M2", "M3"), ("M1", "M3"), ("M2", "M4")],
        members={"resources_fen": cash, "industry": industry},
    )
    return form_circles(portfolio, LOOSE, gap=0.0, time_limit=None)


def test_a_weak_member_breaks_the_circle_and_both_repairs_are_named():
    """M1 fails: M3 is called for half of 100,000 and has 20,000. A deposit of 60,000 leaves a share of 20,000."""
    proposal = weak()
    assert set(proposal.circles["member_id"]) == {"M1", "M2", "M3"}
    found = proposal.fragile()
    assert found.failures["failing_id"].tolist() == ["M1", "M2"]
    assert found.failures["is_member"].all()
    assert found.failures["fallen"].tolist() == ["M3", "M3"]
    repair = found.repairs.iloc[0]
    assert repair["deposit_fen"] == 60_000 * YUAN
    assert (repair["leaves_id"], repair["joins_id"]) == ("M3", "M4")
    after = proposal.swap("M3", "M4").proposal
    assert after is not None
    assert after.score - proposal.score == repair["score_change"]
    assert after.fragile().repairs.empty
    assert "C00001 breaks if M1 fails (" in str(found)
    assert "M3 with it), or 1 more alone: swap M3 for M4 (score" in str(found)
    assert "or add 60,000.00 yuan of deposit" in str(found)


def test_one_yuan_less_of_deposit_does_not_mend_it():
    proposal = weak()
    ledger, standing = open_book(proposal, Terms()), read_standing(proposal)
    members, firsts = ledger.at[list(standing.members["C00001"])], np.arange(4)
    pool = ledger.pool["C00001"]
    for yuan, holds in ((60_000, True), (59_999, False)):
        changed = replace_deposit(ledger.obligations, pool, float(yuan * YUAN))
        assert stands(changed, Terms(), firsts, members) == holds


def test_a_sound_circle_is_not_fragile():
    found = form_circles(book(3)).fragile()
    assert found.repairs.empty
    assert str(found) == "no single failure breaks any of the 1 circles"
    assert form_circles(book(2)).fragile().circle_count == 0


def test_a_swap_that_breaks_again_is_not_proposed():
    repair = weak(fourth=10_000).fragile().repairs.iloc[0]
    assert pd.isna(repair["joins_id"])
    assert repair["deposit_fen"] == 60_000 * YUAN


def test_a_buyer_outside_the_circle_may_break_it_and_no_deposit_helps():
    """M4 owes M3 30,000 yuan for goods, more than M3's 20,000; it is no member of the circle."""
    owed = pd.DataFrame({"supplier_id": ["M3"], "buyer_id": ["M4"], "amount_fen": [30_000 * YUAN]})
    portfolio = book(4, known=[("M1", "M2"), ("M2", "M3"), ("M1", "M3")], receivables=owed)
    members = portfolio.members
    members["resources_fen"] = [200_000 * YUAN, 200_000 * YUAN, 20_000 * YUAN, 0]
    amounts = portfolio.applications.assign(amount_fen=[40_000 * YUAN] * 4)
    proposal = form_circles(portfolio.replace(members=members, applications=amounts), LOOSE, gap=0.0, time_limit=None)
    found = proposal.fragile()
    outside = found.failures[~found.failures["is_member"]]
    assert outside[["failing_id", "fallen"]].to_numpy().tolist() == [["M4", "M3"]]
    assert pd.isna(found.repairs["deposit_fen"].iloc[0])
    assert "neither a deposit nor a swap was found" in str(found)
    assert proposal.fragile(Terms(receivable_recovery_rate=0.5)).failures.empty


@pytest.mark.parametrize("kind", ["acquainted", "strangers"])
def test_exchanged_obligations_are_those_of_the_swapped_portfolio(kind: str):
    """Two ways: arrays with one member in another's place, and the swapped proposal's portfolio built anew."""
    draw = np.random.default_rng(3)
    ids = [f"M{i}" for i in range(1, 13)]
    loans = pd.DataFrame({"loan_id": [f"X{i}" for i in range(8)], "borrower_id": draw.choice(ids, 8)})
    promises = pd.DataFrame({"guarantee_id": ["G1", "G2"], "guarantor_id": ["M1", "M2"], "borrower_id": ["M5", "M9"]})
    portfolio = book(
        12,
        known=[(a, b) for a in ids for b in ids if a < b],
        members={"resources_fen": draw.integers(50, 99, 12) * 10**6},
        applications={"amount_fen": draw.integers(5, 30, 12) * 10**6},
        loans=loans.assign(balance_fen=draw.integers(1, 9, 8) * 10**6),
        guarantees=promises.assign(amount_fen=10**6),
    )
    rules = replace(LOOSE, mode=kind, max_members=5, min_members=5, refuse_overdue=False)
    proposal = form_circles(portfolio, rules, gap=0.0, time_limit=None)
    ledger, standing = open_book(proposal, Terms()), read_standing(proposal)
    name = proposal.circles["circle_id"].iloc[0]
    firsts = np.arange(12)
    swaps = _list_swaps(proposal.forming, standing, name)[:4]
    assert swaps
    for repair in swaps:
        exchange = _exchange(proposal.forming, standing, ledger, name=name, repair=repair)
        changed = exchange_member(ledger.obligations, exchange)
        leaves, joins = proposal.forming.candidates.ids[[repair.leaves, repair.joins]]
        swapped = proposal.swap(leaves, joins).proposal
        assert swapped is not None
        assert swapped.score - proposal.score == repair.change
        anew = build_obligations(swapped.portfolio())
        for part, fields in (
            ("loans", "borrower exposure pool start"),
            ("pools", "deposit start pool member cap own_loan"),
        ):
            for field in fields.split():
                assert sorted(getattr(getattr(changed, part), field)) == sorted(getattr(getattr(anew, part), field))
        losses = [
            settle_trials(one, Terms(), offsets=np.arange(13), defaulters=firsts).bank_loss for one in (changed, anew)
        ]
        np.testing.assert_allclose(losses[0], losses[1], rtol=1e-12)
