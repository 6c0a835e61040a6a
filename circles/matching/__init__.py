"""Forming guarantee circles: which members to place together, and the proof of how good the plan is.

::

    forming/   a portfolio and rules → candidates → the integer problem → a proposal with names and reasons
    rules/     the requirements on applicants and circles, as data and one function each
    engine/    the integer problem → the best plan found, and a bound that no plan exceeds
    verify/    judges a plan's bound, sharing nothing with the engine
    check/     judges a proposal from the tables, sharing nothing with forming or the engine
    record/    the audit file of a proposal: what forming writes and the check reads
    problem.py, plan.py, worth.py, admissible.py, validation.py   what engine and forming both speak of

Names load on first use, and OR-Tools only when something is solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.matching.check import Verification, check_proposal, verify_proposal
    from circles.matching.engine.solver import solve
    from circles.matching.forming.explanation import Explanation
    from circles.matching.forming.form import form_circles
    from circles.matching.forming.proposal import Proposal
    from circles.matching.forming.reform import Reform, reform_circles
    from circles.matching.joint_loss import JointLoss
    from circles.matching.plan import Plan, PlanStatus, Proof
    from circles.matching.problem import MatchingProblem
    from circles.matching.record.reading import read_proposal
    from circles.matching.record.saved import SavedProposal
    from circles.matching.rules import PRODUCTS, MatchingRules, Weights
    from circles.matching.verify.bound import BoundCheck, BoundStatus, verify_bound

__all__ = [
    "PRODUCTS",
    "BoundCheck",
    "BoundStatus",
    "Explanation",
    "JointLoss",
    "MatchingProblem",
    "MatchingRules",
    "Plan",
    "PlanStatus",
    "Proof",
    "Proposal",
    "Reform",
    "SavedProposal",
    "Verification",
    "Weights",
    "check_proposal",
    "form_circles",
    "read_proposal",
    "reform_circles",
    "solve",
    "verify_bound",
    "verify_proposal",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "verify.bound": ("BoundCheck", "BoundStatus", "verify_bound"),
        "forming.explanation": ("Explanation",),
        "joint_loss": ("JointLoss",),
        "problem": ("MatchingProblem",),
        "rules": ("PRODUCTS", "MatchingRules", "Weights"),
        "plan": ("Plan", "PlanStatus", "Proof"),
        "forming.proposal": ("Proposal",),
        "forming.reform": ("Reform", "reform_circles"),
        "check": ("Verification", "check_proposal", "verify_proposal"),
        "record.reading": ("read_proposal",),
        "record.saved": ("SavedProposal",),
        "forming.form": ("form_circles",),
        "engine.solver": ("solve",),
    },
)
