"""First defaults: right frequencies, right dependence, and nothing but (seed, trial, member) decides."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, binomtest, chi2, kstest

from circles.contagion.trials.draws import draw_defaults
from circles.contagion.trials.factors import DEFAULT_SECTOR_CORRELATION, factor_model, read_factor_model
from circles.errors import InputError
from circles.portfolio import Portfolio

# Vasicek (1991), p = .02, ρ = .2: correlation of two default indicators from the bivariate normal probability
DEFAULT_CORRELATION = 0.03572329059333703


def names(count):
    return [f"M{i:05d}" for i in range(count)]


def defaults_of(model, *, trials, seed=7):
    draws = draw_defaults(model, seed=seed, trials=trials)
    hit = np.zeros((trials, model.member_count), dtype=np.bool_)
    hit[np.repeat(np.arange(trials), np.diff(draws.offsets)), draws.defaulters] = True
    assert hit.sum() == len(draws.defaulters)  # nobody twice in a trial
    return hit


def sets_of(draws, ids):
    pairs = zip(draws.offsets[:-1], draws.offsets[1:], strict=True)
    return [frozenset(ids[i] for i in draws.defaulters[a:b]) for a, b in pairs]


@pytest.mark.parametrize("correlation", [0.0, 0.2])
def test_every_member_defaults_as_often_as_its_probability_says(correlation):
    """Exact binomial bound for 60 members over seven decades of probability, at one in a million each."""
    probability = np.concatenate([np.geomspace(1e-6, 0.9, 58), [0.0, 1.0]])
    trials = 20_000
    counts = defaults_of(factor_model(names(60), probability, correlation=correlation), trials=trials).sum(axis=0)
    assert np.all(counts >= binom.ppf(5e-7, trials, probability))
    assert np.all(counts <= binom.isf(5e-7, trials, probability))
    assert counts[58] == 0
    assert counts[59] == trials


def test_frequencies_of_many_equal_members_pass_a_chi_squared_test():
    trials, p = 2_000, 0.05
    counts = defaults_of(factor_model(names(500), np.full(500, p), correlation=0.0), trials=trials).sum(axis=0)
    statistic = float(np.sum((counts - trials * p) ** 2) / (trials * p * (1 - p)))
    assert chi2.cdf(statistic, 500) == pytest.approx(0.5, abs=0.4999)


def test_default_correlation_is_that_of_the_bivariate_normal():
    """Correlation of indicators from the variance of the share of defaults: Var = p(1−p)((1−r)/n + r)."""
    n, trials, p = 400, 20_000, 0.02
    share = defaults_of(factor_model(names(n), np.full(n, p), correlation=0.2), trials=trials).mean(axis=1)
    deviations = (share - p) ** 2
    scaled = p * (1 - p)
    estimate = (deviations.mean() / scaled - 1 / n) / (1 - 1 / n)
    error = deviations.std() / np.sqrt(trials) / scaled
    assert error < 0.002
    assert estimate == pytest.approx(DEFAULT_CORRELATION, abs=4 * error)


def test_members_of_one_class_with_different_probabilities_are_each_drawn_with_their_own():
    """64 members share a class although their probabilities span a factor of 50."""
    probability = np.linspace(0.01, 0.5, 64)
    model = factor_model(names(64), probability, correlation=0.1)
    assert len(model.class_sector) == 1
    trials = 5_000
    counts = defaults_of(model, trials=trials).sum(axis=0)
    error = np.sqrt(trials * probability * (1 - probability))
    assert np.all(np.abs(counts - trials * probability) < 5 * error * np.sqrt(1.6))  # the common factor widens it


def test_two_sectors_depend_on_each_other_as_much_as_stated():
    sectors = ["town A", "town B"]
    for stated in (0.0, 0.3, 1.0, None):
        model = factor_model(["M1", "M2"], [0.5, 0.5], correlation=0.4, sectors=sectors, sector_correlation=stated)
        factors = draw_defaults(model, seed=3, trials=40_000).factors
        expected = DEFAULT_SECTOR_CORRELATION if stated is None else stated
        assert np.corrcoef(factors.T)[0, 1] == pytest.approx(expected, abs=0.02)
        assert kstest(factors[:, 0], "norm").pvalue > 1e-4


def test_orthant_probability_of_two_members_in_two_sectors():
    """PD .5 each: P(both) = 1/4 + asin(ρ·c) / 2π (Sheppard 1899)."""
    model = factor_model(["M1", "M2"], [0.5, 0.5], correlation=0.6, sectors=["a", "b"], sector_correlation=0.5)
    trials = 40_000
    both = int(defaults_of(model, trials=trials).all(axis=1).sum())
    assert binomtest(both, trials, 0.25 + np.arcsin(0.3) / (2 * np.pi)).pvalue > 1e-4


def test_a_low_factor_brings_defaults():
    model = factor_model(names(200), np.full(200, 0.05), correlation=0.3)
    draws = draw_defaults(model, seed=5, trials=500)
    assert np.corrcoef(np.diff(draws.offsets), draws.factors[:, 0])[0, 1] < -0.5


def test_trials_are_the_same_however_they_are_divided():
    model = factor_model(names(300), np.linspace(0, 1, 300), correlation=0.2)
    whole = draw_defaults(model, seed=11, trials=50)
    parts = [draw_defaults(model, seed=11, trials=n, first=start) for start, n in ((0, 7), (7, 1), (8, 42))]
    assert np.concatenate([part.defaulters for part in parts]).tobytes() == whole.defaulters.tobytes()
    assert np.concatenate([part.factors for part in parts]).tobytes() == whole.factors.tobytes()


def test_order_of_rows_and_other_members_do_not_matter():
    ids, probability = names(200), np.linspace(0.01, 0.4, 200)
    sectors = [f"s{i % 3}" for i in range(200)]
    whole = draw_defaults(factor_model(ids, probability, correlation=0.2, sectors=sectors), seed=1, trials=40)
    mixed = np.random.default_rng(0).permutation(200)[:150]
    some = [ids[i] for i in mixed]
    part = draw_defaults(
        factor_model(some, probability[mixed], correlation=0.2, sectors=[sectors[i] for i in mixed]), seed=1, trials=40
    )
    kept = frozenset(some)
    assert [found & kept for found in sets_of(whole, ids)] == sets_of(part, some)


def test_seeds_give_different_trials_and_the_global_generator_is_left_alone():
    model = factor_model(names(100), np.full(100, 0.2), correlation=0.1)
    np.random.seed(123)  # noqa: NPY002 — the global generator is what this test is about
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again, other = (draw_defaults(model, seed=seed, trials=20).defaulters.tobytes() for seed in (1, 1, -2))
    assert first == again
    assert first != other
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_uniforms_of_one_member_in_many_trials_and_of_many_members_in_one_trial_are_independent():
    """Pairs of neighbouring trials, and of members whose ids differ in one letter: 2×2 tables at PD .5."""
    hit = defaults_of(factor_model(names(2_000), np.full(2_000, 0.5), correlation=0.0), trials=400)
    for a, b in ((hit[1:], hit[:-1]), (hit[:, 1:], hit[:, :-1])):
        together = int((a & b).sum())
        assert binomtest(together, a.size, 0.25).pvalue > 1e-4


def test_nobody_to_default_is_a_model_too():
    draws = draw_defaults(factor_model(["M1"], [0.0], correlation=0.5), seed=1, trials=3)
    assert draws.offsets.tolist() == [0, 0, 0, 0]
    assert draws.defaulters.size == 0


def test_more_defaults_than_the_first_buffer_holds():
    model = factor_model(names(50), np.ones(50), correlation=0.0)
    draws = draw_defaults(model, seed=1, trials=100)
    assert draws.offsets[-1] == 5_000
    assert np.array_equal(np.sort(draws.defaulters[-50:]), np.arange(50))


def portfolio(**columns):
    frame = pd.DataFrame({"member_id": ["M1", "M2", "M3"], **columns})
    return Portfolio.from_frames(as_of="2007-12-29", members=frame)


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        (
            {"default_probability": [0.1, None, None]},
            {},
            "2 of 3 members have no default_probability; fill them, or run",
        ),
        ({}, {"correlation": 1.0}, "correlation must be at least 0 and below 1, got 1.0"),
        ({}, {"correlation": float("nan")}, "correlation must be at least 0"),
        ({}, {"sector_correlation": 0.5}, "needs a sector_column"),
        ({}, {"sector_column": "colour"}, "one of members' text columns .*industry.*, got 'colour'"),
        ({}, {"sector_column": "industry"}, "3 of 3 members have no industry"),
        ({"city": ["a"] * 3}, {"sector_column": "city", "sector_correlation": 2.0}, r"from 0 to 1, got 2.0"),
    ],
)
def test_what_is_missing_or_out_of_range_is_said(columns, arguments, message):
    given = {"default_probability": [0.1] * 3, **columns}
    with pytest.raises(InputError, match=message):
        read_factor_model(portfolio(**given), **{"correlation": 0.1, **arguments})


def test_a_seed_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="seed must be a whole number, got 'x'"):
        draw_defaults(factor_model(["M1"], [0.5], correlation=0.0), seed="x", trials=1)
