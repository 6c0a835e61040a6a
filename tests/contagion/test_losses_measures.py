"""Measures of a loss distribution: by hand, against their definitions, and how often intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2, norm

from circles.contagion.losses.intervals import bound_mean
from circles.contagion.losses.measures import LossDistribution
from circles.errors import InputError

LEVELS = st.integers(1, 99).map(lambda percent: percent / 100)
SAMPLES = st.lists(st.integers(0, 10**15), min_size=1, max_size=60)


def losses(*samples, largest=10**16):
    return LossDistribution(samples_fen=np.array(samples, dtype=np.int64), largest_fen=largest)


def test_measures_of_ten_losses_by_hand():
    """Losses 0…90: 80 % are at most 70; the worst fifth is 80 and 90, mean 85; the worst 15 %: (90 + 80/2) / 1.5."""
    ten = losses(*range(0, 100, 10))
    assert ten.expected_loss_fen == 45
    assert ten.standard_deviation_fen == 30  # √(8250/9) = 30.28
    assert ten.value_at_risk(0.8) == 70
    assert ten.expected_shortfall(0.8) == 85
    assert ten.value_at_risk(0.85) == 80
    assert ten.expected_shortfall(0.85) == 87  # 86.67


def test_an_atom_at_the_edge_counts_with_the_part_of_it_that_belongs_to_the_tail():
    """Three trials lose 100 and one loses 500; the worst half is the 500 and one of the three: mean 300."""
    assert losses(100, 100, 500, 100).expected_shortfall(0.5) == 300
    assert losses(100, 100, 500, 100).tail_weights(0.5).tolist() == pytest.approx([1 / 6, 1 / 6, 1 / 2, 1 / 6])


def test_levels_are_read_as_decimal_fractions():
    """.07 × 100 is a little above 7 in binary; the answer is still the seventh smallest loss."""
    hundred = losses(*range(100))
    assert hundred.value_at_risk(0.07) == 6
    assert [hundred.value_at_risk(k / 100) for k in range(1, 100)] == list(range(99))


@given(SAMPLES, LEVELS)
def test_value_at_risk_and_expected_shortfall_meet_their_definitions(samples, level):
    drawn, n = losses(*samples), len(samples)
    quantile, tail = drawn.value_at_risk(level), drawn.expected_shortfall(level)
    share = round(level * 100)
    assert 100 * sum(x <= quantile for x in samples) >= share * n
    assert 100 * sum(x < quantile for x in samples) < share * n
    # Rockafellar & Uryasev (2002): expected shortfall is the least value of z + E[(L − z)+] / (1 − level)
    least = min(z * (100 - share) * n + 100 * sum(max(x - z, 0) for x in samples) for z in samples)
    assert abs(tail * (100 - share) * n - least) <= (100 - share) * n / 2
    assert max(quantile, drawn.expected_loss_fen) <= tail <= max(samples)
    weights = drawn.tail_weights(level)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    assert weights @ drawn.samples_fen == pytest.approx(tail, abs=1, rel=1e-9)


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=1, max_size=40), LEVELS)
def test_expected_shortfall_of_a_sum_is_at_most_the_sum_of_expected_shortfalls(pairs, level):
    first, second = zip(*pairs, strict=True)
    together = losses(*(a + b for a, b in pairs)).expected_shortfall(level)
    assert together <= losses(*first).expected_shortfall(level) + losses(*second).expected_shortfall(level) + 2


def test_sums_do_not_overflow():
    assert losses(*[10**15] * 20_000).expected_loss_fen == 10**15
    assert losses(*[10**15] * 20_000).expected_shortfall(0.1) == 10**15


def test_one_trial_gives_every_measure_and_intervals_that_admit_how_little_it_says():
    """One trial of 40 with 100 at stake: another loss was missed with 2.5 % probability if its share is 97.5 %."""
    one = losses(40, largest=100)
    assert (one.expected_loss_fen, one.standard_deviation_fen) == (40, 0)
    assert (one.value_at_risk(0.99), one.expected_shortfall(0.99)) == (40, 40)
    assert tuple(one.interval("expected_loss")) == (1, 99)  # 40 × .025 and 40 + 60 × .975
    assert tuple(one.interval("standard_deviation")) == (0, 50)  # no more for losses from 0 to 100 (Popoviciu)
    assert tuple(one.interval("value_at_risk", 0.99)) == (40, 100)
    assert tuple(one.interval("expected_shortfall", 0.99)) == (40, 100)


def test_a_loss_never_drawn_is_not_taken_for_impossible():
    """300 trials without a loss: a share of 1 − .025^(1/300) = 1.2221 % of trials may still lose all of 1,000,000.

    For the tail half that is counted as Poisson, −ln .025 / 300 = 1.2296 %: twice the least it can be.
    """
    none = losses(*[0] * 300, largest=1_000_000)
    assert tuple(none.interval("expected_loss")) == (0, 12_221)
    assert tuple(none.interval("expected_shortfall", 0.5)) == (0, 24_593)
    assert tuple(none.interval("standard_deviation")) == (0, 109_871)  # √(.012221 · .987779) of 1,000,000


def test_value_at_risk_interval_takes_the_binomial_ranks():
    """n = 100, level .5: binomial quantiles 40 and 60, so the 40th and 61st smallest of 0…99."""
    low, high = losses(*range(100)).interval("value_at_risk", 0.5)
    assert (low, high) == (39, 60)
    assert tuple(losses(*range(100), largest=777).interval("value_at_risk", 0.99)) == (96, 777)


MEASURES = ["expected_loss", "standard_deviation", "value_at_risk", "expected_shortfall"]


def share_that_holds(draw, truth, *, measure, level, samples=1_000, largest=10**9):
    """Of so many samples, the share whose 95 % interval holds the true value, and the shares that miss it."""
    ends = np.array(
        [
            tuple(LossDistribution(samples_fen=draw(), largest_fen=largest).interval(measure, level))
            for _ in range(samples)
        ]
    )
    below, above = (ends[:, 1] < truth).mean(), (ends[:, 0] > truth).mean()
    return 1 - below - above, below, above


@pytest.mark.parametrize("measure", MEASURES)
def test_intervals_hold_the_true_value_about_as_often_as_stated(measure):
    """1,000 draws of 2,000 exponential losses (mean 10⁶ fen): quantile −ln(1−q), tail mean one mean more."""
    level, mean = 0.95, 10**6
    quantile = -np.log(1 - level) * mean
    truth = {"value_at_risk": quantile, "expected_shortfall": quantile + mean}.get(measure, mean)
    random = np.random.default_rng(42)
    held, *missed = share_that_holds(
        lambda: random.exponential(mean, 2_000).astype(np.int64), truth, measure=measure, level=level
    )
    assert 0.925 <= held <= 0.985  # gamma bounds are a little wide
    assert max(missed) <= 0.05


def one_factor_losses(members, probability, correlation, *, loan=100_00):
    """The model's own losses on equal unsecured loans: amounts and exact probabilities, by quadrature over F."""
    factor = np.linspace(-8.5, 8.5, 4_001)
    given = norm.cdf((norm.ppf(probability) - np.sqrt(correlation) * factor) / np.sqrt(1 - correlation))
    counts = np.arange(members + 1)
    chance = binom.pmf(counts[:, None], members, given) @ norm.pdf(factor)
    return counts * loan, chance / chance.sum()


def true_measures(amounts, chance, level):
    mean = chance @ amounts
    edge = amounts[np.searchsorted(chance.cumsum(), level - 1e-12)]
    return {
        "expected_loss": mean,
        "standard_deviation": np.sqrt(chance @ (amounts - mean) ** 2),
        "value_at_risk": edge,
        "expected_shortfall": edge + chance @ np.maximum(amounts - edge, 0) / (1 - level),
    }


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("book", [(200, 0.02, 0.2), (20, 0.02, 0.12), (5, 0.002, 0.12)])
def test_intervals_hold_the_true_value_of_the_models_own_skewed_losses(measure, book):
    """1,000 draws of 1,000 losses of one factor, at 99 %: normal intervals miss to one side (nine in a hundred)."""
    amounts, chance = one_factor_losses(*book)
    random = np.random.default_rng(8)
    held, *missed = share_that_holds(
        lambda: random.choice(amounts, p=chance, size=1_000),
        true_measures(amounts, chance, 0.99)[measure],
        measure=measure,
        level=0.99,
        largest=int(amounts[-1]),
    )
    assert held >= 0.93
    assert max(missed) <= 0.05


def test_the_expected_shortfall_may_reach_as_high_as_the_value_at_risk_may():
    """300 trials say nothing of the upper end at 99 %: it is everything owed, of both."""
    few = losses(*range(300), largest=5_000)
    assert few.interval("value_at_risk", 0.99).high_fen == few.interval("expected_shortfall", 0.99).high_fen == 5_000


def test_bounds_of_a_mean_are_those_of_rare_events_where_these_are_all_alike():
    """k events of a Poisson variable: exact limits are halves of chi-squared quantiles with 2k and 2k + 2 degrees."""
    for events in (1, 3, 10):
        amounts = np.zeros(10**6)
        amounts[:events] = 5.0
        low, high = bound_mean(amounts, outside=0.025, unseen=5.0)
        assert low * 10**6 / 5 == pytest.approx(chi2.ppf(0.025, 2 * events) / 2, rel=1e-4)
        assert high * 10**6 / 5 == pytest.approx(chi2.ppf(0.975, 2 * events + 2) / 2, rel=1e-4)
    assert bound_mean(np.zeros(100), outside=0.025, unseen=7.0) == (0.0, pytest.approx(-np.log(0.025) * 7 / 100))


def test_quantile_interval_holds_the_truth_for_a_loss_that_is_mostly_nothing():
    """Loss 100 with probability .06, else 0: the true 95 % quantile is 100, the true 90 % one is 0."""
    random = np.random.default_rng(3)
    held = np.zeros(2)
    for _ in range(400):
        drawn = LossDistribution(samples_fen=100 * (random.random(1_000) < 0.06).astype(np.int64), largest_fen=100)
        for k, (level, truth) in enumerate(((0.95, 100), (0.9, 0))):
            low, high = drawn.interval("value_at_risk", level)
            held[k] += low <= truth <= high
    assert np.all(held >= 0.94 * 400)


def test_a_wider_confidence_gives_a_wider_interval_inside_the_possible():
    drawn = losses(*range(1000), largest=1100)
    for measure in MEASURES:
        narrow, wide = (drawn.interval(measure, 0.95, confidence=c) for c in (0.8, 0.999))
        assert 0 <= wide.low_fen <= narrow.low_fen <= narrow.high_fen <= wide.high_fen <= 1100


def test_an_interval_reads_as_money():
    assert str(losses(0, 100, largest=1000).interval("value_at_risk", 0.5)) == "0.00 to 10.00 (0.95 confidence)"


@pytest.mark.parametrize("level", [0, 1, -0.1, 1.5, float("nan"), True, "0.99", None])
def test_a_level_outside_its_range_is_refused(level):
    drawn = losses(1, 2, 3)
    for ask in (drawn.value_at_risk, drawn.expected_shortfall, lambda x: drawn.interval("value_at_risk", x)):
        with pytest.raises(InputError, match="level must be a fraction above 0 and below 1"):
            ask(level)


def test_an_unknown_measure_and_confidence_are_refused():
    with pytest.raises(InputError, match="measure must be one of expected_loss, standard_deviation, value_at_risk"):
        losses(1).interval("median", 0.5)
    with pytest.raises(InputError, match="confidence must be a fraction above 0 and below 1"):
        losses(1).interval("expected_loss", confidence=1.0)


def test_samples_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        losses(1, 2).samples_fen[0] = 9
