"""Steps on a ledger that every settlement shares: beginning, opening, failing, booking shortfalls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circles.settlement.kernel import compile_step, inline_step, prefetch
from circles.settlement.ledger import (
    ACTIVE,
    CALLEES,
    EXPOSURE,
    FAILED,
    FIRST,
    INITIAL,
    KNOWN,
    LISTED,
    LOGGED,
    NEW,
    RECOVERED,
    RUN,
    SHORTFALL,
    UNSECURED,
)

if TYPE_CHECKING:
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


AHEAD = 16
"""How many items ahead a loop asks for what it will read; what that points to is asked for later, items by items."""


@compile_step
def begin(ledger: Ledger) -> None:
    """Begin the next settlement: what earlier ones wrote counts no more."""
    run = ledger.counts[RUN] + 1
    for which in (FAILED, CALLEES, LISTED, ACTIVE, LOGGED, NEW, KNOWN, INITIAL):
        ledger.counts[which] = 0
    ledger.counts[RUN] = run
    ledger.totals[:] = 0.0


@inline_step
def guarantor_of(ledger: Ledger, entry: int) -> Any:
    """Give the member of an entry."""
    return np.int64(ledger.entries[entry].member)


@inline_step
def pool_of(ledger: Ledger, entry: int) -> Any:
    """Give the pool of an entry."""
    return np.int64(ledger.entries[entry].pool)


@inline_step
def entries_of(ledger: Ledger, pool: int) -> range:
    """Give the positions of a pool's entries."""
    return range(np.int64(ledger.pools[pool].start), np.int64(ledger.pools[pool].end))


@inline_step
def list_failed(ledger: Ledger, member: int) -> None:
    """Append a member to the list of the failed."""
    ledger.member_lists[FAILED, ledger.counts[FAILED]] = member
    ledger.counts[FAILED] += 1


@inline_step
def resources_of(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> float:
    """Give what a member has at the start, in this trial."""
    factor = scale[0] if len(scale) == 1 else scale[system.group[member]]
    return ledger.members[member].resources * factor


@inline_step
def open_member(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> None:
    """Give a member its cash the first time a settlement touches it."""
    state = ledger.members[member]
    if state.run != ledger.counts[RUN]:
        state.run = ledger.counts[RUN]
        state.cash = resources_of(system, scale, ledger, member)
        state.trade = 0.0
        state.round = -1


@inline_step
def has_failed(ledger: Ledger, member: int) -> bool:
    """Say whether a member has failed, also of one that is not open."""
    state = ledger.members[member]
    return state.round >= 0 and state.run == ledger.counts[RUN]


@compile_step
def list_pool(ledger: Ledger, pool: int) -> None:
    """Empty a pool and its entries, and list it."""
    state = ledger.pools[pool]
    state.run = ledger.counts[RUN]
    state.active = 0
    state.shortfall = 0.0
    state.outstanding = 0.0
    state.drawn = 0.0
    state.level = 0.0
    for entry in entries_of(ledger, pool):
        ledger.entries[entry].paid = 0.0
        ledger.entries[entry].call = 0.0
    ledger.pool_lists[0, ledger.counts[LISTED]] = pool
    ledger.counts[LISTED] += 1


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
        ledger.pool_lists[1, ledger.counts[ACTIVE]] = pool
        ledger.counts[ACTIVE] += 1


@inline_step
def room_of(ledger: Ledger, entry: int) -> float:
    """Give what a guarantor may still pay into a pool under its cap, in fen; infinite without a cap."""
    return ledger.entries[entry].cap - ledger.entries[entry].paid


@inline_step
def fail_member(ledger: Ledger, member: int, when: int, cause: int) -> None:
    """Record that a member fails."""
    ledger.members[member].round = when
    ledger.callees[member].cause = cause
    list_failed(ledger, member)


@compile_step
def fail_first(system: System, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]) -> None:
    """Record the first defaulters in round 0; one named twice counts once."""
    for k in range(len(first)):
        if k + AHEAD < len(first):
            prefetch(ledger.members, first[k + AHEAD])
        member = first[k]
        open_member(system, scale, ledger, member)
        if ledger.members[member].round < 0:
            fail_member(ledger, member, 0, FIRST)
            ledger.members[member].cash = 0.0
    ledger.counts[INITIAL] = ledger.counts[FAILED]


@inline_step
def turn_round(ledger: Ledger) -> int:
    """Make those that failed since the last turn the newly failed, and say how many they are."""
    ledger.counts[NEW] = ledger.counts[KNOWN]
    ledger.counts[KNOWN] = ledger.counts[FAILED]
    return ledger.counts[KNOWN] - ledger.counts[NEW]


@compile_step
def fetch_loans(system: System, rules: Rules, ledger: Ledger, k: int) -> None:
    """Ask for what booking the shortfalls of the next failed members will read."""
    known = ledger.counts[KNOWN]
    if k + AHEAD < known:
        member = ledger.member_lists[FAILED, k + AHEAD]
        prefetch(system.spans, member)
        prefetch(rules.failures, member)
        prefetch(ledger.members, member)
    if k + AHEAD // 2 < known:
        prefetch(system.loans, system.spans[ledger.member_lists[FAILED, k + AHEAD // 2]].loan_start)
    if k + AHEAD // 4 < known:
        span = system.spans[ledger.member_lists[FAILED, k + AHEAD // 4]]
        if span.loan_start < span.loan_end and system.loans[span.loan_start].pool >= 0:
            prefetch(ledger.pools, system.loans[span.loan_start].pool)


@compile_step
def fetch_debts(system: System, ledger: Ledger, k: int) -> None:
    """Ask for what going through the debts of the next failed members to their suppliers will read."""
    known = ledger.counts[KNOWN]
    if k + AHEAD < known:
        prefetch(system.spans, ledger.member_lists[FAILED, k + AHEAD])
    if k + AHEAD // 2 < known:
        span = system.spans[ledger.member_lists[FAILED, k + AHEAD // 2]]
        for row in range(span.owed_start, span.owed_end, 4):
            prefetch(system.owed, row)
    if k + AHEAD // 4 < known:
        span = system.spans[ledger.member_lists[FAILED, k + AHEAD // 4]]
        for row in range(span.owed_start, span.owed_end):
            prefetch(ledger.members, system.owed[row].supplier)


@compile_step
def fetch_pools(ledger: Ledger, which: int, k: int, count: int) -> None:
    """Ask for what going through the next pools of a list and their guarantors will read."""
    if k + AHEAD < count:
        prefetch(ledger.pools, ledger.pool_lists[which, k + AHEAD])
    if k + AHEAD // 2 < count:
        state = ledger.pools[ledger.pool_lists[which, k + AHEAD // 2]]
        for entry in range(np.int64(state.start), np.int64(state.end), 2):
            prefetch(ledger.entries, entry)
    if k + AHEAD // 4 < count:
        for entry in entries_of(ledger, ledger.pool_lists[which, k + AHEAD // 4]):
            prefetch(ledger.members, guarantor_of(ledger, entry))


@compile_step
def fetch_callees(ledger: Ledger, k: int) -> None:
    """Ask for what calling the guarantors of the next active pools will read besides."""
    if k + AHEAD // 4 < ledger.counts[ACTIVE]:
        for entry in entries_of(ledger, ledger.pool_lists[1, k + AHEAD // 4]):
            prefetch(ledger.callees, guarantor_of(ledger, entry))


@compile_step
def book_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Take what the newly failed still pay on their loans and add the rest to their pools' outstanding."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, rules, ledger, k)
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost < 0.0:
            continue
        for loan in range(system.spans[member].loan_start, system.spans[member].loan_end):
            exposure, pool = system.loans[loan].exposure, system.loans[loan].pool
            shortfall = exposure * lost
            ledger.totals[EXPOSURE] += exposure
            ledger.totals[RECOVERED] += exposure - shortfall
            ledger.totals[SHORTFALL] += shortfall
            if pool < 0:
                ledger.totals[UNSECURED] += shortfall
            elif shortfall > 0.0:
                if not is_listed(ledger, pool):
                    list_pool(ledger, pool)
                activate_pool(ledger, pool)
                ledger.pools[pool].shortfall += shortfall
                ledger.pools[pool].outstanding += shortfall


@compile_step
def sum_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Add up what the newly failed leave unpaid, as if no loan were guaranteed."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, rules, ledger, k)
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost > 0.0:
            for loan in range(system.spans[member].loan_start, system.spans[member].loan_end):
                ledger.totals[SHORTFALL] += system.loans[loan].exposure * lost


@inline_step
def lost_fraction(rules: Rules, ledger: Ledger, member: int) -> float:
    """Give the fraction of a failed member's loans that is lost; −1 where they do not fall due."""
    means = rules.failures[member]
    if ledger.members[member].round == 0:
        return means.lost_first
    return means.lost_later if means.falls_due == 1 else -1.0


@compile_step
def sum_outstanding(ledger: Ledger) -> float:
    """Add up what nobody paid: the bank's loss before the risk pool."""
    loss = ledger.totals[UNSECURED]
    for k in range(ledger.counts[LISTED]):
        loss += ledger.pools[ledger.pool_lists[0, k]].outstanding
    return loss
