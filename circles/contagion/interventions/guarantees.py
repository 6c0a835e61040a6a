"""Interventions on one-way guarantees: a new one, another guarantor, none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.interventions.intervention import check_amount
from circles.contagion.lookup import find_guarantee, find_member
from circles.errors import InputError
from circles.money import format_yuan

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGuarantee:
    """Let a member guarantee another's loans outside of circles, up to an amount.

    Attributes
    ----------
    guarantor_id, borrower_id, amount_fen
        Who pays at most how much for whom.
    cost_fen
        What it costs the bank; what the guarantor may have to pay is not the bank's cost.
    """

    guarantor_id: str
    borrower_id: str
    amount_fen: int
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("add guarantee: amount_fen", self.amount_fen, least=1)
        check_amount("add guarantee: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"{self.guarantor_id} guarantees {format_yuan(self.amount_fen)} for {self.borrower_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with the guarantee, in force from its date on.

        Raises
        ------
        InputError
            If one of the two is unknown, they are the same, or the borrower has no loan outside of circles.
        """
        for member_id in (self.guarantor_id, self.borrower_id):
            find_member(portfolio, member_id)
        _refuse_self(self.guarantor_id, self.borrower_id)
        loans, rows = portfolio.table("loans"), portfolio.table("guarantees")
        if not ((loans["borrower_id"] == self.borrower_id) & loans["circle_id"].isna()).any():
            msg = f"borrower {self.borrower_id!r} has no loan outside of circles that a guarantee could stand for"
            raise InputError(msg)
        taken = set(rows["guarantee_id"])
        new = pd.DataFrame(
            {
                "guarantee_id": [next(name for name in (f"added-{n}" for n in count(1)) if name not in taken)],
                "guarantor_id": [self.guarantor_id],
                "borrower_id": [self.borrower_id],
                "amount_fen": [self.amount_fen],
            }
        )
        return portfolio.replace(guarantees=pd.concat([rows, new], ignore_index=True) if len(rows) else new)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceGuarantor:
    """Let another member take over a guarantee.

    Attributes
    ----------
    guarantee_id, guarantor_id
        The guarantee, and who gives it from now on.
    cost_fen
        What it costs.
    """

    guarantee_id: str
    guarantor_id: str
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("replace guarantor: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"{self.guarantor_id} takes over guarantee {self.guarantee_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with the other guarantor; `InputError` if it is unknown or the borrower itself."""
        row, rows = find_guarantee(portfolio, self.guarantee_id), portfolio.table("guarantees")
        find_member(portfolio, self.guarantor_id)
        _refuse_self(self.guarantor_id, str(rows["borrower_id"].iloc[row]))
        guarantor = rows["guarantor_id"].copy()
        guarantor.iloc[row] = self.guarantor_id
        return portfolio.replace(guarantees=rows.assign(guarantor_id=guarantor))


@dataclass(frozen=True, slots=True, kw_only=True)
class CutGuarantee:
    """Release a guarantor from a guarantee: it may save what stands behind it, or lose what it would have paid.

    Attributes
    ----------
    guarantee_id
        The guarantee.
    cost_fen
        What it costs.
    """

    guarantee_id: str
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("cut guarantee: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"cut guarantee {self.guarantee_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio without the guarantee; `InputError` if it is not in it."""
        row, rows = find_guarantee(portfolio, self.guarantee_id), portfolio.table("guarantees")
        return portfolio.replace(guarantees=rows.drop(index=rows.index[row]))


def _refuse_self(guarantor_id: str, borrower_id: str) -> None:
    if guarantor_id == borrower_id:
        msg = f"member {guarantor_id!r} cannot guarantee its own loans; name another guarantor"
        raise InputError(msg)
