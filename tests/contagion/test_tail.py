"""The far tail by importance sampling: the textbook's large pool, plain trials as a special case, and what it gains."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from contagion.test_losses_measures import one_factor_losses, true_measures

from circles.contagion import simulate_losses, simulate_tail
from circles.contagion.trials.random_trials import plan_trials
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.settlement import Terms

VAR_999 = 0.2263128071558014
"""Vasicek (2002), p = .02, ρ = .2: share of the book."""
LOAN = 100_00


def pool(members: int, *, probability: float = 0.02, resources: int = 0) -> Portfolio:
    """Unsecured loans of 100 yuan each."""
    ids = [f"M{i:04d}" for i in range(members)]
    table = {"member_id": ids, "resources_fen": resources, "default_probability": probability}
    loans = {"loan_id": ids, "borrower_id": ids, "balance_fen": LOAN}
    return Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame(table), loans=pd.DataFrame(loans))


def circles_of_four(count: int = 25) -> Portfolio:
    """Circles in which each member can pay a quarter of one loan."""
    ids = [f"M{i:03d}" for i in range(4 * count)]
    circle = np.repeat([f"C{k:02d}" for k in range(count)], 4)
    table = {
        "member_id": ids,
        "resources_fen": LOAN // 4,
        "default_probability": 0.03,
        "industry": ["a", "b"] * 2 * count,
    }
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(table),
        circles=pd.DataFrame({"circle_id": np.unique(circle)}),
        circle_members=pd.DataFrame({"circle_id": circle, "member_id": ids}),
        loans=pd.DataFrame({"loan_id": ids, "borrower_id": ids, "balance_fen": LOAN, "circle_id": circle}),
    )


def test_a_large_pool_is_what_the_textbook_says_and_surer_than_plain_trials():
    book, largest = pool(3_000), 3_000 * LOAN
    tail = simulate_tail(book, trials=4_000, seed=7, level=0.999, correlation=0.2, confidence=0.999)
    low, high = tail.value_at_risk_interval
    assert low <= VAR_999 * largest <= high
    assert high - low < 0.1 * VAR_999 * largest
    assert tail.gain > 10
    assert tail.shift[0] > 1.5


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_without_a_shift_it_says_what_plain_trials_say(level):
    book = circles_of_four()
    plain = simulate_losses(book, trials=3_000, seed=3, correlation=0.2)
    tail = simulate_tail(book, trials=3_000, seed=3, correlation=0.2, level=level, shift=0.0)
    assert tail.value_at_risk_fen == plain.value_at_risk(level)
    assert tail.expected_shortfall_fen == pytest.approx(plain.expected_shortfall(level), abs=1)
    assert tail.gain == pytest.approx(1.0)


def test_weights_have_mean_one_and_leave_the_expected_loss_as_it_was():
    plan = plan_trials(circles_of_four(), seed=5, correlation=0.2)
    shifted = replace(plan, shift=np.array([1.0]))
    numbers = np.arange(40_000)
    weights = shifted.weigh(numbers)
    assert weights.mean() == pytest.approx(1.0, abs=4 * weights.std() / np.sqrt(len(numbers)))
    counts = [np.diff(each.draw(numbers).offsets) for each in (plan, shifted)]
    assert counts[1].mean() > 2 * counts[0].mean()
    weighted = weights * counts[1]
    error = np.sqrt((weighted.var() + counts[0].var()) / len(numbers))
    assert weighted.mean() == pytest.approx(counts[0].mean(), abs=4 * error)


def test_intervals_hold_what_many_plain_trials_find():
    """Of 40 estimates on 500 trials, intervals of 95 % may miss what 400,000 plain trials find a few times only."""
    book = circles_of_four()
    options = {"correlation": 0.2, "sector_column": "industry", "terms": Terms.preset("base")}
    plain = simulate_losses(book, trials=400_000, seed=2, **options)
    truth = plain.value_at_risk(0.995), plain.expected_shortfall(0.995)
    missed = [0, 0]
    for seed in range(40):
        tail = simulate_tail(book, trials=500, seed=100 + seed, level=0.995, **options)
        intervals = (tail.value_at_risk_interval, tail.expected_shortfall_interval)
        for which, (low, high) in enumerate(intervals):
            missed[which] += not low <= truth[which] <= high
    assert max(missed) <= 6


@pytest.mark.parametrize(
    ("members", "probability", "correlation", "level"),
    [(5, 0.02, 0.2, 0.999), (20, 0.02, 0.12, 0.999), (10, 0.005, 0.12, 0.99)],
)
def test_intervals_of_small_books_hold_the_exact_value(members, probability, correlation, level):
    """A factor moved does little where a few members default by themselves: still at most 10 of 100 may miss."""
    amounts, chance = one_factor_losses(members, probability, correlation, loan=LOAN)
    truth = true_measures(amounts, chance, level)
    book, missed = pool(members, probability=probability), [0, 0]
    for seed in range(100):
        tail = simulate_tail(book, trials=1_000, seed=seed, level=level, correlation=correlation)
        at_risk, beyond = tail.value_at_risk_interval, tail.expected_shortfall_interval
        missed[0] += not at_risk.low_fen <= truth["value_at_risk"] <= at_risk.high_fen
        missed[1] += not beyond.low_fen <= truth["expected_shortfall"] <= beyond.high_fen
        assert beyond.low_fen < beyond.high_fen
        assert beyond.low_fen >= at_risk.low_fen
        assert beyond.high_fen >= at_risk.high_fen
    assert max(missed) <= 10


@pytest.mark.parametrize("trials", [1, 2, 299])
def test_few_trials_say_nothing_of_the_tail(trials):
    tail = simulate_tail(circles_of_four(), trials=trials, seed=7)
    assert tuple(tail.value_at_risk_interval) == tuple(tail.expected_shortfall_interval) == (0, 100 * LOAN)


def test_the_same_seed_gives_the_same_for_any_workers():
    book = circles_of_four()
    one, two = (simulate_tail(book, trials=700, seed=9, workers=workers) for workers in (1, 2))
    assert one == two
    assert str(one) == str(two)
    assert one != simulate_tail(book, trials=700, seed=10)


def test_where_nothing_can_be_lost_all_is_zero():
    tail = simulate_tail(pool(3, probability=0.0), trials=50, seed=1)
    assert (tail.value_at_risk_fen, tail.expected_shortfall_fen) == (0, 0)
    assert tail.value_at_risk_interval.low_fen == tail.expected_shortfall_interval.low_fen == 0
    assert tail.expected_shortfall_interval.high_fen >= tail.value_at_risk_interval.high_fen


def test_a_tail_beyond_the_trials_reaches_up_to_all_that_is_owed():
    tail = simulate_tail(pool(10), trials=20, seed=1, level=0.9999, shift=0.0)
    assert tail.value_at_risk_interval.high_fen == 10 * LOAN


@pytest.mark.parametrize(
    "wrong", [{"level": 1.0}, {"level": 0}, {"shift": -1.0}, {"shift": float("nan")}, {"trials": 0}, {"confidence": 2}]
)
def test_what_is_out_of_range_is_refused(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        simulate_tail(pool(3), **{"trials": 10, "seed": 1, **wrong})
