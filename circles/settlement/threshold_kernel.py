"""The threshold settlement's loops: who cannot pay everything asked of it fails and pays nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.kernel import compile_loop
from circles.settlement.ledger import ACTIVE, CALLED, CALLEES, FAILED, POOLS, UNPAID
from circles.settlement.ledger_kernel import (
    activate_pool,
    book_shortfalls,
    exceeds,
    fail_first,
    fail_member,
    open_member,
    slack_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_loop
def run_threshold(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> None:
    """Find the least set of failures that follows from the first ones, on an empty ledger, and the bank's loss.

    Afterwards `outstanding` is each touched pool's loss, `called` what each touched member was asked for last.
    """
    fail_first(system, scale, ledger, first)
    start, now = 0, 0
    while start < ledger.counts[FAILED]:
        end = ledger.counts[FAILED]
        now += 1
        book_shortfalls(system, rules, ledger, start, end)
        activate_guaranteed(system, ledger, start, end)
        lose_receivables(system, rules, scale, ledger, start, end)
        level_pools(system, scale, ledger)
        test_members(system, ledger, now)
        start = end
    book_losses(system, ledger)


@compile_loop
def activate_guaranteed(system: System, ledger: Ledger, start: int, end: int) -> None:
    """Put the pools that the newly failed guaranteed among those to be shared anew."""
    for k in range(start, end):
        member = ledger.failed_list[k]
        for position in range(system.member_start[member], system.member_start[member + 1]):
            pool = system.entry_pool[system.member_entry[position]]
            if ledger.listed[pool] == 1:
                activate_pool(ledger, pool)


@compile_loop
def lose_receivables(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, start: int, end: int
) -> None:
    """Add what live suppliers lose on the newly failed, and note them for the test."""
    for k in range(start, end):
        buyer = ledger.failed_list[k]
        for row in range(system.buyer_start[buyer], system.buyer_start[buyer + 1]):
            member = system.supplier[row]
            loss = rules.receivable_loss * system.supplier_amount[row]
            if ledger.round[member] < 0 and loss > 0.0:
                open_member(system, scale, ledger, member)
                ledger.trade_total[member] += loss
                note_member(ledger, member)


@compile_loop
def note_member(ledger: Ledger, member: int) -> None:
    """Note a live member for this round's test."""
    if ledger.queued[member] == 0:
        ledger.queued[member] = 1
        ledger.callee_list[ledger.counts[CALLEES]] = member
        ledger.counts[CALLEES] += 1


@compile_loop
def level_pools(system: System, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Find the level to which each changed pool fills up its live guarantors, and note them for the test."""
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.active_list[k]
        ledger.active[pool] = 0
        due = ledger.shortfall[pool] - system.deposit[pool]
        if due <= slack_of(ledger.shortfall[pool]):
            continue
        ledger.level[pool] = fill_level(system, ledger, pool, due, -1)
        for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
            member = system.entry_member[entry]
            if ledger.round[member] < 0:
                open_member(system, scale, ledger, member)
                note_member(ledger, member)
    ledger.counts[ACTIVE] = 0


@compile_loop
def fill_level(system: System, ledger: Ledger, pool: int, due: float, extra: int) -> float:
    """Find the level at which Σ min(cap, level) = due over the live guarantors and member `extra` (−1: nobody).

    Infinite where their caps together do not reach. Each pass fixes the caps below the level, which only rises:
    at most as many passes as there are different caps.
    """
    level = 0.0
    while True:
        fixed, open_ended = 0.0, 0
        for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
            member = system.entry_member[entry]
            if ledger.round[member] >= 0 and member != extra:
                continue
            if system.cap[entry] <= level:
                fixed += system.cap[entry]
            else:
                open_ended += 1
        if open_ended == 0:
            return np.inf
        raised = (due - fixed) / open_ended
        if raised <= level:
            return level
        level = raised


@compile_loop
def test_members(system: System, ledger: Ledger, now: int) -> None:
    """Fail, all at once, the noted members from whom more is asked than they have."""
    failing = 0
    for k in range(ledger.counts[CALLEES]):
        member = ledger.callee_list[k]
        ledger.queued[member] = 0
        ledger.called[member] = sum_shares(system, ledger, member)
        if exceeds(ledger.called[member] + ledger.trade_total[member], ledger.cash[member]):
            ledger.callee_list[failing] = member
            failing += 1
    for k in range(failing):
        member = ledger.callee_list[k]
        by_trade = exceeds(ledger.trade_total[member], ledger.cash[member])
        fail_member(ledger, member, now, UNPAID if by_trade else CALLED)
    ledger.counts[CALLEES] = 0


@compile_loop
def sum_shares(system: System, ledger: Ledger, member: int) -> float:
    """Add up a member's shares in all pools that it guarantees."""
    total = 0.0
    for position in range(system.member_start[member], system.member_start[member + 1]):
        entry = system.member_entry[position]
        total += min(system.cap[entry], ledger.level[system.entry_pool[entry]])
    return total


@compile_loop
def book_losses(system: System, ledger: Ledger) -> None:
    """Book the survivors' payments and leave, as outstanding, what exceeds their caps."""
    for k in range(ledger.counts[POOLS]):
        pool = ledger.pool_list[k]
        drawn = min(system.deposit[pool], ledger.shortfall[pool])
        ledger.deposit_left[pool] = system.deposit[pool] - drawn
        left = ledger.shortfall[pool] - drawn
        for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
            if ledger.round[system.entry_member[entry]] < 0:
                ledger.paid[entry] = min(system.cap[entry], ledger.level[pool])
                left -= ledger.paid[entry]
        ledger.outstanding[pool] = left if left > slack_of(ledger.shortfall[pool]) else 0.0


@compile_loop
def run_panic(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> None:
    """Find the largest set of failures that justifies itself: everybody is failed, then who can pay is revived.

    Each pass tests all contagious failures against the same set; passes end when nobody is revived.
    """
    fail_everybody(system, rules, scale, ledger, first)
    while True:
        revived = 0
        for k in range(len(first), ledger.counts[FAILED]):
            member = ledger.failed_list[k]
            if ledger.round[member] >= 0 and not fails_with_all(system, rules, ledger, member):
                ledger.callee_list[revived] = member
                revived += 1
        for k in range(revived):
            revive_member(system, rules, ledger, ledger.callee_list[k])
        if revived == 0:
            return


@compile_loop
def fail_everybody(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> None:
    """Start the search from above: all members failed, all shortfalls and receivable losses booked."""
    fail_first(system, scale, ledger, first)
    for member in range(len(system.resources)):
        if ledger.round[member] < 0:
            open_member(system, scale, ledger, member)
            fail_member(ledger, member, 1, CALLED)
            ledger.cash[member] = system.resources[member] * scale[system.group[member]]
    book_shortfalls(system, rules, ledger, 0, ledger.counts[FAILED])
    for buyer in range(len(system.resources)):
        for row in range(system.buyer_start[buyer], system.buyer_start[buyer + 1]):
            ledger.trade_total[system.supplier[row]] += rules.receivable_loss * system.supplier_amount[row]


@compile_loop
def fails_with_all(system: System, rules: Rules, ledger: Ledger, member: int) -> bool:
    """Say whether a failed member would fail, given that all other failed ones have."""
    asked = ledger.trade_total[member]
    for position in range(system.member_start[member], system.member_start[member + 1]):
        entry = system.member_entry[position]
        pool = system.entry_pool[entry]
        if ledger.listed[pool] == 0:
            continue
        own = own_shortfall(system, rules, member, pool)
        due = ledger.shortfall[pool] - own - system.deposit[pool]
        if due > slack_of(ledger.shortfall[pool]):
            asked += min(system.cap[entry], fill_level(system, ledger, pool, due, member))
    return exceeds(asked, ledger.cash[member])


@compile_loop
def own_shortfall(system: System, rules: Rules, member: int, pool: int) -> float:
    """Give what a contagious defaulter's own loans add to a pool's shortfall."""
    total = 0.0
    if rules.cross_default:
        for loan in range(system.loan_start[member], system.loan_start[member + 1]):
            if system.loan_pool[loan] == pool:
                total += system.exposure[loan] * rules.contagious_loss[member]
    return total


@compile_loop
def revive_member(system: System, rules: Rules, ledger: Ledger, member: int) -> None:
    """Take a member out of the failed: its loans are served and its suppliers are paid."""
    ledger.round[member] = -1
    if rules.cross_default:
        for loan in range(system.loan_start[member], system.loan_start[member + 1]):
            pool = system.loan_pool[loan]
            if pool >= 0:
                ledger.shortfall[pool] -= system.exposure[loan] * rules.contagious_loss[member]
    for row in range(system.buyer_start[member], system.buyer_start[member + 1]):
        ledger.trade_total[system.supplier[row]] -= rules.receivable_loss * system.supplier_amount[row]
