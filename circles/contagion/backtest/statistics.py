"""Statistics of predicted against observed defaults: intervals of a default rate, and how well a prediction ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import beta, binom, rankdata

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_FACTORS = np.linspace(-8.0, 8.0, 4001)
_WEIGHTS = np.exp(-(_FACTORS**2) / 2) / np.exp(-(_FACTORS**2) / 2).sum()
_LEAST, _NEAR = 1e-12, 1e-9


def interval_of_rate(defaults: int, members: int, *, level: float, correlation: float = 0.0) -> tuple[float, float]:
    """Give the default probabilities under which so many defaults are not unusual.

    Without correlation this is the exact interval of C. J. Clopper and E. S. Pearson, "The use of confidence or
    fiducial limits illustrated in the case of the binomial", Biometrika 26(4), 1934. With it, the ends solve the same
    two equations, P(defaults or more) = (1 − level) / 2 and P(defaults or fewer) = (1 − level) / 2, for the number of
    defaults of the one-factor model (Vasicek 2002): binomial given the factor, averaged over it.

    Parameters
    ----------
    defaults, members
        Whole numbers, 0 ≤ defaults ≤ members, at least one member.
    level
        In (0, 1).
    correlation
        ρ in [0, 1).

    Returns
    -------
    The lower and the upper end, in [0, 1].

    Examples
    --------
    >>> [round(end, 4) for end in interval_of_rate(1, 10, level=0.95)]
    [0.0025, 0.445]
    """
    outside = (1.0 - level) / 2.0
    if correlation == 0.0:
        low = float(beta.ppf(outside, defaults, members - defaults + 1)) if defaults else 0.0
        high = float(beta.isf(outside, defaults + 1, members - defaults)) if defaults < members else 1.0
        return low, high

    def excess(probability: float) -> float:
        return _chance(lambda given: binom.sf(defaults - 1, members, given), probability, correlation) - outside

    def dearth(probability: float) -> float:
        return _chance(lambda given: binom.cdf(defaults, members, given), probability, correlation) - outside

    return (_solve(excess) if defaults else 0.0), (_solve(dearth) if defaults < members else 1.0)


def _chance(
    of_given: Callable[[NDArray[np.float64]], NDArray[np.float64]], probability: float, correlation: float
) -> float:
    """Average a conditional probability over the factor."""
    given = ndtr((ndtri(probability) - np.sqrt(correlation) * _FACTORS) / np.sqrt(1.0 - correlation))
    return float(_WEIGHTS @ of_given(given))


def _solve(function: Callable[[float], float]) -> float:
    """Find where a monotone function of a probability crosses zero, or the end of [0, 1] nearer to that."""
    low, high = function(_LEAST), function(1.0 - _LEAST)
    if low * high > 0.0:
        return 0.0 if abs(low) < abs(high) else 1.0
    return float(brentq(function, _LEAST, 1.0 - _LEAST, xtol=1e-14))


def vasicek_range(probability: float, *, level: float, correlation: float) -> tuple[float, float]:
    """Give the range of the default rate of a large pool with this default probability.

    Φ((Φ⁻¹(p) ± √ρ · Φ⁻¹((1 + level) / 2)) / √(1−ρ)), Vasicek 2002, "The distribution of loan portfolio value".

    Examples
    --------
    >>> [round(end, 4) for end in vasicek_range(0.02, level=0.98, correlation=0.2)]
    [0.0003, 0.1286]
    """
    shift = np.sqrt(correlation) * ndtri((1.0 + level) / 2.0)
    ends = ndtr((ndtri(probability) + np.array([-shift, shift])) / np.sqrt(1.0 - correlation))
    return float(ends[0]), float(ends[1])


def area_under_curve(probability: NDArray[np.float64], defaulted: NDArray[np.bool_]) -> float:
    """Give the chance that a member that defaulted had the higher prediction of two; ties count half.

    The statistic of Mann and Whitney over the product of the two numbers; NaN where nobody or everybody defaulted.
    """
    bad, good = int(defaulted.sum()), int((~defaulted).sum())
    if not bad or not good:
        return float("nan")
    ranks = float(rankdata(probability)[defaulted].sum())
    return (ranks - bad * (bad + 1) / 2) / (bad * good)


def interval_of_area(area: float, bad: int, good: int, *, level: float) -> tuple[float, float]:
    """Give an interval of the area under the curve, also where it is 0 or 1.

    Method 5 of R. G. Newcombe, "Confidence intervals for an effect size measure based on the Mann-Whitney statistic.
    Part 2", Statistics in Medicine 25(4), 2006: the areas θ with |area − θ| ≤ z · √V(θ), where V(θ) = θ(1−θ) · (1 +
    N(1−θ)/(2−θ) + Nθ/(1+θ)) / (bad · good) and N = (bad + good)/2 − 1.
    """
    if np.isnan(area):
        return float("nan"), float("nan")
    quantile = float(ndtri((1.0 + level) / 2.0))
    half = (bad + good) / 2.0 - 1.0

    def distance(true: float) -> float:
        factor = 1.0 + half * (1.0 - true) / (2.0 - true) + half * true / (1.0 + true)
        return (area - true) ** 2 - quantile**2 * true * (1.0 - true) * factor / (bad * good)

    low = 0.0 if area == 0.0 else float(brentq(distance, 0.0, min(area, 1.0 - _NEAR)))
    high = 1.0 if area == 1.0 else float(brentq(distance, max(area, _NEAR), 1.0))
    return low, high
