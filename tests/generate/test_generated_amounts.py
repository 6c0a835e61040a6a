"""The published tables of capital and sales come out of the generator, and a wrong table would be noticed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from circles.generate.amounts import AmountTable, draw_amounts
from circles.generate.population import draw_population
from circles.generate.profile import ZHEJIANG_2007

CAPITAL, SALES = ZHEJIANG_2007.capital, ZHEJIANG_2007.sales
DAY = np.datetime64("2007-12-29", "D")
SEEDS = (1, 7, 42, 2007, 123_456)


def fit_of(table: AmountTable, amounts_fen, shares) -> float:
    """p-value of Pearson's test that amounts fall into the classes with the given shares."""
    found = np.bincount(table.class_of(amounts_fen), minlength=len(table.percents))
    return float(chisquare(found, shares * len(amounts_fen)).pvalue)


def draw(seed: int, members: int = 20_000):
    return draw_population(seed, members, profile=ZHEJIANG_2007, day=DAY)


def test_the_published_percents_are_kept_as_printed_with_their_rounding() -> None:
    assert sum(CAPITAL.percents) == pytest.approx(100.02)
    assert sum(SALES.percents) == pytest.approx(100.01)
    assert CAPITAL.shares.sum() == pytest.approx(1.0)
    assert SALES.shares.sum() == pytest.approx(1.0)


def test_published_sales_are_not_monotone_and_stay_so() -> None:
    assert SALES.percents[3] < SALES.percents[4] < SALES.percents[5]
    found = np.bincount(SALES.class_of(draw(7).sales_fen), minlength=7)
    assert found[3] < found[5]
    assert found[4] < found[6]


@pytest.mark.parametrize("seed", SEEDS)
def test_capital_follows_the_published_table(seed: int) -> None:
    assert fit_of(CAPITAL, draw(seed).capital_fen, CAPITAL.shares) > 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_sales_follow_the_published_table(seed: int) -> None:
    assert fit_of(SALES, draw(seed).sales_fen, SALES.shares) > 0.01


def test_a_wrong_table_is_noticed() -> None:
    smoothed = np.array([76.02, 8.88, 5.29, 4.79, 4.32, 0.40, 0.31])
    population = draw(7)
    assert fit_of(SALES, population.sales_fen, smoothed / smoothed.sum()) < 1e-6
    shifted = CAPITAL.shares + np.array([-0.03, 0.03, 0, 0, 0, 0])
    assert fit_of(CAPITAL, population.capital_fen, shifted) < 1e-6


def test_capital_and_sales_go_together_but_not_in_step() -> None:
    population = draw(7)
    ranks = [np.argsort(np.argsort(a)) for a in (population.capital_fen, population.sales_fen)]
    assert 0.4 < np.corrcoef(*ranks)[0, 1] < 0.75


@pytest.mark.parametrize("table", [CAPITAL, SALES])
def test_amounts_stay_in_their_class_at_its_very_ends(table: AmountTable) -> None:
    edges = np.concatenate([[0.0], np.cumsum(table.shares)[:-1]])
    low = draw_amounts(table, edges)
    high = draw_amounts(table, np.nextafter(np.append(edges[1:], 1.0), 0))
    assert table.class_of(low).tolist() == list(range(len(edges)))
    assert table.class_of(high).tolist() == list(range(len(edges)))
    assert low.tolist() == [100 * bound for bound in table.bounds[:-1]]
    assert (high % (table.step * 100) == 0).all()
    assert high.tolist() == [100 * (bound - table.step) for bound in table.bounds[1:]]


def test_suitable_loans_are_affordable_and_within_the_products_limit() -> None:
    population = draw(7)
    assert (population.suitable_loan_fen <= 2_000_000 * 100).all()
    assert (population.suitable_loan_fen <= 0.25 * population.sales_fen).all()
    assert (population.suitable_loan_fen % (10_000 * 100) == 0).all()
