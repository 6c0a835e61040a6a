"""Twelve-month default probabilities by internal grade, worse for the young, the small, the thin and the overdue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.resources import KNEE_FEN
from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.loans import LoanBook
    from circles.generate.population import Population

GRADE_PROBABILITIES = (0.003, 0.006, 0.012, 0.024, 0.048, 0.096, 0.192)
"""Probability of each grade; every grade doubles it. The rule gives a mean of about 2 % (assumption; the programme's
1.08 % non-performing is a ratio of balances, not a probability)."""
START, SPREAD = 2.05, 1.0
YOUNG_DAYS, YOUNG_POINTS = 3 * 365, 0.8
SMALL_SALES_FEN, SMALL_POINTS = 1_000_000 * 100, 0.4
THIN_SHARE, THIN_POINTS = 0.07, 0.5
OVERDUE_POINTS, LONG_OVERDUE_POINTS = 2.0, 4.0
RECOVERY_STATED_SHARE, RECOVERY_RANGE = 0.08, (0.1, 0.6)


def draw_default_probabilities(
    seed: int, population: Population, *, resources_fen: NDArray[np.int64], loans: LoanBook
) -> NDArray[np.float64]:
    """Draw default probabilities: shape (n,), each one of `GRADE_PROBABILITIES`."""
    stream = open_stream(seed, "default probability")
    count = len(population)
    overdue = np.zeros(count, dtype=np.int64)
    np.maximum.at(overdue, loans.borrower, loans.days_overdue)
    points = START + SPREAD * stream.standard_normal(count)
    points += YOUNG_POINTS * (population.registered_on > population.day - YOUNG_DAYS)
    points += SMALL_POINTS * (population.sales_fen < SMALL_SALES_FEN)
    points += THIN_POINTS * (resources_fen < THIN_SHARE * np.minimum(population.sales_fen, KNEE_FEN))
    points += np.select([overdue > 90, overdue > 0], [LONG_OVERDUE_POINTS, OVERDUE_POINTS], 0.0)
    grade = np.clip(np.floor(points), 0, len(GRADE_PROBABILITIES) - 1).astype(np.int64)
    return np.array(GRADE_PROBABILITIES)[grade]


def draw_recovery_rates(seed: int, count: int) -> NDArray[np.float64]:
    """Draw stated recovery rates: shape (count,), NaN for most (the terms' rate holds then)."""
    stream = open_stream(seed, "recovery rate")
    stated = stream.random(count) < RECOVERY_STATED_SHARE
    rates = np.round(stream.uniform(*RECOVERY_RANGE, size=count), 2)
    return np.where(stated, rates, np.nan)
