"""First defaults of trials, drawn by counter.

Given the factor F of its sector a member defaults with the conditional probability

    Φ((Φ⁻¹(PD) − √ρ·F) / √(1−ρ)),

so one hashed uniform a member, compared with that number, replaces one normal a member. Every uniform is a hash of
(seed, trial, member) and every factor one of (seed, trial, sector): nothing depends on how trials are divided, in which
order they are drawn, where a member's row stands or which other members there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from circles.contagion.trials.draws_kernel import DrawnTrials, draw_trials
from circles.contagion.trials.keys import mix_words, text_key, trial_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.trials.factors import FactorModel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """The first defaulters of consecutive trials.

    Attributes
    ----------
    offsets
        Shape (trials + 1,), int64: trial t has ``defaulters[offsets[t]:offsets[t + 1]]``.
    defaulters
        int32, positions of members, ascending inside a trial, each at most once.
    factors
        Shape (trials, sectors), float64: the sectors' factors, standard normal; low is bad.
    """

    offsets: NDArray[np.int64]
    defaulters: NDArray[np.int32]
    factors: NDArray[np.float64]


def draw_defaults(model: FactorModel, *, seed: int, trials: int, first: int = 0) -> Draws:
    """Draw the first defaulters of consecutive trials.

    Parameters
    ----------
    model
        Who can default.
    seed
        Any whole number.
    trials
        How many trials, at least 0.
    first
        The number of the first one; a trial is the same whichever call draws it.

    Examples
    --------
    >>> from circles.contagion.trials.factors import factor_model
    >>> model = factor_model(["M1", "M2", "M3"], [0.0, 0.3, 1.0], correlation=0.2)
    >>> draw_defaults(model, seed=7, trials=4).offsets.tolist()
    [0, 1, 3, 4, 6]
    """
    return draw_numbered(model, seed=seed, numbers=np.arange(first, first + trials))


def draw_numbered(
    model: FactorModel, *, seed: int, numbers: NDArray[np.int64], shift: NDArray[np.float64] | float = 0.0
) -> Draws:
    """Draw the first defaulters of the trials with these numbers.

    Parameters
    ----------
    model, seed
        As in `draw_defaults`.
    numbers
        Shape (trials,), each at least 0.
    shift
        What is taken off the normals of `draw_normals` in every trial.

    Notes
    -----
    Members of similar default probability are looked at together, so that a trial costs two conditional probabilities
    a class and one hash a member with a positive default probability.
    """
    keys = trial_keys(seed, numbers)
    factors = _draw_factors(model, keys, shift)
    shift = np.ascontiguousarray(np.sqrt(model.correlation) * factors[:, model.class_sector])
    root = float(np.sqrt(1.0 - model.correlation))
    smallest, largest = (ndtr((z - shift) / root) for z in model.class_range)
    drawn = DrawnTrials(
        low=keys.astype(np.uint32),
        high=(keys >> np.uint64(32)).astype(np.uint32),
        shift=shift,
        root=root,
        # two units of slack: the kernel's own complementary error function decides what is this close
        limit=np.clip(np.floor(largest * 2.0**32) + 2, 0, 2**32 - 1).astype(np.uint32),
        sure=np.clip(np.floor(smallest * 2.0**32) - 2, 0, 2**32 - 1).astype(np.uint32),
    )
    offsets, defaulters = draw_trials(model.members, drawn, model.member_count)
    return Draws(offsets=offsets, defaulters=defaulters, factors=factors)


def draw_normals(model: FactorModel, *, seed: int, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draw the independent normals that make the factors of the trials with these numbers.

    Returns
    -------
    Shape (trials, 1) without sectors; (trials, 1 + sectors) with them: the common one first.
    """
    return _draw_normals(model, trial_keys(seed, numbers))


def _draw_normals(model: FactorModel, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
    names = [] if model.sector_correlation is None else model.sectors
    own = [_hashed_normals(keys, text_key("sector", name)) for name in names]
    return np.stack([_hashed_normals(keys, text_key("factor", "common")), *own], axis=1)


def _draw_factors(
    model: FactorModel, keys: NDArray[np.uint64], shift: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    normals, weight = _draw_normals(model, keys) - shift, model.sector_correlation
    if weight is None:
        return normals
    return np.sqrt(weight) * normals[:, :1] + np.sqrt(1.0 - weight) * normals[:, 1:]


def _hashed_normals(keys: NDArray[np.uint64], key: int) -> NDArray[np.float64]:
    """Turn 53 hashed bits a trial into standard normals; the half keeps 0 and 1 out."""
    bits = mix_words(keys ^ np.uint64(key)) >> np.uint64(11)
    return ndtri((bits.astype(np.float64) + 0.5) * 2.0**-53)
