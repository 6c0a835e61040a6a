"""What the docs say of inputs at the edges (docs/methods/settlement.md, At the edges)."""

import pandas as pd
import pytest

from circles import InputError, Portfolio, Terms, rank_members, run_cascade, simulate_losses

EMPTY = pd.DataFrame({"member_id": pd.Series([], dtype=str), "default_probability": pd.Series([], dtype=float)})


def build(probabilities=(0.0, 1.0, 0.5, 0.5), circle=(), lent=100_00, resources=(0, 0, 0, 0)):
    """Members A to D; A has a loan, in a circle of some of them."""
    members = pd.DataFrame(
        {"member_id": list("ABCD"), "resources_fen": resources, "default_probability": probabilities}
    )
    loans = pd.DataFrame({"loan_id": ["L"], "borrower_id": ["A"], "balance_fen": [lent]})
    if not circle:
        return Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=members,
        loans=loans.assign(circle_id="X"),
        circles=pd.DataFrame({"circle_id": ["X"]}),
        circle_members=pd.DataFrame({"circle_id": "X", "member_id": list(circle)}),
    )


def test_an_empty_portfolio_loses_nothing():
    book = Portfolio.from_frames(as_of="2007-12-29", members=EMPTY)
    assert run_cascade(book, []).bank_loss_fen == 0
    assert simulate_losses(book, trials=10, seed=7).samples_fen.tolist() == [0] * 10
    assert rank_members(book).members.empty


@pytest.mark.parametrize("circle", [(), ("A",)])
def test_nobody_pays_for_a_circle_of_one_or_for_none(circle):
    cascade = run_cascade(build(circle=circle), ["A"], Terms(recovery_rate=0.25))
    assert cascade.bank_loss_fen == 75_00
    assert cascade.payments.empty


@pytest.mark.parametrize("share", ["equal", "loan"])
def test_a_hundred_million_by_three_is_paid_to_the_fen_also_by_loan_where_nobody_has_one(share):
    book = build(circle="ABCD", lent=100_000_000_00, resources=(0, *[10**13] * 3))
    cascade = run_cascade(book, ["A"], Terms(share=share))
    paid = cascade.members.set_index("member_id")["paid_fen"]
    assert paid[["B", "C", "D"]].tolist() == [33_333_333_34, 33_333_333_33, 33_333_333_33]
    assert cascade.bank_loss_fen == 0


def test_probabilities_of_0_and_1_are_never_and_always():
    losses = simulate_losses(build(probabilities=(1.0, 0.0, 0.0, 0.0)), trials=50, seed=7)
    assert losses.samples_fen.tolist() == [100_00] * 50
    never = simulate_losses(build(probabilities=(0.0, 1.0, 1.0, 1.0)), trials=50, seed=7)
    assert never.samples_fen.tolist() == [0] * 50


@pytest.mark.parametrize("given", [{"trials": 0}, {"correlation": 1}, {"correlation": -0.1}])
def test_no_trial_and_correlations_outside_the_range_are_refused(given):
    with pytest.raises(InputError, match="at least"):
        simulate_losses(build(), **{"trials": 10, "seed": 7, **given})


def test_an_unknown_member_is_named():
    with pytest.raises(InputError, match="'Z' not found among the 4 members"):
        run_cascade(build(), ["Z"])
