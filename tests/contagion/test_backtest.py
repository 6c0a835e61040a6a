"""Predicted against observed defaults, on published intervals and figures that fit on paper."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, norm

from circles.contagion import backtest_defaults
from circles.contagion.backtest.statistics import area_under_curve, interval_of_area, interval_of_rate, vasicek_range
from circles.errors import InputError
from circles.portfolio import Portfolio


def rated(*probabilities: float, **columns: object) -> Portfolio:
    ids = [f"M{i}" for i in range(len(probabilities))]
    members = pd.DataFrame({"member_id": ids, "default_probability": probabilities, **columns})
    return Portfolio.from_frames(as_of="2007-12-29", members=members)


@pytest.mark.parametrize(("defaults", "members"), [(0, 10), (1, 10), (7, 400), (10, 10)])
def test_ends_of_the_interval_make_what_was_seen_just_unusual(defaults: int, members: int):
    """Clopper and Pearson's definition: 2.5 % on either side."""
    low, high = interval_of_rate(defaults, members, level=0.95)
    assert binom.sf(defaults - 1, members, low) == pytest.approx(0.025) if defaults else low == 0.0
    assert binom.cdf(defaults, members, high) == pytest.approx(0.025) if defaults < members else high == 1.0


def test_with_correlation_one_default_of_one_member_says_as_much_as_without():
    """A single member knows no correlation: the mixture over the factor is the same Bernoulli draw."""
    for defaults in (0, 1):
        alone = interval_of_rate(defaults, 1, level=0.9)
        assert interval_of_rate(defaults, 1, level=0.9, correlation=0.3) == pytest.approx(alone, abs=1e-6)


def test_correlation_widens_the_interval_towards_that_of_a_large_pool():
    """In a pool without chance of its own the ends solve rate = Vasicek's quantile for p."""
    narrow, wide = (interval_of_rate(2000, 100_000, level=0.95, correlation=rho) for rho in (0.0, 0.2))
    assert wide[0] < narrow[0] < 0.02 < narrow[1] < wide[1]
    root, shift = np.sqrt(0.8), np.sqrt(0.2) * norm.ppf(0.975)
    ends = norm.cdf(norm.ppf(0.02) * root + np.array([-shift, shift]))
    assert wide == pytest.approx(ends, rel=0.02)


def test_range_of_a_large_pool():
    """p = .02, ρ = .2: the 99 % quantile is 12.86 % of the book."""
    assert vasicek_range(0.02, level=0.98, correlation=0.2)[1] == pytest.approx(0.1286, abs=5e-5)
    assert vasicek_range(0.02, level=0.98, correlation=0.0) == pytest.approx((0.02, 0.02))


def test_area_counts_pairs_and_halves_ties():
    """Bad .3, .2 against good .1, .2: three pairs right, one tied, of four."""
    found = area_under_curve(np.array([0.3, 0.2, 0.1, 0.2]), np.array([True, True, False, False]))
    assert found == 3.5 / 4
    assert np.isnan(area_under_curve(np.array([0.1]), np.array([True])))


def test_interval_of_an_area_contains_it_and_admits_doubt_about_perfection():
    low, high = interval_of_area(0.8, 20, 200, level=0.95)
    assert 0.65 < low < 0.8 < high < 0.92
    low, high = interval_of_area(1.0, 5, 50, level=0.95)
    assert 0.5 < low < 0.95
    assert high == 1.0
    assert interval_of_area(0.0, 5, 50, level=0.95) == pytest.approx((0.0, 1.0 - low))


def test_intervals_of_areas_hold_the_true_one_as_often_as_they_say():
    """Normal scores one apart: the true area is Φ(1/√2) = .760."""
    rng = np.random.default_rng(5)
    defaulted = np.arange(120) < 20
    held = 0
    for _ in range(400):
        area = area_under_curve(rng.normal(size=120) + defaulted, defaulted)
        low, high = interval_of_area(area, 20, 100, level=0.95)
        held += low <= norm.cdf(1 / np.sqrt(2)) <= high
    assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_grades_are_ranges_of_probabilities_and_the_last_row_is_all():
    """Two members at 1 % on the bound of a range, two at 30 %, one of which defaulted."""
    tested = backtest_defaults(rated(0.01, 0.01, 0.3, 0.3), ["M3", "M3"])
    grades = tested.grades
    assert grades["grade"].to_list() == ["1.00% to 2.00%", "20.00% to 100.00%", "all"]
    assert grades["members"].to_list() == [2, 2, 4]
    assert grades["observed"].to_list() == [0, 1, 1]
    assert grades["expected"].to_list() == pytest.approx([0.02, 0.6, 0.62])
    assert tested.brier_score == pytest.approx((2 * 0.01**2 + 0.3**2 + 0.7**2) / 4)
    assert tested.area == 2.5 / 3
    assert "1 of 4 members defaulted, 0.6 were expected" in str(tested)


def test_a_prediction_outside_the_interval_is_called_too_low_or_too_high():
    portfolio = rated(*[0.001] * 200, *[0.3] * 200, city=["A"] * 200 + ["B"] * 200)
    tested = backtest_defaults(portfolio, [f"M{i}" for i in range(30)], grade_column="city", correlation=0.0)
    assert tested.grades["verdict"].to_list() == ["too low", "too high", "too high"]
    wide = backtest_defaults(portfolio, [f"M{i}" for i in range(30)], grade_column="city", correlation=0.2)
    assert wide.grades["verdict"].iloc[-1] == "within", "one bad or good year does not refute it"


def test_nobody_defaulted():
    tested = backtest_defaults(rated(0.01, 0.02), [])
    assert np.isnan([tested.area, tested.area_low, tested.area_high]).all()
    assert "no area under the curve" in str(tested)


@pytest.mark.parametrize(
    ("observed", "options", "message"),
    [
        (["X"], {}, "defaulted member 'X' not found"),
        ("M0", {}, "observed must be a list of member ids"),
        ([], {"level": 1.0}, "level must be between 0 and 1, got 1.0"),
        ([], {"bounds": (0.2, 0.1)}, "bounds must be ascending between 0 and 1"),
        ([], {"correlation": 1.0}, "correlation must be at least 0 and below 1"),
        ([], {"grade_column": "rating"}, "grade_column must be one of members' text columns"),
        ([], {"grade_column": "city"}, "2 of 2 members have no city"),
    ],
)
def test_wrong_input_says_what_to_do(observed, options, message):
    with pytest.raises(InputError, match=message):
        backtest_defaults(rated(0.01, 0.02), observed, **options)


def test_an_empty_portfolio_and_missing_probabilities_are_refused():
    with pytest.raises(InputError, match="needs members"):
        backtest_defaults(rated(), [])
    with pytest.raises(InputError, match="1 of 2 members have no default_probability"):
        backtest_defaults(rated(0.01, float("nan")), [])
