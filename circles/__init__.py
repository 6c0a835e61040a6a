"""Form guarantee circles (联保) with a proof of how good each plan is, and simulate how a default spreads.

The names listed in ``__all__`` are the public ones; each is loaded when it is first used, so that importing `circles`
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.contagion import (
        AddDeposit,
        AddGuarantee,
        AddGuarantor,
        Backtest,
        BailOut,
        Cascade,
        CircleFragility,
        CutGuarantee,
        Horizon,
        InterventionComparison,
        LossComparison,
        Losses,
        PresetComparison,
        Ranking,
        ReplaceGuarantor,
        SplitCircle,
        Standstill,
        Timetable,
        backtest_defaults,
        compare_cascades,
        compare_interventions,
        compare_losses,
        compare_presets,
        draw_default_months,
        find_fragility,
        propose_interventions,
        rank_members,
        replay_interventions,
        run_cascade,
        run_horizon,
        simulate_losses,
    )
    from circles.dataset import (
        DatasetCheck,
        Imported,
        check_dataset,
        import_finbench,
        import_kag,
        read_portfolio,
        write_portfolio,
    )
    from circles.errors import (
        CirclesError,
        ConservationError,
        ConvergenceError,
        DatasetError,
        InputError,
        ProblemError,
        StoreError,
    )
    from circles.estimate import Estimate, estimate_default_probabilities, estimate_resources
    from circles.generate import generate_portfolio
    from circles.graph import GraphStore, export_graph, open_graph
    from circles.health import Health, examine_portfolio
    from circles.matching import (
        MatchingRules,
        Proposal,
        Reform,
        SavedProposal,
        Verification,
        check_proposal,
        form_circles,
        read_proposal,
        reform_circles,
        verify_proposal,
    )
    from circles.portfolio import Portfolio
    from circles.report import Pack, Report, build_health_report, build_pack, build_report, write_packs
    from circles.settlement import Terms
    from circles.viz import Map, draw_map
    from circles.viz.overview import Overview, draw_overview
    from circles.viz.replay import Replay, draw_replay

__version__ = "0.1.0"

__all__ = [
    "AddDeposit",
    "AddGuarantee",
    "AddGuarantor",
    "Backtest",
    "BailOut",
    "Cascade",
    "CircleFragility",
    "CirclesError",
    "ConservationError",
    "ConvergenceError",
    "CutGuarantee",
    "DatasetCheck",
    "DatasetError",
    "Estimate",
    "GraphStore",
    "Health",
    "Horizon",
    "Imported",
    "InputError",
    "InterventionComparison",
    "LossComparison",
    "Losses",
    "Map",
    "MatchingRules",
    "Overview",
    "Pack",
    "Portfolio",
    "PresetComparison",
    "ProblemError",
    "Proposal",
    "Ranking",
    "Reform",
    "ReplaceGuarantor",
    "Replay",
    "Report",
    "SavedProposal",
    "SplitCircle",
    "Standstill",
    "StoreError",
    "Terms",
    "Timetable",
    "Verification",
    "backtest_defaults",
    "build_health_report",
    "build_pack",
    "build_report",
    "check_dataset",
    "check_proposal",
    "compare_cascades",
    "compare_interventions",
    "compare_losses",
    "compare_presets",
    "draw_default_months",
    "draw_map",
    "draw_overview",
    "draw_replay",
    "estimate_default_probabilities",
    "estimate_resources",
    "examine_portfolio",
    "export_graph",
    "find_fragility",
    "form_circles",
    "generate_portfolio",
    "import_finbench",
    "import_kag",
    "open_graph",
    "propose_interventions",
    "rank_members",
    "read_portfolio",
    "read_proposal",
    "reform_circles",
    "replay_interventions",
    "run_cascade",
    "run_horizon",
    "simulate_losses",
    "verify_proposal",
    "write_packs",
    "write_portfolio",
]

_HOMES = {
    "contagion": (
        "AddDeposit",
        "AddGuarantee",
        "AddGuarantor",
        "BailOut",
        "Cascade",
        "CircleFragility",
        "CutGuarantee",
        "InterventionComparison",
        "Backtest",
        "Cascade",
        "Horizon",
        "LossComparison",
        "Losses",
        "PresetComparison",
        "Ranking",
        "ReplaceGuarantor",
        "SplitCircle",
        "Standstill",
        "Timetable",
        "backtest_defaults",
        "compare_cascades",
        "compare_interventions",
        "compare_losses",
        "compare_presets",
        "find_fragility",
        "propose_interventions",
        "draw_default_months",
        "rank_members",
        "replay_interventions",
        "run_cascade",
        "run_horizon",
        "simulate_losses",
    ),
    "dataset": (
        "DatasetCheck",
        "Imported",
        "check_dataset",
        "import_finbench",
        "import_kag",
        "read_portfolio",
        "write_portfolio",
    ),
    "errors": (
        "CirclesError",
        "ConservationError",
        "ConvergenceError",
        "DatasetError",
        "ProblemError",
        "InputError",
        "StoreError",
    ),
    "estimate": ("Estimate", "estimate_default_probabilities", "estimate_resources"),
    "generate": ("generate_portfolio",),
    "graph": ("GraphStore", "export_graph", "open_graph"),
    "health": ("Health", "examine_portfolio"),
    "matching": (
        "MatchingRules",
        "Proposal",
        "Reform",
        "SavedProposal",
        "Verification",
        "check_proposal",
        "form_circles",
        "read_proposal",
        "reform_circles",
        "verify_proposal",
    ),
    "portfolio": ("Portfolio",),
    "report": ("Pack", "Report", "build_health_report", "build_pack", "build_report", "write_packs"),
    "settlement": ("Terms",),
    "viz": ("Map", "draw_map"),
    "viz.overview": ("Overview", "draw_overview"),
    "viz.replay": ("Replay", "draw_replay"),
}
_find = load_on_first_use(__name__, _HOMES)


def __getattr__(name: str) -> object:
    """Load a public name, or a package of circles, when it is first used."""
    return import_module(f"circles.{name}") if name in _HOMES else _find(name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
