"""What the loops read and write: packed obligations and terms, and a ledger that is used again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circles.settlement.terms import SHARE_RULES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms

# Causes of a failure.
ALIVE, FIRST, CALLED, UNPAID = 0, 1, 2, 3
"""A live member; a first default; brought down by a call; brought down by a buyer that did not pay."""

# Positions in `Ledger.counts`.
FAILED, TOUCHED, POOLS, ACTIVE, CALLEES, LOGGED, STAMP, SUPPLIERS = range(8)
# Positions in `Ledger.totals`.
EXPOSURE, RECOVERED, UNSECURED = range(3)


class System(NamedTuple):
    """Obligations as the loops read them; shapes and units as in `Obligations`."""

    resources: NDArray[np.float64]
    group: NDArray[np.int32]
    loan_start: NDArray[np.int64]
    exposure: NDArray[np.float64]
    loan_pool: NDArray[np.int32]
    deposit: NDArray[np.float64]
    pool_start: NDArray[np.int64]
    entry_pool: NDArray[np.int32]
    entry_member: NDArray[np.int32]
    cap: NDArray[np.float64]
    own_loan: NDArray[np.float64]
    member_start: NDArray[np.int64]
    member_entry: NDArray[np.int32]
    buyer_start: NDArray[np.int64]
    supplier: NDArray[np.int32]
    supplier_amount: NDArray[np.float64]


class Rules(NamedTuple):
    """Terms as the loops read them: the lost fraction of each member's loans by role, and of receivables."""

    threshold: bool
    share: int
    cross_default: bool
    receivable_loss: float
    first_loss: NDArray[np.float64]
    contagious_loss: NDArray[np.float64]
    risk_pool: float


class Ledger(NamedTuple):
    """Running state of one settlement; everything touched is listed, so that it is undone without clearing all.

    By member: `seen`, `cash` (valid once seen), `round` of failing (−1 alive), `cause`, `called` in this round,
    `ratio` of its calls that it pays, `trade` loss of this round and `trade_total`. By pool: `listed`, `shortfall`
    so far, `outstanding`, `deposit_left`, `level` (threshold), `parent`, `parent_entry`, `mark` (search for a
    flow). By entry: `paid` so far, `call` of this round. Lists with their lengths in `counts`. The log takes one row
    a call: entry, round, amount called and paid; rows beyond its length are counted but not kept.
    """

    seen: NDArray[np.int8]
    cash: NDArray[np.float64]
    round: NDArray[np.int32]
    cause: NDArray[np.int8]
    called: NDArray[np.float64]
    ratio: NDArray[np.float64]
    trade: NDArray[np.float64]
    trade_total: NDArray[np.float64]
    queued: NDArray[np.int8]
    listed: NDArray[np.int8]
    active: NDArray[np.int8]
    shortfall: NDArray[np.float64]
    outstanding: NDArray[np.float64]
    deposit_left: NDArray[np.float64]
    level: NDArray[np.float64]
    parent: NDArray[np.int32]
    parent_entry: NDArray[np.int32]
    mark: NDArray[np.int64]
    paid: NDArray[np.float64]
    call: NDArray[np.float64]
    failed_list: NDArray[np.int32]
    touched_list: NDArray[np.int32]
    callee_list: NDArray[np.int32]
    supplier_list: NDArray[np.int32]
    pool_list: NDArray[np.int32]
    active_list: NDArray[np.int32]
    log_entry: NDArray[np.int32]
    log_round: NDArray[np.int32]
    log_called: NDArray[np.float64]
    log_paid: NDArray[np.float64]
    counts: NDArray[np.int64]
    totals: NDArray[np.float64]


def pack_system(obligations: Obligations, group: NDArray[np.int32] | None = None) -> System:
    """Pack obligations for the loops; `group` says which resource scale holds for each member (one for all)."""
    loans, pools, receivables = obligations.loans, obligations.pools, obligations.receivables
    groups = np.zeros(len(obligations.members), dtype=np.int32) if group is None else np.array(group, dtype=np.int32)
    groups.flags.writeable = False
    return System(
        resources=obligations.resources,
        group=groups,
        loan_start=loans.start,
        exposure=loans.exposure,
        loan_pool=loans.pool,
        deposit=pools.deposit,
        pool_start=pools.start,
        entry_pool=pools.pool,
        entry_member=pools.member,
        cap=pools.cap,
        own_loan=pools.own_loan,
        member_start=pools.member_start,
        member_entry=pools.member_entry,
        buyer_start=receivables.buyer_start,
        supplier=receivables.supplier,
        supplier_amount=receivables.supplier_amount,
    )


def pack_rules(obligations: Obligations, terms: Terms) -> Rules:
    """Pack terms for the loops, each member's own recovery rate before the terms'."""
    return Rules(
        threshold=terms.settlement == "threshold",
        share=SHARE_RULES.index(terms.share),
        cross_default=terms.cross_default,
        receivable_loss=1.0 - float(terms.receivable_recovery_rate),
        first_loss=_lost_fraction(obligations, float(terms.recovery_rate)),
        contagious_loss=_lost_fraction(obligations, float(terms.contagious)),
        risk_pool=float(terms.risk_pool_fen),
    )


def pack_cautious_rules(obligations: Obligations, terms: Terms) -> Rules:
    """Pack the terms of the conservative bound: the smaller of the two recoveries for everybody."""
    lost = _lost_fraction(obligations, float(min(terms.recovery_rate, terms.contagious)))
    return pack_rules(obligations, terms)._replace(first_loss=lost, contagious_loss=lost)


def _lost_fraction(obligations: Obligations, recovery: float) -> NDArray[np.float64]:
    own = obligations.recovery
    return 1.0 - np.where(np.isnan(own), recovery, own)


def new_ledger(system: System, *, log_rows: int = 0) -> Ledger:
    """Make an empty ledger for a system, with room to log so many calls."""
    members, pools, entries = len(system.resources), len(system.deposit), len(system.cap)
    return Ledger(
        seen=np.zeros(members, np.int8),
        cash=np.zeros(members),
        round=np.full(members, -1, np.int32),
        cause=np.zeros(members, np.int8),
        called=np.zeros(members),
        ratio=np.zeros(members),
        trade=np.zeros(members),
        trade_total=np.zeros(members),
        queued=np.zeros(members, np.int8),
        listed=np.zeros(pools, np.int8),
        active=np.zeros(pools, np.int8),
        shortfall=np.zeros(pools),
        outstanding=np.zeros(pools),
        deposit_left=np.zeros(pools),
        level=np.zeros(pools),
        parent=np.zeros(pools, np.int32),
        parent_entry=np.zeros(pools, np.int32),
        mark=np.zeros(pools, np.int64),
        paid=np.zeros(entries),
        call=np.zeros(entries),
        failed_list=np.zeros(members, np.int32),
        touched_list=np.zeros(members, np.int32),
        callee_list=np.zeros(members, np.int32),
        supplier_list=np.zeros(members, np.int32),
        pool_list=np.zeros(pools, np.int32),
        active_list=np.zeros(pools, np.int32),
        log_entry=np.zeros(log_rows, np.int32),
        log_round=np.zeros(log_rows, np.int32),
        log_called=np.zeros(log_rows),
        log_paid=np.zeros(log_rows),
        counts=np.zeros(8, np.int64),
        totals=np.zeros(3),
    )
