"""What a simulated loss says: its mean, its quantiles, the mean of its tail, and how sure each of them is.

All measures are taken on whole fen and rounded once, at the end, to whole fen; levels are read as the decimal fraction
they are written as, so that 99 % of 10,000 trials is 9,900 of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.losses.intervals import Interval, bound_mean, bound_shortfall, make_interval, missed_share
from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray


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
            ``"expected_loss"``, ``"standard_deviation"``, ``"value_at_risk"`` or ``"expected_shortfall"``.
        level
            The measure's own level in (0, 1); expected loss and standard deviation have none and pass over it.
        confidence
            In (0, 1).

        Returns
        -------
        The `Interval`. Expected loss: normal, from the standard error, where at least 30 trials lose anything. Value
        at risk: two order statistics by the binomial distribution, exact for every loss distribution. Expected
        shortfall and standard deviation: gamma bounds of the mean excess over the value at risk, and of the mean
        squared deviation (Fay and Feuer 1997), as both are skewed. The expected shortfall's interval reaches at
        least as high as the value at risk's. All are cut to what is possible. Where all trials that count have the
        same loss, the upper end is that loss plus the most that the share of larger losses which such a draw could
        have missed may add.

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
        return make_interval(low, high, largest=self.largest_fen, confidence=float(confidence))


def _bound_expected(losses: LossDistribution, level: float, outside: float) -> tuple[float, float]:
    """Mean ± normal quantile × standard error, gamma bounds where few trials lose anything; `level` is not used."""
    from scipy.special import ndtri

    samples, count = losses.samples_fen, len(losses.samples_fen)
    mean = losses.expected_loss_fen
    if np.ptp(samples) == 0:
        missed = missed_share(count, outside)
        return mean * (1 - missed), mean + (losses.largest_fen - mean) * missed
    if np.count_nonzero(samples) < _FEW:
        return bound_mean(samples.astype(np.float64), outside=outside, unseen=losses.largest_fen)
    error = float(np.std(samples, ddof=1)) / math.sqrt(count)
    return mean + float(ndtri(outside)) * error, mean - float(ndtri(outside)) * error


def _bound_deviation(losses: LossDistribution, level: float, outside: float) -> tuple[float, float]:
    """Root of the bounds of the mean squared deviation; `level` is not used.

    It is never more than half of what can be lost (Popoviciu's inequality).
    """
    samples, count = losses.samples_fen, len(losses.samples_fen)
    if np.ptp(samples) == 0:
        missed = min(0.5, missed_share(count, outside))
        return 0.0, losses.largest_fen * math.sqrt(missed * (1 - missed))
    squares = np.square(samples - samples.mean())
    low, high = bound_mean(squares, outside=outside, unseen=0.0)
    unbiased = count / (count - 1)
    return math.sqrt(low * unbiased), min(losses.largest_fen / 2, math.sqrt(high * unbiased))


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
    """Value at risk + bounds of the mean excess over it / (1 − level), the value at risk being unsure itself."""
    edges = _bound_quantile(losses, level, outside)
    return bound_shortfall(
        losses.samples_fen,
        np.ones(len(losses.samples_fen)),
        edge=losses.value_at_risk(level),
        edges=edges,
        share=float(1 - exact_level(level)),
        outside=outside,
        largest=losses.largest_fen,
    )


_Bounds = Callable[[LossDistribution, float, float], tuple[float, float]]
_INTERVALS: dict[str, _Bounds] = {
    "expected_loss": _bound_expected,
    "standard_deviation": _bound_deviation,
    "value_at_risk": _bound_quantile,
    "expected_shortfall": _bound_tail_mean,
}
_FEW = 30
"""Fewer losses than these are too skewed for a normal interval."""


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
