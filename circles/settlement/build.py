"""From a portfolio's tables to the arrays that settlements work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import InputError
from circles.settlement.obligations import Loans, Obligations, Pools, Receivables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranks:
    """Position of each row of a table in the order of ids."""

    members: NDArray[np.int64]
    circles: NDArray[np.int64]
    loans: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """Which pool each loan lies in, and which pool each guarantee in force works for (−1: none)."""

    loan_pool: NDArray[np.int64]
    guarantee_pool: NDArray[np.int64]
    circle_offset: int
    ids: NDArray[Any]


def build_obligations(portfolio: Portfolio) -> Obligations:
    """Arrange a portfolio's debts and guarantees for settlement.

    A circle is one pool: its loans, all its members as guarantors without cap, its deposit with its members' own
    deposits; a dissolved or expired circle stays the pool of the loans drawn in it. Guarantees in force that name a
    loan form one pool a loan; the others one pool a borrower, for those of its loans that lie in no other pool. A
    guarantee is in force when starts_on ≤ as_of ≤ claim_until (expires_on without one; open without a date).

    Raises
    ------
    InputError
        If members have no resources.

    Notes
    -----
    Sorting dominates: O(rows · log rows).

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["B", "A"], "resources_fen": [5_00, 7_00]})
    >>> build_obligations(Portfolio.from_frames(as_of="2007-12-29", members=members)).members.tolist()
    ['A', 'B']
    """
    members = portfolio.table("members")
    resources = _required_resources(members)
    order = _order_of(members["member_id"])
    ranks = _Ranks(
        members=_inverse(order),
        circles=_inverse(_order_of(portfolio.table("circles")["circle_id"])),
        loans=_inverse(_order_of(portfolio.table("loans")["loan_id"])),
    )
    cover = _cover_loans(portfolio, ranks)
    loans = _build_loans(portfolio, ranks, cover)
    return Obligations(
        members=_freeze(_ids(members["member_id"])[order]),
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
        msg = f"{missing:,} of {len(members):,} members have no resources; fill the column resources of members"
        raise InputError(msg)
    return members["resources_fen"].to_numpy(np.float64)


def _order_of(ids: pd.Series) -> NDArray[np.int64]:
    index = pd.Index(ids)
    if index.is_monotonic_increasing:
        return np.arange(len(index))
    return np.asarray(index.argsort(), dtype=np.int64)


def _inverse(order: NDArray[np.int64]) -> NDArray[np.int64]:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _ids(column: pd.Series) -> NDArray[Any]:
    return column.to_numpy(dtype=object)


def _fen(column: pd.Series) -> NDArray[np.float64]:
    """Give money as float64 fen, a null as 0."""
    return column.to_numpy(dtype=np.float64, na_value=0.0)


def _freeze(array: NDArray[Any]) -> NDArray[Any]:
    frozen = np.array(array)
    frozen.flags.writeable = False
    return frozen


def _cover_loans(portfolio: Portfolio, ranks: _Ranks) -> _Cover:
    """Decide which pool each loan and each guarantee belongs to; pools are numbered in the order of their ids."""
    loan_circle = portfolio.codes("loans", "circle_id").astype(np.int64)
    loan_borrower = ranks.members[portfolio.codes("loans", "borrower_id")]
    named = portfolio.codes("guarantees", "loan_id").astype(np.int64)
    borrower = ranks.members[portfolio.codes("guarantees", "borrower_id")]
    in_force = _in_force(portfolio)

    by_loan = np.zeros(len(loan_circle), dtype=np.bool_)
    by_loan[named[in_force & (named >= 0)]] = True
    free = (loan_circle < 0) & ~by_loan
    by_borrower = np.zeros(len(ranks.members), dtype=np.bool_)
    by_borrower[borrower[in_force & (named < 0)]] = True
    has_free = np.zeros(len(ranks.members), dtype=np.bool_)
    has_free[loan_borrower[free]] = True
    by_borrower &= has_free

    borrower_pool = np.where(by_borrower, np.cumsum(by_borrower) - 1, -1)
    circle_offset = int(by_borrower.sum())
    loan_rank_used = np.zeros(len(by_loan), dtype=np.bool_)
    loan_rank_used[ranks.loans[by_loan]] = True
    own_pool = (circle_offset + len(ranks.circles) + np.cumsum(loan_rank_used) - 1)[ranks.loans]

    loan_pool = np.where(free, borrower_pool[loan_borrower], own_pool)
    in_circle = loan_circle >= 0
    loan_pool[in_circle] = circle_offset + ranks.circles[loan_circle[in_circle]]
    guarantee_pool = borrower_pool[borrower]
    guarantee_pool[named >= 0] = own_pool[named[named >= 0]]
    return _Cover(
        loan_pool=loan_pool,
        guarantee_pool=np.where(in_force, guarantee_pool, -1),
        circle_offset=circle_offset,
        ids=_pool_ids(portfolio, ranks, by_borrower=by_borrower, by_loan=by_loan),
    )


def _in_force(portfolio: Portfolio) -> NDArray[np.bool_]:
    guarantees = portfolio.table("guarantees")
    today = np.datetime64(portfolio.as_of, "s")
    starts = guarantees["starts_on"].to_numpy("datetime64[s]")
    ends = guarantees["claim_until"].where(guarantees["claim_until"].notna(), guarantees["expires_on"])
    last = ends.to_numpy("datetime64[s]")
    return (np.isnat(starts) | (starts <= today)) & (np.isnat(last) | (last >= today))


def _pool_ids(
    portfolio: Portfolio, ranks: _Ranks, *, by_borrower: NDArray[np.bool_], by_loan: NDArray[np.bool_]
) -> NDArray[Any]:
    members = _ids(portfolio.table("members")["member_id"])[_inverse(ranks.members)][by_borrower]
    circles = _ids(portfolio.table("circles")["circle_id"])[_inverse(ranks.circles)]
    order = _inverse(ranks.loans)
    loans = _ids(portfolio.table("loans")["loan_id"])[order][by_loan[order]]
    named = [*(f"borrower:{i}" for i in members), *(f"circle:{i}" for i in circles), *(f"loan:{i}" for i in loans)]
    return _freeze(np.array(named, dtype=object))


def _build_loans(portfolio: Portfolio, ranks: _Ranks, cover: _Cover) -> Loans:
    table = portfolio.table("loans")
    borrower = ranks.members[portfolio.codes("loans", "borrower_id")]
    order = np.lexsort((ranks.loans, borrower))
    exposure = _fen(table["balance_fen"]) + _fen(table["accrued_interest_fen"])
    return Loans(
        ids=_freeze(_ids(table["loan_id"])[order]),
        borrower=_freeze(borrower[order].astype(np.int32)),
        exposure=_freeze(exposure[order]),
        pool=_freeze(cover.loan_pool[order].astype(np.int32)),
        start=_starts(borrower, len(ranks.members)),
    )


def _starts(groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Where each group's rows start once rows are sorted by group: shape (count + 1,)."""
    return _freeze(np.concatenate([[0], np.cumsum(np.bincount(groups, minlength=count))]).astype(np.int64))


def _build_pools(portfolio: Portfolio, ranks: _Ranks, cover: _Cover, *, loans: Loans) -> Pools:
    members, pools = len(ranks.members), len(cover.ids)
    keys, cap = _entries(portfolio, ranks, cover)
    pool, member = np.divmod(keys, max(members, 1))
    by_member = np.argsort(member, kind="stable")
    return Pools(
        ids=cover.ids,
        deposit=_freeze(_deposits(portfolio, ranks, cover)),
        start=_starts(pool, pools),
        pool=_freeze(pool.astype(np.int32)),
        member=_freeze(member.astype(np.int32)),
        cap=_freeze(cap),
        own_loan=_freeze(_own_loans(keys, loans, members)),
        member_start=_starts(member, members),
        member_entry=_freeze(by_member.astype(np.int32)),
    )


def _entries(portfolio: Portfolio, ranks: _Ranks, cover: _Cover) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give the sorted key (pool × members + member) and the cap of each guarantor; repeated rows add their caps."""
    circle = cover.circle_offset + ranks.circles[portfolio.codes("circle_members", "circle_id")]
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


def _deposits(portfolio: Portfolio, ranks: _Ranks, cover: _Cover) -> NDArray[np.float64]:
    deposit = np.zeros(len(cover.ids))
    deposit[cover.circle_offset + ranks.circles] = _fen(portfolio.table("circles")["deposit_fen"])
    circle = cover.circle_offset + ranks.circles[portfolio.codes("circle_members", "circle_id")]
    np.add.at(deposit, circle, _fen(portfolio.table("circle_members")["deposit_fen"]))
    return deposit


def _build_receivables(portfolio: Portfolio, ranks: _Ranks) -> Receivables:
    supplier = ranks.members[portfolio.codes("receivables", "supplier_id")]
    buyer = ranks.members[portfolio.codes("receivables", "buyer_id")]
    amount = _fen(portfolio.table("receivables")["amount_fen"])
    by_buyer = np.lexsort((amount, supplier, buyer))
    by_supplier = np.lexsort((amount, buyer, supplier))
    return Receivables(
        buyer_start=_starts(buyer, len(ranks.members)),
        supplier=_freeze(supplier[by_buyer].astype(np.int32)),
        supplier_amount=_freeze(amount[by_buyer]),
        supplier_start=_starts(supplier, len(ranks.members)),
        buyer=_freeze(buyer[by_supplier].astype(np.int32)),
        buyer_amount=_freeze(amount[by_supplier]),
    )
