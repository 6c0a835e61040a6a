"""The limits that hold for one kind of circle."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleLimits:
    """What holds for circles of one kind; None means no limit.

    Attributes
    ----------
    kind
        ``acquainted`` or ``strangers``.
    max_amount_fen, max_circle_loan_fen
        Largest loan of a member and of a circle, in fen.
    coverage, bearable, amount_ratio
        As in `MatchingRules`, as exact numbers: 0.8 is four fifths, so that ties are judged exactly.
    deposit_share
        Deposit as a fraction of a member's loan.
    """

    kind: str
    min_members: int
    max_members: int
    max_amount_fen: int | None
    coverage: Fraction | None
    bearable: Fraction | None
    amount_ratio: Fraction | None
    max_circle_loan_fen: int | None
    deposit_share: Fraction

    @property
    def needs_resources(self) -> bool:
        """Whether a rule compares loans with resources."""
        return self.coverage is not None or self.bearable is not None

    def deposit_fen(self, amount_fen: int) -> int:
        """Give the deposit of a member, in whole fen, rounded up."""
        share = self.deposit_share
        return -(-amount_fen * share.numerator // share.denominator)
