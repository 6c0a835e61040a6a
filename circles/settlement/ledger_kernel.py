"""Steps on a ledger that every settlement shares: failing, booking shortfalls, undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    ACTIVE,
    EXPOSURE,
    FAILED,
    FIRST,
    KNOWN,
    LISTED,
    NEW,
    RECOVERED,
    STAMP,
    TOUCHED,
    UNSECURED,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@inline_step
def slack_of(amount: float) -> float:
    """Give the fen by which amounts of this size may differ and still count as equal."""
    return 1e-6 + 1e-12 * abs(amount)


@inline_step
def exceeds(amount: float, limit: float) -> bool:
    """Say whether an amount is strictly more than a limit, beyond what float arithmetic blurs."""
    return amount > limit + slack_of(max(abs(amount), abs(limit)))


@inline_step
def list_member(ledger: Ledger, which: int, member: int) -> None:
    """Append a member to one of the ledger's lists."""
    ledger.member_lists[which, ledger.counts[which]] = member
    ledger.counts[which] += 1


@inline_step
def queue_member(ledger: Ledger, which: int, member: int) -> None:
    """Append a member to a list that this round works off, once."""
    if ledger.members[member].queued == 0:
        ledger.members[member].queued = 1
        list_member(ledger, which, member)


@inline_step
def open_member(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> None:
    """Give a member its cash the first time a settlement touches it."""
    state = ledger.members[member]
    if state.seen == 0:
        state.seen = 1
        state.cash = system.members[member].resources * scale[system.members[member].group]
        list_member(ledger, TOUCHED, member)


@compile_step
def activate_pool(system: System, ledger: Ledger, pool: int) -> None:
    """Put a pool among those to be worked on in this round; the first time, list it."""
    state = ledger.pools[pool]
    if state.listed == 0:
        state.listed = 1
        ledger.pool_lists[0, ledger.counts[LISTED]] = pool
        ledger.counts[LISTED] += 1
    if state.active == 0:
        state.active = 1
        ledger.pool_lists[1, ledger.counts[ACTIVE]] = pool
        ledger.counts[ACTIVE] += 1


@inline_step
def room_of(system: System, ledger: Ledger, entry: int) -> float:
    """Give what a guarantor may still pay into a pool under its cap, in fen; infinite without a cap."""
    return system.entries[entry].cap - ledger.entries[entry].paid


@inline_step
def fail_member(ledger: Ledger, member: int, when: int, cause: int) -> None:
    """Record that a member fails."""
    state = ledger.members[member]
    state.round = when
    state.cause = cause
    state.cash = 0.0
    list_member(ledger, FAILED, member)


@compile_step
def fail_first(system: System, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]) -> None:
    """Record the first defaulters in round 0; one named twice counts once."""
    for member in first:
        if ledger.members[member].round < 0:
            open_member(system, scale, ledger, member)
            fail_member(ledger, member, 0, FIRST)


@inline_step
def turn_round(ledger: Ledger) -> int:
    """Make those that failed since the last turn the newly failed, and say how many they are."""
    ledger.counts[NEW] = ledger.counts[KNOWN]
    ledger.counts[KNOWN] = ledger.counts[FAILED]
    return ledger.counts[KNOWN] - ledger.counts[NEW]


@compile_step
def book_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Take what the newly failed still pay on their loans and add the rest to their pools' outstanding."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        member = ledger.member_lists[FAILED, k]
        first = ledger.members[member].cause == FIRST
        if not first and not rules.cross_default[member]:
            continue
        lost = rules.lost[member, 0 if first else 1]
        for loan in range(system.members[member].loan_start, system.members[member].loan_end):
            exposure, pool = system.loans[loan].exposure, system.loans[loan].pool
            shortfall = exposure * lost
            ledger.totals[EXPOSURE] += exposure
            ledger.totals[RECOVERED] += exposure - shortfall
            if pool < 0:
                ledger.totals[UNSECURED] += shortfall
            elif shortfall > 0.0:
                activate_pool(system, ledger, pool)
                ledger.pools[pool].shortfall += shortfall
                ledger.pools[pool].outstanding += shortfall


@compile_step
def sum_outstanding(ledger: Ledger) -> float:
    """Add up what nobody paid: the bank's loss before the risk pool."""
    loss = ledger.totals[UNSECURED]
    for k in range(ledger.counts[LISTED]):
        loss += ledger.pools[ledger.pool_lists[0, k]].outstanding
    return loss


@compile_step
def undo_ledger(system: System, ledger: Ledger) -> None:
    """Bring a ledger back to empty by undoing what was touched."""
    for k in range(ledger.counts[TOUCHED]):
        state = ledger.members[ledger.member_lists[TOUCHED, k]]
        state.seen = 0
        state.round = -1
        state.cause = 0
        state.queued = 0
        state.called = 0.0
        state.trade = 0.0
        state.trade_total = 0.0
    for k in range(ledger.counts[LISTED]):
        undo_pool(system, ledger, ledger.pool_lists[0, k])
    ledger.totals[:] = 0.0
    for which in range(STAMP):
        ledger.counts[which] = 0


@compile_step
def undo_pool(system: System, ledger: Ledger, pool: int) -> None:
    """Bring one pool and its entries back to empty."""
    state = ledger.pools[pool]
    state.listed = 0
    state.active = 0
    state.shortfall = 0.0
    state.outstanding = 0.0
    state.drawn = 0.0
    state.level = 0.0
    for entry in range(system.pools[pool].start, system.pools[pool].end):
        ledger.entries[entry].paid = 0.0
        ledger.entries[entry].call = 0.0
