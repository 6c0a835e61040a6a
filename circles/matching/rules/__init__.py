"""Rules: what an applicant and a circle must be. One function a rule; the requirements themselves are data."""

from circles.matching.rules.applicants import Applicants, collect_applicants, newest_applications
from circles.matching.rules.circle_rules import CIRCLE_RULES, CircleCase, judge_circle
from circles.matching.rules.eligibility import ELIGIBILITY_RULES, judge_applicants
from circles.matching.rules.limits import CircleLimits
from circles.matching.rules.matching_rules import PRODUCTS, MatchingRules
from circles.matching.rules.rule_checks import MODES
from circles.matching.rules.weights import MAX_SIZE, MIN_SIZE, Weights

__all__ = [
    "CIRCLE_RULES",
    "ELIGIBILITY_RULES",
    "MAX_SIZE",
    "MIN_SIZE",
    "MODES",
    "PRODUCTS",
    "Applicants",
    "CircleCase",
    "CircleLimits",
    "MatchingRules",
    "Weights",
    "collect_applicants",
    "judge_applicants",
    "judge_circle",
    "newest_applications",
]
