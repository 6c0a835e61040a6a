"""What a simulated loss says: its mean, its quantiles, the mean of its tail, and how sure each of them is.

All measures are taken on whole fen and rounded once, at the end, to whole fen; levels are read as the decimal fraction
they are written as, so that 99 % of 10,000 trials is 9,900 of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossDistribution:
    """The loss of every trial and what it says about the loss to expect and to fear.

    Attributes
    ----------
    samples_fen
        Shape (trials,), int64, read-only: the loss of each trial, in the order of the trials.
    largest_fen
        The most that can be lost: everything owed. Intervals reach up to it where the draws say nothing more.
    """

    samples_fen: NDArray[np.int64]
    largest_fen: int

    def __post_init__(self) -> None:
        self.samples_fen.setflags(write=False)

    @property
    def expected_loss_fen(self) -> int:
        """Mean loss of the trials, whole fen."""
        return round(Fraction(_exact_sum(self.samples_fen), len(self.samples_fen)))

    @property
    def standard_deviation_fen(self) -> int:
        """Standard deviation of the loss (divisor trials − 1), whole fen; 0 for a single trial."""
        return round(float(np.std(self.samples_fen, ddof=1))) if len(self.samples_fen) > 1 else 0

    def value_at_risk(self, level: float) -> int:
        """Smallest loss that is not exceeded in at least the share `level` of the trials, whole fen.

        Parameters
        ----------
        level
            In (0, 1), such as .99.

        Raises
        ------
        InputError
            If the level is out of range.

        Examples
        --------
        >>> LossDistribution(samples_fen=np.array([0, 0, 10, 40]), largest_fen=100).value_at_risk(0.75)
        10
        """
        rank = math.ceil(exact_level(level) * len(self.samples_fen))
        return int(np.partition(self.samples_fen, rank - 1)[rank - 1])

    def expected_shortfall(self, level: float) -> int:
        """Mean loss of the worst share ``1 − level`` of the trials, whole fen.

        Where that share ends inside a trial, the trial counts with the part of it: the coherent measure of Acerbi &
        Tasche (2002), "On the coherence of expected shortfall", J. Banking & Finance 26(7), definition 2.6.

        Parameters
        ----------
        level
            In (0, 1), such as .99.

        Raises
        ------
        InputError
            If the level is out of range.

        Examples
        --------
        >>> LossDistribution(samples_fen=np.array([0, 0, 10, 40]), largest_fen=100).expected_shortfall(0.625)
        30
        """
        mass = (1 - exact_level(level)) * len(self.samples_fen)
        whole = math.floor(mass)
        tail = np.sort(self.samples_fen)[::-1][: whole + 1]
        rest = (mass - whole) * int(tail[whole]) if mass > whole else 0
        return round((_exact_sum(tail[:whole]) + rest) / mass)

    def tail_weights(self, level: float) -> NDArray[np.float64]:
        """Say what each trial counts in the expected shortfall.

        Trials that tie at the edge of the tail share its weight, so that the order of trials does not matter.

        Returns
        -------
        Shape (trials,), at least 0, adding up to 1: ``weights @ samples`` is the expected shortfall.
        """
        mass = (1 - exact_level(level)) * len(self.samples_fen)
        edge = self.value_at_risk(level)
        above, tied = self.samples_fen > edge, self.samples_fen == edge
        part = (mass - int(above.sum())) / (mass * int(tied.sum()))
        weights: NDArray[np.float64] = above * float(1 / mass) + tied * float(part)
        return weights

    def interval(self, measure: str, level: float = 0.99, *, confidence: float = 0.95) -> Interval:
        """Say how far a measure may be from the value that endless trials would give.

        Parameters
        ----------
        measure
            ``"expected_loss"``, ``"value_at_risk"`` or ``"expected_shortfall"``.
        level
            The measure's own level in (0, 1); the expected loss has none and passes over it.
        confidence
            In (0, 1).

        Returns
        -------
        The `Interval`. Expected loss: normal, from the standard error. Value at risk: two order statistics by the
        binomial distribution, exact for every loss distribution. Expected shortfall: normal, with the asymptotic
        variance of Manistre & Hancock (2005), "Variance of the CTE estimator", N. Am. Actuarial J. 9(2). All are cut
        to [0, `largest_fen`]. Where all trials that count have the same loss, the upper end is that loss plus the
        most that the share of larger losses which such a draw could have missed may add.

        Raises
        ------
        InputError
            If the measure is unknown, or the level or the confidence is out of range.

        Examples
        --------
        >>> losses = LossDistribution(samples_fen=np.arange(1000), largest_fen=5000)
        >>> tuple(losses.interval("value_at_risk", 0.9))
        (880, 918)
        """
        if measure not in _INTERVALS:
            msg = f"measure must be one of {', '.join(_INTERVALS)}, got {measure!r}"
            raise InputError(msg)
        exact_level(level)
        outside = (1 - float(exact_level(confidence, what="confidence"))) / 2
        low, high = _INTERVALS[measure](self, level, outside)
        cut_low, cut_high = max(0, math.floor(low)), min(self.largest_fen, math.ceil(high))
        return Interval(low_fen=cut_low, high_fen=cut_high, confidence=float(confidence))


def _bound_mean(losses: LossDistribution, level: float, outside: float) -> tuple[float, float]:
    """Mean ± normal quantile × standard error; `level` is not used."""
    from scipy.special import ndtri

    mean, count = losses.expected_loss_fen, len(losses.samples_fen)
    if np.ptp(losses.samples_fen) == 0:
        missed = _missed_share(count, outside)
        return mean * (1 - missed), mean + (losses.largest_fen - mean) * missed
    error = float(np.std(losses.samples_fen, ddof=1)) / math.sqrt(count)
    return mean + float(ndtri(outside)) * error, mean - float(ndtri(outside)) * error


def _bound_quantile(losses: LossDistribution, level: float, outside: float) -> tuple[float, float]:
    """Two order statistics: the number of trials at most the true quantile is binomial, or more where it is an atom."""
    from scipy.stats import binom

    count = len(losses.samples_fen)
    low, high = int(binom.ppf(outside, count, level)), int(binom.isf(outside, count, level)) + 1
    ordered = np.sort(losses.samples_fen)
    return (
        int(ordered[low - 1]) if low >= 1 else 0,
        int(ordered[high - 1]) if high <= count else losses.largest_fen,
    )


def _bound_tail_mean(losses: LossDistribution, level: float, outside: float) -> tuple[float, float]:
    """Tail mean ± quantile × asymptotic error; Student's quantile, since a tail often holds few trials."""
    from scipy.special import stdtrit

    count, mean, edge = len(losses.samples_fen), losses.expected_shortfall(level), losses.value_at_risk(level)
    mass, largest = count * (1 - level), int(losses.samples_fen.max())
    if mass <= _LEAST_TAIL or largest == edge:
        further = (losses.largest_fen - largest) * min(1.0, _missed_share(count, outside) / (1 - level))
        return _bound_quantile(losses, level, outside)[0], largest + further
    spread = losses.tail_weights(level) @ (losses.samples_fen - float(mean)) ** 2 * mass / (mass - 1)
    error = math.sqrt((spread + level * (mean - edge) ** 2) / mass)
    width = float(stdtrit(mass - 1, outside)) * error
    return mean + width, mean - width


_Bounds = Callable[[LossDistribution, float, float], tuple[float, float]]
_INTERVALS: dict[str, _Bounds] = {
    "expected_loss": _bound_mean,
    "value_at_risk": _bound_quantile,
    "expected_shortfall": _bound_tail_mean,
}
_LEAST_TAIL = 2.0
"""Trials that a tail needs before its spread says anything."""


def _missed_share(count: int, outside: float) -> float:
    """Largest share of other outcomes that `count` trials miss altogether with probability `outside`."""
    return float(1 - outside ** (1 / count))


def exact_level(level: float, *, what: str = "level") -> Fraction:
    """Give a level as the decimal fraction that it is written as.

    Raises
    ------
    InputError
        If it is not above 0 and below 1.
    """
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 1:
        msg = f"{what} must be a fraction above 0 and below 1, such as 0.99, got {level!r}"
        raise InputError(msg)
    return Fraction(str(float(level)))


def _exact_sum(amounts: NDArray[np.int64]) -> int:
    """Add without overflow: 64 bits do not hold a million times the largest amount."""
    return (int((amounts >> 32).sum()) << 32) + int((amounts & 0xFFFFFFFF).sum())
