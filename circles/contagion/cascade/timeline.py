"""A cascade as it goes on: after each round, who has failed, who has paid, and what nobody paid so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.settlement import build_obligations
from circles.settlement.ledger import pack_rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.cascade.cascade import Cascade
    from circles.portfolio import Portfolio
    from circles.settlement import Obligations

NEVER = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timeline:
    """A cascade round by round.

    Attributes
    ----------
    rounds
        Frame, one row a round from 0 on: ``round, failed`` (members that fail in it), ``failed_so_far``,
        ``paid_so_far_fen`` (by guarantors), ``unpaid_so_far_fen`` (of the loans of all that failed so far, what is left
        after recoveries, deposits and payments up to this round; in the last row the bank's loss before the risk pool).
    members
        Frame, one row a member in the order of ids: ``member_id, failed_round, paid_round`` (of the first payment),
        ``hurt_round`` (of the first trade loss); −1 for never.
    """

    rounds: pd.DataFrame
    members: pd.DataFrame


def trace_rounds(portfolio: Portfolio, cascade: Cascade) -> Timeline:
    """Tell a cascade round by round.

    Parameters
    ----------
    portfolio
        The one that the cascade was run on.

    Raises
    ------
    InputError
        If the cascade was run on another portfolio.
    """
    if cascade.portfolio_digest != portfolio.digest():
        msg = "the cascade was run on another portfolio; give the one that it was run on"
        raise InputError(msg)
    obligations = build_obligations(portfolio)
    failed = cascade.members["round"].fillna(NEVER).to_numpy(dtype=np.int64)
    payments = cascade.payments
    last = int(max(failed.max(initial=0), payments["round"].max() if len(payments) else 0)) + 1
    shortfall = _list_shortfalls(obligations, cascade, failed)
    unpaid, paid = _sum_unpaid(obligations, cascade, failed, shortfall, last=last)
    unpaid[-1] = cascade.bank_loss_fen + cascade.risk_pool_used_fen
    if last > 1 and abs(unpaid[-1] - unpaid[-2]) <= len(payments) + len(cascade.pools):  # only rounding is left
        unpaid, paid, last = np.append(unpaid[:-2], unpaid[-1]), paid[:-1], last - 1
    fallen = np.bincount(failed[failed >= 0], minlength=last + 1)[: last + 1]
    return Timeline(
        rounds=pd.DataFrame(
            {
                "round": np.arange(last + 1),
                "failed": fallen,
                "failed_so_far": np.cumsum(fallen),
                "paid_so_far_fen": paid,
                "unpaid_so_far_fen": unpaid,
            }
        ),
        members=pd.DataFrame(
            {
                "member_id": cascade.members["member_id"],
                "failed_round": failed,
                "paid_round": _find_payers(cascade),
                "hurt_round": _find_hurt(obligations, cascade, failed),
            }
        ),
    )


def _list_shortfalls(obligations: Obligations, cascade: Cascade, failed: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give what each loan's borrower leaves unpaid by itself, fen; shape (loans,)."""
    rules = pack_rules(obligations, cascade.terms)
    means = rules.failures[rules.kind]
    later = np.where(means["falls_due"] == 1, means["lost_later"], 0.0)
    lost = np.where(failed == 0, means["lost_first"], np.where(failed > 0, later, 0.0))
    return obligations.loans.exposure * lost[obligations.loans.borrower]


def _sum_unpaid(
    obligations: Obligations,
    cascade: Cascade,
    failed: NDArray[np.int64],
    shortfall: NDArray[np.float64],
    *,
    last: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give, after each round, what is unpaid of the loans of the failed, and what guarantors have paid."""
    loans, deposit = obligations.loans, np.append(obligations.pools.deposit, 0.0)
    when = failed[loans.borrower]
    pool = np.where(loans.pool >= 0, loans.pool, len(deposit) - 1)
    due, unpaid, paid = np.zeros(len(deposit)), np.zeros(last + 1), np.zeros(last + 1)
    payments = cascade.payments
    for now in range(last + 1):
        drawn = np.minimum(due, deposit).sum()  # deposits serve what fell due in earlier rounds
        fell = when == now
        np.add.at(due, pool[fell], shortfall[fell])
        paid[now] = payments.loc[payments["round"] <= now, "amount_fen"].sum()
        unpaid[now] = due.sum() - drawn - paid[now]
    return np.maximum(np.rint(unpaid), 0).astype(np.int64), paid.astype(np.int64)


def _find_payers(cascade: Cascade) -> NDArray[np.int64]:
    made = cascade.payments[cascade.payments["amount_fen"] > 0]
    first = made.groupby("payer_id")["round"].min()
    return cascade.members["member_id"].map(first).fillna(NEVER).to_numpy(dtype=np.int64)


def _find_hurt(obligations: Obligations, cascade: Cascade, failed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say in which round each was hurt: a supplier in the one after the first of its buyers has failed."""
    owed = obligations.receivables
    supplier = np.repeat(np.arange(len(failed)), np.diff(owed.supplier_start))
    when = np.where(failed[owed.buyer] >= 0, failed[owed.buyer] + 1, np.iinfo(np.int64).max)
    first = np.full(len(failed), np.iinfo(np.int64).max)
    np.minimum.at(first, supplier, when)
    return np.where(cascade.members["trade_loss_fen"].to_numpy() > 0, first, NEVER)
