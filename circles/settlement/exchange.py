"""What if: obligations with another member in a pool, or a larger deposit, without building them anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Loans, Obligations, Pools


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One member for another in a pool: who leaves with its loans there, and who joins with a loan of its own.

    Attributes
    ----------
    pool, leaves, joins
        Positions in the obligations.
    exposure, deposit
        What the new loan is worth to the bank, and the pool's deposit afterwards, in fen.
    """

    pool: int
    leaves: int
    joins: int
    exposure: float
    deposit: float


def exchange_member(obligations: Obligations, exchange: Exchange) -> Obligations:
    """Give the obligations with one member in the place of another, as guarantor and as borrower of a pool.

    Parameters
    ----------
    obligations
        Those before; the leaving member has one loan in the pool, the joining one is no guarantor of it.
    exchange
        Who changes places, and what is owed then.

    Notes
    -----
    Two sorts: O(loans + guarantors). Loans keep their ids; within a borrower they keep their order.
    """
    loans = _move_loan(obligations.loans, exchange, members=len(obligations.members))
    pools = replace_deposit(obligations, exchange.pool, exchange.deposit).pools
    return replace(obligations, loans=loans, pools=_move_guarantor(pools, exchange, loans=loans))


def replace_deposit(obligations: Obligations, pool: int, deposit: float) -> Obligations:
    """Give the obligations with another deposit of one pool, in fen."""
    deposits = obligations.pools.deposit.copy()
    deposits[pool] = deposit
    return replace(obligations, pools=replace(obligations.pools, deposit=_freeze(deposits)))


def _move_loan(loans: Loans, exchange: Exchange, *, members: int) -> Loans:
    moved = (loans.pool == exchange.pool) & (loans.borrower == exchange.leaves)
    borrower = np.where(moved, exchange.joins, loans.borrower)
    order = np.argsort(borrower, kind="stable")
    return replace(
        loans,
        ids=_freeze(loans.ids[order]),
        borrower=_freeze(borrower[order].astype(np.int32)),
        exposure=_freeze(np.where(moved, exchange.exposure, loans.exposure)[order]),
        pool=_freeze(loans.pool[order]),
        start=_starts(borrower, members),
    )


def _move_guarantor(pools: Pools, exchange: Exchange, *, loans: Loans) -> Pools:
    count = len(pools.member_start) - 1
    moved = (pools.pool == exchange.pool) & (pools.member == exchange.leaves)
    member = np.where(moved, exchange.joins, pools.member)
    order = np.lexsort((member, pools.pool))
    member = member[order]
    inside = moved[order]
    own = loans.exposure[(loans.pool == exchange.pool) & (loans.borrower == exchange.joins)].sum()
    return replace(
        pools,
        member=_freeze(member.astype(np.int32)),
        cap=_freeze(pools.cap[order]),
        own_loan=_freeze(np.where(inside, own, pools.own_loan[order])),
        member_start=_starts(member, count),
        member_entry=_freeze(np.argsort(member, kind="stable").astype(np.int32)),
    )


def _starts(groups: NDArray[Any], count: int) -> NDArray[np.int64]:
    return _freeze(np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))]).astype(np.int64))


def _freeze(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
