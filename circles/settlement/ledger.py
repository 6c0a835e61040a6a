"""What the loops read and write: packed obligations and terms, and a ledger that is used again and again.

What a loop looks at together lies together, one record a member, pool and guarantor entry: a trial touches hundreds of
thousands of them in no order, and waits for memory more than it computes. Members' records are half a cache line.
A settlement does not clear the ledger: it takes the next number, and a record that bears another one is as good as
empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from circles.errors import InputError
from circles.settlement.terms import SHARE_RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms

# Causes of a failure.
ALIVE, FIRST, CALLED, UNPAID, REFUSED = 0, 1, 2, 3, 4
"""A live member; a first default; brought down by a call; by a buyer that did not pay; unwilling to pay a call."""

# Lists of members, then of pools, that a ledger keeps, and their positions in `Ledger.counts`.
FAILED, CALLEES = 0, 1
LISTED, ACTIVE = 2, 3
# Further counts: rows logged; the newly failed, from NEW up to KNOWN in the list of the failed; how many of them
# defaulted first; the number of the settlement; searches for a flow.
LOGGED, NEW, KNOWN, INITIAL, RUN, STAMP = 4, 5, 6, 7, 8, 9
# Positions in `Ledger.totals`.
EXPOSURE, RECOVERED, SHORTFALL, UNSECURED, DRAWN, PAID = 0, 1, 2, 3, 4, 5

MEMBER = np.dtype(
    [("resources", "f8"), ("cash", "f8"), ("trade", "f8"), ("run", "i4"), ("round", "i4")],
    align=True,
)
POOL = np.dtype(
    [
        *((name, "f8") for name in ("deposit", "shortfall", "outstanding", "drawn", "level")),
        *((name, "i4") for name in ("start", "end", "run", "active")),
    ],
    align=True,
)
ENTRY = np.dtype([("cap", "f8"), ("paid", "f8"), ("call", "f8"), ("member", "i4"), ("pool", "i4")], align=True)
CALLEE = np.dtype(
    [("called", "f8"), ("given", "f8"), ("ratio", "f8"), ("run", "i4"), ("cause", "i4")],
    align=True,
)
SEARCH = np.dtype([("mark", "i8"), ("parent", "i8"), ("parent_entry", "i8")], align=True)
SPAN = np.dtype(
    [(name, "i8") for name in ("loan_start", "loan_end", "entry_start", "entry_end", "owed_start", "owed_end")],
    align=True,
)
FAILURE = np.dtype([("lost_first", "f8"), ("lost_later", "f8"), ("falls_due", "i8")], align=True)
LOAN = np.dtype([("exposure", "f8"), ("pool", "i8")], align=True)
OWED = np.dtype([("amount", "f8"), ("supplier", "i8")], align=True)
LOG_ROW = np.dtype([("called", "f8"), ("paid", "f8"), ("entry", "i8"), ("round", "i8")], align=True)

Records = Any
"""A numpy array of records."""


class System(NamedTuple):
    """Obligations as the loops read them; units as in `Obligations`.

    Records `MEMBER`, `POOL` and `ENTRY` (by pool) as they are before anything happens: a ledger begins as a copy.
    `SPAN` says where a member's loans, entries (in `member_entry`) and debts to suppliers lie; `LOAN` by borrower,
    `OWED` by buyer; `own_loan` by entry; `group` says which resource scale holds for each member.
    """

    members: Records
    pools: Records
    entries: Records
    spans: Records
    loans: Records
    owed: Records
    own_loan: NDArray[np.float64]
    member_entry: NDArray[np.int64]
    group: NDArray[np.int64]


class Rules(NamedTuple):
    """Terms as the loops read them.

    A record `FAILURE` says what a member's failure means: the fraction of its loans that is lost when it defaults first
    and later by contagion, and whether they fall due then (1) or not (0). `willingness` is infinite where nobody
    refuses.
    """

    threshold: bool
    share: int
    receivable_loss: float
    risk_pool: float
    willingness: float
    failures: Records


class Ledger(NamedTuple):
    """Running state of one settlement; records that bear the number of another one are as good as empty.

    Of a member: `cash` left (in a threshold settlement: less what is asked of it), ``trade`` loss so far and ``round``
    of failing (−1 alive). Of a pool: ``shortfall`` so far, what is ``outstanding`` and was ``drawn`` from the deposit,
    the threshold's ``level``, and whether it is ``active`` in this round. Of an entry: ``paid`` so far and this
    round's ``call``. Of a member that is called: ``called`` in this round, ``ratio`` of it that is paid, ``given`` in
    earlier rounds, and the ``cause`` of its failure. Marks of searches for a flow are by pool. The log takes one row a
    call; rows beyond its length are counted, not kept.
    """

    members: Records
    pools: Records
    entries: Records
    callees: Records
    searches: Records
    log: Records
    member_lists: NDArray[np.int64]
    pool_lists: NDArray[np.int64]
    counts: NDArray[np.int64]
    totals: NDArray[np.float64]


def pack_system(obligations: Obligations, group: NDArray[np.int32] | None = None) -> System:
    """Pack obligations for the loops; `group` says which resource scale holds for each member (one for all)."""
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    count = len(obligations.members)
    return System(
        members=_pack(MEMBER, count, resources=obligations.resources, round=-1),
        pools=_pack(POOL, len(pools.ids), deposit=pools.deposit, start=pools.start[:-1], end=pools.start[1:]),
        entries=_pack(ENTRY, len(pools.cap), cap=pools.cap, pool=pools.pool, member=pools.member),
        spans=_pack(
            SPAN,
            count,
            **_spans("loan", loans.start),
            **_spans("entry", pools.member_start),
            **_spans("owed", receivables.buyer_start),
        ),
        loans=_pack(LOAN, len(loans.ids), exposure=loans.exposure, pool=loans.pool),
        owed=_pack(OWED, len(receivables.supplier), amount=receivables.supplier_amount, supplier=receivables.supplier),
        own_loan=pools.own_loan.astype(np.float64),
        member_entry=pools.member_entry.astype(np.int64),
        group=np.zeros(count, np.int64) if group is None else np.array(group, dtype=np.int64),
    )


def _pack(kind: np.dtype[Any], count: int, **columns: Any) -> Records:
    records = np.zeros(count, dtype=kind)
    for name, column in columns.items():
        records[name] = column
    return records


def _spans(name: str, start: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    return {f"{name}_start": start[:-1], f"{name}_end": start[1:]}


def pack_rules(obligations: Obligations, terms: Terms) -> Rules:
    """Pack terms for the loops, each member's own recovery rate before the terms'."""
    return Rules(
        threshold=terms.settlement == "threshold",
        share=SHARE_RULES.index(terms.share),
        receivable_loss=1.0 - float(terms.receivable_recovery_rate),
        risk_pool=float(terms.risk_pool_fen),
        willingness=np.inf if terms.willingness is None else float(terms.willingness),
        failures=_pack_failures(obligations, terms, float(terms.recovery_rate), float(terms.contagious)),
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
    failures = _pack_failures(obligations, terms, smaller, smaller)
    return pack_rules(obligations, terms)._replace(failures=failures)


def _pack_failures(obligations: Obligations, terms: Terms, first: float, later: float) -> Records:
    own, falls_due = obligations.recovery, mark_cross_default(obligations, terms)
    lost_first, lost_later = (1.0 - np.where(np.isnan(own), recovery, own) for recovery in (first, later))
    return _pack(FAILURE, len(own), lost_first=lost_first, lost_later=lost_later, falls_due=falls_due)


def new_ledger(system: System, *, log_rows: int = 0) -> Ledger:
    """Make an empty ledger for a system, with room to log so many calls."""
    return Ledger(
        members=system.members.copy(),
        pools=system.pools.copy(),
        entries=system.entries.copy(),
        callees=np.zeros(len(system.members), dtype=CALLEE),
        searches=np.zeros(len(system.pools), dtype=SEARCH),
        log=np.zeros(log_rows, dtype=LOG_ROW),
        member_lists=np.zeros((2, len(system.members)), np.int64),
        pool_lists=np.zeros((2, len(system.pools)), np.int64),
        counts=np.zeros(STAMP + 1, np.int64),
        totals=np.zeros(PAID + 1),
    )
