"""How defaults spread: cascades, random trials, loss distributions and rankings.

Names are loaded when they are first used. `debtrank` has the name of its module and is imported from there:
``from circles.contagion.debtrank import debtrank``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.contagion.backtest.backtest import Backtest, backtest_defaults
    from circles.contagion.cascade.cascade import Cascade, run_cascade
    from circles.contagion.cascade.presets import compare_cascades
    from circles.contagion.cascade.timeline import Timeline, trace_rounds
    from circles.contagion.clearing import Clearing, clear_payments
    from circles.contagion.debtrank import DebtRank
    from circles.contagion.horizon.default_months import draw_default_months
    from circles.contagion.horizon.horizon import Horizon, run_horizon
    from circles.contagion.horizon.timetable import Timetable
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
    from circles.contagion.losses.before_after import BeforeAfter, compare_before_after
    from circles.contagion.losses.compare import LossComparison, compare_losses
    from circles.contagion.losses.intervals import Interval
    from circles.contagion.losses.losses import Losses
    from circles.contagion.losses.measures import LossDistribution
    from circles.contagion.losses.presets import PresetComparison, compare_presets
    from circles.contagion.losses.saved import read_losses
    from circles.contagion.losses.saved_presets import read_preset_comparison
    from circles.contagion.losses.saved_tail import read_tail_estimate
    from circles.contagion.losses.simulate import simulate_losses
    from circles.contagion.losses.tail import TailEstimate, simulate_tail
    from circles.contagion.published.exposures import ReceivableExposures, receivable_exposures
    from circles.contagion.published.furfine import FurfineCascade, furfine_cascade
    from circles.contagion.questions.fragility import CircleFragility, find_fragility
    from circles.contagion.questions.rank import Ranking, rank_members
    from circles.contagion.questions.rank_circles import rank_circles
    from circles.contagion.questions.reverse_stress import ReverseStress, reverse_stress
    from circles.contagion.questions.sector_shock import SectorShock, shock_sector
    from circles.contagion.questions.swaps import CircleSwap
    from circles.contagion.questions.sweep import Sweep, sweep_losses
    from circles.contagion.questions.worst_sets import worst_sets
    from circles.contagion.trials.first_defaults import draw_first_defaults


__all__ = [
    "AddDeposit",
    "AddGuarantee",
    "AddGuarantor",
    "Backtest",
    "BailOut",
    "BeforeAfter",
    "Cascade",
    "CircleFragility",
    "CircleSwap",
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
    "Timeline",
    "Timetable",
    "backtest_defaults",
    "clear_payments",
    "compare_before_after",
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
    "read_losses",
    "read_preset_comparison",
    "read_tail_estimate",
    "receivable_exposures",
    "replay_interventions",
    "reverse_stress",
    "run_cascade",
    "run_horizon",
    "shock_sector",
    "simulate_losses",
    "simulate_tail",
    "sweep_losses",
    "trace_rounds",
    "worst_sets",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "questions.rank_circles": ("rank_circles",),
        "questions.reverse_stress": ("ReverseStress", "reverse_stress"),
        "questions.sector_shock": ("SectorShock", "shock_sector"),
        "questions.sweep": ("Sweep", "sweep_losses"),
        "questions.worst_sets": ("worst_sets",),
        "backtest.backtest": ("Backtest", "backtest_defaults"),
        "cascade.cascade": ("Cascade", "run_cascade"),
        "cascade.timeline": ("Timeline", "trace_rounds"),
        "cascade.presets": ("compare_cascades",),
        "clearing": ("Clearing", "clear_payments"),
        "losses.before_after": ("BeforeAfter", "compare_before_after"),
        "losses.saved": ("read_losses",),
        "losses.saved_presets": ("read_preset_comparison",),
        "losses.saved_tail": ("read_tail_estimate",),
        "losses.compare": ("LossComparison", "compare_losses"),
        "debtrank": ("DebtRank",),
        "horizon.default_months": ("draw_default_months",),
        "published.exposures": ("ReceivableExposures", "receivable_exposures"),
        "trials.first_defaults": ("draw_first_defaults",),
        "questions.fragility": ("CircleFragility", "find_fragility"),
        "questions.swaps": ("CircleSwap",),
        "published.furfine": ("FurfineCascade", "furfine_cascade"),
        "horizon.horizon": ("Horizon", "run_horizon"),
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
        "losses.losses": ("Losses",),
        "losses.intervals": ("Interval",),
        "losses.measures": ("LossDistribution",),
        "losses.presets": ("PresetComparison", "compare_presets"),
        "questions.rank": ("Ranking", "rank_members"),
        "losses.simulate": ("simulate_losses",),
        "losses.tail": ("TailEstimate", "simulate_tail"),
        "horizon.timetable": ("Timetable",),
    },
)
