"""Forming guarantee circles: which members to place together, and the proof of how good the plan is.

::

    forming/   a portfolio and rules → candidates → the integer problem → a proposal with names and reasons
    rules/     the requirements on applicants and circles, as data and one function each
    engine/    the integer problem → the best plan found, and a bound that no plan exceeds
    verify/    judges a plan's bound, sharing nothing with the engine
    check/     judges a proposal from the tables, sharing nothing with forming or the engine
    problem.py, plan.py, worth.py, admissible.py, validation.py   what engine and forming both speak of

Names load on first use, and OR-Tools only when something is solved.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circles.matching.check import check_proposal
    from circles.matching.engine.solver import solve
    from circles.matching.forming.explanation import Explanation
    from circles.matching.forming.form import form_circles
    from circles.matching.forming.proposal import Proposal
    from circles.matching.plan import Plan, PlanStatus, Proof
    from circles.matching.problem import MatchingProblem
    from circles.matching.rules import MatchingRules, Weights
    from circles.matching.verify.bound import BoundCheck, BoundStatus, verify_bound

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
    "BoundCheck": "verify.bound",
    "BoundStatus": "verify.bound",
    "Explanation": "forming.explanation",
    "MatchingProblem": "problem",
    "MatchingRules": "rules",
    "Plan": "plan",
    "PlanStatus": "plan",
    "Proof": "plan",
    "Proposal": "forming.proposal",
    "Weights": "rules",
    "check_proposal": "check",
    "form_circles": "forming.form",
    "solve": "engine.solver",
    "verify_bound": "verify.bound",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    thing = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = thing
    return thing
