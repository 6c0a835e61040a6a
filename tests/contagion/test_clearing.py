"""Clearing vectors: published cases, hand-made ones, the laws of both papers, and a plain iteration as twin."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from contagion.networks_drawn import networks
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array, diags_array

from circles.contagion import clear_payments
from circles.contagion.published.clearing_solve import solve_payments
from circles.errors import ConvergenceError, InputError

PUBLISHED = json.loads((Path(__file__).parent.parent / "published" / "clearing.json").read_text(encoding="utf-8"))
RANKS = st.sampled_from(["pari_passu", "senior"])
RATES = st.sampled_from([0.0, 0.3, 0.8, 1.0])
RING = np.array([[0, 10, 0], [0, 0, 10], [10, 0, 0]])


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["name"])
def test_published_payments_are_met_to_rounding(case):
    names = ("liabilities", "external_assets", "external_liabilities")
    found = clear_payments(*(case[name] for name in names), alpha=case["alpha"], beta=case["beta"])
    assert found.payments == pytest.approx([float(Fraction(text)) for text in case["payments"]], rel=1e-14)
    assert found.received == pytest.approx(case["received"], rel=1e-14)
    assert np.flatnonzero(found.defaulted).tolist() == case["default_set"]
    assert found.rounds == case["default_rounds"]


def test_senior_outside_creditors_come_first():
    """A has 30, owes 20 outside and 40 to B: B gets 10, not 20. B owes 25 outside, has 10 in all and pays it there."""
    debts, assets, outside = [[0, 40, 0], [0, 0, 5], [0, 0, 0]], [30, 0, 0], [20, 25, 0]
    senior = clear_payments(debts, assets, outside, external_rank="senior")
    assert senior.payments.tolist() == [30, 10, 0]
    assert senior.paid_outside.tolist() == [20, 10, 0]
    assert senior.received.tolist() == [0, 10, 0]
    shared = clear_payments(debts, assets, outside)
    assert shared.paid_outside == pytest.approx([10, 20 * 25 / 30, 0])
    assert shared.received == pytest.approx([0, 20, 20 * 5 / 30])


def test_a_ring_of_debts_without_cash_clears_in_full_but_not_past_outside_creditors():
    """Paying nothing is consistent too, but the greatest is asked for. One yuan each to others drains the ring."""
    assert clear_payments(RING, [0, 0, 0], [0, 0, 0]).payments.tolist() == [10, 10, 10]
    drained = clear_payments(RING, [0, 0, 0], [1, 1, 1], external_rank="senior")
    assert drained.payments.tolist() == [0, 0, 0]
    assert drained.defaulted.all()


def test_costs_of_default_make_payments_jump():
    """One fen short: A pays all but a fen without costs, and half with them."""
    debts = [[0, 100], [0, 0]]
    assert clear_payments(debts, [99.99, 0], [0, 0]).payments.tolist() == [99.99, 0]
    assert clear_payments(debts, [99.99, 0], [0, 0], alpha=0.5).payments.tolist() == [49.995, 0]
    assert clear_payments(debts, [100, 0], [0, 0], alpha=0.5).payments.tolist() == [100, 0]


def test_rounds_say_who_fell_when():
    chain = [[0, 100, 0, 0], [0, 0, 80, 0], [0, 0, 0, 10], [0, 0, 0, 0]]
    found = clear_payments(chain, [50, 0, 0, 0], [0, 0, 0, 0])
    assert found.default_round.tolist() == [1, 2, 0, 0]
    assert found.rounds == 3
    assert found.equity.tolist() == [0, 0, 40, 10]
    assert found.shortfall.tolist() == [50, 30, 0, 0]
    assert str(found) == "Clearing of 4 members: 2 default in 3 rounds, 110.00 paid, 80.00 unpaid"


@given(networks(), RATES, RATES, RANKS)
def test_the_twin_that_only_repeats_the_definition_agrees(drawn, alpha, beta, rank):
    debts, generator = drawn
    assets, outside = (generator.integers(0, top, len(debts)).astype(float) for top in (40, 20))
    found = clear_payments(debts, assets, outside, alpha=alpha, beta=beta, external_rank=rank)
    expected = iterate_plainly(debts, assets, outside, alpha=alpha, beta=beta, senior=rank == "senior")
    assert found.payments == pytest.approx(expected, abs=1e-6)


def iterate_plainly(debts, assets, outside, *, alpha, beta, senior):
    """Go down from full payment by the definition, member by member."""
    count = len(debts)
    total = [debts[i].sum() + outside[i] for i in range(count)]
    paid = list(total)
    for _ in range(3_000):
        received = [0.0] * count
        for i in range(count):
            inside = max(paid[i] - outside[i], 0.0) if senior else paid[i]
            base = total[i] - outside[i] if senior else total[i]
            for j in range(count):
                received[j] += inside * debts[i, j] / base if base else 0.0
        means = [assets[i] + received[i] for i in range(count)]
        left = [alpha * assets[i] + beta * received[i] for i in range(count)]
        after = [total[i] if means[i] >= total[i] * (1 - 1e-9) else left[i] for i in range(count)]
        if max(abs(a - b) for a, b in zip(after, paid, strict=True)) < 1e-12:
            break
        paid = after
    return paid


@given(networks(), RATES, RATES, RANKS)
def test_nobody_pays_more_than_he_owes_or_has_and_defaulters_pay_what_is_left(drawn, alpha, beta, rank):
    debts, generator = drawn
    assets, outside = (generator.integers(0, top, len(debts)).astype(float) for top in (40, 20))
    found = clear_payments(debts, assets, outside, alpha=alpha, beta=beta, external_rank=rank)
    total, means = debts.sum(axis=1) + outside, assets + found.received
    assert (found.payments <= np.minimum(total, means) + 1e-9).all(), "limited liability"
    left = np.where(found.defaulted, alpha * assets + beta * found.received, total)
    assert found.payments == pytest.approx(left), "absolute priority"
    assert found.payments.sum() - found.paid_outside.sum() == pytest.approx(found.received.sum(), abs=1e-9)
    assert found.shortfall == pytest.approx(total - found.payments)
    assert (found.equity[found.defaulted] == 0).all()
    inside = np.divide(found.payments - found.paid_outside, debts.sum(axis=1), where=debts.any(axis=1), out=means * 0)
    assert found.received == pytest.approx(debts.T @ inside, abs=1e-9), "proportionality"
    if alpha == beta == 1:
        assert found.payments == pytest.approx(np.minimum(total, means)), "Eisenberg and Noe's own definition"
        assert assets.sum() == pytest.approx(found.paid_outside.sum() + found.equity.sum()), "no money is lost or made"


@given(networks(), RATES, RATES, RANKS)
def test_form_and_order_of_the_input_do_not_matter_and_less_never_pays_more(drawn, alpha, beta, rank):
    debts, generator = drawn
    assets, outside = (generator.integers(0, top, len(debts)).astype(float) for top in (40, 20))
    terms = {"alpha": alpha, "beta": beta, "external_rank": rank}
    found = clear_payments(debts, assets, outside, **terms).payments
    for form in (csr_array, coo_array):
        assert (clear_payments(form(debts), assets, outside, **terms).payments == found).all()
    mixed = generator.permutation(len(debts))
    renamed = clear_payments(debts[np.ix_(mixed, mixed)], assets[mixed], outside[mixed], **terms).payments
    assert renamed == pytest.approx(found[mixed], abs=1e-9)
    poorer = clear_payments(debts, np.maximum(assets - generator.integers(0, 9, len(debts)), 0), outside, **terms)
    assert (poorer.payments <= found + 1e-9).all()
    costly = clear_payments(debts, assets, outside, **{**terms, "alpha": alpha / 2, "beta": beta / 2}).payments
    assert (costly <= found + 1e-9).all()
    tenfold = clear_payments(10 * debts, 10 * assets, 10 * outside, **terms).payments
    assert tenfold == pytest.approx(10 * found)


def test_large_systems_are_solved_without_being_made_dense():
    """40,000 members with 5 debts each, nearly all in default: iterated, and consistent to rounding."""
    count, generator = 40_000, np.random.default_rng(3)
    debtor, creditor = np.repeat(np.arange(count), 5), generator.integers(0, count, 5 * count)
    debts = csr_array((generator.random(5 * count), (debtor, creditor)), shape=(count, count))
    debts = csr_array(debts - diags_array(debts.diagonal()))
    assets = 0.3 * generator.random(count)
    found = clear_payments(debts, assets, np.full(count, 0.5))
    assert found.defaulted.mean() > 0.5
    assert assets.sum() == pytest.approx(found.paid_outside.sum() + found.equity.sum(), rel=1e-11)


def test_a_long_ring_that_leaks_in_one_place_is_solved_to_rounding():
    """Each of 3,000 hands on all it gets, the last one ⅔; the first has 1 besides: x = 1 + ⅔ · x, so all pay 3."""
    count = 3_000
    handed = np.append(np.ones(count - 1), 2 / 3)
    ring = csr_array((handed, (np.roll(np.arange(count), -1), np.arange(count))))
    left = np.append(1.0, np.zeros(count - 1))
    paid = solve_payments(ring, left, start=np.full(count, 10.0))
    assert paid == pytest.approx(np.full(count, 3.0), rel=1e-10)


def test_a_system_without_a_solution_is_an_error():
    with pytest.raises(ConvergenceError, match="2 members in default have no unique solution"):
        solve_payments(csr_array([[0.0, 1.0], [1.0, 0.0]]), np.array([1.0, 1.0]), start=np.zeros(2))


def test_payments_that_are_not_consistent_are_an_error_and_no_result(monkeypatch):
    monkeypatch.setattr(
        "circles.contagion.clearing.solve_payments", lambda _within, left, start: left + 1.0 + 0 * start
    )
    with pytest.raises(ConvergenceError, match="apart from what members can pay"):
        clear_payments([[0, 100, 0], [0, 0, 70], [0, 0, 0]], [40, 0, 0], [0, 0, 0])


def test_nobody_and_nothing_owed_are_answers():
    assert clear_payments(np.zeros((0, 0)), [], []).payments.shape == (0,)
    alone = clear_payments([[0]], [3], [0])
    assert (alone.payments[0], alone.equity[0], alone.rounds) == (0, 3, 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"liabilities": [[0, -1], [0, 0]]}, "liabilities holds -1"),
        ({"liabilities": [[0, np.nan], [0, 0]]}, "liabilities holds nan"),
        ({"liabilities": [[2, 1], [0, 0]]}, r"liabilities\[0, 0\] is 2; nobody owes himself"),
        ({"liabilities": [[0, 1]]}, "square matrix"),
        ({"liabilities": "owed"}, "liabilities must be a matrix of numbers"),
        ({"external_assets": [1]}, r"external_assets has shape \(1,\); give one number a member, shape \(2,\)"),
        ({"external_assets": ["a", "b"]}, "external_assets must be numbers"),
        ({"external_liabilities": [0, np.inf]}, "external_liabilities holds inf"),
        ({"alpha": 1.1}, "alpha is 1.1; give a number from 0 to 1"),
        ({"beta": np.nan}, "beta is nan"),
        ({"external_rank": "junior"}, 'give "pari_passu" or "senior"'),
    ],
)
def test_what_is_no_system_of_debts_is_refused(change, message):
    given_ = {"liabilities": [[0, 1], [0, 0]], "external_assets": [0, 0], "external_liabilities": [0, 0], **change}
    with pytest.raises(InputError, match=message):
        clear_payments(**given_)
