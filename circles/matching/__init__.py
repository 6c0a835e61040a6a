"""Forming guarantee circles: which members to place together, and the proof of how good the plan is.

The engine sees indices and integers only (`MatchingProblem`); `form_circles` builds them from a portfolio and rules.
Names load on first use, and OR-Tools only when something is solved.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circles.matching.check import check_proposal
    from circles.matching.explanation import Explanation
    from circles.matching.form import form_circles
    from circles.matching.plan import Plan, PlanStatus, Proof
    from circles.matching.problem import MatchingProblem
    from circles.matching.proposal import Proposal
    from circles.matching.rules import MatchingRules, Weights
    from circles.matching.solver import solve
    from circles.matching.verify import BoundCheck, BoundStatus, verify_bound

__all__ = [
    "BoundCheck",
    "BoundStatus",
    "Explanation",
    "MatchingProblem",
    "MatchingRules",
    "Plan",
    "PlanStatus",
    "Proof",
    "Proposal",
    "Weights",
    "check_proposal",
    "form_circles",
    "solve",
    "verify_bound",
]

_HOMES = {
    "BoundCheck": "verify",
    "BoundStatus": "verify",
    "Explanation": "explanation",
    "MatchingProblem": "problem",
    "MatchingRules": "rules",
    "Plan": "plan",
    "PlanStatus": "plan",
    "Proof": "plan",
    "Proposal": "proposal",
    "Weights": "rules",
    "check_proposal": "check",
    "form_circles": "form",
    "solve": "solver",
    "verify_bound": "verify",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    thing = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = thing
    return thing
