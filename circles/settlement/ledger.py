"""What the loops read and write: packed obligations and terms, and a ledger that is used again and again.

Obligations are packed as records, one a member, pool, loan, guarantor entry and receivable, so that a loop touches
one place in memory for what belongs together, and compiles in a quarter of the time that separate arrays take.
Positions are 64 bits throughout: a step compiled once for each width of its arguments would compile twice.
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
ALIVE, FIRST, CALLED, UNPAID = 0, 1, 2, 3
"""A live member; a first default; brought down by a call; brought down by a buyer that did not pay."""

# Lists of members, then of pools, that a ledger keeps, and their positions in `Ledger.counts`.
FAILED, TOUCHED, CALLEES, SUPPLIERS = 0, 1, 2, 3
LISTED, ACTIVE = 4, 5
# Further counts: rows logged; the newly failed, from NEW up to KNOWN in the list of the failed; searches for a flow.
LOGGED, NEW, KNOWN, STAMP = 6, 7, 8, 9
# Positions in `Ledger.totals`.
EXPOSURE, RECOVERED, UNSECURED = 0, 1, 2

MEMBER = np.dtype(
    [
        ("resources", "f8"),
        *((name, "i8") for name in ("loan_start", "loan_end", "entry_start", "entry_end", "owed_start", "owed_end")),
        ("group", "i8"),
    ],
    align=True,
)
POOL = np.dtype([("deposit", "f8"), ("start", "i8"), ("end", "i8")], align=True)
LOAN = np.dtype([("exposure", "f8"), ("pool", "i8")], align=True)
ENTRY = np.dtype([("cap", "f8"), ("own_loan", "f8"), ("pool", "i8"), ("member", "i8")], align=True)
OWED = np.dtype([("amount", "f8"), ("supplier", "i8")], align=True)

MEMBER_STATE = np.dtype(
    [
        *((name, "f8") for name in ("cash", "called", "ratio", "trade", "trade_total")),
        *(("round", "i4"), ("cause", "i1"), ("seen", "i1"), ("queued", "i1")),
    ],
    align=True,
)
POOL_STATE = np.dtype(
    [
        *((name, "f8") for name in ("shortfall", "outstanding", "drawn", "level")),
        *(("mark", "i8"), ("parent", "i8"), ("parent_entry", "i8"), ("listed", "i1"), ("active", "i1")),
    ],
    align=True,
)
ENTRY_STATE = np.dtype([("paid", "f8"), ("call", "f8")], align=True)
LOG_ROW = np.dtype([("called", "f8"), ("paid", "f8"), ("entry", "i8"), ("round", "i8")], align=True)

Records = Any
"""A numpy array of records."""


class System(NamedTuple):
    """Obligations as the loops read them; units as in `Obligations`.

    Records `MEMBER`, `POOL`, `LOAN` (by borrower), `ENTRY` (a pool's guarantors, by pool) and `OWED` (by buyer);
    `member_entry` gives a member's entries between its ``entry_start`` and ``entry_end``.
    """

    members: Records
    pools: Records
    loans: Records
    entries: Records
    owed: Records
    member_entry: NDArray[np.int64]


class Rules(NamedTuple):
    """Terms as the loops read them.

    ``cross_default[i]`` says whether member i's loans fall due when it fails by contagion; ``lost[i, 0]`` is the
    fraction of its loans lost when it defaults first, ``lost[i, 1]`` by contagion.
    """

    threshold: bool
    share: int
    cross_default: NDArray[np.bool_]
    receivable_loss: float
    risk_pool: float
    lost: NDArray[np.float64]


class Ledger(NamedTuple):
    """Running state of one settlement; what is touched is listed, so that it is undone without clearing everything.

    Of a member: `cash` once ``seen``, ``round`` of failing (−1 alive) and ``cause``, ``called`` and ``ratio`` of it
    that is paid, ``trade`` loss of this round and in total, ``queued`` for a list. Of a pool: ``shortfall`` so far,
    what is ``outstanding`` and was ``drawn`` from the deposit, the threshold's ``level``, and marks of a search for a
    flow. Of an entry: ``paid`` so far and this round's ``call``. The log takes one row a call; rows beyond its length
    are counted, not kept.
    """

    members: Records
    pools: Records
    entries: Records
    log: Records
    member_lists: NDArray[np.int64]
    pool_lists: NDArray[np.int64]
    counts: NDArray[np.int64]
    totals: NDArray[np.float64]


def pack_system(obligations: Obligations, group: NDArray[np.int32] | None = None) -> System:
    """Pack obligations for the loops; `group` says which resource scale holds for each member (one for all)."""
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    members = _pack(
        MEMBER,
        len(obligations.members),
        resources=obligations.resources,
        group=0 if group is None else group,
        **_spans("loan", loans.start),
        **_spans("entry", pools.member_start),
        **_spans("owed", receivables.buyer_start),
    )
    return System(
        members=members,
        pools=_pack(POOL, len(pools.ids), deposit=pools.deposit, start=pools.start[:-1], end=pools.start[1:]),
        loans=_pack(LOAN, len(loans.ids), exposure=loans.exposure, pool=loans.pool),
        entries=_pack(
            ENTRY, len(pools.cap), cap=pools.cap, own_loan=pools.own_loan, pool=pools.pool, member=pools.member
        ),
        owed=_pack(OWED, len(receivables.supplier), amount=receivables.supplier_amount, supplier=receivables.supplier),
        member_entry=pools.member_entry.astype(np.int64),
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
        cross_default=mark_cross_default(obligations, terms),
        receivable_loss=1.0 - float(terms.receivable_recovery_rate),
        risk_pool=float(terms.risk_pool_fen),
        lost=_lost_fractions(obligations, float(terms.recovery_rate), float(terms.contagious)),
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
    return pack_rules(obligations, terms)._replace(lost=_lost_fractions(obligations, smaller, smaller))


def _lost_fractions(obligations: Obligations, *recoveries: float) -> NDArray[np.float64]:
    own = obligations.recovery[:, None]
    return np.ascontiguousarray(1.0 - np.where(np.isnan(own), np.array(recoveries)[None, :], own))


def new_ledger(system: System, *, log_rows: int = 0) -> Ledger:
    """Make an empty ledger for a system, with room to log so many calls."""
    members = np.zeros(len(system.members), dtype=MEMBER_STATE)
    members["round"] = -1
    return Ledger(
        members=members,
        pools=np.zeros(len(system.pools), dtype=POOL_STATE),
        entries=np.zeros(len(system.entries), dtype=ENTRY_STATE),
        log=np.zeros(log_rows, dtype=LOG_ROW),
        member_lists=np.zeros((4, len(system.members)), np.int64),
        pool_lists=np.zeros((2, len(system.pools)), np.int64),
        counts=np.zeros(STAMP + 1, np.int64),
        totals=np.zeros(3),
    )
