"""Who defaults first in each trial, as a table: so that an outside model can settle the very same scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.trials.arguments import check_trials
from circles.contagion.trials.random_trials import plan_trials

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


def draw_first_defaults(
    portfolio: Portfolio,
    *,
    trials: int = 10_000,
    seed: int,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
) -> pd.DataFrame:
    """Draw the first defaulters that `simulate_losses` settles for the same arguments.

    Parameters
    ----------
    portfolio, trials, seed, correlation, sector_column, sector_correlation, resource_sensitivity
        As in `simulate_losses`.

    Returns
    -------
    One row a first default, by trial, then member id: ``trial``, from 0; ``member_id``; ``resource_scale``, what the
    resources of that member, and of all others of its sector, are multiplied with in that trial. Trials without a
    default have no row.

    Raises
    ------
    InputError
        As `simulate_losses`.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A"], "resources_fen": [0], "default_probability": [1.0]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
    >>> draw_first_defaults(portfolio, trials=2, seed=7)[["trial", "member_id"]].to_numpy().tolist()
    [[0, 'A'], [1, 'A']]
    """
    check_trials(trials)
    plan = plan_trials(
        portfolio,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    first = plan.draw(np.arange(trials))
    trial = np.repeat(np.arange(trials), np.diff(first.offsets))
    scale = first.resource_scale
    scaled = np.ones(len(trial)) if scale is None else scale[trial, plan.model.sector[first.defaulters]]
    member = pd.Series(plan.obligations.members[first.defaulters], dtype="str")
    return pd.DataFrame({"trial": trial, "member_id": member, "resource_scale": scaled})
