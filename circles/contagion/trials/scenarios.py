"""What random scenarios are drawn from, as one thing to hand on: the arguments that all simulations have in common."""

from __future__ import annotations

from typing import TypedDict


class Scenarios(TypedDict):
    """Arguments of `simulate_losses` that fix which members default first in which trial of a portfolio.

    Hand them on as ``simulate_losses(portfolio, **scenarios)``; `compare_presets`, `draw_first_defaults`,
    `simulate_tail` and all others that simulate take the same.
    """

    trials: int
    seed: int
    correlation: float
    sector_column: str | None
    sector_correlation: float | None
    resource_sensitivity: float
