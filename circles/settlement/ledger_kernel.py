"""Steps on a ledger that every settlement shares: beginning, opening, failing, booking shortfalls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    ACTIVE,
    BASE,
    CALLEES,
    DEAD,
    EARLIEST,
    FAILED,
    FIRST,
    FOUND_OUT,
    FRAGILE,
    INITIAL,
    KNOWN,
    LEAST,
    LISTED,
    LOGGED,
    NEW,
    RUN,
    SPREADS,
    UNSECURED,
    UNSURE,
    WATCHED,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, System


@inline_step
def slack_of(amount: float) -> float:
    """Give the fen by which amounts of this size may differ and still count as equal."""
    return 1e-6 + 1e-12 * abs(amount)


@inline_step
def exceeds(amount: float, limit: float) -> bool:
    """Say whether an amount is strictly more than a limit, beyond what float arithmetic blurs."""
    return amount > limit + slack_of(max(abs(amount), abs(limit)))


@compile_step
def begin(ledger: Ledger) -> None:
    """Begin the next settlement of the same first defaults: what earlier ones wrote counts no more."""
    for k in range(ledger.counts[INITIAL], ledger.counts[FAILED]):
        restore_mark(ledger, ledger.member_lists[FAILED, k])
    for k in range(ledger.counts[FOUND_OUT]):
        restore_mark(ledger, ledger.member_lists[FOUND_OUT, k])
    ledger.counts[FAILED] = ledger.counts[INITIAL]
    for which in (FOUND_OUT, LISTED, ACTIVE, CALLEES, LOGGED, NEW, KNOWN):
        ledger.counts[which] = 0
    ledger.counts[RUN] += 1
    for which in range(LEAST):
        ledger.totals[which] = ledger.opening[which]


@compile_step
def forget_first(ledger: Ledger) -> None:
    """Let the first defaulters of the trial before live again, and forget what they left unpaid."""
    for k in range(ledger.counts[INITIAL]):
        restore_mark(ledger, ledger.member_lists[FAILED, k])
    ledger.counts[FAILED], ledger.counts[UNSURE] = 0, 0
    for which in range(LEAST):
        ledger.totals[which] = 0.0


@inline_step
def restore_mark(ledger: Ledger, member: int) -> None:
    """Leave of a member's marks what holds from settlement to settlement."""
    mark = ledger.marks[member] & (FRAGILE | SPREADS)
    ledger.marks[member] = mark | WATCHED if mark & FRAGILE else mark


@inline_step
def place_of(number: Any) -> Any:
    """Give a position read from an array, in the 64 bits that all positions have."""
    return np.int64(number)


@inline_step
def guarantor_of(system: System, entry: int) -> Any:
    """Give the member of an entry."""
    return place_of(system.guarantor[entry])


@inline_step
def pool_of(system: System, entry: int) -> Any:
    """Give the pool of an entry."""
    return place_of(system.guaranteed[entry])


@inline_step
def entries_of(ledger: Ledger, pool: int) -> range:
    """Give the positions of a pool's entries."""
    return range(place_of(ledger.pools[pool].start), place_of(ledger.pools[pool].end))


@inline_step
def list_failed(ledger: Ledger, member: int) -> None:
    """Append a member to the list of the failed."""
    ledger.member_lists[FAILED, ledger.counts[FAILED]] = member
    ledger.counts[FAILED] += 1


@inline_step
def has_failed(ledger: Ledger, member: int) -> bool:
    """Say whether a member has failed, also of one that is not open."""
    return ledger.marks[member] & DEAD != 0


@inline_step
def is_gone(ledger: Ledger, member: int, now: int) -> bool:
    """Say whether a member failed before round `now`, which is at least 1."""
    mark = ledger.marks[member]
    return mark & EARLIEST != 0 or (mark & DEAD != 0 and ledger.members[member].round < now)


@inline_step
def pool_at(ledger: Ledger, which: int, k: int) -> Any:
    """Give a pool of a list: `LISTED`, `ACTIVE` or `UNSURE`."""
    return place_of(ledger.pool_lists[which - LISTED, k])


@inline_step
def append_pool(ledger: Ledger, which: int, pool: int) -> None:
    """Append a pool to a list."""
    ledger.pool_lists[which - LISTED, ledger.counts[which]] = pool
    ledger.counts[which] += 1


@compile_step
def open_pool(ledger: Ledger, pool: int) -> None:
    """Empty a pool and the entries that it uses, and list it."""
    state = ledger.pools[pool]
    state.run = ledger.counts[RUN]
    state.active = 0
    state.shortfall = 0.0
    state.outstanding = 0.0
    state.drawn = 0.0
    state.level = 0.0
    if state.alone == 0:
        for entry in entries_of(ledger, pool):
            ledger.entries[entry].paid = 0.0
            ledger.entries[entry].call = 0.0
    append_pool(ledger, LISTED, pool)


@compile_step
def reopen_pool(ledger: Ledger, pool: int) -> None:
    """Open a pool that the first defaults left alone, or that was surely paid: then it goes on from there."""
    touch_pool(ledger, pool)
    open_pool(ledger, pool)
    state, due = ledger.pools[pool], first_due(ledger, pool)
    state.shortfall = state.first
    state.drawn = state.first - due
    if due > 0.0:
        state.level = due / count_sound(ledger, pool)


@inline_step
def first_due(ledger: Ledger, pool: int) -> float:
    """Give what the first defaults leave unpaid in a pool beyond its deposit."""
    return max(0.0, ledger.pools[pool].first - ledger.pools[pool].deposit)


@inline_step
def touch_pool(ledger: Ledger, pool: int) -> None:
    """Make a pool that no settlement of this trial has seen yet forget the trial before."""
    state = ledger.pools[pool]
    if state.run < ledger.counts[BASE]:
        state.run = ledger.counts[BASE]
        state.first = 0.0
        state.gone = 0


@inline_step
def count_sound(ledger: Ledger, pool: int) -> int:
    """Count the guarantors of a pool that stands alone that are no first defaults."""
    state = ledger.pools[pool]
    return place_of(state.end) - place_of(state.start) - place_of(state.gone)


@inline_step
def is_listed(ledger: Ledger, pool: int) -> bool:
    """Say whether anything was ever due in a pool."""
    return ledger.pools[pool].run == ledger.counts[RUN]


@inline_step
def activate_pool(ledger: Ledger, pool: int) -> None:
    """Put a listed pool among those to be worked on in this round."""
    state = ledger.pools[pool]
    if state.active == 0:
        state.active = 1
        append_pool(ledger, ACTIVE, pool)


@inline_step
def list_callee(ledger: Ledger, member: int, called: float, pool: int, before: float) -> None:
    """Put a member among those that are called in this round."""
    callee = ledger.callees[ledger.counts[CALLEES]]
    callee.member = member
    callee.called = called
    callee.pool = pool
    callee.before = before
    ledger.counts[CALLEES] += 1


@inline_step
def room_of(ledger: Ledger, entry: int) -> float:
    """Give what a guarantor may still pay into a pool under its cap, in fen; infinite without a cap."""
    return ledger.entries[entry].cap - ledger.entries[entry].paid


@inline_step
def fail_member(ledger: Ledger, member: int, when: int, cause: int) -> None:
    """Record that a member fails."""
    ledger.members[member].round = when
    ledger.members[member].cause = cause
    ledger.marks[member] |= DEAD
    list_failed(ledger, member)


@compile_step
def fail_first(ledger: Ledger, first: NDArray[np.int64]) -> None:
    """Record the first defaulters in round 0; one named twice counts once."""
    for k in range(len(first)):
        member = first[k]
        if has_failed(ledger, member):
            continue
        ledger.marks[member] |= DEAD | EARLIEST
        list_failed(ledger, member)
        if ledger.marks[member] & FRAGILE:
            state = ledger.members[member]
            if state.run != ledger.counts[RUN]:
                state.run = ledger.counts[RUN]
                state.trade = 0.0
                state.reserved = 0
            state.cash = 0.0
            state.round = 0
            state.cause = FIRST
    ledger.counts[INITIAL] = ledger.counts[FAILED]


@inline_step
def turn_round(ledger: Ledger) -> int:
    """Make those that failed since the last turn the newly failed, and say how many they are."""
    ledger.counts[NEW] = ledger.counts[KNOWN]
    ledger.counts[KNOWN] = ledger.counts[FAILED]
    return ledger.counts[KNOWN] - ledger.counts[NEW]


@compile_step
def sum_outstanding(ledger: Ledger) -> float:
    """Add up what nobody paid: the bank's loss before the risk pool."""
    loss = ledger.totals[UNSECURED]
    for k in range(ledger.counts[LISTED]):
        loss += ledger.pools[pool_at(ledger, LISTED, k)].outstanding
    return loss
