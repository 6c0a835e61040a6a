"""From a portfolio's tables to the arrays that settlements work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from scipy.sparse import coo_array

from circles.errors import InputError
from circles.portfolio import check_portfolio
from circles.settlement.cover import cover_loans, rank_ids
from circles.settlement.obligations import Loans, Obligations, Pools, Receivables

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement.cover import Cover, Ranks


_BUILT: WeakKeyDictionary[Portfolio, Obligations] = WeakKeyDictionary()
"""Obligations of the portfolios that are in use."""


def build_obligations(portfolio: Portfolio) -> Obligations:
    """Arrange a portfolio's debts and guarantees for settlement.

    A circle is one pool: its loans, all its members as guarantors without cap, its deposit with its members' own
    deposits; a dissolved or expired circle stays the pool of the loans drawn in it. Guarantees in force that name a
    loan form one pool a loan; the others one pool a borrower, for those of its loans that lie in no other pool. A
    guarantee is in force when starts_on ≤ as_of ≤ claim_until (expires_on without one; open without a date).

    Raises
    ------
    InputError
        If members have no resources, or `portfolio` is none.

    Notes
    -----
    Sorting dominates: O(rows · log rows). It is done once: neither a portfolio nor its obligations change.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["B", "A"], "resources_fen": [5_00, 7_00]})
    >>> build_obligations(Portfolio.from_frames(as_of="2007-12-29", members=members)).members.tolist()
    ['A', 'B']
    """
    check_portfolio(portfolio)
    if portfolio not in _BUILT:
        _BUILT[portfolio] = _build(portfolio)
    return _BUILT[portfolio]


def _build(portfolio: Portfolio) -> Obligations:
    members = portfolio.table("members")
    resources = _required_resources(members)
    ranks = rank_ids(portfolio)
    order = np.argsort(ranks.members)
    cover = cover_loans(portfolio, ranks)
    loans = _build_loans(portfolio, ranks, cover)
    return Obligations(
        members=_freeze(members["member_id"].to_numpy(dtype=object)[order]),
        rows=_freeze(order),
        resources=_freeze(resources[order]),
        recovery=_freeze(members["recovery_rate"].to_numpy(np.float64)[order]),
        loans=loans,
        pools=_build_pools(portfolio, ranks, cover, loans=loans),
        receivables=_build_receivables(portfolio, ranks),
    )


def _required_resources(members: pd.DataFrame) -> NDArray[np.float64]:
    missing = int(members["resources_fen"].isna().sum())
    if missing:
        msg = f"{missing:,} of {len(members):,} members have no resources; fill them, or run circles estimate"
        raise InputError(msg)
    return members["resources_fen"].to_numpy(np.float64)


def _fen(column: pd.Series) -> NDArray[np.float64]:
    """Give money as float64 fen, a null as 0."""
    return column.to_numpy(dtype=np.float64, na_value=0.0)


def _freeze(array: NDArray[Any]) -> NDArray[Any]:
    frozen = np.array(array)
    frozen.flags.writeable = False
    return frozen


def _build_loans(portfolio: Portfolio, ranks: Ranks, cover: Cover) -> Loans:
    table = portfolio.table("loans")
    borrower = ranks.members[portfolio.codes("loans", "borrower_id")]
    order = np.lexsort((ranks.loans, borrower))
    exposure = _fen(table["balance_fen"]) + _fen(table["accrued_interest_fen"])
    return Loans(
        ids=_freeze(table["loan_id"].to_numpy(dtype=object)[order]),
        borrower=_freeze(borrower[order].astype(np.int32)),
        exposure=_freeze(exposure[order]),
        pool=_freeze(cover.loan_pool[order].astype(np.int32)),
        start=_starts(borrower, len(ranks.members)),
    )


def _starts(groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each group's rows start once rows are sorted by group: shape (count + 1,)."""
    return _freeze(np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))]).astype(np.int64))


def _build_pools(portfolio: Portfolio, ranks: Ranks, cover: Cover, *, loans: Loans) -> Pools:
    members, pools = len(ranks.members), len(cover.ids)
    keys, cap = _entries(portfolio, ranks, cover)
    pool, member = np.divmod(keys, max(members, 1))
    by_member = np.argsort(member, kind="stable")
    return Pools(
        ids=_freeze(cover.ids),
        deposit=_freeze(_deposits(portfolio, ranks, cover)),
        start=_starts(pool, pools),
        pool=_freeze(pool.astype(np.int32)),
        member=_freeze(member.astype(np.int32)),
        cap=_freeze(cap),
        own_loan=_freeze(_own_loans(keys, loans, members)),
        member_start=_starts(member, members),
        member_entry=_freeze(by_member.astype(np.int32)),
    )


def _entries(portfolio: Portfolio, ranks: Ranks, cover: Cover) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the sorted key (pool × members + member) and the cap of each guarantor; repeated rows add their caps."""
    circle = cover.first_circle + ranks.circles[portfolio.codes("circle_members", "circle_id")]
    joint = circle * len(ranks.members) + ranks.members[portfolio.codes("circle_members", "member_id")]
    working = cover.guarantee_pool >= 0
    guarantor = ranks.members[portfolio.codes("guarantees", "guarantor_id")]
    promised = (cover.guarantee_pool * len(ranks.members) + guarantor)[working]
    amount = _fen(portfolio.table("guarantees")["amount_fen"])[working]
    keys, entry = np.unique(np.concatenate([joint, promised]), return_inverse=True)
    caps = np.concatenate([np.full(len(joint), np.inf), amount])
    total: NDArray[np.float64] = np.bincount(entry, weights=caps, minlength=len(keys)).astype(np.float64)
    return keys.astype(np.int64), total


def _own_loans(keys: NDArray[np.int64], loans: Loans, members: int) -> NDArray[np.float64]:
    """Add up each guarantor's own loans in the pool that it guarantees."""
    own = np.zeros(len(keys))
    loan_keys = loans.pool.astype(np.int64) * members + loans.borrower
    entry = np.minimum(np.searchsorted(keys, loan_keys), max(len(keys) - 1, 0))
    if len(keys):
        found = (loans.pool >= 0) & (keys[entry] == loan_keys)
        np.add.at(own, entry[found], loans.exposure[found])
    return own


def _deposits(portfolio: Portfolio, ranks: Ranks, cover: Cover) -> NDArray[np.float64]:
    deposit = np.zeros(len(cover.ids))
    deposit[cover.first_circle + ranks.circles] = _fen(portfolio.table("circles")["deposit_fen"])
    circle = cover.first_circle + ranks.circles[portfolio.codes("circle_members", "circle_id")]
    np.add.at(deposit, circle, _fen(portfolio.table("circle_members")["deposit_fen"]))
    return deposit


def _build_receivables(portfolio: Portfolio, ranks: Ranks) -> Receivables:
    """Arrange receivables by buyer, then supplier; what one owes the other in several rows is added up."""
    members, amount = len(ranks.members), _fen(portfolio.table("receivables")["amount_fen"])
    pair = (ranks.members[portfolio.codes("receivables", name)] for name in ("buyer_id", "supplier_id"))
    by_buyer = coo_array((amount, tuple(pair)), shape=(members, members)).tocsr()
    by_buyer.sum_duplicates()
    by_supplier = by_buyer.tocsc()
    return Receivables(
        buyer_start=_freeze(by_buyer.indptr.astype(np.int64)),
        supplier=_freeze(by_buyer.indices.astype(np.int32)),
        supplier_amount=_freeze(by_buyer.data),
        supplier_start=_freeze(by_supplier.indptr.astype(np.int64)),
        buyer=_freeze(by_supplier.indices.astype(np.int32)),
        buyer_amount=_freeze(by_supplier.data),
    )
