"""Predicted against observed defaults: whether default probabilities were right, grade by grade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.backtest.statistics import area_under_curve, interval_of_area, interval_of_rate, vasicek_range
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.trials.factors import read_factor_model
from circles.errors import InputError
from circles.portfolio import check_portfolio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

DEFAULT_BOUNDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Default probabilities that part one grade from the next, where no others are stated: a convention."""

ALL = "all"
_COLUMNS = (
    "grade",
    "members",
    "predicted_rate",
    "expected",
    "observed",
    "observed_rate",
    "low",
    "high",
    "correlated_low",
    "correlated_high",
    "vasicek_low",
    "vasicek_high",
    "verdict",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Backtest:
    """How predicted default probabilities compare with the defaults of the twelve months after.

    Attributes
    ----------
    brier_score
        Mean of (prediction − outcome)², in [0, 1]; 0 is best (Brier 1950).
    area, area_low, area_high
        Area under the curve: the chance that of a member that defaulted and one that did not the former had the higher
        prediction (.5: no better than chance), and its interval; NaN where nobody or everybody defaulted.
    level
        Level of all intervals, in (0, 1).
    correlation
        ρ of the one-factor model.
    """

    brier_score: float
    area: float
    area_low: float
    area_high: float
    level: float
    correlation: float
    _grades: pd.DataFrame

    @property
    def grades(self) -> pd.DataFrame:
        """One row a grade, then one of all members.

        ``grade, members, predicted_rate`` (mean default probability), ``expected, observed`` (defaults),
        ``observed_rate``; ``low, high`` (the default probabilities under which that is not unusual, if members default
        independently), ``correlated_low, correlated_high`` (if they depend on one factor), ``vasicek_low,
        vasicek_high`` (range of the rate of a large pool if the prediction is right); ``verdict``: within, or where
        the prediction lies outside the correlated interval, too low or too high.
        """
        return self._grades.copy(deep=False)

    def __str__(self) -> str:
        total = self._grades.iloc[-1]
        outside = int((self._grades["verdict"].iloc[:-1] != "within").sum())
        area = "no area under the curve: it needs members that defaulted and members that did not"
        if not np.isnan(self.area):
            area = f"area under the curve {self.area:.3f} ({self.area_low:.3f} to {self.area_high:.3f})"
        return "\n".join(
            [
                f"{total.observed:,} of {total.members:,} members defaulted, {total.expected:,.1f} were expected: "
                f"all in all the prediction is {total.verdict}",
                f"{outside:,} of {len(self._grades) - 1:,} grades are outside their {self.level:.0%} interval "
                f"at correlation {self.correlation}",
                f"Brier score {self.brier_score:.5f}; {area}",
            ]
        )

    __repr__ = __str__


def backtest_defaults(
    portfolio: Portfolio,
    observed: Iterable[str],
    *,
    grade_column: str | None = None,
    bounds: Sequence[float] = DEFAULT_BOUNDS,
    correlation: float = DEFAULT_CORRELATION,
    level: float = 0.95,
) -> Backtest:
    """Compare predicted default probabilities with who did default in the twelve months after.

    Parameters
    ----------
    portfolio
        As it was when the prediction was made; members need `default_probability`.
    observed
        Ids of the members that have defaulted since; one named twice counts once.
    grade_column
        A text column of members that names their grade; without it grades are ranges of default probabilities.
    bounds
        Where one range ends and the next begins: ascending, in (0, 1). A probability on a bound is in the upper range.
    correlation
        ρ in [0, 1) of the one-factor model; 0 means independent.
    level
        Level of the intervals, in (0, 1).

    Returns
    -------
    The `Backtest`: one row a grade, and how well the prediction ranks members.

    Raises
    ------
    InputError
        If there are no members, a default is of nobody, members have no default probability or no grade, or a rate or
        bound is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": list("ABCD"), "default_probability": [0.01, 0.01, 0.3, 0.3]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
    >>> backtest_defaults(portfolio, ["D"]).grades["observed"].to_list()
    [0, 1, 1]
    """
    _check(portfolio, observed, bounds, level)
    read_factor_model(portfolio, correlation=correlation)
    members = portfolio.table("members")
    probability = members["default_probability"].to_numpy(np.float64)
    defaulted = np.zeros(len(members), dtype=np.bool_)
    defaulted[portfolio.member_positions(list(observed), what="defaulted member")] = True
    grade = _name_ranges(probability, bounds) if grade_column is None else _read_grades(members, grade_column)
    rows = [
        _judge(name, probability[inside], defaulted[inside], level=level, correlation=correlation)
        for name, inside in _part(grade, len(members))
    ]
    area = area_under_curve(probability, defaulted)
    low, high = interval_of_area(area, int(defaulted.sum()), int((~defaulted).sum()), level=level)
    return Backtest(
        brier_score=float(np.mean((probability - defaulted) ** 2)),
        area=area,
        area_low=low,
        area_high=high,
        level=level,
        correlation=correlation,
        _grades=pd.DataFrame(rows, columns=list(_COLUMNS)),
    )


def _check(portfolio: Portfolio, observed: Iterable[str], bounds: Sequence[float], level: float) -> None:
    if isinstance(observed, str):
        msg = f"observed must be a list of member ids, got the text {observed!r}; write [{observed!r}]"
        raise InputError(msg)
    if not len(check_portfolio(portfolio).members):
        msg = "a backtest needs members, got an empty portfolio"
        raise InputError(msg)
    if not 0.0 < level < 1.0:
        msg = f"level must be between 0 and 1, got {level!r}"
        raise InputError(msg)
    edges = [0.0, *bounds, 1.0]
    if any(not low < high for low, high in pairwise(edges)):
        msg = f"bounds must be ascending between 0 and 1, got {tuple(bounds)!r}"
        raise InputError(msg)


def _name_ranges(probability: NDArray[np.float64], bounds: Sequence[float]) -> pd.Categorical:
    edges = [0.0, *bounds, 1.0]
    names = [f"{low:.2%} to {high:.2%}" for low, high in pairwise(edges)]
    return pd.Categorical.from_codes(np.searchsorted(bounds, probability, side="right"), categories=names)


def _read_grades(members: pd.DataFrame, column: str) -> pd.Categorical:
    texts = [name for name in members.columns if isinstance(members[name].dtype, pd.StringDtype)]
    if column not in texts:
        msg = f"grade_column must be one of members' text columns {', '.join(texts)}, got {column!r}"
        raise InputError(msg)
    missing = int(members[column].isna().sum())
    if missing:
        msg = f"{missing:,} of {len(members):,} members have no {column}; fill it or choose another grade_column"
        raise InputError(msg)
    return pd.Categorical(members[column])


def _part(grade: pd.Categorical, members: int) -> list[tuple[str, NDArray[np.bool_]]]:
    """Give the members of each grade that has any, and then all."""
    codes = np.asarray(grade.codes)
    parts = [(str(name), codes == code) for code, name in enumerate(grade.categories)]
    return [*((name, inside) for name, inside in parts if inside.any()), (ALL, np.ones(members, dtype=np.bool_))]


def _judge(
    name: str, probability: NDArray[np.float64], defaulted: NDArray[np.bool_], *, level: float, correlation: float
) -> tuple[object, ...]:
    members, observed = len(probability), int(defaulted.sum())
    mean = float(probability.mean())
    low, high = interval_of_rate(observed, members, level=level)
    wide_low, wide_high = interval_of_rate(observed, members, level=level, correlation=correlation)
    verdict = "too low" if mean < wide_low else "too high" if mean > wide_high else "within"
    return (
        name,
        members,
        mean,
        float(probability.sum()),
        observed,
        observed / members,
        low,
        high,
        wide_low,
        wide_high,
        *vasicek_range(mean, level=level, correlation=correlation),
        verdict,
    )
