"""What the loops read and write: packed obligations and terms, and a ledger that is used again and again.

A trial touches hundreds of thousands of records in no order and waits for memory more than it computes. So what a loop
looks at together lies together, in records that never cross a cache line, and what only some settlements need lies
elsewhere. A settlement does not clear the ledger: it takes the next number, and a record that bears another one is as
good as empty.

Most suppliers could bear to lose everything that is owed to them. A ledger for trials does not follow those: what they
could lose is held back from their cash when they are first called, and what they did lose is looked up only if that
leaves too little. A ledger for one settlement watches everybody, and knows each supplier's loss in the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from circles.errors import InputError
from circles.settlement.terms import SHARE_RULES

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from circles.settlement.obligations import Loans, Obligations, Pools
    from circles.settlement.terms import Terms

# Causes of a failure.
ALIVE, FIRST, CALLED, UNPAID, REFUSED = 0, 1, 2, 3, 4
"""A live member; a first default; brought down by a call; by a buyer that did not pay; unwilling to pay a call."""

# Share rules, as `SHARE_RULES` orders them.
EQUALLY, BY_LOAN, BY_RESOURCES, BY_CASH = 0, 1, 2, 3

# Marks of members, added up; FRAGILE and SPREADS hold from settlement to settlement.
WATCHED, DEAD, FRAGILE, EARLIEST, SPREADS = 1, 2, 4, 8, 16
"""What buyers do not pay is taken from it at once; it failed; it could fail by trade alone, so it is always watched; it
is a first default; it owes to somebody fragile."""

# Lists of members, then of pools, that a ledger keeps, and their positions in `Ledger.counts`.
FAILED, FOUND_OUT = 0, 1
LISTED, ACTIVE, UNSURE = 2, 3, 4
# Further counts: callees; rows logged; the newly failed, from NEW up to KNOWN in the list of the failed; how many of
# them defaulted first; how many buyers brought down in the first round; the number of the settlement, and of the first
# defaults that it settles; searches for a flow.
CALLEES, LOGGED, NEW, KNOWN, INITIAL, UNPAID_AT_ONCE, RUN, BASE, STAMP = 5, 6, 7, 8, 9, 10, 11, 12, 13
# Positions in `Ledger.totals`; PAID_NOW: paid in a round; LEAST: the least scale for which members are marked.
EXPOSURE, RECOVERED, SHORTFALL, UNSECURED, DRAWN, PAID, PAID_NOW, LEAST = 0, 1, 2, 3, 4, 5, 6, 7

UNMARKED = -1.0
"""Stands for the least scale as long as nobody is marked: no scale is below 0."""

MEANS = np.dtype([("resources", "f8"), ("receivable", "f8")], align=True)
MEMBER = np.dtype(
    [
        *((name, "f8") for name in ("cash", "trade")),
        *((name, "i4") for name in ("run", "round", "slot")),
        *((name, "i2") for name in ("cause", "reserved")),
    ],
    align=True,
)
POOL = np.dtype(
    [
        *((name, "f8") for name in ("deposit", "first", "shortfall", "outstanding", "drawn", "level")),
        *((name, "i4") for name in ("start", "end", "run")),
        ("gone", "i2"),
        *((name, "i1") for name in ("active", "alone")),
    ],
    align=True,
)
ENTRY = np.dtype([("cap", "f8"), ("paid", "f8"), ("call", "f8"), ("unused", "f8")], align=True)
CALLEE = np.dtype(
    [("called", "f8"), ("before", "f8"), ("ratio", "f8"), ("member", "i4"), ("pool", "i4")],
    align=True,
)
SEARCH = np.dtype([("mark", "i8"), ("parent", "i8"), ("parent_entry", "i8")], align=True)
DEBTS = np.dtype(
    [
        ("exposure", "f8"),
        *((name, "i4") for name in ("pool", "home", "loan_start", "loan_end", "owed_start", "owed_end")),
    ],
    align=True,
)
TIES = np.dtype([(f"{name}_{edge}", "i4") for name in ("entry", "credit") for edge in ("start", "end")], align=True)
FAILURE = np.dtype([("lost_first", "f8"), ("lost_later", "f8"), ("falls_due", "i8")], align=True)
LOAN = np.dtype([("exposure", "f8"), ("pool", "i8")], align=True)
LOG_ROW = np.dtype([("called", "f8"), ("paid", "f8"), ("entry", "i8"), ("round", "i8")], align=True)

CACHE_LINE = 64
"""Bytes."""

QUEUED = 16
"""Receivables that wait for memory while further ones are looked for."""

Records = Any
"""A numpy array of records."""


class System(NamedTuple):
    """Obligations as the loops read them; units as in `Obligations`.

    `MEANS` by member: what it has, and what is owed to it in all. `POOL` and `ENTRY` (by pool) are as they are before
    anything happens: a ledger begins as a copy; a pool is ``alone`` if no cap holds in it and its guarantors guarantee
    no other. `guarantor` and `guaranteed` are an entry's member and pool. `DEBTS` says where a member's loans and debts
    to suppliers lie, what its first loan is and in which pool, and which pool is its ``home``: the one that stands
    alone and that it guarantees (−1: none); `TIES` where its entries (in `member_entry`) and its credit to buyers lie.
    `LOAN` by borrower; `owed` and `supplier` by buyer, `credit` and `buyer` by supplier; `own_loan` by entry; `group`
    says which resource scale holds for each member.
    """

    means: Records
    pools: Records
    entries: Records
    debts: Records
    ties: Records
    loans: Records
    guarantor: NDArray[np.int32]
    guaranteed: NDArray[np.int32]
    supplier: NDArray[np.int32]
    owed: NDArray[np.float64]
    buyer: NDArray[np.int32]
    credit: NDArray[np.float64]
    own_loan: NDArray[np.float64]
    member_entry: NDArray[np.int32]
    group: NDArray[np.int64]


class Rules(NamedTuple):
    """Terms as the loops read them.

    A record `FAILURE` says what a failure means: the fraction of a member's loans that is lost when it defaults first
    and later by contagion, and whether they fall due then (1) or not (0); `kind` says which record holds for each
    member, or for all if it has one element. `willingness` is infinite where nobody refuses.
    """

    threshold: bool
    share: int
    receivable_loss: float
    risk_pool: float
    willingness: float
    kind: NDArray[np.int32]
    failures: Records


class Ledger(NamedTuple):
    """Running state of one settlement; records that bear the number of another one are as good as empty.

    Of a member: `cash` left, ``trade`` loss so far and ``round`` of failing (−1 alive), its ``cause``, its ``slot``
    among this round's callees, and whether all it could lose by trade is still ``reserved``: taken from its cash and
    counted as lost. Of a pool: what the ``first`` defaults leave unpaid, and, if it stands alone, how
    many of its guarantors are ``gone`` with them; its ``shortfall`` so far, what is
    ``outstanding`` and was ``drawn`` from the deposit, the ``level`` up to which it asked its guarantors, and whether
    it is ``active`` in this round. Of an entry: ``paid`` so far and this round's ``call``; an ``alone`` pool leaves
    them as they are. Of a callee: what is ``called`` in this round and the ``ratio`` of it that is paid; the ``pool``,
    if it stands alone (−1), and what that asked ``before``. `given` is what members paid on calls, counted where
    somebody might refuse. `marks` are one byte a member. Marks of searches for a flow are by pool. `sure` is by pool:
    what each of its guarantors pays whatever happens, in fen; −∞ where nothing is sure. `opening` are the totals that
    the first defaults make. The log takes one row a call; rows beyond its length are counted, not kept. `ahead` says,
    by loan of a later default, what was outstanding in its pool when it was called; it too keeps no more than it is
    long, which is nothing unless losses are to be split over loans. `queue` is room for receivables about to be lost.

    First defaults have a record only if they are fragile, and a member that is not watched has none as guarantor of a
    pool that stands alone: it was asked for the pool's ``level``.
    """

    members: Records
    pools: Records
    entries: Records
    callees: Records
    searches: Records
    log: Records
    marks: NDArray[np.uint8]
    given: NDArray[np.float64]
    sure: NDArray[np.float64]
    opening: NDArray[np.float64]
    ahead: NDArray[np.float64]
    queue: NDArray[np.int32]
    member_lists: NDArray[np.int32]
    pool_lists: NDArray[np.int32]
    counts: NDArray[np.int64]
    totals: NDArray[np.float64]


_PACKED: WeakKeyDictionary[Obligations, System] = WeakKeyDictionary()
"""Packed obligations of those that are in use."""


def pack_system(obligations: Obligations, group: NDArray[np.int32] | None = None) -> System:
    """Pack obligations for the loops, once; `group` says which resource scale holds for each member (one for all).

    Whoever wants to change an array copies it.
    """
    if obligations not in _PACKED:
        _PACKED[obligations] = _pack_system(obligations)
    packed = _PACKED[obligations]
    return packed if group is None else packed._replace(group=_copy(group, np.int64))


def _pack_system(obligations: Obligations) -> System:
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    count = len(obligations.members)
    alone = _find_alone(pools)
    debts = {**_spans("loan", loans.start), **_spans("owed", receivables.buyer_start)}
    ties = {**_spans("entry", pools.member_start), **_spans("credit", receivables.supplier_start)}
    amounts = np.bincount(receivables.supplier, weights=receivables.supplier_amount, minlength=count)
    bounds = {"start": pools.start[:-1], "end": pools.start[1:]}
    return System(
        means=_pack(MEANS, count, resources=obligations.resources, receivable=amounts),
        pools=_pack(POOL, len(pools.ids), deposit=pools.deposit, alone=alone, **bounds),
        entries=_pack(ENTRY, len(pools.cap), cap=pools.cap),
        debts=_pack(DEBTS, count, home=_find_homes(pools, alone), **_first_loans(loans), **debts),
        ties=_pack(TIES, count, **ties),
        loans=_pack(LOAN, len(loans.ids), exposure=loans.exposure, pool=loans.pool),
        guarantor=_copy(pools.member, np.int32),
        guaranteed=_copy(pools.pool, np.int32),
        supplier=_copy(receivables.supplier, np.int32),
        owed=_copy(receivables.supplier_amount, np.float64),
        buyer=_copy(receivables.buyer, np.int32),
        credit=_copy(receivables.buyer_amount, np.float64),
        own_loan=_copy(pools.own_loan, np.float64),
        member_entry=_copy(pools.member_entry, np.int32),
        group=_zeros(count, np.dtype(np.int64)),
    )


def _find_alone(pools: Pools) -> NDArray[np.bool_]:
    """Say which pools have no caps and only guarantors that are in no other pool, no more than can be counted."""
    others = np.diff(pools.member_start)[pools.member] > 1
    tied = np.bincount(pools.pool, weights=others | np.isfinite(pools.cap), minlength=len(pools.ids))
    return np.asarray((tied == 0) & (np.diff(pools.start) <= np.iinfo(POOL["gone"]).max))


def _find_homes(pools: Pools, alone: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Give the pool that stands alone and that a member guarantees, −1 if there is none; shape (members,)."""
    home = np.full(len(pools.member_start) - 1, -1, np.int32)
    kept = alone[pools.pool]
    home[pools.member[kept]] = pools.pool[kept]
    return home


def _first_loans(loans: Loans) -> dict[str, NDArray[Any]]:
    """Give each member's first loan, shape (members,): 0 and −1 where there is none."""
    some = np.diff(loans.start) > 0
    exposure, pool = np.zeros(len(some)), np.full(len(some), -1, np.int32)
    exposure[some] = loans.exposure[loans.start[:-1][some]]
    pool[some] = loans.pool[loans.start[:-1][some]]
    return {"exposure": exposure, "pool": pool}


def _pack(kind: np.dtype[Any], count: int, **columns: Any) -> Records:
    records = _zeros(count, kind)
    for name, column in columns.items():
        records[name] = column
    return records


def _copy(values: NDArray[Any], kind: DTypeLike) -> NDArray[Any]:
    copied = _zeros(len(values), np.dtype(kind))
    copied[:] = values
    return copied


def _zeros(count: int, kind: np.dtype[Any]) -> Any:
    """Make an array that begins where a cache line does."""
    block = np.zeros(count * kind.itemsize + CACHE_LINE, np.uint8)
    offset = -block.ctypes.data % CACHE_LINE
    return block[offset : offset + count * kind.itemsize].view(kind)


def _spans(name: str, start: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    return {f"{name}_start": start[:-1], f"{name}_end": start[1:]}


def pack_rules(obligations: Obligations, terms: Terms) -> Rules:
    """Pack terms for the loops, each member's own recovery rate before the terms'."""
    kind, failures = _pack_failures(obligations, terms, float(terms.recovery_rate), float(terms.contagious))
    return Rules(
        threshold=terms.settlement == "threshold",
        share=SHARE_RULES.index(terms.share),
        receivable_loss=1.0 - float(terms.receivable_recovery_rate),
        risk_pool=float(terms.risk_pool_fen),
        willingness=np.inf if terms.willingness is None else float(terms.willingness),
        kind=kind,
        failures=failures,
    )


def mark_cross_default(obligations: Obligations, terms: Terms) -> NDArray[np.bool_]:
    """Say of each member, shape (members,), whether its loans fall due when it fails by contagion.

    Raises
    ------
    InputError
        If the terms name a standstill circle that the obligations do not have.
    """
    falls_due = np.full(len(obligations.members), terms.cross_default, dtype=np.bool_)
    pools = obligations.pools
    for circle_id in terms.standstill:
        found = np.flatnonzero(pools.ids == f"circle:{circle_id}")
        if not len(found):
            msg = f"terms: standstill names circle {circle_id!r}, which the portfolio does not have"
            raise InputError(msg)
        falls_due[pools.member[pools.start[found[0]] : pools.start[found[0] + 1]]] = False
    return falls_due


def pack_cautious_rules(obligations: Obligations, terms: Terms) -> Rules:
    """Pack the terms of the conservative bound: the smaller of the two recoveries for everybody."""
    smaller = float(min(terms.recovery_rate, terms.contagious))
    kind, failures = _pack_failures(obligations, terms, smaller, smaller)
    return pack_rules(obligations, terms)._replace(kind=kind, failures=failures)


def _pack_failures(
    obligations: Obligations, terms: Terms, first: float, later: float
) -> tuple[NDArray[np.int32], Records]:
    """Give which failure each member's is, shape (members,), and all there are: two a rate, by falling due."""
    own = obligations.recovery
    known = ~np.isnan(own)
    rates, code = np.unique(own[known], return_inverse=True)
    kind = np.zeros(len(own), np.int32)
    kind[known] = 2 * (1 + code.reshape(-1))
    kind += mark_cross_default(obligations, terms)
    kind = kind[:1] if len(kind) and (kind == kind[0]).all() else kind
    lost_first, lost_later = (1.0 - np.repeat([recovery, *rates], 2) for recovery in (first, later))
    falls_due = np.tile([0, 1], 1 + len(rates))
    table = _pack(FAILURE, len(falls_due), lost_first=lost_first, lost_later=lost_later, falls_due=falls_due)
    return _copy(kind, np.int32), table


def new_ledger(system: System, *, log_rows: int = 0) -> Ledger:
    """Make an empty ledger that watches everybody and every entry, with room to log so many calls."""
    ledger = new_trial_ledger(system)
    ledger.marks[:] = WATCHED | FRAGILE | SPREADS
    ledger.pools["alone"] = 0
    return ledger._replace(log=np.zeros(log_rows, dtype=LOG_ROW))


def new_trial_ledger(system: System) -> Ledger:
    """Make an empty ledger that leaves out what only tables of one settlement need; a loop marks whom it watches."""
    members, pools = len(system.means), len(system.pools)
    totals = np.zeros(LEAST + 1)
    totals[LEAST] = UNMARKED
    return Ledger(
        members=_pack(MEMBER, members, cash=system.means["resources"], round=-1),
        pools=_copy(system.pools, POOL),
        entries=_copy(system.entries, ENTRY),
        callees=_zeros(members, CALLEE),
        searches=_zeros(pools, SEARCH),
        log=np.zeros(0, dtype=LOG_ROW),
        marks=_zeros(members, np.dtype(np.uint8)),
        given=np.zeros(members),
        queue=_zeros(QUEUED, np.dtype(np.int32)),
        member_lists=np.zeros((2, members), np.int32),
        sure=np.full(pools, -np.inf),
        opening=np.zeros(LEAST),
        ahead=np.zeros(0),
        pool_lists=np.zeros((3, pools), np.int32),
        counts=np.zeros(STAMP + 1, np.int64),
        totals=totals,
    )
