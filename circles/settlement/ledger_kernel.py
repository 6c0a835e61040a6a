"""Loops on a ledger that every settlement shares: failing, booking shortfalls, undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_loop
from circles.settlement.ledger import (
    ACTIVE,
    CALLEES,
    EXPOSURE,
    FAILED,
    FIRST,
    LOGGED,
    POOLS,
    RECOVERED,
    SUPPLIERS,
    TOUCHED,
    UNSECURED,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_loop
def slack_of(amount: float) -> float:
    """Give the fen by which amounts of this size may differ and still count as equal."""
    return 1e-6 + 1e-12 * abs(amount)


@compile_loop
def exceeds(amount: float, limit: float) -> bool:
    """Say whether an amount is strictly more than a limit, beyond what float arithmetic blurs."""
    return amount > limit + slack_of(max(abs(amount), abs(limit)))


@compile_loop
def open_member(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> None:
    """Give a member its cash the first time a settlement touches it."""
    if ledger.seen[member] == 0:
        ledger.seen[member] = 1
        ledger.cash[member] = system.resources[member] * scale[system.group[member]]
        ledger.touched_list[ledger.counts[TOUCHED]] = member
        ledger.counts[TOUCHED] += 1


@compile_loop
def open_pool(system: System, ledger: Ledger, pool: int) -> None:
    """Give a pool its deposit the first time a settlement touches it."""
    if ledger.listed[pool] == 0:
        ledger.listed[pool] = 1
        ledger.deposit_left[pool] = system.deposit[pool]
        ledger.pool_list[ledger.counts[POOLS]] = pool
        ledger.counts[POOLS] += 1


@compile_loop
def activate_pool(ledger: Ledger, pool: int) -> None:
    """Put a pool among those to be worked on in this round."""
    if ledger.active[pool] == 0:
        ledger.active[pool] = 1
        ledger.active_list[ledger.counts[ACTIVE]] = pool
        ledger.counts[ACTIVE] += 1


@compile_loop
def fail_member(ledger: Ledger, member: int, when: int, cause: int) -> None:
    """Record that a member fails."""
    ledger.round[member] = when
    ledger.cause[member] = cause
    ledger.cash[member] = 0.0
    ledger.failed_list[ledger.counts[FAILED]] = member
    ledger.counts[FAILED] += 1


@compile_loop
def fail_first(system: System, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]) -> None:
    """Record the first defaulters in round 0; one named twice counts once."""
    for member in first:
        if ledger.round[member] < 0:
            open_member(system, scale, ledger, member)
            fail_member(ledger, member, 0, FIRST)


@compile_loop
def book_shortfalls(system: System, rules: Rules, ledger: Ledger, start: int, end: int) -> None:
    """Take what the newly failed still pay on their loans and add the rest to their pools' outstanding."""
    for k in range(start, end):
        member = ledger.failed_list[k]
        first = ledger.cause[member] == FIRST
        if not first and not rules.cross_default:
            continue
        lost = rules.first_loss[member] if first else rules.contagious_loss[member]
        for loan in range(system.loan_start[member], system.loan_start[member + 1]):
            shortfall = system.exposure[loan] * lost
            ledger.totals[EXPOSURE] += system.exposure[loan]
            ledger.totals[RECOVERED] += system.exposure[loan] - shortfall
            pool = system.loan_pool[loan]
            if pool < 0:
                ledger.totals[UNSECURED] += shortfall
            elif shortfall > 0.0:
                open_pool(system, ledger, pool)
                activate_pool(ledger, pool)
                ledger.shortfall[pool] += shortfall
                ledger.outstanding[pool] += shortfall


@compile_loop
def sum_outstanding(ledger: Ledger) -> float:
    """Add up what nobody paid: the bank's loss before the risk pool."""
    loss = ledger.totals[UNSECURED]
    for k in range(ledger.counts[POOLS]):
        loss += ledger.outstanding[ledger.pool_list[k]]
    return loss


@compile_loop
def undo_ledger(system: System, ledger: Ledger) -> None:
    """Bring a ledger back to empty by undoing what was touched."""
    for k in range(ledger.counts[TOUCHED]):
        member = ledger.touched_list[k]
        ledger.seen[member] = 0
        ledger.round[member] = -1
        ledger.cause[member] = 0
        ledger.called[member] = 0.0
        ledger.trade[member] = 0.0
        ledger.trade_total[member] = 0.0
        ledger.queued[member] = 0
    for k in range(ledger.counts[POOLS]):
        undo_pool(system, ledger, ledger.pool_list[k])
    ledger.totals[:] = 0.0
    for position in (FAILED, TOUCHED, POOLS, ACTIVE, CALLEES, LOGGED, SUPPLIERS):
        ledger.counts[position] = 0


@compile_loop
def undo_pool(system: System, ledger: Ledger, pool: int) -> None:
    """Bring one pool and its entries back to empty."""
    ledger.listed[pool] = 0
    ledger.active[pool] = 0
    ledger.shortfall[pool] = 0.0
    ledger.outstanding[pool] = 0.0
    ledger.level[pool] = 0.0
    for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
        ledger.paid[entry] = 0.0
        ledger.call[entry] = 0.0
