"""Which members stand together: circles of a portfolio or of a proposal, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.words import say

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching import Proposal, SavedProposal
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Circles and their members.

    Attributes
    ----------
    circles
        Frame with one row a circle: ``circle_id, amount_fen, members`` (all it has), ``note``.
    circle, member
        Shape (memberships,): row in `circles`, and position in the portfolio's members.
    amount_fen
        Shape (memberships,): what the member owes, or shall borrow, in the circle.
    """

    circles: pd.DataFrame
    circle: NDArray[np.int32]
    member: NDArray[np.int32]
    amount_fen: NDArray[np.int64]

    def keep_circles(self, kept: NDArray[np.bool_]) -> Grouping:
        """Give the same grouping with some circles only, in the same order."""
        inside = kept[self.circle]
        renumbered = (np.cumsum(kept) - 1).astype(np.int32)
        return Grouping(
            circles=self.circles.loc[kept].reset_index(drop=True),
            circle=renumbered[self.circle[inside]],
            member=self.member[inside],
            amount_fen=self.amount_fen[inside],
        )

    def keep_members(self, kept: NDArray[np.bool_]) -> Grouping:
        """Give the same grouping with some members only; circles without one are left out.

        Parameters
        ----------
        kept
            Shape (members of the portfolio,).
        """
        inside = kept[self.member]
        some = Grouping(
            circles=self.circles,
            circle=self.circle[inside],
            member=self.member[inside],
            amount_fen=self.amount_fen[inside],
        )
        return some.keep_circles(np.bincount(some.circle, minlength=len(self.circles)) > 0)

    def circles_with(self, members: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say of every circle whether it has one of the members; shape (circles,)."""
        return np.bincount(self.circle[members[self.member]], minlength=len(self.circles)) > 0

    def members_of(self, circles: NDArray[np.bool_], *, count: int) -> NDArray[np.bool_]:
        """Say of every member of the portfolio (`count` of them) whether it is in one of the circles."""
        inside = np.zeros(count, dtype=np.bool_)
        inside[self.member[circles[self.circle]]] = True
        return inside


def owed_by_loan(portfolio: Portfolio) -> NDArray[np.int64]:
    """Give what is owed on each loan, balance and accrued interest, in fen."""
    loans = portfolio.loans
    accrued = loans["accrued_interest_fen"].to_numpy(dtype=np.int64, na_value=0)
    return loans["balance_fen"].to_numpy(dtype=np.int64) + accrued


def group_existing(portfolio: Portfolio) -> Grouping:
    """Give the circles that a portfolio has today, by id, with what is owed in each."""
    ids = portfolio.circles["circle_id"].to_numpy(dtype=object)
    order = np.argsort(ids, kind="stable")
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    circle = rank[portfolio.codes("circle_members", "circle_id")]
    member = portfolio.codes("circle_members", "member_id")
    amounts = _owed_in_circles(portfolio, circle=portfolio.codes("circle_members", "circle_id"), member=member)
    status = portfolio.circles["status"].to_numpy(dtype=object)[order]
    notes = ["" if pd.isna(value) else str(value) for value in status]
    return _grouping(ids[order], circle=circle, member=member, amounts=amounts, notes=notes)


def group_proposed(portfolio: Portfolio, proposal: Proposal | SavedProposal, lang: Language) -> Grouping:
    """Give the circles that a proposal forms, in its own order, with what each member shall borrow.

    Raises
    ------
    InputError
        If a member of the proposal is not in the portfolio.
    """
    rows = proposal.circles
    circle, ids = pd.factorize(rows["circle_id"])
    member = portfolio.member_positions(list(rows["member_id"]), what="member of the proposal")
    scores = rows.groupby(circle, sort=True)["score"].first() if len(rows) else []
    notes = [say("circle_score", lang, score=f"{score:,}") for score in scores]
    amounts = rows["amount_fen"].to_numpy(dtype=np.int64)
    return _grouping(
        np.asarray(ids, dtype=object), circle=circle.astype(np.int32), member=member, amounts=amounts, notes=notes
    )


def _grouping(
    ids: NDArray[np.object_],
    *,
    circle: NDArray[np.int32],
    member: NDArray[np.int32],
    amounts: NDArray[np.int64],
    notes: list[str],
) -> Grouping:
    totals = np.zeros(len(ids), dtype=np.int64)
    np.add.at(totals, circle, amounts)
    sizes = np.bincount(circle, minlength=len(ids))
    circles = pd.DataFrame({"circle_id": ids, "members": sizes, "amount_fen": totals, "note": notes})
    return Grouping(circles=circles, circle=circle, member=member, amount_fen=amounts)


def _owed_in_circles(
    portfolio: Portfolio, *, circle: NDArray[np.int32], member: NDArray[np.int32]
) -> NDArray[np.int64]:
    in_circle = portfolio.codes("loans", "circle_id").astype(np.int64)
    borrower = portfolio.codes("loans", "borrower_id")
    owed = pd.Series(owed_by_loan(portfolio)).groupby(in_circle << 32 | borrower).sum()
    keys = circle.astype(np.int64) << 32 | member
    return owed.reindex(keys, fill_value=0).to_numpy(dtype=np.int64)
