"""How defaults spread: cascades, random trials, loss distributions and rankings.

Names are loaded when they are first used. `debtrank` has the name of its module and is imported from there:
``from circles.contagion.debtrank import debtrank``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.contagion.cascade import Cascade, run_cascade
    from circles.contagion.cascade_presets import compare_cascades
    from circles.contagion.clearing import Clearing, clear_payments
    from circles.contagion.compare import LossComparison, compare_losses
    from circles.contagion.debtrank import DebtRank
    from circles.contagion.exposures import ReceivableExposures, receivable_exposures
    from circles.contagion.furfine import FurfineCascade, furfine_cascade
    from circles.contagion.losses import Losses
    from circles.contagion.measures import Interval, LossDistribution
    from circles.contagion.presets import PresetComparison, compare_presets
    from circles.contagion.rank import Ranking, rank_members
    from circles.contagion.simulate import simulate_losses


__all__ = [
    "Cascade",
    "Clearing",
    "DebtRank",
    "FurfineCascade",
    "Interval",
    "LossComparison",
    "LossDistribution",
    "Losses",
    "PresetComparison",
    "Ranking",
    "ReceivableExposures",
    "clear_payments",
    "compare_cascades",
    "compare_losses",
    "compare_presets",
    "furfine_cascade",
    "rank_members",
    "receivable_exposures",
    "run_cascade",
    "simulate_losses",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "cascade": ("Cascade", "run_cascade"),
        "cascade_presets": ("compare_cascades",),
        "clearing": ("Clearing", "clear_payments"),
        "compare": ("LossComparison", "compare_losses"),
        "debtrank": ("DebtRank",),
        "exposures": ("ReceivableExposures", "receivable_exposures"),
        "furfine": ("FurfineCascade", "furfine_cascade"),
        "losses": ("Losses",),
        "measures": ("Interval", "LossDistribution"),
        "presets": ("PresetComparison", "compare_presets"),
        "rank": ("Ranking", "rank_members"),
        "simulate": ("simulate_losses",),
    },
)
