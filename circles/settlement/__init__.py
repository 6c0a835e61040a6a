"""What a set of defaults costs: obligations as arrays, the settlements, and the bounds around them.

Names are loaded when they are first used: terms are wanted long before the loops that settle on them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from circles.settlement.terms import PRESETS, SETTLEMENT_NAMES, SHARE_RULES, Terms

if TYPE_CHECKING:
    from circles.settlement.build import build_obligations
    from circles.settlement.obligations import Loans, Obligations, Pools, Receivables
    from circles.settlement.settlement import (
        SETTLEMENTS,
        Settlement,
        find_panic,
        settle_threshold,
        settle_waterfall,
    )
    from circles.settlement.trials import LossParts, TrialLosses, attribute_losses, settle_trials
    from circles.settlement.whole_fen import WholeFen, round_settlement

_HOMES = {
    "build": ("build_obligations",),
    "obligations": ("Loans", "Obligations", "Pools", "Receivables"),
    "settlement": ("SETTLEMENTS", "Settlement", "find_panic", "settle_threshold", "settle_waterfall"),
    "whole_fen": ("WholeFen", "round_settlement"),
    "trials": ("LossParts", "TrialLosses", "attribute_losses", "settle_trials"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "PRESETS",
    "SETTLEMENTS",
    "SETTLEMENT_NAMES",
    "SHARE_RULES",
    "Loans",
    "LossParts",
    "Obligations",
    "Pools",
    "Receivables",
    "Settlement",
    "Terms",
    "TrialLosses",
    "WholeFen",
    "attribute_losses",
    "build_obligations",
    "find_panic",
    "round_settlement",
    "settle_threshold",
    "settle_trials",
    "settle_waterfall",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
