"""Checking a proposal from the tables alone, without the code that formed it."""

from circles.matching.check.proposal import check_proposal
from circles.matching.check.verification import Verification, verify_proposal

__all__ = ["Verification", "check_proposal", "verify_proposal"]
