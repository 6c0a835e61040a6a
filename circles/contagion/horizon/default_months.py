"""The months in which members default first, drawn from their yearly default probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import log_ndtr, ndtri

from circles.contagion.trials.factors import read_factor_model
from circles.contagion.trials.keys import mix_words, text_key, text_keys, trial_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_OF_YEAR = 12


def draw_default_months(
    portfolio: Portfolio, *, months: int, seed: int, trial: int = 0, correlation: float = 0.0
) -> dict[str, int]:
    """Draw when members default first: one random course of events, by constant hazards.

    A member with a default probability PD within twelve months has the hazard λ = −ln(1 − PD) / 12 a month, and
    defaults after −ln(1 − Φ(X)) / λ months with X = √ρ·F + √(1−ρ)·ε (D. X. Li, "On default correlation: a copula
    function approach", Journal of Fixed Income 9(4), 2000): within a year as often as `simulate_losses` says.

    Parameters
    ----------
    portfolio
        Members need `default_probability`.
    months
        Months from 0 on that are looked at; later defaults are left out.
    seed, trial
        Any whole number, and the number of the course; every draw is a hash of seed, trial and member.
    correlation
        ρ in [0, 1).

    Returns
    -------
    The month of the first default by member id, of those that default in time.

    Raises
    ------
    InputError
        If members have no default probability, or ρ is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A", "B"], "default_probability": [0.0, 1.0]})
    >>> draw_default_months(Portfolio.from_frames(as_of="2007-12-29", members=members), months=12, seed=7)
    {'B': 0}
    """
    read_factor_model(portfolio, correlation=correlation)
    members = portfolio.table("members")
    probability = members["default_probability"].to_numpy(np.float64)
    ids = members["member_id"].to_list()
    key = trial_keys(seed, np.array([trial]))
    common = _draw_normals(key, text_key("factor", "common"))
    own = _draw_normals(key, text_keys("month", ids))
    value = np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own
    with np.errstate(divide="ignore", invalid="ignore"):
        after = _OF_YEAR * log_ndtr(-value) / np.log1p(-probability)
    after[probability == 1.0] = 0.0
    return {ids[row]: int(after[row]) for row in np.flatnonzero(after < months)}


def _draw_normals(key: NDArray[np.uint64], other: int | NDArray[np.uint64]) -> NDArray[np.float64]:
    """Turn 53 hashed bits into standard normals."""
    bits = mix_words(key ^ np.asarray(other, dtype=np.uint64)) >> np.uint64(11)
    return ndtri((bits.astype(np.float64) + 0.5) * 2.0**-53)
