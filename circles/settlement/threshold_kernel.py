"""The threshold settlement's loops: who cannot pay everything asked of it fails and pays nothing.

A member's `cash` is its resources less all that is asked of it, by pools and by what it loses on failed buyers: it
fails when that is more than it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.fetch_kernel import fetch_callees, fetch_pools
from circles.settlement.first_kernel import begin_trial, count_surely_paid, is_surely_paid, open_unsure
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    ACTIVE,
    CALLED,
    CALLEES,
    DEAD,
    DRAWN,
    FAILED,
    FOUND_OUT,
    KNOWN,
    LISTED,
    NEW,
    PAID,
    REFUSED,
    UNPAID,
    UNPAID_AT_ONCE,
    UNSECURED,
)
from circles.settlement.ledger_kernel import (
    activate_pool,
    begin,
    entries_of,
    exceeds,
    fail_member,
    guarantor_of,
    has_failed,
    is_gone,
    is_listed,
    list_callee,
    place_of,
    pool_at,
    pool_of,
    slack_of,
    turn_round,
)
from circles.settlement.receivables_kernel import take_receivables
from circles.settlement.shortfall_kernel import book_shortfalls, failure_of
from circles.settlement.watch_kernel import (
    find_out,
    is_overdrawn,
    is_sure_to_pay,
    open_member,
    resources_of,
    watch_asked,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def run_threshold(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Find the least set of failures that follows from the first ones.

    Members are tested as soon as more is asked of them. Whoever fails in a round still counts as living for the
    others' shares of that round: all of a round fail at once, whatever the order in which they are found.
    """
    begin(ledger)
    open_unsure(ledger)
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        if now > 1:
            book_shortfalls(system, rules, ledger)
            activate_guaranteed(system, ledger)
        take_receivables(system, rules, scale, ledger, now, True)
        if now == 1:
            ledger.counts[UNPAID_AT_ONCE] = ledger.counts[FAILED] - ledger.counts[KNOWN]
        level_pools(system, rules, scale, ledger, now)
        name_causes(system, rules, scale, ledger)


@compile_step
def activate_guaranteed(system: System, ledger: Ledger) -> None:
    """Put the pools that the newly failed guaranteed among those to be shared anew."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        member = ledger.member_lists[FAILED, k]
        for position in range(system.ties[member].entry_start, system.ties[member].entry_end):
            pool = pool_of(system, system.member_entry[position])
            if is_listed(ledger, pool):
                activate_pool(ledger, pool)


@compile_step
def level_pools(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Find the level to which each changed pool fills up its live guarantors, ask it of them, and test them."""
    for k in range(ledger.counts[ACTIVE]):
        fetch_pools(system, ledger, ACTIVE, k, ledger.counts[ACTIVE])
        pool = pool_at(ledger, ACTIVE, k)
        state = ledger.pools[pool]
        state.active = 0
        due = state.shortfall - state.deposit
        if due <= slack_of(state.shortfall):
            continue
        before, level = state.level, fill_level(system, ledger, pool, due, now, -1)
        state.level = level
        for entry in entries_of(ledger, pool):
            member = guarantor_of(system, entry)
            if is_gone(ledger, member, now):
                continue
            if state.alone == 0:
                open_member(system, rules, scale, ledger, member)
                cap = ledger.entries[entry].cap
                ask_more(system, rules, scale, ledger, member, min(cap, level) - min(cap, before), now)
            elif not is_sure_to_pay(system, rules, scale, ledger, member, level):
                list_callee(ledger, member, level - before, pool, before)
    ledger.counts[ACTIVE] = 0
    for k in range(ledger.counts[CALLEES]):
        fetch_callees(system, ledger, k)
        asked = ledger.callees[k]
        watch_asked(system, rules, scale, ledger, place_of(asked.member), asked.before, now)
        ask_more(system, rules, scale, ledger, place_of(asked.member), asked.called, now)
    ledger.counts[CALLEES] = 0


@compile_step
def ask_more(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, more: float, now: int
) -> None:
    """Ask more of a guarantor with a record, and test it."""
    state = ledger.members[member]
    state.cash -= more
    if state.round < 0 and would_fail(system, rules, scale, ledger, member, now):
        fail_member(ledger, member, now, CALLED)


@inline_step
def cap_of(ledger: Ledger, pool: int, entry: int) -> float:
    """Give the most that a guarantor pays into a pool."""
    return np.inf if ledger.pools[pool].alone == 1 else ledger.entries[entry].cap


@compile_step
def would_fail(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, now: int) -> bool:
    """Say whether more is asked of an open member than it has, or than it is willing to pay."""
    state = ledger.members[member]
    if state.cash < 0.0 and state.reserved == 1:
        find_out(system, rules, ledger, member, now)
    if is_overdrawn(system, scale, ledger, member):
        return True
    if rules.willingness == np.inf:
        return False
    own = resources_of(system, scale, member)
    return exceeds(own - state.cash - state.trade, rules.willingness * own)


@compile_step
def name_causes(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Name what brought this round's failures down, now that everything asked of them is known."""
    for k in range(ledger.counts[KNOWN], ledger.counts[FAILED]):
        member = ledger.member_lists[FAILED, k]
        state = ledger.members[member]
        if exceeds(state.trade, resources_of(system, scale, member)):
            state.cause = UNPAID
        elif not is_overdrawn(system, scale, ledger, member):
            state.cause = REFUSED


@compile_step
def fill_level(system: System, ledger: Ledger, pool: int, due: float, now: int, extra: int) -> float:
    """Find the level at which Σ min(cap, level) = due over the guarantors that live, and member `extra` (−1: nobody).

    Infinite where their caps together do not reach. Each pass fixes the caps below the level, which only rises:
    at most as many passes as there are different caps. Who fails in round `now` or later counts as living.
    """
    level = 0.0
    while True:
        fixed, open_ended, lowest = 0.0, 0, np.inf
        for entry in entries_of(ledger, pool):
            member = guarantor_of(system, entry)
            if is_gone(ledger, member, now) and member != extra:
                continue
            cap = cap_of(ledger, pool, entry)
            if cap <= level:
                fixed += cap
            else:
                open_ended += 1
                lowest = min(lowest, cap)
        if open_ended == 0:
            return np.inf
        raised = (due - fixed) / open_ended
        if raised <= level:
            return level
        if raised < lowest:
            return raised
        level = raised


@compile_step
def book_losses(system: System, ledger: Ledger) -> None:
    """Book the survivors' payments and leave, as outstanding, what exceeds their caps."""
    for k in range(ledger.counts[LISTED]):
        pool = pool_at(ledger, LISTED, k)
        state = ledger.pools[pool]
        state.drawn = min(state.deposit, state.shortfall)
        left = state.shortfall - state.drawn
        ledger.totals[DRAWN] += state.drawn
        if is_surely_paid(ledger, pool):
            count_surely_paid(ledger, pool, -1.0)
        for entry in entries_of(ledger, pool):
            if not has_failed(ledger, guarantor_of(system, entry)):
                paid = min(cap_of(ledger, pool, entry), state.level)
                ledger.entries[entry].paid = paid
                ledger.totals[PAID] += paid
                left -= paid
        state.outstanding = left if left > slack_of(state.shortfall) else 0.0


@compile_step
def sum_losses(system: System, ledger: Ledger) -> float:
    """Add up the bank's loss before the risk pool without booking it: only pools whose caps do not reach lose."""
    loss = ledger.totals[UNSECURED]
    for k in range(ledger.counts[LISTED]):
        pool = pool_at(ledger, LISTED, k)
        if ledger.pools[pool].level < np.inf:
            continue
        left = ledger.pools[pool].shortfall - ledger.pools[pool].deposit
        for entry in entries_of(ledger, pool):
            if not has_failed(ledger, guarantor_of(system, entry)):
                left -= cap_of(ledger, pool, entry)
        if left > slack_of(ledger.pools[pool].shortfall):
            loss += left
    return loss


@compile_step
def run_panic(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Find the largest set of failures that justifies itself: everybody is failed, then who can pay is revived.

    Each pass tests all contagious failures against the same set; passes end when nobody is revived. Meanwhile a
    pool's `outstanding` keeps the shortfall of everybody, and `trade` is what failed buyers owe in full: a sum of
    whole fen, which adding and subtracting leaves exact.
    """
    fail_everybody(system, rules, scale, ledger, first)
    revived = 1
    while revived > 0:
        revived = 0
        for k in range(ledger.counts[FAILED]):
            member = ledger.member_lists[FAILED, k]
            failed = ledger.members[member].round == 1
            if failed and not fails_with_all(system, rules, scale, ledger, member):
                ledger.member_lists[FOUND_OUT, revived] = member
                revived += 1
        for k in range(revived):
            revive_member(system, rules, ledger, ledger.member_lists[FOUND_OUT, k])


@compile_step
def fail_everybody(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Start the search from above: all members failed, all shortfalls and receivable losses booked."""
    begin_trial(system, rules, ledger, first)
    begin(ledger)
    open_unsure(ledger)
    turn_round(ledger)
    for member in range(len(system.means)):
        if not has_failed(ledger, member):
            open_member(system, rules, scale, ledger, member)
            fail_member(ledger, member, 1, CALLED)
    turn_round(ledger)
    book_shortfalls(system, rules, ledger)
    for row in range(len(system.owed)):
        ledger.members[system.supplier[row]].trade += system.owed[row]


@compile_step
def fails_with_all(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int) -> bool:
    """Say whether a failed member would fail, given that all other failed ones have."""
    shares = 0.0
    for position in range(system.ties[member].entry_start, system.ties[member].entry_end):
        entry = system.member_entry[position]
        pool = pool_of(system, entry)
        if not is_listed(ledger, pool):
            continue
        own = own_shortfall(system, rules, member, pool)
        due = ledger.pools[pool].shortfall - own - ledger.pools[pool].deposit
        if due > slack_of(ledger.pools[pool].outstanding):
            shares += min(ledger.entries[entry].cap, fill_level(system, ledger, pool, due, 2, member))
    trade = ledger.members[member].trade * rules.receivable_loss
    own = resources_of(system, scale, member)
    return exceeds(shares + trade, own) or exceeds(shares, rules.willingness * own)


@compile_step
def own_shortfall(system: System, rules: Rules, member: int, pool: int) -> float:
    """Give what a contagious defaulter's own loans add to a pool's shortfall."""
    total = 0.0
    if failure_of(rules, member).falls_due == 1:
        for loan in range(system.debts[member].loan_start, system.debts[member].loan_end):
            if system.loans[loan].pool == pool:
                total += system.loans[loan].exposure * failure_of(rules, member).lost_later
    return total


@compile_step
def revive_member(system: System, rules: Rules, ledger: Ledger, member: int) -> None:
    """Take a member out of the failed: its loans are served and its suppliers are paid."""
    ledger.members[member].round = -1
    ledger.marks[member] &= ~np.uint8(DEAD)
    if failure_of(rules, member).falls_due == 1:
        for loan in range(system.debts[member].loan_start, system.debts[member].loan_end):
            pool = system.loans[loan].pool
            if pool >= 0:
                lost = failure_of(rules, member).lost_later
                ledger.pools[pool].shortfall -= system.loans[loan].exposure * lost
    for row in range(system.debts[member].owed_start, system.debts[member].owed_end):
        ledger.members[system.supplier[row]].trade -= system.owed[row]
