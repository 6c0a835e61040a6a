"""Estimates of what members did not state: by a written rule, marked, and never in place of what was stated."""

from circles.estimate.default_probabilities import DefaultProbabilityRule, estimate_default_probabilities
from circles.estimate.estimate import Estimate
from circles.estimate.resources import ResourceRule, estimate_resources

__all__ = [
    "DefaultProbabilityRule",
    "Estimate",
    "ResourceRule",
    "estimate_default_probabilities",
    "estimate_resources",
]
