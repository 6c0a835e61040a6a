"""How defaults spread: cascades, random trials, loss distributions and rankings.

Names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.contagion.backtest import Backtest, backtest_defaults
    from circles.contagion.cascade import Cascade, run_cascade
    from circles.contagion.cascade_presets import compare_cascades
    from circles.contagion.compare import LossComparison, compare_losses
    from circles.contagion.default_months import draw_default_months
    from circles.contagion.horizon import Horizon, run_horizon
    from circles.contagion.losses import Losses
    from circles.contagion.measures import Interval, LossDistribution
    from circles.contagion.presets import PresetComparison, compare_presets
    from circles.contagion.rank import Ranking, rank_members
    from circles.contagion.simulate import simulate_losses
    from circles.contagion.timetable import Timetable


__all__ = [
    "Backtest",
    "Cascade",
    "Horizon",
    "Interval",
    "LossComparison",
    "LossDistribution",
    "Losses",
    "PresetComparison",
    "Ranking",
    "Timetable",
    "backtest_defaults",
    "compare_cascades",
    "compare_losses",
    "compare_presets",
    "draw_default_months",
    "rank_members",
    "run_cascade",
    "run_horizon",
    "simulate_losses",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "backtest": ("Backtest", "backtest_defaults"),
        "cascade": ("Cascade", "run_cascade"),
        "cascade_presets": ("compare_cascades",),
        "compare": ("LossComparison", "compare_losses"),
        "default_months": ("draw_default_months",),
        "horizon": ("Horizon", "run_horizon"),
        "losses": ("Losses",),
        "measures": ("Interval", "LossDistribution"),
        "presets": ("PresetComparison", "compare_presets"),
        "rank": ("Ranking", "rank_members"),
        "simulate": ("simulate_losses",),
        "timetable": ("Timetable",),
    },
)
