"""Keeping rounded payments within what each payer has.

Payments are rounded pool by pool, so a member that pays into several pools may end up a fen above or below what it
has. Each such fen is moved to another payer of the same pool, and to the bank only where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.fen_groups import sum_by
from circles.settlement.ledger import CALLED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Obligations
    from circles.settlement.settlement import Settlement


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Payers:
    """The payments being repaired; the arrays change in place."""

    obligations: Obligations
    entry_paid: NDArray[np.int64]
    pool_loss: NDArray[np.int64]
    member_paid: NDArray[np.int64]
    pays: NDArray[np.bool_]
    exact: NDArray[np.bool_]


def repair_payers(
    obligations: Obligations, settlement: Settlement, *, entry_paid: NDArray[np.int64], pool_loss: NDArray[np.int64]
) -> None:
    """Bring every payer's rounded payments within its resources, changing the two arrays in place.

    Parameters
    ----------
    obligations, settlement
        What was settled, and how.
    entry_paid
        Shape (entries,), whole fen by guarantor entry.
    pool_loss
        Shape (pools,), whole fen.

    Notes
    -----
    A member brought down by a call, without trade losses, has paid all its resources; every payer at most them.
    """
    pools, resources = obligations.pools, obligations.resources.astype(np.int64)
    spent = np.zeros(len(resources), dtype=np.bool_)
    spent[pools.member[settlement.entry[settlement.paid > 0.0]]] = True
    payers = _Payers(
        obligations=obligations,
        entry_paid=entry_paid,
        pool_loss=pool_loss,
        member_paid=sum_by(pools.member, entry_paid, len(resources)),
        pays=sum_by(settlement.entry, settlement.paid, len(pools.cap)) > 0.0,
        exact=spent & (settlement.cause == CALLED) & (settlement.trade_loss == 0.0),
    )
    gap = resources - payers.member_paid
    for member in np.flatnonzero((gap < 0) | (payers.exact & (gap > 0))):
        for _ in range(abs(int(gap[member]))):
            _shift_fen(payers, int(member), int(np.sign(gap[member])))


def _shift_fen(payers: _Payers, member: int, step: int) -> None:
    """Let a member pay one fen more (step 1) or less (−1)."""
    pools = payers.obligations.pools
    entries = pools.member_entry[pools.member_start[member] : pools.member_start[member + 1]]
    entries = entries[payers.pays[entries]]
    entries = entries[payers.entry_paid[entries] >= max(0, -step)]
    for entry in entries:
        partner = _find_partner(payers, int(entry), step)
        if partner >= 0:
            _pay_more(payers, int(entry), step)
            _pay_more(payers, partner, -step)
            return
    for entry in entries:
        if payers.pool_loss[pools.pool[entry]] >= step:
            _pay_more(payers, int(entry), step)
            payers.pool_loss[pools.pool[entry]] -= step
            return


def _find_partner(payers: _Payers, entry: int, step: int) -> int:
    """Find another payer of the same pool that can pay that much less or more; −1 if there is none."""
    pools = payers.obligations.pools
    pool = pools.pool[entry]
    others = np.arange(pools.start[pool], pools.start[pool + 1])
    able = payers.pays[others] & ~payers.exact[pools.member[others]] & (others != entry)
    after = payers.entry_paid[others] - step
    left = payers.obligations.resources[pools.member[others]] - payers.member_paid[pools.member[others]] + step
    able &= (after >= 0) & (after <= pools.cap[others]) & (left >= 0)
    found = np.flatnonzero(able)
    return int(others[found[0]]) if len(found) else -1


def _pay_more(payers: _Payers, entry: int, step: int) -> None:
    payers.entry_paid[entry] += step
    payers.member_paid[payers.obligations.pools.member[entry]] += step
