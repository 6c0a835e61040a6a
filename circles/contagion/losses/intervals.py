"""How far a mean of rare and skewed amounts may be from the one that endless trials would give.

The bounds are those of Fay and Feuer (1997), "Confidence intervals for directly standardized rates: a method based on
the gamma distribution", Statistics in Medicine 16(7): a gamma distribution with the mean and the variance of the
estimate, and for the upper bound those after one trial more that has the largest amount of all. With few amounts above
zero they are about as wide as exact Poisson limits; with many they become the normal interval.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.money import format_yuan

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval of a measure; ``low, high = interval`` unpacks it.

    Attributes
    ----------
    low_fen, high_fen
        Its ends, whole fen, rounded outwards.
    confidence
        The probability, before the draw, that such an interval holds the true value.
    """

    low_fen: int
    high_fen: int
    confidence: float

    def __iter__(self) -> Iterator[int]:
        return iter((self.low_fen, self.high_fen))

    def __str__(self) -> str:
        return f"{format_yuan(self.low_fen)} to {format_yuan(self.high_fen)} ({self.confidence:.4g} confidence)"


def make_interval(low: float, high: float, *, largest: int, confidence: float) -> Interval:
    """Round bounds in fen outwards and cut them to what is possible: [0, `largest`]."""
    low_fen, high_fen = max(0, math.floor(low)), min(largest, math.ceil(high))
    return Interval(low_fen=min(low_fen, largest), high_fen=high_fen, confidence=float(confidence))


def missed_share(count: int, outside: float) -> float:
    """Largest share of other outcomes that `count` trials miss altogether with probability `outside`."""
    return float(1 - outside ** (1 / count))


def bound_mean(amounts: NDArray[np.float64], *, outside: float, unseen: float) -> tuple[float, float]:
    """Bound the mean of which the amounts of some trials are a sample.

    Parameters
    ----------
    amounts
        Shape (trials,), at least one, none negative: what each trial contributes, its weight included.
    outside
        Probability, in (0, .5), that the mean is below the lower bound, and that it is above the upper one.
    unseen
        The largest amount that a trial may have, for samples of nothing but zeros.

    Examples
    --------
    >>> low, high = bound_mean(np.array([0.0] * 997 + [1.0] * 3), outside=0.025, unseen=1.0)
    >>> print(f"{1000 * low:.2f} {1000 * high:.2f}")  # 3 of a Poisson variable: exactly 0.62 to 8.77
    0.62 8.76
    """
    mean, most = float(amounts.mean()), float(amounts.max())
    spread = float(np.square(amounts).mean()) - mean**2
    bounds = bound_means(
        np.array([mean]),
        np.array([spread]),
        largest=np.array([most if most > 0.0 else unseen]),
        count=len(amounts),
        outside=outside,
    )
    return float(bounds[0][0]), float(bounds[1][0])


def bound_means(
    mean: NDArray[np.float64],
    spread: NDArray[np.float64],
    *,
    largest: NDArray[np.float64],
    count: int,
    outside: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound several means, as `bound_mean` does: lower and upper bounds.

    Parameters
    ----------
    mean, spread, largest
        Shape (means,), not negative: mean, variance and largest amount of each sample.
    count
        Trials of a sample.
    outside
        As in `bound_mean`.
    """
    same = spread <= _BLUR * mean**2  # all trials alike: as many may have missed others
    variance, one = np.where(same, 0.0, spread) / count, largest / count
    low = np.where(same, mean * (1 - missed_share(count, outside)), _gamma_quantile(mean, variance, outside))
    return low, _gamma_quantile(mean + one, variance + one**2, 1 - outside)


def bound_shortfall(
    losses: NDArray[np.int64],
    weights: NDArray[np.float64],
    *,
    edge: int,
    edges: tuple[float, float],
    share: float,
    outside: float,
    largest: int,
) -> tuple[float, float]:
    """Bound the expected shortfall, as value at risk + mean excess over it / share of the tail.

    The expected shortfall is the least of these sums over all values in place of the value at risk (Rockafellar and
    Uryasev 2002, "Conditional value-at-risk for general loss distributions", J. Banking & Finance 26(7)). The lower
    bound is therefore the lesser of those at the estimated value at risk and at the lower bound of it; and neither
    bound is below that of the value at risk, as no expected shortfall is.

    Parameters
    ----------
    losses, weights
        Shape (trials,): loss in fen, and how much the trial counts, 1 on average.
    edge, edges
        The value at risk, one of the losses, and its bounds, in fen.
    share
        1 − level of the measure.
    outside
        As in `bound_mean`.
    largest
        The most that can be lost, fen.
    """

    def bound(value: float) -> tuple[float, float]:
        unseen = float(weights[losses >= value].max()) * (largest - value)
        low, high = bound_mean(weights * np.maximum(losses - value, 0.0), outside=outside, unseen=unseen)
        return value + low / share, value + high / share

    low, high = bound(edge)
    return max(edges[0], min(low, bound(edges[0])[0])), max(edges[1], high)


_BLUR = 1e-12
"""Part of a squared mean by which a variance of nothing may be off."""


def _gamma_quantile(mean: NDArray[np.float64], variance: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Quantile of gamma distributions; the mean itself where there is no variance."""
    from scipy.special import gammaincinv

    spread = variance > 0.0
    scale = np.divide(variance, mean, out=np.ones_like(mean), where=spread)
    shape = np.divide(mean, scale, out=np.ones_like(mean), where=spread)
    return np.where(spread, scale * gammaincinv(shape, share), mean)
