"""Recourse (追偿): for whose debts each guarantor paid, and what it may now claim from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.cascade.infection import expand_groups, join_names
from circles.settlement.fen_groups import round_groups, sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement import Obligations, Settlement, WholeFen

BORROWER, GUARANTOR = "borrower", "co_guarantor"
_KEYS = ["creditor_id", "debtor_id", "pool_id", "claim"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """Payments divided over the borrowers for whom they were made.

    Attributes
    ----------
    payment, borrower
        Shape (shares,): which payment, in the order of `WholeFen`, and position of the borrower.
    amount
        Shape (shares,), whole fen above 0; those of one payment add up to it.
    """

    payment: NDArray[np.int64]
    borrower: NDArray[np.int64]
    amount: NDArray[np.int64]


def share_payments(obligations: Obligations, settlement: Settlement, whole: WholeFen) -> Shares:
    """Divide each payment over the borrowers whose shortfalls its pool called for, pro rata to these.

    A pool calls for the loans that fell due before the round of the payment; its deposit is taken to have served all
    of them alike.
    """
    loans, pool = obligations.loans, obligations.pools.pool[whole.entry].astype(np.int64)
    due = np.flatnonzero((whole.loan_shortfall > 0) & (loans.pool >= 0))
    due = due[np.argsort(loans.pool[due], kind="stable")]
    sizes = np.bincount(loans.pool[due], minlength=len(obligations.pools.ids))
    payment, row = expand_groups(np.concatenate([[0], np.cumsum(sizes)]), pool)
    borrower = loans.borrower[due[row]].astype(np.int64)
    called = settlement.round[borrower] < whole.call_round[payment]
    called |= (np.bincount(payment[called], minlength=len(pool)) == 0)[
        payment
    ]  # a fen may be rounded ahead of its loan
    payment, borrower, shortfall = payment[called], borrower[called], whole.loan_shortfall[due[row[called]]]
    asked = np.bincount(payment, weights=shortfall, minlength=len(pool))
    amount = round_groups(whole.paid[payment] * (shortfall / asked[payment]), payment, whole.paid)
    paid = amount > 0
    return Shares(payment=payment[paid], borrower=borrower[paid], amount=amount[paid])


def name_borrowers(obligations: Obligations, shares: Shares, *, payments: int) -> NDArray[Any]:
    """Give the ids of the borrowers for whom each payment was made, in order and joined by ";"; shape (payments,)."""
    pairs = np.unique(np.stack([shares.payment, shares.borrower], axis=1), axis=0)
    return join_names(obligations.members, pairs, count=payments)


def frame_recourse(obligations: Obligations, shares: Shares, whole: WholeFen) -> pd.DataFrame:
    """Tabulate what guarantors may claim; columns as in `Cascade.recourse`."""
    rows = pd.concat([_claim_from_borrowers(obligations, shares, whole), _claim_from_guarantors(obligations, whole)])
    return rows.sort_values(_KEYS, kind="stable").reset_index(drop=True)


def _claim_from_borrowers(obligations: Obligations, shares: Shares, whole: WholeFen) -> pd.DataFrame:
    """Whoever paid may claim all of it from the borrower."""
    entry = whole.entry[shares.payment]
    rows = _tabulate(obligations, entry, shares.borrower, shares.amount, claim=BORROWER)
    return rows.groupby(_KEYS, sort=False, as_index=False)["amount_fen"].sum()


def _claim_from_guarantors(obligations: Obligations, whole: WholeFen) -> pd.DataFrame:
    """Whoever paid more than an equal part may claim the excess from those of the same pool who paid less.

    Parts are equal among those who paid anything, up to their caps.
    """
    pools = obligations.pools
    paid = sum_by(whole.entry, whole.paid, len(pools.cap))
    payer = np.flatnonzero(paid > 0)
    pool = pools.pool[payer].astype(np.int64)
    over = paid[payer] - _level(paid[payer], pool, pools.cap[payer], count=len(pools.ids))
    above, below = np.flatnonzero(over > 0), np.flatnonzero(over < 0)
    sizes = np.bincount(pool[below], minlength=len(pools.ids))
    owner, row = expand_groups(np.concatenate([[0], np.cumsum(sizes)]), pool[above])
    short = -over[below[row]]
    missing = np.bincount(owner, weights=short, minlength=len(above))
    amount = round_groups(over[above[owner]] * (short / missing[owner]), owner, over[above])
    debtor = pools.member[payer[below[row]]].astype(np.int64)
    return _tabulate(obligations, payer[above[owner]], debtor, amount, claim=GUARANTOR).query("amount_fen > 0")


def _level(
    paid: NDArray[np.int64], pool: NDArray[np.int64], cap: NDArray[np.float64], *, count: int
) -> NDArray[np.int64]:
    """Give what each payer of a pool would have borne had all borne the same, no one more than its cap; whole fen."""
    part, totals = np.zeros(len(paid)), sum_by(pool, paid, count)
    rest, is_open = totals.astype(np.float64), np.ones(len(paid), dtype=np.bool_)
    while is_open.any() and rest.max() > 0:
        level = rest / np.maximum(1, np.bincount(pool[is_open], minlength=count))
        bound = is_open & (cap <= level[pool])
        full = np.isin(pool, pool[bound])
        taken = np.where(bound, cap, np.where(is_open & ~full, level[pool], 0.0))
        part += taken
        rest -= np.bincount(pool, weights=taken, minlength=count)
        is_open &= full & ~bound
        rest[np.bincount(pool[is_open], minlength=count) == 0] = 0.0
    return round_groups(part, pool, totals)


def _tabulate(
    obligations: Obligations,
    entry: NDArray[np.int64],
    debtor: NDArray[np.int64],
    amount: NDArray[np.int64],
    *,
    claim: str,
) -> pd.DataFrame:
    pools = obligations.pools
    return pd.DataFrame(
        {
            "creditor_id": pd.Series(obligations.members[pools.member[entry]], dtype="str"),
            "debtor_id": pd.Series(obligations.members[debtor], dtype="str"),
            "pool_id": pd.Series(pools.ids[pools.pool[entry]], dtype="str"),
            "claim": pd.Series(np.full(len(entry), claim, dtype=object), dtype="str"),
            "amount_fen": amount.astype(np.int64),
        }
    )
