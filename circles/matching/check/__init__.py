"""Checking a proposal from the tables alone, without the code that formed it."""

from circles.matching.check.proposal import check_proposal

__all__ = ["check_proposal"]
