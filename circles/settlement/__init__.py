"""What a set of defaults costs: obligations as arrays, the settlements, and the bounds around them.

Names are loaded when they are first used: terms are wanted long before the loops that settle on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use
from circles.settlement.terms import (
    NUMBERS,
    PRESETS,
    SETTLEMENT_NAMES,
    SHARE_RULES,
    Terms,
    change_terms,
    check_terms,
)

if TYPE_CHECKING:
    from circles.settlement.build import build_obligations
    from circles.settlement.months import MonthlySettlement, MonthPlan, settle_months
    from circles.settlement.obligations import Loans, Obligations, Pools, Receivables
    from circles.settlement.settlement import (
        SETTLEMENTS,
        Settlement,
        find_panic,
        settle_threshold,
        settle_waterfall,
    )
    from circles.settlement.single_failures import find_breakers, find_least_deposit, settle_alone, stands
    from circles.settlement.trials import LossParts, TrialLosses, TrialSettler, attribute_losses, settle_trials
    from circles.settlement.whole_fen import WholeFen, round_settlement


__all__ = [
    "NUMBERS",
    "PRESETS",
    "SETTLEMENTS",
    "SETTLEMENT_NAMES",
    "SHARE_RULES",
    "Loans",
    "LossParts",
    "MonthPlan",
    "MonthlySettlement",
    "Obligations",
    "Pools",
    "Receivables",
    "Settlement",
    "Terms",
    "TrialLosses",
    "TrialSettler",
    "WholeFen",
    "attribute_losses",
    "build_obligations",
    "change_terms",
    "check_terms",
    "find_breakers",
    "find_least_deposit",
    "find_panic",
    "round_settlement",
    "settle_alone",
    "settle_months",
    "settle_threshold",
    "settle_trials",
    "settle_waterfall",
    "stands",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "build": ("build_obligations",),
        "months": ("MonthPlan", "MonthlySettlement", "settle_months"),
        "obligations": ("Loans", "Obligations", "Pools", "Receivables"),
        "settlement": ("SETTLEMENTS", "Settlement", "find_panic", "settle_threshold", "settle_waterfall"),
        "single_failures": ("find_breakers", "find_least_deposit", "settle_alone", "stands"),
        "whole_fen": ("WholeFen", "round_settlement"),
        "trials": ("LossParts", "TrialLosses", "TrialSettler", "attribute_losses", "settle_trials"),
    },
)
