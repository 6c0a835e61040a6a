"""The mean of differences trial by trial, and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OUTSIDE = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanDifference:
    """A mean difference with the ends of its 95 % interval, whole fen, rounded outwards."""

    fen: int
    low_fen: int
    high_fen: int


def estimate_difference(differences: NDArray[np.int64], *, largest_fen: int) -> MeanDifference:
    """Estimate the mean of differences on common random numbers.

    Mean ± normal quantile × standard error. Where all trials have the same difference, what that many trials may have
    missed with a probability of 2.5 % on each side could differ by as much as everything that is owed.

    Parameters
    ----------
    differences
        Shape (trials,), at least one: fen.
    largest_fen
        No difference is larger than this, either way.
    """
    from scipy.special import ndtri

    mean, count = float(differences.mean()), len(differences)
    if np.ptp(differences) == 0:
        width = largest_fen * (1 - _OUTSIDE ** (1 / count))
    else:
        width = -float(ndtri(_OUTSIDE)) * float(differences.std(ddof=1)) / math.sqrt(count)
    return MeanDifference(
        fen=round(mean),
        low_fen=max(-largest_fen, math.floor(mean - width)),
        high_fen=min(largest_fen, math.ceil(mean + width)),
    )
