"""Interventions on single members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.interventions.intervention import check_amount
from circles.contagion.lookup import find_member

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class BailOut:
    """Keep a member from defaulting by itself: somebody pays what it owes, as it falls due.

    Its default probability becomes 0. Its loans, resources and guarantees stay, so that others may still bring it down.

    Attributes
    ----------
    member_id
        Who is bailed out.
    cost_fen
        What keeping it alive takes; the whole of its debts is the most.
    """

    member_id: str
    cost_fen: int

    def __post_init__(self) -> None:
        check_amount("bail out: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"bail out {self.member_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio in which the member does not default first.

        Raises
        ------
        InputError
            If it is not in the portfolio.
        """
        row, members = find_member(portfolio, self.member_id), portfolio.table("members")
        probability = np.array(members["default_probability"], dtype=np.float64)
        probability[row] = 0.0
        return portfolio.replace(members=members.assign(default_probability=probability))

    def spare(self, first_defaulters: Sequence[str]) -> list[str]:
        """Give the other first defaulters."""
        return [member for member in first_defaulters if member != self.member_id]
