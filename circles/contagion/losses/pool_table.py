"""What each circle adds to the tail of the loss, and how often its members fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.cascade.frames import CIRCLE
from circles.errors import InputError
from circles.settlement import build_obligations

if TYPE_CHECKING:
    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio


def describe_pools(portfolio: Portfolio, losses: Losses) -> pd.DataFrame:
    """Describe each circle, and each other pool of loans, by what it contributes and how often its guarantors fail.

    Parameters
    ----------
    portfolio
        The one that was simulated.
    losses
        What the simulation found.

    Returns
    -------
    One row a pool, in the order of `Losses.pools`: ``pool_id``; ``circle_id``, missing where the pool is no circle;
    ``guarantors``, how many guarantee it, in a circle its members; ``default_probability``, the mean of theirs with
    contagion, in [0, 1], missing where there are none; ``contribution_fen`` to the expected shortfall at level .99,
    adding up to it over all rows.

    Raises
    ------
    InputError
        If the losses are those of another portfolio.
    """
    if losses.portfolio_digest != portfolio.digest():
        msg = "the losses are those of another portfolio; simulate them for this one"
        raise InputError(msg)
    obligations, frame = build_obligations(portfolio), losses.pools
    pools = obligations.pools
    failed = losses.members["default_probability"].to_numpy()[obligations.rows]
    count = np.append(np.diff(pools.start), 0)
    total = np.bincount(pools.pool, weights=failed[pools.member], minlength=len(count))
    is_circle = frame["pool_id"].str.startswith(CIRCLE)
    return pd.DataFrame(
        {
            "pool_id": frame["pool_id"],
            "circle_id": frame["pool_id"].str.removeprefix(CIRCLE).where(is_circle),
            "guarantors": count,
            "default_probability": np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0),
            "contribution_fen": frame["contribution_fen"],
        }
    )
