"""Threshold failures: hand-made cases, a plain twin and laws; and a portfolio's receivables as a network."""

import numpy as np
import pandas as pd
import pytest
from contagion.networks_drawn import networks
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array

from circles.contagion import clear_payments, furfine_cascade, receivable_exposures, run_cascade
from circles.errors import InputError
from circles.portfolio import Portfolio


def test_failures_go_round_by_round_and_a_loss_as_large_as_the_buffer_is_borne():
    """B holds 50 on A and bears 49; C holds 30 on B and 10 on A, bears 40: just enough; D holds 5 on B and bears 4."""
    claims = np.zeros((4, 4))
    claims[1, 0], claims[2, 1], claims[2, 0], claims[3, 1] = 50, 30, 10, 5
    found = furfine_cascade(claims, [0, 49, 40, 4], [0])
    assert found.failed_in.tolist() == [0, 1, -1, 2]
    assert [places.tolist() for places in found.rounds] == [[0], [1], [3]]
    assert found.losses.tolist() == [0, 50, 40, 5]
    assert str(found) == "1 of 4 members fail first, 2 more in 2 rounds"
    assert str(furfine_cascade(claims, [0, 49, 40, 5], [0])) == "1 of 4 members fail first, 1 more in 1 round"
    assert furfine_cascade(claims, [0, 49, 40, 4], [0], loss_given_default=0.9).failed.tolist() == [True] + 3 * [False]
    assert furfine_cascade(claims, [0, 49, 40, 4], []).failed.sum() == 0


@given(networks(), st.sampled_from([0.25, 0.5, 1.0]))
def test_the_twin_agrees_and_more_first_failures_never_mean_fewer(drawn, rate):
    claims, generator = drawn
    count = len(claims)
    buffers, first = generator.integers(0, 60, count), np.flatnonzero(generator.random(count) < 0.4)
    found = furfine_cascade(claims, buffers, first, loss_given_default=rate)
    failed = set(first.tolist())
    while new := {i for i in range(count) if rate * sum(claims[i, j] for j in failed) > buffers[i]} - failed:
        failed |= new
    assert np.flatnonzero(found.failed).tolist() == sorted(failed)
    assert found.losses == pytest.approx(rate * claims @ found.failed)
    sparse = furfine_cascade(coo_array(claims), buffers, first, loss_given_default=rate)
    assert (sparse.failed_in == found.failed_in).all()
    assert (found.failed <= furfine_cascade(claims, buffers, [*first, 0], loss_given_default=rate).failed).all()


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ([2], "first_failures holds 2; positions are from 0 to 1"),
        ([-1], "first_failures holds -1"),
        ([True, False], "give a list of positions"),
        (0, "give a list of positions"),
        (["A"], "give a list of positions"),
    ],
)
def test_first_failures_are_positions(first, message):
    with pytest.raises(InputError, match=message):
        furfine_cascade([[0, 1], [0, 0]], [0, 0], first)


def traders():
    """B is owed 70 by A in two bills, C 40 by B; C owes the bank 10."""
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ["C", "A", "B"], "resources_fen": [5, 60, 20]}),
        loans=pd.DataFrame({"loan_id": ["L"], "borrower_id": ["C"], "balance_fen": [10]}),
        receivables=pd.DataFrame(
            {"supplier_id": ["B", "C", "B"], "buyer_id": ["A", "B", "A"], "amount_fen": [50, 40, 20]}
        ),
    )


def test_receivables_are_a_network_by_member_in_the_order_of_ids():
    network = receivable_exposures(traders())
    assert network.members.tolist() == ["A", "B", "C"]
    assert network.exposures.toarray().tolist() == [[0, 0, 0], [70, 0, 0], [0, 40, 0]]
    assert (network.liabilities.toarray() == network.exposures.toarray().T).all()
    assert network.resources.tolist() == [60, 20, 5]
    assert network.loans.tolist() == [0, 0, 10]
    assert repr(network) == "ReceivableExposures of 3 members: 2 pairs"
    assert clear_payments(network.liabilities, network.resources, network.loans).payments.tolist() == [60, 40, 10]


def test_thresholds_on_receivables_are_a_cascade_without_guarantees():
    portfolio = traders()
    network = receivable_exposures(portfolio)
    found = furfine_cascade(network.exposures, network.resources, [0])
    assert [tuple(network.members[places]) for places in found.rounds] == list(run_cascade(portfolio, ["A"]).rounds)
    assert found.failed.all()


def test_a_portfolio_of_nobody_is_a_network_of_nobody():
    nobody = traders().members.head(0)
    network = receivable_exposures(Portfolio.from_frames(as_of="2007-12-29", members=nobody))
    assert network.exposures.shape == (0, 0)
