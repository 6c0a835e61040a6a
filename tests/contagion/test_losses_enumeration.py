"""Small systems worked out completely: every set of first defaults settled by itself, weighted with its probability."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from circles.contagion import simulate_losses
from circles.contagion.cascade.cascade import run_cascade
from circles.contagion.trials.draws import draw_defaults
from circles.contagion.trials.factors import read_factor_model
from circles.portfolio import Portfolio
from circles.settlement import Terms

IDS = list("ABCDE")
TRIALS = 20_000
SYSTEMS = [
    (1, Terms()),
    (2, Terms.preset("base")),
    (3, Terms.preset("forbearance")),
    (4, Terms(share="resources", recovery_rate=0.2, receivable_recovery_rate=0.3)),
    (5, Terms(settlement="threshold", risk_pool_fen=30_00)),
]


def system(seed):
    """Five members: a circle of three with a deposit, two loans outside, three guarantees, four receivables."""
    random = np.random.default_rng(seed)
    pairs = [(a, b) for a, b in random.permutation(list(product(range(5), repeat=2))) if a != b][:7]
    promises, bills = pairs[:3], pairs[3:]
    amounts = random.integers(50_00, 150_00, 5)
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": IDS,
                "resources_fen": random.integers(0, 90_00, 5),
                "default_probability": random.uniform(0.05, 0.4, 5),
            }
        ),
        circles=pd.DataFrame({"circle_id": ["C1"], "deposit_fen": [15_00]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": IDS[:3]}),
        loans=pd.DataFrame(
            {
                "loan_id": IDS,
                "borrower_id": IDS,
                "balance_fen": amounts,
                "circle_id": pd.Series(["C1"] * 3 + [None] * 2, dtype="str"),
            }
        ),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G1", "G2", "G3"],
                "guarantor_id": [IDS[a] for a, _ in promises],
                "borrower_id": [IDS[b] for _, b in promises],
                "amount_fen": [40_00, 60_00, 80_00],
            }
        ),
        receivables=pd.DataFrame(
            {
                "supplier_id": [IDS[a] for a, _ in bills],
                "buyer_id": [IDS[b] for _, b in bills],
                "amount_fen": random.integers(10_00, 90_00, len(bills)),
            }
        ),
    )


def outcomes_of(portfolio, terms):
    """One row a set of first defaults, numbered by its bits: probability, amounts, and who fails in the end."""
    probability = portfolio.members["default_probability"].to_numpy()
    rows = []
    for bits in product([0, 1], repeat=5):
        hit = np.array(bits, dtype=bool)
        cascade = run_cascade(portfolio, [IDS[i] for i in np.flatnonzero(hit)], terms)
        failed = cascade.members.set_index("member_id")["state"].isin(["first", "contagious"])
        rows.append(
            {
                "set": int(hit @ (1 << np.arange(5))),
                "probability": float(np.prod(np.where(hit, probability, 1 - probability))),
                "with_guarantees": cascade.bank_loss_fen,
                "bare": cascade.loss_without_guarantee_fen,
                "optimistic": cascade.optimistic_loss_fen,
                "conservative": cascade.conservative_loss_fen,
                **{f"fails_{member}": failed[member] for member in IDS},
            }
        )
    return pd.DataFrame(rows).set_index("set").sort_index()


@pytest.fixture(scope="module", params=SYSTEMS, ids=lambda chosen: f"system {chosen[0]}")
def worked(request):
    seed, terms = request.param
    portfolio = system(seed)
    losses = simulate_losses(portfolio, trials=TRIALS, seed=seed, terms=terms, correlation=0.0)
    draws = draw_defaults(read_factor_model(portfolio, correlation=0.0), seed=seed, trials=TRIALS)
    bits = np.bincount(
        np.repeat(np.arange(TRIALS), np.diff(draws.offsets)), weights=1 << draws.defaulters, minlength=TRIALS
    )
    return losses, outcomes_of(portfolio, terms), bits.astype(np.int64)


def test_every_trial_loses_what_the_cascade_of_its_first_defaults_says(worked):
    """Amounts are rounded here by trial and there by payment: up to two fen apart."""
    losses, outcomes, sets = worked
    for case in ("with_guarantees", "bare", "optimistic"):
        by_cascade = outcomes[case].to_numpy(dtype=np.int64)[sets]
        assert np.abs(getattr(losses, case).samples_fen - by_cascade).max() <= 2
    if losses.conservative is None:
        assert outcomes["conservative"].isna().all()
    else:
        by_cascade = outcomes["conservative"].to_numpy(dtype=np.int64)[sets]
        assert np.abs(losses.conservative.samples_fen - by_cascade).max() <= 2
    failed = outcomes[[f"fails_{member}" for member in IDS]].to_numpy(dtype=float)[sets]
    assert losses.members["default_probability"].to_numpy() == pytest.approx(failed.mean(axis=0))
    assert np.array_equal(losses.first_defaults + losses.contagious_defaults, failed.sum(axis=1))


def test_sets_of_first_defaults_come_as_often_as_their_probability_says(worked):
    _, outcomes, sets = worked
    expected = outcomes["probability"].to_numpy() * TRIALS
    cell = np.cumsum(expected >= 5)  # sets too rare for the test join the one before them
    counts = np.bincount(cell, weights=np.bincount(sets, minlength=32))
    wanted = np.bincount(cell, weights=expected)
    filled = wanted > 0
    assert chisquare(counts[filled], wanted[filled]).pvalue > 1e-3


def test_measures_hold_the_exact_ones_in_their_intervals(worked):
    losses, outcomes, _ = worked
    amount, probability = outcomes["with_guarantees"].to_numpy(dtype=float), outcomes["probability"].to_numpy()
    order = np.argsort(amount)
    cumulated = np.cumsum(probability[order])
    exact = {"expected_loss": probability @ amount}
    exact["value_at_risk"] = amount[order][np.searchsorted(cumulated, 0.95)]
    above = np.maximum(amount - exact["value_at_risk"], 0)
    exact["expected_shortfall"] = exact["value_at_risk"] + probability @ above / 0.05
    for measure, value in exact.items():
        low, high = losses.interval(measure, 0.95, confidence=0.999)
        assert low - 2 <= value <= high + 2
