"""How defaults spread: cascades, random trials, loss distributions and rankings.

Names are loaded when they are first used. `debtrank` has the name of its module and is imported from there:
``from circles.contagion.debtrank import debtrank``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.contagion.backtest import Backtest, backtest_defaults
    from circles.contagion.cascade import Cascade, run_cascade
    from circles.contagion.cascade_presets import compare_cascades
    from circles.contagion.clearing import Clearing, clear_payments
    from circles.contagion.compare import LossComparison, compare_losses
    from circles.contagion.debtrank import DebtRank
    from circles.contagion.default_months import draw_default_months
    from circles.contagion.exposures import ReceivableExposures, receivable_exposures
    from circles.contagion.first_defaults import draw_first_defaults
    from circles.contagion.fragility import CircleFragility, find_fragility
    from circles.contagion.furfine import FurfineCascade, furfine_cascade
    from circles.contagion.horizon import Horizon, run_horizon
    from circles.contagion.interventions import (
        AddDeposit,
        AddGuarantee,
        AddGuarantor,
        BailOut,
        CutGuarantee,
        Intervention,
        InterventionComparison,
        ReplaceGuarantor,
        SplitCircle,
        Standstill,
        compare_interventions,
        propose_interventions,
        replay_interventions,
    )
    from circles.contagion.losses import Losses
    from circles.contagion.measures import Interval, LossDistribution
    from circles.contagion.presets import PresetComparison, compare_presets
    from circles.contagion.rank import Ranking, rank_members
    from circles.contagion.rank_circles import rank_circles
    from circles.contagion.reverse_stress import ReverseStress, reverse_stress
    from circles.contagion.sector_shock import SectorShock, shock_sector
    from circles.contagion.simulate import simulate_losses
    from circles.contagion.sweep import Sweep, sweep_losses
    from circles.contagion.tail import TailEstimate, simulate_tail
    from circles.contagion.timetable import Timetable
    from circles.contagion.worst_sets import worst_sets


__all__ = [
    "AddDeposit",
    "AddGuarantee",
    "AddGuarantor",
    "Backtest",
    "BailOut",
    "Cascade",
    "CircleFragility",
    "Clearing",
    "CutGuarantee",
    "DebtRank",
    "FurfineCascade",
    "Horizon",
    "Interval",
    "Intervention",
    "InterventionComparison",
    "LossComparison",
    "LossDistribution",
    "Losses",
    "PresetComparison",
    "Ranking",
    "ReceivableExposures",
    "ReplaceGuarantor",
    "ReverseStress",
    "SectorShock",
    "SplitCircle",
    "Standstill",
    "Sweep",
    "TailEstimate",
    "Timetable",
    "backtest_defaults",
    "clear_payments",
    "compare_cascades",
    "compare_interventions",
    "compare_losses",
    "compare_presets",
    "draw_default_months",
    "draw_first_defaults",
    "find_fragility",
    "furfine_cascade",
    "propose_interventions",
    "rank_circles",
    "rank_members",
    "receivable_exposures",
    "replay_interventions",
    "reverse_stress",
    "run_cascade",
    "run_horizon",
    "shock_sector",
    "simulate_losses",
    "simulate_tail",
    "sweep_losses",
    "worst_sets",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "rank_circles": ("rank_circles",),
        "reverse_stress": ("ReverseStress", "reverse_stress"),
        "sector_shock": ("SectorShock", "shock_sector"),
        "sweep": ("Sweep", "sweep_losses"),
        "worst_sets": ("worst_sets",),
        "backtest": ("Backtest", "backtest_defaults"),
        "cascade": ("Cascade", "run_cascade"),
        "cascade_presets": ("compare_cascades",),
        "clearing": ("Clearing", "clear_payments"),
        "compare": ("LossComparison", "compare_losses"),
        "debtrank": ("DebtRank",),
        "default_months": ("draw_default_months",),
        "exposures": ("ReceivableExposures", "receivable_exposures"),
        "first_defaults": ("draw_first_defaults",),
        "fragility": ("CircleFragility", "find_fragility"),
        "furfine": ("FurfineCascade", "furfine_cascade"),
        "horizon": ("Horizon", "run_horizon"),
        "interventions": (
            "AddDeposit",
            "AddGuarantee",
            "AddGuarantor",
            "BailOut",
            "CutGuarantee",
            "Intervention",
            "InterventionComparison",
            "ReplaceGuarantor",
            "SplitCircle",
            "Standstill",
            "compare_interventions",
            "propose_interventions",
            "replay_interventions",
        ),
        "losses": ("Losses",),
        "measures": ("Interval", "LossDistribution"),
        "presets": ("PresetComparison", "compare_presets"),
        "rank": ("Ranking", "rank_members"),
        "simulate": ("simulate_losses",),
        "tail": ("TailEstimate", "simulate_tail"),
        "timetable": ("Timetable",),
    },
)
