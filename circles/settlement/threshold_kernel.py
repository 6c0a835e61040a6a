"""The threshold settlement's loops: who cannot pay everything asked of it fails and pays nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.kernel import compile_step
from circles.settlement.ledger import ACTIVE, CALLED, CALLEES, FAILED, KNOWN, LISTED, NEW, UNPAID
from circles.settlement.ledger_kernel import (
    activate_pool,
    book_shortfalls,
    exceeds,
    fail_first,
    fail_member,
    open_member,
    queue_member,
    slack_of,
    turn_round,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def run_threshold(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Find the least set of failures that follows from the first ones, on an empty ledger, and the bank's loss.

    Afterwards `outstanding` is each touched pool's loss, `called` what each touched member was asked for last.
    """
    fail_first(system, scale, ledger, first)
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        book_shortfalls(system, rules, ledger)
        activate_guaranteed(system, ledger)
        lose_receivables(system, rules, scale, ledger)
        level_pools(system, scale, ledger)
        test_members(system, ledger, now)
    book_losses(system, ledger)


@compile_step
def activate_guaranteed(system: System, ledger: Ledger) -> None:
    """Put the pools that the newly failed guaranteed among those to be shared anew."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        member = ledger.member_lists[FAILED, k]
        for position in range(system.members[member].entry_start, system.members[member].entry_end):
            pool = system.entries[system.member_entry[position]].pool
            if ledger.pools[pool].listed == 1:
                activate_pool(system, ledger, pool)


@compile_step
def lose_receivables(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Add what live suppliers lose on the newly failed, and note them for the test."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        buyer = ledger.member_lists[FAILED, k]
        for row in range(system.members[buyer].owed_start, system.members[buyer].owed_end):
            member = system.owed[row].supplier
            loss = rules.receivable_loss * system.owed[row].amount
            if ledger.members[member].round < 0 and loss > 0.0:
                open_member(system, scale, ledger, member)
                ledger.members[member].trade_total += loss
                queue_member(ledger, CALLEES, member)


@compile_step
def level_pools(system: System, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Find the level to which each changed pool fills up its live guarantors, and note them for the test."""
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.pool_lists[1, k]
        ledger.pools[pool].active = 0
        due = ledger.pools[pool].shortfall - system.pools[pool].deposit
        if due <= slack_of(ledger.pools[pool].shortfall):
            continue
        ledger.pools[pool].level = fill_level(system, ledger, pool, due, -1)
        for entry in range(system.pools[pool].start, system.pools[pool].end):
            member = system.entries[entry].member
            if ledger.members[member].round < 0:
                open_member(system, scale, ledger, member)
                queue_member(ledger, CALLEES, member)
    ledger.counts[ACTIVE] = 0


@compile_step
def fill_level(system: System, ledger: Ledger, pool: int, due: float, extra: int) -> float:
    """Find the level at which Σ min(cap, level) = due over the live guarantors and member `extra` (−1: nobody).

    Infinite where their caps together do not reach. Each pass fixes the caps below the level, which only rises:
    at most as many passes as there are different caps.
    """
    level = 0.0
    while True:
        fixed, open_ended = 0.0, 0
        for entry in range(system.pools[pool].start, system.pools[pool].end):
            member = system.entries[entry].member
            if ledger.members[member].round >= 0 and member != extra:
                continue
            if system.entries[entry].cap <= level:
                fixed += system.entries[entry].cap
            else:
                open_ended += 1
        if open_ended == 0:
            return np.inf
        raised = (due - fixed) / open_ended
        if raised <= level:
            return level
        level = raised


@compile_step
def test_members(system: System, ledger: Ledger, now: int) -> None:
    """Fail, all at once, the noted members from whom more is asked than they have."""
    failing = 0
    for k in range(ledger.counts[CALLEES]):
        member = ledger.member_lists[CALLEES, k]
        state = ledger.members[member]
        state.queued = 0
        state.called = sum_shares(system, ledger, member)
        if exceeds(state.called + state.trade_total, state.cash):
            ledger.member_lists[CALLEES, failing] = member
            failing += 1
    for k in range(failing):
        member = ledger.member_lists[CALLEES, k]
        by_trade = exceeds(ledger.members[member].trade_total, ledger.members[member].cash)
        fail_member(ledger, member, now, UNPAID if by_trade else CALLED)
    ledger.counts[CALLEES] = 0


@compile_step
def sum_shares(system: System, ledger: Ledger, member: int) -> float:
    """Add up a member's shares in all pools that it guarantees."""
    total = 0.0
    for position in range(system.members[member].entry_start, system.members[member].entry_end):
        entry = system.member_entry[position]
        total += min(system.entries[entry].cap, ledger.pools[system.entries[entry].pool].level)
    return total


@compile_step
def book_losses(system: System, ledger: Ledger) -> None:
    """Book the survivors' payments and leave, as outstanding, what exceeds their caps."""
    for k in range(ledger.counts[LISTED]):
        pool = ledger.pool_lists[0, k]
        drawn = min(system.pools[pool].deposit, ledger.pools[pool].shortfall)
        ledger.pools[pool].drawn = drawn
        left = ledger.pools[pool].shortfall - drawn
        for entry in range(system.pools[pool].start, system.pools[pool].end):
            if ledger.members[system.entries[entry].member].round < 0:
                ledger.entries[entry].paid = min(system.entries[entry].cap, ledger.pools[pool].level)
                left -= ledger.entries[entry].paid
        ledger.pools[pool].outstanding = left if left > slack_of(ledger.pools[pool].shortfall) else 0.0


@compile_step
def run_panic(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Find the largest set of failures that justifies itself: everybody is failed, then who can pay is revived.

    Each pass tests all contagious failures against the same set; passes end when nobody is revived. Meanwhile a
    pool's `outstanding` keeps the shortfall of everybody, and `trade_total` is what failed buyers owe in full: a sum
    of whole fen, which adding and subtracting leaves exact.
    """
    fail_everybody(system, rules, scale, ledger, first)
    revived = 1
    while revived > 0:
        revived = 0
        for k in range(ledger.counts[FAILED]):
            member = ledger.member_lists[FAILED, k]
            failed = ledger.members[member].round == 1
            if failed and not fails_with_all(system, rules, ledger, member):
                ledger.member_lists[CALLEES, revived] = member
                revived += 1
        for k in range(revived):
            revive_member(system, rules, ledger, ledger.member_lists[CALLEES, k])


@compile_step
def fail_everybody(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Start the search from above: all members failed, all shortfalls and receivable losses booked."""
    fail_first(system, scale, ledger, first)
    for member in range(len(system.members)):
        if ledger.members[member].round < 0:
            open_member(system, scale, ledger, member)
            cash = ledger.members[member].cash
            fail_member(ledger, member, 1, CALLED)
            ledger.members[member].cash = cash
    turn_round(ledger)
    book_shortfalls(system, rules, ledger)
    for row in range(len(system.owed)):
        ledger.members[system.owed[row].supplier].trade_total += system.owed[row].amount


@compile_step
def fails_with_all(system: System, rules: Rules, ledger: Ledger, member: int) -> bool:
    """Say whether a failed member would fail, given that all other failed ones have."""
    asked = ledger.members[member].trade_total * rules.receivable_loss
    for position in range(system.members[member].entry_start, system.members[member].entry_end):
        entry = system.member_entry[position]
        pool = system.entries[entry].pool
        if ledger.pools[pool].listed == 0:
            continue
        own = own_shortfall(system, rules, member, pool)
        due = ledger.pools[pool].shortfall - own - system.pools[pool].deposit
        if due > slack_of(ledger.pools[pool].outstanding):
            asked += min(system.entries[entry].cap, fill_level(system, ledger, pool, due, member))
    return exceeds(asked, ledger.members[member].cash)


@compile_step
def own_shortfall(system: System, rules: Rules, member: int, pool: int) -> float:
    """Give what a contagious defaulter's own loans add to a pool's shortfall."""
    total = 0.0
    if rules.cross_default[member]:
        for loan in range(system.members[member].loan_start, system.members[member].loan_end):
            if system.loans[loan].pool == pool:
                total += system.loans[loan].exposure * rules.lost[member, 1]
    return total


@compile_step
def revive_member(system: System, rules: Rules, ledger: Ledger, member: int) -> None:
    """Take a member out of the failed: its loans are served and its suppliers are paid."""
    ledger.members[member].round = -1
    if rules.cross_default[member]:
        for loan in range(system.members[member].loan_start, system.members[member].loan_end):
            pool = system.loans[loan].pool
            if pool >= 0:
                ledger.pools[pool].shortfall -= system.loans[loan].exposure * rules.lost[member, 1]
    for row in range(system.members[member].owed_start, system.members[member].owed_end):
        ledger.members[system.owed[row].supplier].trade_total -= system.owed[row].amount
