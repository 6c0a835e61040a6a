"""Before and after a change, on the same scenarios."""

import numpy as np
import pandas as pd
import pytest
from contagion.test_losses import book

from circles import InputError, Portfolio, Terms, simulate_losses
from circles.contagion import compare_before_after


def without_first_loan(portfolio: Portfolio) -> Portfolio:
    tables = {
        name: portfolio.table(name) for name in ("members", "circles", "circle_members", "guarantees", "receivables")
    }
    return Portfolio.from_frames(as_of="2007-12-29", **tables, loans=portfolio.loans.iloc[1:])


def test_both_are_what_they_are_alone_and_differences_are_exact():
    found = compare_before_after(book(), without_first_loan(book()), trials=1_500, seed=7, terms=Terms.preset("base"))
    alone = simulate_losses(without_first_loan(book()), trials=1_500, seed=7, terms=Terms.preset("base"))
    assert found.after.samples_fen.tolist() == alone.samples_fen.tolist()
    table = found.table.set_index("measure")
    assert (table["difference_fen"] == table["after_fen"] - table["before_fen"]).all()
    assert (table["low_fen"] <= table["difference_fen"]).all()
    assert (table["difference_fen"] <= table["high_fen"]).all()
    assert table.loc["expected_loss", "difference_fen"] < 0
    assert found.members["change_fen"].sum() == found.members["contribution_after_fen"].sum() - (
        found.members["contribution_before_fen"].sum()
    )
    assert "expected shortfall" in str(found)


def test_terms_alone_may_change():
    found = compare_before_after(
        book(), trials=200, seed=7, terms=Terms(), terms_after=Terms(recovery_rate=0.5), workers=1
    )
    table = found.table.set_index("measure")
    assert table.loc["expected_loss", "difference_fen"] < 0
    assert table["low_fen"].isna().tolist() == [False, True, True, True]
    assert "–" in str(found)


def test_intervals_of_tail_measures_hold_what_many_trials_say():
    """Intervals from 2,000 trials hold the difference of 40,000 for nearly all of twenty seeds."""
    changed = Terms(recovery_rate=0.3)
    truth = compare_before_after(book(), trials=40_000, seed=0, terms=Terms(), terms_after=changed).table
    held = np.zeros(4)
    for seed in range(1, 21):
        table = compare_before_after(book(), trials=2_000, seed=seed, terms=Terms(), terms_after=changed).table
        held += (table["low_fen"] <= truth["difference_fen"]) & (truth["difference_fen"] <= table["high_fen"])
    assert (held >= 15).all()
    assert (held <= 20).all()


def test_members_that_only_one_has_are_listed():
    portfolio = book()
    tables = {
        name: portfolio.table(name) for name in ("circles", "circle_members", "loans", "guarantees", "receivables")
    }
    new = portfolio.members.iloc[[0]].assign(member_id="N1")
    larger = Portfolio.from_frames(as_of="2007-12-29", members=pd.concat([portfolio.members, new]), **tables)
    found = compare_before_after(portfolio, larger, trials=50, seed=7)
    row = found.members.set_index("member_id").loc["N1"]
    assert (row["default_probability_before"], row["contribution_before_fen"]) == (0.0, 0)
    assert found.before.samples_fen.tolist() == found.after.samples_fen.tolist()


def test_nothing_to_compare_is_refused():
    with pytest.raises(InputError, match="nothing to compare"):
        compare_before_after(book(), trials=10, seed=7)
    with pytest.raises(InputError, match="nothing to compare"):
        compare_before_after(book(), trials=10, seed=7, terms=Terms(), terms_after=Terms())


def test_progress_counts_both():
    told = []
    compare_before_after(
        book(), trials=30, seed=7, terms_after=Terms(recovery_rate=0.5), progress=lambda *at: told.append(at)
    )
    assert told[-1] == (60, 60)
