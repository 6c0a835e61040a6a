"""Who owes what to whom, as arrays: the loans, the pools that guarantee them, and trade credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Loans:
    """Loans in the order of borrower, then loan id.

    Attributes
    ----------
    ids
        Shape (loans,), text.
    borrower
        Shape (loans,), int32: position among the members.
    exposure
        Shape (loans,), fen as float64: balance + accrued interest.
    pool
        Shape (loans,), int32: position among the pools, −1 for an unsecured loan.
    start
        Shape (members + 1,), int64: member i's loans are ``start[i]:start[i + 1]``.
    """

    ids: NDArray[Any]
    borrower: NDArray[np.int32]
    exposure: NDArray[np.float64]
    pool: NDArray[np.int32]
    start: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pools:
    """Pools in the order of their ids, and their guarantors: one entry a pool and guarantor, by pool, then member.

    Attributes
    ----------
    ids
        Shape (pools,), text: ``borrower:ID``, ``circle:ID`` or ``loan:ID``.
    deposit
        Shape (pools,), fen as float64.
    start
        Shape (pools + 1,), int64: pool p's entries are ``start[p]:start[p + 1]``.
    pool, member
        Shape (entries,), int32: the entry's pool and guarantor.
    cap
        Shape (entries,), fen as float64: the most this guarantor pays into this pool; infinite without a cap.
    own_loan
        Shape (entries,), fen as float64: the guarantor's own loans in the pool.
    member_start, member_entry
        Shape (members + 1,) int64 and (entries,) int32: member i's entries are
        ``member_entry[member_start[i]:member_start[i + 1]]``.
    """

    ids: NDArray[Any]
    deposit: NDArray[np.float64]
    start: NDArray[np.int64]
    pool: NDArray[np.int32]
    member: NDArray[np.int32]
    cap: NDArray[np.float64]
    own_loan: NDArray[np.float64]
    member_start: NDArray[np.int64]
    member_entry: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Receivables:
    """Trade credit, added up by pair: once by the buyer that owes it and once by the supplier that is owed.

    Attributes
    ----------
    buyer_start, supplier, supplier_amount
        Shapes (members + 1,), (rows,), (rows,): buyer i owes ``supplier_amount[k]`` fen to ``supplier[k]`` for k in
        ``buyer_start[i]:buyer_start[i + 1]``.
    supplier_start, buyer, buyer_amount
        The same rows by supplier: supplier i is owed ``buyer_amount[k]`` fen by ``buyer[k]``.
    """

    buyer_start: NDArray[np.int64]
    supplier: NDArray[np.int32]
    supplier_amount: NDArray[np.float64]
    supplier_start: NDArray[np.int64]
    buyer: NDArray[np.int32]
    buyer_amount: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Obligations:
    """Everything a settlement needs, in the order of ids, so that the order of rows in tables never matters.

    Attributes
    ----------
    members
        Shape (members,), text: member ids, ascending. Every member position below refers to this order.
    rows
        Shape (members,), int64: row of each in the portfolio's members table (``frame.iloc[rows]`` lines up).
    resources
        Shape (members,), fen as float64: what each can pay.
    recovery
        Shape (members,), in [0, 1]: the member's own recovery rate, NaN where the terms' holds.
    loans, pools, receivables
        See their classes.
    """

    members: NDArray[Any]
    rows: NDArray[np.int64]
    resources: NDArray[np.float64]
    recovery: NDArray[np.float64]
    loans: Loans
    pools: Pools
    receivables: Receivables

    def __str__(self) -> str:
        counts = (len(self.members), len(self.loans.ids), len(self.pools.ids), len(self.receivables.supplier))
        return "Obligations of {:,} members: {:,} loans, {:,} pools, {:,} receivables".format(*counts)

    def __repr__(self) -> str:
        return str(self)
