"""The swap that holds a circle: a member of it leaves, one from outside stands in, and no single failure breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.lookup import find_member
from circles.contagion.trials.executor import count_processors
from circles.errors import InputError
from circles.graph.affinity import declared_pairs, trade_in_window
from circles.settlement import find_breakers, find_least_deposit, stands
from circles.settlement.exchange import Exchange, exchange_member

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Obligations, Terms

_MONTHS = 12
"""Months, up to that of the portfolio's date, whose trade makes two members acquainted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleSwap:
    """One member for another in a circle.

    Attributes
    ----------
    leaves_id
        Who leaves, with its loans in the circle and its own deposit there: they are paid back, or secured elsewhere.
    joins_id
        Who takes its place as a guarantor of those who stay, without a loan in the circle.
    acquainted
        With how many of those who stay the newcomer is acquainted: as declared, or by trade in the last twelve months.
    deposit_fen
        The least further deposit with which no single failure breaks the circle then, to the fen; 0: the swap is
        enough.
    """

    leaves_id: str
    joins_id: str
    acquainted: int
    deposit_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapSearch:
    """What trying swaps has found.

    Attributes
    ----------
    swap
        The one that needs the least further deposit, the first of equals; None if none needs less than the circle does
        without a swap.
    tried, possible
        Swaps that were settled, and those there are. The search ends with the first that needs no deposit.
    """

    swap: CircleSwap | None
    tried: int
    possible: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FragileCircle:
    """A circle that single failures break, in the book that it is part of.

    Attributes
    ----------
    portfolio, obligations, terms
        What is owed, the same as arrays, and how it is settled.
    circle_id, pool
        Its id, and its position among the pools.
    members, breakers
        Ascending positions of its members, and of those whose failure alone breaks it.
    deposit_fen
        The least further deposit that would hold it; None: none would.
    """

    portfolio: Portfolio
    obligations: Obligations
    terms: Terms
    circle_id: str
    pool: int
    members: NDArray[np.int64]
    breakers: NDArray[np.int64]
    deposit_fen: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Options:
    """Swaps in the order in which they are tried: positions of who leaves and who joins, and its acquaintances."""

    leaves: NDArray[np.int64]
    joins: NDArray[np.int64]
    acquainted: NDArray[np.int64]


def search_swap(circle: FragileCircle, *, candidates: Sequence[str] | None, most: int) -> SwapSearch:
    """Look for the swap with which no single failure breaks a circle, or which needs the least further deposit.

    Parameters
    ----------
    circle
        The circle, which single failures break.
    candidates
        Who may join; None: whoever is in no circle and has no overdue loan.
    most
        Swaps to try at most.

    Notes
    -----
    Swaps are tried in order: newcomers acquainted with more of those who stay first, then those with more resources,
    then by id; of those who could leave, the one with the least resources first. Each try settles single failures
    with the deposit that the best swap so far needs less a fen; only a swap that is better is looked at closely.

    Whose failures: the circle's and the newcomer's own, and of those that bring one of them down as things are. Nobody
    else matters: a failure that brings down neither has no loan of the circle called, with the swap or without.
    """
    options, own = _list_options(circle, _list_outside(circle, candidates)), _list_own_deposits(circle)
    count, firsts = min(most, len(options.leaves)), _list_firsts(circle, options.joins[:most])
    best, needed, tried = -1, circle.deposit_fen, 0
    while tried < count and needed != 0:
        leaves, joins = int(options.leaves[tried]), int(options.joins[tried])
        deposit = float(circle.obligations.pools.deposit[circle.pool]) - own[leaves]
        swap = Exchange(pool=circle.pool, leaves=leaves, joins=joins, exposure=0.0, deposit=deposit)
        least = _find_deposit(circle, swap, firsts=firsts, below=needed)
        best, needed = (best, needed) if least is None else (tried, least)
        tried += 1
    found = None if best < 0 or needed is None else _describe(circle, options, at=best, deposit_fen=needed)
    return SwapSearch(swap=found, tried=tried, possible=len(options.leaves))


def _describe(circle: FragileCircle, options: _Options, *, at: int, deposit_fen: int) -> CircleSwap:
    return CircleSwap(
        leaves_id=str(circle.obligations.members[options.leaves[at]]),
        joins_id=str(circle.obligations.members[options.joins[at]]),
        acquainted=int(options.acquainted[at]),
        deposit_fen=deposit_fen,
    )


def _list_firsts(circle: FragileCircle, joins: NDArray[np.int64]) -> NDArray[np.int64]:
    """List whose failure may matter: the circle's, the newcomers', and whoever brings one of them down."""
    newcomers, others = np.unique(joins), np.zeros(0, dtype=np.int64)
    if len(newcomers):
        others = find_breakers(circle.obligations, circle.terms, newcomers, workers=count_processors())
    return np.unique(np.concatenate([circle.breakers, circle.members, newcomers, others]))


def _find_deposit(circle: FragileCircle, swap: Exchange, *, firsts: NDArray[np.int64], below: int | None) -> int | None:
    """Find the least further deposit that holds the circle after a swap, below a limit; None: there is none."""
    loans, pool, terms = circle.obligations.loans, circle.pool, circle.terms
    members = np.append(circle.members[circle.members != swap.leaves], swap.joins)
    stays = (loans.pool == pool) & (loans.borrower != swap.leaves)
    largest = float(loans.exposure[stays].sum())
    limit = largest if below is None else min(largest, below - 1)
    covered = exchange_member(circle.obligations, replace(swap, deposit=swap.deposit + limit))
    if not stands(covered, terms, firsts, members):
        return None
    changed = exchange_member(circle.obligations, swap)
    if stands(changed, terms, firsts, members):
        return 0
    least = find_least_deposit(changed, terms, pool=pool, firsts=firsts, members=members)
    return least if least is not None and (below is None or least < below) else None


def _list_outside(circle: FragileCircle, candidates: Sequence[str] | None) -> NDArray[np.int64]:
    """List who could join, those with the most resources first, then by id."""
    portfolio, obligations = circle.portfolio, circle.obligations
    place = np.argsort(obligations.rows)
    if candidates is None:
        free = np.ones(len(obligations.members), dtype=np.bool_)
        free[place[portfolio.codes("circle_members", "member_id")]] = False
        overdue = portfolio.table("loans")["days_overdue"].fillna(0).to_numpy(dtype=np.int64) > 0
        free[place[portfolio.codes("loans", "borrower_id")[overdue]]] = False
        outside = np.flatnonzero(free)
    else:
        outside = np.unique([place[find_member(portfolio, name)] for name in candidates]).astype(np.int64)
        inside = obligations.members[np.intersect1d(outside, circle.members)]
        if len(inside):
            msg = f"candidate {inside[0]!r} is in circle {circle.circle_id!r} already"
            raise InputError(msg)
    return outside[np.argsort(-obligations.resources[outside], kind="stable")]


def _list_options(circle: FragileCircle, outside: NDArray[np.int64]) -> _Options:
    """List the swaps that nothing forbids: an exclusion, or the same control as one who stays.

    The tables below have a row for everybody outside and a column for each member; what a member has with the
    newcomer does not count if it is the one that leaves.
    """
    members = circle.members[np.argsort(circle.obligations.resources[circle.members], kind="stable")]
    excluded = [circle.portfolio.codes("exclusions", name) for name in ("member_a", "member_b")]
    known = _mark_pairs(circle, _list_acquainted(circle.portfolio), outside=outside, members=members)
    apart = _mark_pairs(circle, excluded, outside=outside, members=members)
    apart |= _mark_same_control(circle, outside=outside, members=members)
    acquainted = (known.sum(axis=1, keepdims=True) - known).ravel()
    allowed = apart.sum(axis=1, keepdims=True) == apart
    order = np.argsort(-acquainted, kind="stable")
    order = order[allowed.ravel()[order]]
    return _Options(
        leaves=members[order % len(members)], joins=outside[order // len(members)], acquainted=acquainted[order]
    )


def _list_acquainted(portfolio: Portfolio) -> list[NDArray[np.int64]]:
    """List who declared to know each other, and who traded in the last twelve months: rows of the members, twice."""
    declared = declared_pairs(portfolio, np.arange(len(portfolio.members)))
    seller, buyer, _, _ = trade_in_window(portfolio, _MONTHS)
    return [np.concatenate([declared["first"], seller]), np.concatenate([declared["second"], buyer])]


def _mark_pairs(
    circle: FragileCircle, pairs: Sequence[NDArray[Any]], *, outside: NDArray[np.int64], members: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Mark who outside makes a pair with which member, shape (outside, members); pairs are rows of the portfolio."""
    place = np.argsort(circle.obligations.rows)
    row, column = (np.full(len(place), -1) for _ in range(2))
    row[outside], column[members] = np.arange(len(outside)), np.arange(len(members))
    pair = [place[side] for side in pairs]
    marked = np.zeros((len(outside), len(members)), dtype=np.bool_)
    for one, other in (pair, pair[::-1]):
        both = (row[one] >= 0) & (column[other] >= 0)
        marked[row[one[both]], column[other[both]]] = True
    return marked


def _mark_same_control(
    circle: FragileCircle, *, outside: NDArray[np.int64], members: NDArray[np.int64]
) -> NDArray[np.bool_]:
    group = circle.portfolio.table("members")["control_group"].iloc[circle.obligations.rows]
    number = pd.factorize(group)[0]
    one, other = number[outside][:, None], number[members]
    return np.asarray((one == other) & (one >= 0), dtype=np.bool_)


def _list_own_deposits(circle: FragileCircle) -> dict[int, int]:
    """Give what each member of the circle has deposited itself, in fen, by position."""
    rows = circle.portfolio.table("circle_members")
    inside = rows["circle_id"] == circle.circle_id
    own = rows.loc[inside].set_index("member_id")["deposit_fen"].fillna(0)
    return {int(member): int(own[circle.obligations.members[member]]) for member in circle.members}
