"""What each member of a circle may owe, and what it would pay in worked examples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion import Cascade, run_cascade
from circles.errors import InputError
from circles.portfolio import Portfolio

if TYPE_CHECKING:
    from circles.matching import Proposal, SavedProposal
    from circles.settlement import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One worked example: who defaults, who besides cannot pay, and what settlement makes of it."""

    defaulter: str
    unable: str | None
    cascade: Cascade

    @property
    def paid(self) -> pd.Series:
        """What each member of the circle pays as guarantor, by id."""
        return self.cascade.members.set_index("member_id")["paid_fen"]

    @property
    def called_fen(self) -> int:
        """What falls due: loans of all that default."""
        told = self.cascade
        used = told.deposit_used_fen + told.guarantor_paid_fen + told.risk_pool_used_fen
        return int(told.recovered_fen + used + told.bank_loss_fen)


def list_liability(portfolio: Portfolio, proposal: Proposal | SavedProposal, circle_id: str) -> pd.DataFrame:
    """Give one row a member of a proposed circle.

    Returns
    -------
    ``member_id, amount_fen`` (its own loan), ``deposit_fen``, ``name``, ``for_others_fen`` (the loans of all the
    others) and ``at_most_fen`` (own loan and the others': the circle's total).

    Raises
    ------
    InputError
        If no proposed circle has that id, or the proposal was formed from another portfolio.
    """
    if proposal.digest != portfolio.digest():
        msg = "the proposal was formed from another portfolio than the one given; give that one"
        raise InputError(msg)
    rows = proposal.circles[proposal.circles["circle_id"] == circle_id]
    if not len(rows):
        found = proposal.circles["circle_id"].drop_duplicates()
        shown = ", ".join(found.head(3)) + (" …" if len(found) > 3 else "") if len(found) else "none"
        msg = f"circle {circle_id!r} is not one of the {len(found):,} proposed circles: {shown}"
        raise InputError(msg)
    names = portfolio.members.set_index("member_id")["name"]
    total = int(rows["amount_fen"].sum())
    listed = rows[["member_id", "amount_fen", "deposit_fen"]].reset_index(drop=True)
    return listed.assign(
        name=names.reindex(listed["member_id"]).to_numpy(),
        for_others_fen=total - listed["amount_fen"],
        at_most_fen=total,
    )


def work_examples(members: pd.DataFrame, terms: Terms, *, as_of: str, currency: str) -> tuple[Example, ...]:
    """Settle the default of the member with the largest loan: all others can pay; one other cannot pay anything.

    The circle stands alone, and whoever can pay has as much as all its loans, so that no member's own means are told.

    Parameters
    ----------
    members
        As `list_liability` gives.
    terms
        How defaults are settled.
    as_of, currency
        Of the data.
    """
    order = members.sort_values(["amount_fen", "member_id"], ascending=[False, True])["member_id"].tolist()
    cases = [(order[0], None)] + ([(order[0], order[1])] if len(order) > 2 else [])
    return tuple(
        Example(
            defaulter=first,
            unable=unable,
            cascade=run_cascade(_stand_alone(members, unable, as_of=as_of, currency=currency), [first], terms),
        )
        for first, unable in cases
    )


def _stand_alone(members: pd.DataFrame, unable: str | None, *, as_of: str, currency: str) -> Portfolio:
    ids = members["member_id"].tolist()
    total = int(members["amount_fen"].sum())
    return Portfolio.from_frames(
        as_of=as_of,
        currency=currency,
        members=pd.DataFrame({"member_id": ids, "resources_fen": [0 if one == unable else total for one in ids]}),
        circles=pd.DataFrame({"circle_id": ["circle"]}),
        circle_members=pd.DataFrame({"circle_id": "circle", "member_id": ids, "deposit_fen": members["deposit_fen"]}),
        loans=pd.DataFrame(
            {"loan_id": ids, "borrower_id": ids, "circle_id": "circle", "balance_fen": members["amount_fen"]}
        ),
    )
