"""The joint-loss charge: what the bank must expect to lose on a circle, since its members fail together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from circles.matching.fields import MAX_SCORE, read_amounts, read_array, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

NODES = 16
"""Points at which the common factor is looked at (Gauss and Hermite)."""
GRAIN = 2**30
"""Conditional probabilities are multiples of 1/GRAIN, so that every machine computes with the same ones."""
MOST_EXPOSURE = 10**14
"""Eight such amounts, in parts of 1/5040, still fit 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JointLoss:
    """How likely members fail, what the bank is then short of, and what a unit of expected loss costs in score.

    A circle of s members is charged ``⌈weight · E⌉``, where E is its expected bank loss: each of the 2^s sets of first
    defaulters is settled by the waterfall of `circles.settlement` (equal calls, contagious defaults, own loans due),
    in exact arithmetic, and weighted with its probability. Given the common factor x, members fail independently with
    ``Φ((Φ⁻¹(p) − √ρ·x) / √(1 − ρ))`` (O. Vasicek, "The distribution of loan portfolio value", Risk 15, 2002); x is
    integrated out at 16 nodes.

    Parameters
    ----------
    default_probability
        Shape (n,), in [0, 1].
    exposure
        Shape (n,), whole amounts in the unit of `MatchingProblem.resources`, 0 to 10¹⁴: what the bank is short of when
        the member fails and nobody pays for it, after the member's own recovery.
    correlation
        ρ, in [0, 1).
    weight
        Score charged for each unit of expected loss, at least 0.
    outside_guarantees
        Shape (n,), at least 0: what each member stands for outside of the circle; taken off its resources first.
        Empty stands for zeros.

    Raises
    ------
    ProblemError
        If a value is out of its range, naming array and index.

    Examples
    --------
    >>> joint_loss = JointLoss(default_probability=[0.02, 0.05], exposure=[100, 100], correlation=0.2, weight=1.0)
    >>> joint_loss.conditional.shape
    (16, 2)
    """

    default_probability: NDArray[np.float64]
    exposure: NDArray[np.int64]
    correlation: float
    weight: float
    outside_guarantees: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    conditional: NDArray[np.float64] = field(init=False)
    """Shape (16, n). Default probability of each member at each node of the common factor."""

    def __post_init__(self) -> None:
        probability = _read_probabilities(self.default_probability)
        n = len(probability)
        exposure = read_amounts("joint_loss.exposure", self.exposure, n, most=MOST_EXPOSURE)
        correlation = _read_number("joint_loss.correlation", self.correlation, below=1.0)
        weight = _read_number("joint_loss.weight", self.weight, below=float(MAX_SCORE))
        if weight * 8 * float(exposure.max(initial=0)) > MAX_SCORE:
            allowed = f"weight × 8 × the largest exposure at most {MAX_SCORE:,}, so that sums fit 64 bits"
            refuse("joint_loss.weight", f"{weight:g} with an exposure of {int(exposure.max()):,}", allowed)
        outside = read_amounts("joint_loss.outside_guarantees", self.outside_guarantees, n)
        conditional = _condition(probability, correlation)
        for name, value in (
            ("default_probability", probability),
            ("exposure", exposure),
            ("correlation", correlation),
            ("weight", weight),
            ("outside_guarantees", outside),
            ("conditional", conditional),
        ):
            object.__setattr__(self, name, value)

    def pick(self, members: NDArray[np.integer] | NDArray[np.bool_]) -> JointLoss:
        """Give the same for some of the members."""
        return JointLoss(
            default_probability=self.default_probability[members],
            exposure=self.exposure[members],
            correlation=self.correlation,
            weight=self.weight,
            outside_guarantees=self.outside_guarantees[members],
        )


@lru_cache(maxsize=1)
def node_weights() -> NDArray[np.float64]:
    """Give the weight of each node of the common factor; shape (16,), sum 1 up to rounding."""
    weights = np.polynomial.hermite_e.hermegauss(NODES)[1]
    weights = weights / weights.sum()
    weights.setflags(write=False)
    return weights


def _condition(probability: NDArray[np.float64], correlation: float) -> NDArray[np.float64]:
    nodes = np.polynomial.hermite_e.hermegauss(NODES)[0]
    threshold = ndtri(probability)  # ± infinity where the outcome is certain, which ndtr takes as it is
    given = ndtr((threshold[None, :] - np.sqrt(correlation) * nodes[:, None]) / np.sqrt(1.0 - correlation))
    given = np.rint(given * GRAIN) / GRAIN
    given.setflags(write=False)
    return given


def _read_probabilities(given: object) -> NDArray[np.float64]:
    name = "joint_loss.default_probability"
    array = read_array(name, given)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        refuse(name, f"shape {array.shape} of type {array.dtype}", "one number in [0, 1] a member")
    array = np.array(array, dtype=np.float64)
    wrong = np.flatnonzero(~((array >= 0.0) & (array <= 1.0)))
    if len(wrong):
        refuse(name, f"{array[wrong[0]]}", "0 to 1", index=int(wrong[0]))
    array.setflags(write=False)
    return array


def _read_number(name: str, value: object, *, below: float) -> float:
    fine = isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and 0.0 <= float(value) < below
    if not fine:
        refuse(name, f"{value!r:.60}", f"a number of at least 0 and below {below:g}")
    return float(value)  # type: ignore[arg-type]
