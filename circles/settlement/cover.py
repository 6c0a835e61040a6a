"""Which pool each loan lies in, and which pool each guarantee works for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranks:
    """Position of each row of a table in the order of ids.

    Attributes
    ----------
    members, circles, loans
        Shape (rows,), int64.
    """

    members: NDArray[np.int64]
    circles: NDArray[np.int64]
    loans: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cover:
    """The pools of a portfolio, numbered in the order of their ids: borrowers', then circles, then loans'.

    Attributes
    ----------
    ids
        Shape (pools,), text: ``borrower:ID``, ``circle:ID`` or ``loan:ID``.
    loan_pool, guarantee_pool
        Shape (loans,) and (guarantees,), in the rows of their tables: the pool, −1 for none.
    first_circle
        Number of the first circle's pool.
    """

    ids: NDArray[Any]
    loan_pool: NDArray[np.int64]
    guarantee_pool: NDArray[np.int64]
    first_circle: int


def rank_ids(portfolio: Portfolio) -> Ranks:
    """Rank the ids of members, circles and loans, so that the order of rows never matters."""
    return Ranks(
        members=_rank(portfolio.table("members")["member_id"]),
        circles=_rank(portfolio.table("circles")["circle_id"]),
        loans=_rank(portfolio.table("loans")["loan_id"]),
    )


def cover_loans(portfolio: Portfolio, ranks: Ranks) -> Cover:
    """Decide which pool each loan and each guarantee belongs to.

    A loan lies in its circle; else in its own pool if a guarantee in force names it; else in its borrower's pool if a
    guarantee in force names the borrower alone; else in none. A guarantee for a borrower without such a loan works
    for no pool.
    """
    circle = portfolio.codes("loans", "circle_id").astype(np.int64)
    owner = ranks.members[portfolio.codes("loans", "borrower_id")]
    named = portfolio.codes("guarantees", "loan_id").astype(np.int64)
    borrower = ranks.members[portfolio.codes("guarantees", "borrower_id")]
    in_force = find_in_force(portfolio)

    guaranteed = _mark(len(circle), named[in_force & (named >= 0)]) & (circle < 0)
    free = (circle < 0) & ~guaranteed
    backed = _mark(len(ranks.members), borrower[in_force & (named < 0)]) & _mark(len(ranks.members), owner[free])
    first_circle = int(backed.sum())
    of_borrower = _number(backed, 0)
    of_loan = _number(_mark(len(circle), ranks.loans[guaranteed]), first_circle + len(ranks.circles))[ranks.loans]

    loan_pool = np.where(free, of_borrower[owner], of_loan)
    loan_pool[circle >= 0] = first_circle + ranks.circles[circle[circle >= 0]]
    guarantee_pool = of_borrower[borrower]
    guarantee_pool[named >= 0] = of_loan[named[named >= 0]]
    return Cover(
        ids=_name_pools(portfolio, ranks, backed=backed, guaranteed=guaranteed),
        loan_pool=loan_pool,
        guarantee_pool=np.where(in_force, guarantee_pool, -1),
        first_circle=first_circle,
    )


def find_in_force(portfolio: Portfolio) -> NDArray[np.bool_]:
    """Say of each guarantee, shape (guarantees,), whether it can be called today.

    starts_on ≤ as_of ≤ claim_until, or expires_on where that is missing; a missing date is open.
    """
    guarantees = portfolio.table("guarantees")
    today = np.datetime64(portfolio.as_of, "s")
    starts = guarantees["starts_on"].to_numpy("datetime64[s]")
    ends = guarantees["claim_until"].where(guarantees["claim_until"].notna(), guarantees["expires_on"])
    last = ends.to_numpy("datetime64[s]")
    return (np.isnat(starts) | (starts <= today)) & (np.isnat(last) | (last >= today))


def _rank(ids: pd.Series) -> NDArray[np.int64]:
    index = pd.Index(ids)
    rank = np.arange(len(index))
    if not index.is_monotonic_increasing:
        rank[index.argsort()] = np.arange(len(index))
    return rank


def _mark(count: int, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    marks = np.zeros(count, dtype=np.bool_)
    marks[positions] = True
    return marks


def _number(marked: NDArray[np.bool_], start: int) -> NDArray[np.int64]:
    """Give what is marked consecutive numbers from `start` on, and −1 to the rest."""
    return np.where(marked, start + np.cumsum(marked) - 1, -1)


def _name_pools(
    portfolio: Portfolio, ranks: Ranks, *, backed: NDArray[np.bool_], guaranteed: NDArray[np.bool_]
) -> NDArray[Any]:
    """Name the pools in their order; `backed` is by rank of members, `guaranteed` by row of loans."""
    by_rank = np.argsort(ranks.loans)
    borrowers = _sort_texts(portfolio.table("members")["member_id"], ranks.members)[backed]
    circles = _sort_texts(portfolio.table("circles")["circle_id"], ranks.circles)
    loans = _sort_texts(portfolio.table("loans")["loan_id"], ranks.loans)[guaranteed[by_rank]]
    named = [*(f"borrower:{i}" for i in borrowers), *(f"circle:{i}" for i in circles), *(f"loan:{i}" for i in loans)]
    return np.array(named, dtype=object)


def _sort_texts(ids: pd.Series, rank: NDArray[np.int64]) -> NDArray[Any]:
    return ids.to_numpy(dtype=object)[np.argsort(rank)]
