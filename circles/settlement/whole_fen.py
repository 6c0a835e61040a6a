"""A settlement in whole fen: the parts are rounded, every total is a sum of rounded parts, and the law still holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import ConservationError
from circles.settlement.fen_groups import round_groups, sum_by
from circles.settlement.fen_repair import repair_payers
from circles.settlement.ledger import FIRST, mark_cross_default

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Obligations
    from circles.settlement.settlement import Settlement
    from circles.settlement.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WholeFen:
    """A settlement's amounts in whole fen (int64).

    ``exposure = recovered + Σ pool_deposit_used + Σ paid + risk_pool_used + bank_loss`` holds exactly, and for each
    pool ``shortfall = deposit_used + paid + loss``.

    Attributes
    ----------
    loan_shortfall
        Shape (loans,): what the borrower leaves unpaid of a loan that fell due.
    pool_shortfall, pool_deposit_used, pool_paid, pool_loss
        Shape (pools,).
    entry, call_round, paid
        Shape (payments,): guarantor entry, round, fen; only payments above 0.
    exposure, recovered, unsecured_loss, risk_pool_used, bank_loss
        Fen.
    """

    loan_shortfall: NDArray[np.int64]
    pool_shortfall: NDArray[np.int64]
    pool_deposit_used: NDArray[np.int64]
    pool_paid: NDArray[np.int64]
    pool_loss: NDArray[np.int64]
    entry: NDArray[np.int64]
    call_round: NDArray[np.int64]
    paid: NDArray[np.int64]
    exposure: int
    recovered: int
    unsecured_loss: int
    risk_pool_used: int
    bank_loss: int


def round_settlement(obligations: Obligations, settlement: Settlement, terms: Terms) -> WholeFen:
    """Round a settlement to whole fen.

    Recoveries are rounded by largest remainder inside each pool, then payments inside each pool (ties to the earlier
    id), so that a pool that was paid in full stays so. No member pays more than it has, and one that paid its whole
    cash still does: where rounding would break that, a fen moves to another payer of the same pool, else to the bank.

    Raises
    ------
    ConservationError
        If the rounded figures do not add up (a defect).
    """
    loans, pools = obligations.loans, obligations.pools
    called = find_called_loans(obligations, settlement, terms)
    shortfall = _round_shortfalls(obligations, settlement, terms, called=called)
    pool_shortfall = sum_by(loans.pool, shortfall, len(pools.ids))
    deposit_used = np.minimum(pools.deposit.astype(np.int64), pool_shortfall)
    paid, pool_loss = _round_payments(obligations, settlement, pool_shortfall - deposit_used)
    kept = paid > 0
    exposure = int(loans.exposure[called].sum())
    unsecured_loss = int(shortfall[loans.pool < 0].sum())
    gross = int(pool_loss.sum()) + unsecured_loss
    risk_pool_used = min(int(terms.risk_pool_fen), gross)
    whole = WholeFen(
        loan_shortfall=shortfall,
        pool_shortfall=pool_shortfall,
        pool_deposit_used=deposit_used,
        pool_paid=sum_by(pools.pool[settlement.entry], paid, len(pools.ids)),
        pool_loss=pool_loss,
        entry=settlement.entry[kept],
        call_round=settlement.call_round[kept],
        paid=paid[kept],
        exposure=exposure,
        recovered=exposure - int(shortfall.sum()),
        unsecured_loss=unsecured_loss,
        risk_pool_used=risk_pool_used,
        bank_loss=gross - risk_pool_used,
    )
    _assert_law(whole)
    return whole


def find_called_loans(obligations: Obligations, settlement: Settlement, terms: Terms) -> NDArray[np.bool_]:
    """Say of each loan, shape (loans,), whether it fell due: its borrower failed, first or under cross-default."""
    fell = (settlement.cause == FIRST) | ((settlement.round >= 0) & mark_cross_default(obligations, terms))
    called: NDArray[np.bool_] = fell[obligations.loans.borrower]
    return called


def find_recovered(
    obligations: Obligations, settlement: Settlement, terms: Terms, *, called: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Give what each borrower still pays on a loan that fell due, unrounded fen; shape (loans,)."""
    borrower = obligations.loans.borrower
    own, first = obligations.recovery[borrower], settlement.cause[borrower] == FIRST
    rate = np.where(np.isnan(own), np.where(first, terms.recovery_rate, terms.contagious), own)
    recovered: NDArray[np.float64] = np.where(called, obligations.loans.exposure * rate, 0.0)
    return recovered


def _round_shortfalls(
    obligations: Obligations, settlement: Settlement, terms: Terms, *, called: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Round what is recovered on each called loan inside its pool, and give the rest."""
    loans = obligations.loans
    recovered = find_recovered(obligations, settlement, terms, called=called)
    group = loans.pool.astype(np.int64) + 1
    totals = np.rint(sum_by(group, recovered, len(obligations.pools.ids) + 1)).astype(np.int64)
    whole = np.where(called, loans.exposure.astype(np.int64), 0)
    return whole - round_groups(recovered, group, totals)


def _round_payments(
    obligations: Obligations, settlement: Settlement, due: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Round the payments, and give them with what each pool's loss then is."""
    pools, entry = obligations.pools, settlement.entry
    by_entry = sum_by(entry, settlement.paid, len(pools.cap))
    by_pool = np.rint(sum_by(pools.pool, by_entry, len(pools.ids))).astype(np.int64)
    total = np.where(settlement.pool_loss > 0.0, np.minimum(by_pool, due), due)
    entry_paid = round_groups(by_entry, pools.pool.astype(np.int64), total)
    pool_loss = due - total
    repair_payers(obligations, settlement, entry_paid=entry_paid, pool_loss=pool_loss)
    return round_groups(settlement.paid, entry, entry_paid), pool_loss


def _assert_law(whole: WholeFen) -> None:
    used = int(whole.pool_deposit_used.sum()) + int(whole.paid.sum()) + whole.risk_pool_used
    pools_hold = (whole.pool_shortfall == whole.pool_deposit_used + whole.pool_paid + whole.pool_loss).all()
    parts = [whole.loan_shortfall, whole.pool_loss, whole.pool_paid, whole.paid]
    signs = all((part >= 0).all() for part in parts)
    if whole.exposure != whole.recovered + used + whole.bank_loss or not pools_hold or not signs:
        msg = f"rounded figures do not add up: {whole.exposure} called, {whole.recovered} recovered, {used} paid, "
        raise ConservationError(msg + f"{whole.bank_loss} lost")
