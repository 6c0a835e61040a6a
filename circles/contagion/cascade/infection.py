"""Who failed because of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circles.contagion.cascade.debts import expand_groups, find_outstanding
from circles.errors import InputError
from circles.settlement.ledger import CALLED, REFUSED, UNPAID

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.contagion.cascade.debts import Debts, Pairs
    from circles.settlement import Obligations, Settlement, Terms

_PATH = ["round", "member_id", "state", "cause", "hit_by", "called_fen", "paid_fen", "trade_loss_fen"]


def pair_hitters(obligations: Obligations, settlement: Settlement, debts: Debts, *, terms: Terms) -> NDArray[np.int64]:
    """Say for each failed member which failures cost it something in the round in which it failed.

    Those are the borrowers whose loans were outstanding in a pool that called it in that round, unless trade losses
    alone brought it down, and the buyers whose failure reached it in that round. Under the threshold settlement,
    where all counts at once, "in that round" is "up to that round".

    Returns
    -------
    Shape (pairs, 2), ascending: position of the member, and of what hit it; none for first defaulters and the live.
    """
    pairs = _pair_pools(obligations, settlement, terms)
    called = _pair_borrowers(obligations, settlement, debts, terms=terms, pairs=pairs)
    unpaid = _pair_buyers(obligations, settlement, terms)
    return np.unique(np.concatenate([np.stack(called, axis=1), np.stack(unpaid, axis=1)]), axis=0)


def join_names(names: NDArray[Any], pairs: NDArray[np.int64], *, count: int) -> NDArray[Any]:
    """Join, for each of `count` groups, the names that ascending pairs (group, name) give it by ";"; empty for none."""
    joined = np.full(count, "", dtype=object)
    for group in np.split(pairs, np.flatnonzero(np.diff(pairs[:, 0])) + 1):
        if len(group):
            joined[group[0, 0]] = ";".join(names[group[:, 1]])
    return joined


def trace_path(members: pd.DataFrame, pairs: NDArray[np.int64], member: str) -> pd.DataFrame:
    """Follow a member's failure back to the first defaulters; columns and errors as in `Cascade.why`."""
    found = np.flatnonzero(members["member_id"] == member)
    if len(found) == 0:
        msg = f"{member!r} is no member of the portfolio"
        raise InputError(msg)
    path, newest = found, found
    while len(newest):
        newest = np.setdiff1d(pairs[np.isin(pairs[:, 0], newest), 1], path)
        path = np.concatenate([path, newest])
    rows = members.iloc[np.sort(path)].sort_values("round", kind="stable")
    return rows[_PATH].reset_index(drop=True)


def _pair_pools(obligations: Obligations, settlement: Settlement, terms: Terms) -> Pairs:
    """Pair each member brought down by calls with the pools that called it then."""
    pools, brought = obligations.pools, np.isin(settlement.cause, (CALLED, REFUSED))
    if terms.settlement == "waterfall":
        member = pools.member[settlement.entry].astype(np.int64)
        last = (settlement.call_round == settlement.round[member]) & brought[member]
        return member[last], pools.pool[settlement.entry[last]].astype(np.int64)
    fallen = np.flatnonzero(brought)
    owner, row = expand_groups(pools.member_start, fallen)
    return fallen[owner], pools.pool[pools.member_entry[row]].astype(np.int64)


def _pair_borrowers(
    obligations: Obligations, settlement: Settlement, debts: Debts, *, terms: Terms, pairs: Pairs
) -> Pairs:
    """Pair members with the borrowers whose loans were outstanding in the pools that called.

    Under the threshold settlement a pool calls for all of them if its deposit does not cover them.
    """
    member, pool = pairs
    call, debt = find_outstanding(debts, pool, settlement.round[member].astype(np.int64))
    if terms.settlement == "threshold":
        asked = np.bincount(call, weights=debts.amount[debt], minlength=len(pool))
        short = (asked > obligations.pools.deposit[pool])[call]
        call, debt = call[short], debt[short]
    return member[call], debts.borrower[debt]


def _pair_buyers(obligations: Obligations, settlement: Settlement, terms: Terms) -> Pairs:
    """Pair failed suppliers with the failed buyers that owed them money."""
    receivables = obligations.receivables
    fallen = np.flatnonzero(np.isin(settlement.cause, (CALLED, REFUSED, UNPAID)))
    owner, row = expand_groups(receivables.supplier_start, fallen)
    supplier, buyer = fallen[owner], receivables.buyer[row].astype(np.int64)
    lost = receivables.buyer_amount[row] * (1.0 - terms.receivable_recovery_rate) > 0.0
    when = settlement.round[buyer]
    if terms.settlement == "waterfall":
        lost &= when == settlement.round[supplier] - 1
    lost &= (when >= 0) & (when < settlement.round[supplier])
    return supplier[lost], buyer[lost]
