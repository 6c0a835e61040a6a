"""What failed borrowers left unpaid in each pool, and in which rounds it was outstanding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.cascade.serving_kernel import NEVER, Columns, find_settled
from circles.settlement.whole_fen import find_called_loans, find_recovered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement import Obligations, Settlement, Terms, WholeFen

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]"]
"""Positions of one thing, and of another that belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Debts:
    """What failed borrowers left unpaid of their loans: one row a pool and borrower, by pool, round and borrower.

    Attributes
    ----------
    start
        Shape (pools + 1,): pool p's rows are ``start[p]:start[p + 1]``.
    pool, borrower
        Shape (debts,): positions.
    called_round, settled_round
        Shape (debts,): the round from which on it is outstanding, and the one in which it was paid in full: the
        first at whose end the pool had nothing outstanding; a round that never comes if none was. Under the threshold
        settlement, where everything is settled at the same time, always that one.
    amount
        Shape (debts,), whole fen.
    """

    start: NDArray[np.int64]
    pool: NDArray[np.int64]
    borrower: NDArray[np.int64]
    called_round: NDArray[np.int64]
    settled_round: NDArray[np.int64]
    amount: NDArray[np.int64]


def list_debts(obligations: Obligations, settlement: Settlement, whole: WholeFen, terms: Terms) -> Debts:
    """List what failed borrowers left unpaid of their loans in pools.

    Parameters
    ----------
    obligations, settlement, whole, terms
        What was settled, how it ended, in whole fen, and on which terms.
    """
    loans = obligations.loans
    called = find_called_loans(obligations, settlement, terms)
    unpaid = np.where(called, loans.exposure, 0.0) - find_recovered(obligations, settlement, terms, called=called)
    due = np.flatnonzero((unpaid > 0.0) & (loans.pool >= 0))
    when = settlement.round[loans.borrower[due]].astype(np.int64) + 1
    order = np.lexsort((loans.borrower[due], when, loans.pool[due]))
    due, when = due[order], when[order]
    pool, borrower = loans.pool[due].astype(np.int64), loans.borrower[due].astype(np.int64)
    new = np.flatnonzero(np.diff(pool, prepend=-1) | np.diff(borrower, prepend=-1))
    rows = Columns(
        start=count_up(pool[new], len(obligations.pools.ids)),
        when=when[new],
        member=borrower[new],
        amount=np.add.reduceat(whole.loan_shortfall[due], new) if len(new) else np.zeros(0, np.int64),
    )
    exact = np.add.reduceat(unpaid[due], new) if len(new) else np.zeros(0)
    settled = np.full(len(new), NEVER)
    if terms.settlement == "waterfall":
        settled = _find_settled(obligations, settlement, rows, exact)
    return Debts(
        start=rows.start,
        pool=pool[new],
        borrower=rows.member,
        called_round=rows.when,
        settled_round=settled,
        amount=rows.amount,
    )


def find_outstanding(debts: Debts, pool: NDArray[np.int64], when: NDArray[np.int64]) -> Pairs:
    """Find what was outstanding when pools called: pairs of a position in `pool` and one of a debt.

    Parameters
    ----------
    debts
        All debts.
    pool, when
        Shape (calls,): the pool, and the round in which it called.
    """
    call, debt = expand_groups(debts.start, pool)
    kept = (debts.called_round[debt] <= when[call]) & (debts.settled_round[debt] >= when[call])
    return call[kept], debt[kept]


def expand_groups(start: NDArray[np.int64], chosen: NDArray[np.int64]) -> Pairs:
    """Give, for each chosen group, its rows: the position in `chosen` and the row."""
    sizes = start[chosen + 1] - start[chosen]
    owner = np.repeat(np.arange(len(chosen)), sizes)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner, start[chosen][owner] + offset


def count_up(groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Say where each of `count` groups starts among rows in their order; shape (count + 1,)."""
    return np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))])


def _find_settled(
    obligations: Obligations, settlement: Settlement, debts: Columns, unpaid: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Compare, pool by pool and round by round, what was called with what was paid, in unrounded fen."""
    pools = obligations.pools
    pool = pools.pool[settlement.entry].astype(np.int64)
    order = np.lexsort((settlement.call_round, pool))
    payments = Columns(
        start=count_up(pool[order], len(pools.ids)),
        when=settlement.call_round[order].astype(np.int64),
        member=np.zeros(0, np.int64),
        amount=np.zeros(0, np.int64),
    )
    return find_settled(debts, unpaid, payments, settlement.paid[order], pools.deposit)
