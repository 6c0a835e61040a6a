"""The same shocks on several portfolios."""

import pandas as pd
import pytest

from circles.contagion import compare_losses, simulate_losses
from circles.errors import InputError
from circles.portfolio import Portfolio


def lending(*borrowers: str) -> Portfolio:
    """A and B, each sure to default with chance ½ and without resources; 100 yuan lent to each borrower."""
    members = pd.DataFrame({"member_id": ["A", "B"], "resources_fen": 0, "default_probability": 0.5})
    loans = pd.DataFrame({"loan_id": list(borrowers), "borrower_id": list(borrowers), "balance_fen": 100_00})
    return Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)


def test_differences_are_those_of_the_portfolios_alone():
    """B's loan adds 100 yuan exactly where B defaults, whatever A does in that trial."""
    both, one = lending("A", "B"), lending("A")
    compared = compare_losses({"one": one, "both": both}, trials=400, seed=7)
    base, more = compared.portfolios.itertuples()
    b_alone = simulate_losses(lending("B"), trials=400, seed=7).expected_loss_fen
    assert (base.added_fen, base.lent_fen) == (0, 0)
    assert pd.isna(base.loss_share)
    assert more.added_fen == b_alone
    assert more.lent_fen == 100_00
    assert more.loss_share == pytest.approx(b_alone / 100_00, abs=1e-4)
    assert 200 < more.added_error_fen < 300, "50 yuan a trial over √400"
    assert "the same 400 scenarios" in str(compared)


def test_what_the_borrowers_risk_and_what_the_guarantees_bear_are_told_apart():
    """B stands for A's loan and can pay it: the bank loses where both default, without B where A does."""
    promise = pd.DataFrame({"guarantee_id": ["G"], "guarantor_id": ["B"], "borrower_id": ["A"], "amount_fen": [100_00]})
    rich = lending("A").members.assign(resources_fen=[0, 500_00])
    alone = lending("A").replace(members=rich)
    guaranteed = Portfolio.from_frames(as_of="2007-12-29", members=rich, loans=lending("A").loans, guarantees=promise)
    compared = compare_losses(
        {"nothing": lending().replace(members=rich), "alone": alone, "guaranteed": guaranteed},
        trials=400,
        seed=7,
        correlation=0.0,
    )
    _, bare, borne = compared.portfolios.itertuples()
    assert bare.added_fen == bare.bare_fen == borne.bare_fen > borne.added_fen > 0
    assert (bare.bare_share, bare.borne_share) == (bare.loss_share, 0.0)
    assert borne.borne_share == pytest.approx(0.5, abs=0.1), "B defaults with A in half of the trials"
    (difference,) = compared.differences.itertuples()
    assert (difference.name, difference.other) == ("guaranteed", "alone")
    assert difference.fen == borne.added_fen - bare.added_fen < -5 * difference.error_fen
    assert "guaranteed less alone: -" in str(compared)


def test_sectors_and_wrong_way_risk_are_those_of_a_simulation():
    both = lending("A", "B").replace(members=lending("A", "B").members.assign(region=["east", "west"]))
    model = {"sector_column": "region", "sector_correlation": 0.0, "resource_sensitivity": 0.5, "correlation": 0.4}
    told = []
    compared = compare_losses(
        {"nothing": both.replace(loans=both.loans.head(0)), "both": both},
        trials=300,
        seed=7,
        **model,
        progress=lambda done, total: told.append((done, total)),
    )
    alone = simulate_losses(both, trials=300, seed=7, **model)
    assert compared.portfolios["expected_loss_fen"].tolist() == [0, alone.expected_loss_fen]
    assert alone.expected_loss_fen != simulate_losses(both, trials=300, seed=7).expected_loss_fen
    assert told[-1] == (600, 600)


def test_a_comparison_cannot_be_changed():
    compared = compare_losses({"one": lending("A"), "both": lending("A", "B"), "b": lending("B")}, trials=9, seed=7)
    for frame in (compared.portfolios, compared.differences):
        frame.loc[:, "name"] = "changed"
    assert compared.portfolios["name"].tolist() == ["one", "both", "b"]
    assert compared.differences["name"].tolist() == ["b"]


def test_one_trial_has_no_standard_error():
    compared = compare_losses({"one": lending("A"), "both": lending("A", "B"), "again": lending("A")}, trials=1, seed=7)
    assert compared.portfolios["added_error_fen"].isna().all()
    assert "±" not in str(compared)


def test_a_portfolio_alone_or_of_other_members_is_refused():
    with pytest.raises(InputError, match="portfolios must be at least two by name, got 1"):
        compare_losses({"one": lending("A")}, trials=10, seed=7)
    fewer = lending("A").replace(members=lending("A").members.head(1))
    with pytest.raises(InputError, match="'one' and 'fewer' have different members"):
        compare_losses({"one": lending("A"), "fewer": fewer}, trials=10, seed=7)
