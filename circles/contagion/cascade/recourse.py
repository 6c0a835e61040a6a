"""Recourse (追偿): for whose debts each guarantor paid, and what it may now claim from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.cascade.debts import count_up, expand_groups, find_outstanding
from circles.contagion.cascade.infection import join_names
from circles.contagion.cascade.serving_kernel import Columns, serve_in_turn
from circles.settlement.fen_groups import round_groups, sum_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.cascade.debts import Debts
    from circles.settlement import Obligations, Terms, WholeFen

BORROWER, GUARANTOR = "borrower", "co_guarantor"
NOBODY = -1
_KEYS = ["creditor_id", "debtor_id", "pool_id", "claim"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shares:
    """Payments divided over the debts that they served, by debt, then guarantor entry.

    Attributes
    ----------
    debt, entry
        Shape (shares,): positions among the `Debts` and the guarantor entries of the obligations.
    amount
        Shape (shares,), whole fen above 0.
    """

    debt: NDArray[np.int64]
    entry: NDArray[np.int64]
    amount: NDArray[np.int64]


def share_payments(obligations: Obligations, debts: Debts, whole: WholeFen, terms: Terms) -> Shares:
    """Divide what each guarantor paid over the debts outstanding when it paid, pro rata to what was left of each.

    Deposits served what was outstanding when they were drawn, before any guarantor. A debt is never served beyond its
    amount. Under the threshold settlement all are served at the same time.
    """
    pool, entry = obligations.pools.pool[whole.entry].astype(np.int64), whole.entry
    called = np.zeros_like(debts.called_round) if terms.settlement == "threshold" else debts.called_round
    drawn = _draw_deposits(obligations, debts)
    last = np.zeros(len(obligations.pools.cap), dtype=np.int64)
    np.maximum.at(last, entry, whole.call_round)
    groups = np.concatenate([debts.pool, pool])
    when = np.concatenate([called, whole.call_round])
    turn = np.concatenate([np.full(len(drawn), -1), last[entry]])  # who pays no more later cannot serve later debts
    who = np.concatenate([np.full(len(drawn), NOBODY), entry])
    order = np.lexsort((who, turn, when, groups))
    sources = Columns(
        start=count_up(groups, len(obligations.pools.ids)),
        when=when[order],
        member=np.where(who == NOBODY, NOBODY, obligations.pools.member[who])[order].astype(np.int64),
        amount=np.concatenate([drawn, whole.paid])[order],
    )
    owed = Columns(start=debts.start, when=called, member=debts.borrower, amount=debts.amount.copy())
    shares = serve_in_turn(sources, owed)
    return _sum_shares(shares, who[order][shares["source"]], entries=len(last))


def name_borrowers(obligations: Obligations, debts: Debts, whole: WholeFen) -> NDArray[Any]:
    """Give the ids of the borrowers for whom each payment was made, in order and joined by ";"; shape (payments,)."""
    pools = obligations.pools
    calls, place = np.unique(whole.call_round * len(pools.ids) + pools.pool[whole.entry], return_inverse=True)
    when, pool = np.divmod(calls, max(len(pools.ids), 1))
    call, debt = find_outstanding(debts, pool, when)
    pairs = np.unique(np.stack([call, debts.borrower[debt]], axis=1), axis=0)
    return join_names(obligations.members, pairs, count=len(calls))[place]


def frame_recourse(obligations: Obligations, debts: Debts, shares: Shares) -> pd.DataFrame:
    """Tabulate what guarantors may claim; columns as in `Cascade.recourse`."""
    of_borrowers = _tabulate(obligations, shares.entry, debts.borrower[shares.debt], shares.amount, claim=BORROWER)
    rows = pd.concat([of_borrowers, _claim_from_guarantors(obligations, debts, shares)])
    return rows.sort_values(_KEYS, kind="stable").reset_index(drop=True)


def _draw_deposits(obligations: Obligations, debts: Debts) -> NDArray[np.int64]:
    """Give what each debt makes its pool's deposit pay, whichever debts that serves; shape (debts,)."""
    deposit, before = obligations.pools.deposit[debts.pool].astype(np.int64), np.cumsum(debts.amount) - debts.amount
    before -= before[debts.start[debts.pool]]
    return np.minimum(deposit, before + debts.amount) - np.minimum(deposit, before)


def _sum_shares(shares: Any, entry: NDArray[np.int64], *, entries: int) -> Shares:
    """Add up guarantors' shares by debt and entry; deposits' shares are nobody's claim."""
    kept = (entry != NOBODY) & (shares["amount"] > 0)
    keys, place = np.unique(shares["debt"][kept] * entries + entry[kept], return_inverse=True)
    debt, of_entry = np.divmod(keys, max(entries, 1))
    return Shares(debt=debt, entry=of_entry, amount=sum_by(place, shares["amount"][kept], len(keys)))


def _claim_from_guarantors(obligations: Obligations, debts: Debts, shares: Shares) -> pd.DataFrame:
    """Whoever paid more than an equal part of a debt may claim the excess from its other guarantors that paid less.

    Parts are equal among all guarantors of the debt but its borrower, whether they paid, could not or would not, up to
    their caps. What cannot be divided evenly is the part of those who paid most.
    """
    pools = obligations.pools
    claimed = np.unique(shares.debt)
    owner, entry = expand_groups(pools.start, debts.pool[claimed])
    others = pools.member[entry] != debts.borrower[claimed[owner]]
    owner, entry = owner[others], entry[others]
    paid = np.zeros(len(owner), dtype=np.int64)
    paid[np.searchsorted(owner * len(pools.cap) + entry, _keys_of(shares, claimed, len(pools.cap)))] = shares.amount
    order = np.lexsort((entry, -paid, owner))
    owner, entry, paid = owner[order], entry[order], paid[order]
    over = paid - _level(paid, owner, pools.cap[entry], count=len(claimed))
    above, below = np.flatnonzero(over > 0), np.flatnonzero(over < 0)
    columns = [
        Columns(
            start=count_up(owner[rows], len(claimed)),
            when=np.zeros(len(rows), dtype=np.int64),
            member=pools.member[entry[rows]].astype(np.int64),
            amount=np.abs(over[rows]),
        )
        for rows in (above, below)
    ]
    found = serve_in_turn(*columns)
    members = len(obligations.members)
    keys = entry[above[found["source"]]] * members + columns[1].member[found["debt"]]
    pairs, place = np.unique(keys, return_inverse=True)
    amount = sum_by(place, found["amount"], len(pairs))
    return _tabulate(obligations, pairs // members, pairs % members, amount, claim=GUARANTOR)


def _keys_of(shares: Shares, claimed: NDArray[np.int64], entries: int) -> NDArray[np.int64]:
    return np.searchsorted(claimed, shares.debt) * entries + shares.entry


def _level(
    paid: NDArray[np.int64], debt: NDArray[np.int64], cap: NDArray[np.float64], *, count: int
) -> NDArray[np.int64]:
    """Give what each guarantor of a debt would have borne had all borne the same, no one more than its cap; fen."""
    part, totals = np.zeros(len(paid)), sum_by(debt, paid, count)
    rest, is_open = totals.astype(np.float64), np.ones(len(paid), dtype=np.bool_)
    while is_open.any() and rest.max() > 0:
        level = rest / np.maximum(1, np.bincount(debt[is_open], minlength=count))
        bound = is_open & (cap <= level[debt])
        full = np.isin(debt, debt[bound])
        taken = np.where(bound, cap, np.where(is_open & ~full, level[debt], 0.0))
        part += taken
        rest -= np.bincount(debt, weights=taken, minlength=count)
        is_open &= full & ~bound
        rest[np.bincount(debt[is_open], minlength=count) == 0] = 0.0
    return round_groups(part, debt, totals)


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
