"""Interventions on circles: a deposit, a further guarantor, a split, a standstill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.interventions.intervention import check_amount
from circles.contagion.lookup import find_circle, find_member
from circles.errors import InputError
from circles.money import format_yuan

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.settlement import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDeposit:
    """Add to a circle's deposit.

    Attributes
    ----------
    circle_id, amount_fen
        The circle, and what is added.
    cost_fen
        What that costs: the whole amount if it is given, the interest on it if it is only held.
    """

    circle_id: str
    amount_fen: int
    cost_fen: int

    def __post_init__(self) -> None:
        check_amount("add deposit: amount_fen", self.amount_fen, least=1)
        check_amount("add deposit: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"add {format_yuan(self.amount_fen)} of deposit to {self.circle_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with the larger deposit; `InputError` if the circle is not in it."""
        row, circles = find_circle(portfolio, self.circle_id), portfolio.table("circles")
        deposit = circles["deposit_fen"].copy()
        deposit.iloc[row] = (0 if pd.isna(deposit.iloc[row]) else int(deposit.iloc[row])) + self.amount_fen
        return portfolio.replace(circles=circles.assign(deposit_fen=deposit))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGuarantor:
    """Let a member join a circle as guarantor, without a loan in it.

    Attributes
    ----------
    circle_id, guarantor_id
        The circle, and who joins it.
    cost_fen
        What it costs the bank; what the guarantor may have to pay is not the bank's cost.
    """

    circle_id: str
    guarantor_id: str
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("add guarantor: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"{self.guarantor_id} joins {self.circle_id} as guarantor"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with the guarantor in the circle.

        Raises
        ------
        InputError
            If either is not in the portfolio, or the member is in the circle already.
        """
        find_member(portfolio, self.guarantor_id)
        if self.guarantor_id in _list_members(portfolio, self.circle_id):
            msg = f"member {self.guarantor_id!r} is in circle {self.circle_id!r} already"
            raise InputError(msg)
        joined = pd.DataFrame({"circle_id": [self.circle_id], "member_id": [self.guarantor_id]})
        rows = pd.concat([portfolio.table("circle_members"), joined], ignore_index=True)
        return portfolio.replace(circle_members=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitCircle:
    """Let some members leave a circle with their loans and deposits and form one of their own.

    Attributes
    ----------
    circle_id, leaving
        The circle, and who leaves it: some of its members, not all. The circle's own deposit is split by the loans,
        by heads where there are none; a fen that is left over stays.
    cost_fen
        What it costs.
    """

    circle_id: str
    leaving: tuple[str, ...]
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("split circle: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"split {self.circle_id}: {', '.join(self.leaving)} in a circle of their own"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with two circles; `InputError` if nobody stays, nobody leaves or a stranger leaves."""
        inside = _list_members(portfolio, self.circle_id)
        strangers = [member for member in self.leaving if member not in inside]
        if strangers:
            msg = f"member {strangers[0]!r} is not in circle {self.circle_id!r}; its members are {', '.join(inside)}"
            raise InputError(msg)
        if not 0 < len(set(self.leaving)) < len(inside):
            msg = f"of the {len(inside)} members of circle {self.circle_id!r} some must leave and some stay"
            raise InputError(msg)
        name = _name_new(portfolio, self.circle_id)
        return portfolio.replace(
            circles=self._split_deposit(portfolio, name),
            circle_members=self._move(portfolio, "circle_members", "member_id", name),
            loans=self._move(portfolio, "loans", "borrower_id", name),
        )

    def _move(self, portfolio: Portfolio, table: str, owner: str, name: str) -> pd.DataFrame:
        frame = portfolio.table(table)
        moved = (frame["circle_id"] == self.circle_id) & frame[owner].isin(self.leaving)
        return frame.assign(circle_id=frame["circle_id"].mask(moved, name))

    def _split_deposit(self, portfolio: Portfolio, name: str) -> pd.DataFrame:
        circles, row = portfolio.table("circles"), find_circle(portfolio, self.circle_id)
        new, deposit = circles.iloc[[row]].assign(circle_id=name), circles["deposit_fen"].iloc[row]
        if pd.notna(deposit):
            part, whole = self._weigh(portfolio)
            taken = int(deposit) * part // whole
            kept = circles["deposit_fen"].copy()
            kept.iloc[row] = int(deposit) - taken
            circles, new = circles.assign(deposit_fen=kept), new.assign(deposit_fen=taken)
        return pd.concat([circles, new], ignore_index=True)

    def _weigh(self, portfolio: Portfolio) -> tuple[int, int]:
        """Give what of the circle's loans leaves and the whole of them, or heads where there are no loans."""
        loans = portfolio.table("loans")
        inside = loans[loans["circle_id"] == self.circle_id]
        whole = int(inside["balance_fen"].sum())
        if whole:
            return int(inside.loc[inside["borrower_id"].isin(self.leaving), "balance_fen"].sum()), whole
        return len(set(self.leaving)), len(_list_members(portfolio, self.circle_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """Agree with the members of a circle that none of their loans falls due because they fail by contagion.

    Attributes
    ----------
    circle_id
        The circle; loans of its members outside of it stand still as well.
    cost_fen
        What it costs.
    """

    circle_id: str
    cost_fen: int = 0

    def __post_init__(self) -> None:
        check_amount("standstill: cost_fen", self.cost_fen)

    def __str__(self) -> str:
        return f"standstill of {self.circle_id}"

    def apply(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio as it is; `InputError` if the circle is not in it."""
        find_circle(portfolio, self.circle_id)
        return portfolio

    def apply_terms(self, terms: Terms) -> Terms:
        """Give the terms with the circle's standstill."""
        return replace(terms, standstill=(*terms.standstill, self.circle_id))


def _list_members(portfolio: Portfolio, circle_id: str) -> list[str]:
    find_circle(portfolio, circle_id)
    rows = portfolio.table("circle_members")
    return list(rows.loc[rows["circle_id"] == circle_id, "member_id"])


def _name_new(portfolio: Portfolio, circle_id: str) -> str:
    taken = set(portfolio.table("circles")["circle_id"])
    return next(name for name in (f"{circle_id}-{number}" for number in count(2)) if name not in taken)
