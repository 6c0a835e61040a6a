"""The waterfall's loops: round after round, the live pay what the failed owe, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    ACTIVE,
    CALLED,
    CALLEES,
    DRAWN,
    FAILED,
    KNOWN,
    LOGGED,
    NEW,
    PAID,
    REFUSED,
    RUN,
    UNPAID,
)
from circles.settlement.ledger_kernel import (
    begin,
    book_shortfalls,
    entries_of,
    exceeds,
    fail_first,
    fail_member,
    fetch_callees,
    fetch_debts,
    fetch_pools,
    guarantor_of,
    open_member,
    resources_of,
    room_of,
    slack_of,
    sum_shortfalls,
    turn_round,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def run_waterfall(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> bool:
    """Settle a set of first defaults; False if it did not end within its bound.

    The bound is members + capped guarantees + 1 rounds: every round that pays without a failure uses up a cap.
    """
    begin(ledger)
    fail_first(system, scale, ledger, first)
    for now in range(1, len(system.members) + len(system.entries) + 3):
        turn_round(ledger)
        book_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now)
        call_guarantors(system, rules, scale, ledger)
        settle_callees(system, rules, scale, ledger, now)
        paid = collect_payments(ledger, now)
        if ledger.counts[FAILED] == ledger.counts[KNOWN] and not paid:
            return True
    return False


@compile_step
def run_trade(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Let failures spread by unpaid receivables alone; no guarantor is called, and shortfalls are added up."""
    begin(ledger)
    fail_first(system, scale, ledger, first)
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        sum_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now)


@inline_step
def draw_deposit(ledger: Ledger, pool: int) -> None:
    """Let a pool's deposit pay what is outstanding, as far as it goes."""
    state = ledger.pools[pool]
    drawn = min(state.deposit - state.drawn, state.outstanding)
    state.drawn += drawn
    state.outstanding -= drawn
    ledger.totals[DRAWN] += drawn


@compile_step
def take_receivables(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Take from live suppliers what the newly failed buyers owe them; who loses more than its cash fails."""
    if rules.receivable_loss <= 0.0:
        return
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_debts(system, ledger, k)
        buyer = ledger.member_lists[FAILED, k]
        for row in range(system.spans[buyer].owed_start, system.spans[buyer].owed_end):
            member = system.owed[row].supplier
            open_member(system, scale, ledger, member)
            state = ledger.members[member]
            if state.round < 0:
                loss, cash = rules.receivable_loss * system.owed[row].amount, state.cash
                if loss <= cash:
                    state.cash = cash - loss
                    state.trade += loss
                else:
                    state.cash = 0.0
                    state.trade += cash
                    if exceeds(loss, cash):
                        fail_member(ledger, member, now, UNPAID)


@compile_step
def call_guarantors(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Let deposits pay, and every pool with something left outstanding call its live guarantors.

    Pools that can call nobody drop out.
    """
    kept = 0
    for k in range(ledger.counts[ACTIVE]):
        fetch_pools(ledger, 1, k, ledger.counts[ACTIVE])
        fetch_callees(ledger, k)
        pool = ledger.pool_lists[1, k]
        draw_deposit(ledger, pool)
        if ledger.pools[pool].outstanding <= slack_of(ledger.pools[pool].shortfall):
            ledger.pools[pool].outstanding = 0.0
            ledger.pools[pool].active = 0
            continue
        if call_pool(system, rules, scale, ledger, pool):
            ledger.pool_lists[1, kept] = pool
            kept += 1
        else:
            ledger.pools[pool].active = 0
    ledger.counts[ACTIVE] = kept


@compile_step
def call_pool(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int) -> bool:
    """Split a pool's outstanding among its live guarantors with room under their cap; False if there is none."""
    total, payers = weigh_guarantors(system, rules, scale, ledger, pool)
    if payers == 0:
        return False
    equal = rules.share == 0 or total <= 0.0
    unit = ledger.pools[pool].outstanding / (payers if equal else total)
    for entry in entries_of(ledger, pool):
        call = 0.0
        if can_be_called(ledger, entry):
            weight = 1.0 if equal else weight_of(system, rules, scale, ledger, entry)
            call = min(unit * weight, room_of(ledger, entry))
        ledger.entries[entry].call = call
        if call > 0.0:
            call_member(ledger, guarantor_of(ledger, entry), call)
    return True


@inline_step
def call_member(ledger: Ledger, member: int, call: float) -> None:
    """Add a call to what a member is asked for in this round; list it the first time."""
    state = ledger.callees[member]
    if state.run != ledger.counts[RUN]:
        state.run = ledger.counts[RUN]
        state.called = 0.0
        state.given = 0.0
    if state.called == 0.0:
        ledger.member_lists[CALLEES, ledger.counts[CALLEES]] = member
        ledger.counts[CALLEES] += 1
    state.called += call


@compile_step
def weigh_guarantors(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int
) -> tuple[float, int]:
    """Give the sum of weights and the number of the guarantors that can be called."""
    total, payers = 0.0, 0
    for entry in entries_of(ledger, pool):
        open_member(system, scale, ledger, guarantor_of(ledger, entry))
        if can_be_called(ledger, entry):
            payers += 1
            if rules.share != 0:
                total += weight_of(system, rules, scale, ledger, entry)
    return total, payers


@inline_step
def can_be_called(ledger: Ledger, entry: int) -> bool:
    """Say whether an open guarantor lives and has room under its cap."""
    return ledger.members[guarantor_of(ledger, entry)].round < 0 and room_of(ledger, entry) > 0.0


@compile_step
def weight_of(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, entry: int) -> float:
    """Give a guarantor's weight under a share rule that is not equal, numbered as in `SHARE_RULES`."""
    if rules.share == 1:
        return system.own_loan[entry]
    if rules.share == 2:
        return resources_of(system, scale, ledger, guarantor_of(ledger, entry))
    return ledger.members[guarantor_of(ledger, entry)].cash


@compile_step
def settle_callees(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Let each called member pay all its calls; or its whole cash pro rata, and fail; or refuse, and fail."""
    for k in range(ledger.counts[CALLEES]):
        member = ledger.member_lists[CALLEES, k]
        state, asked = ledger.members[member], ledger.callees[member]
        called, cash = asked.called, state.cash
        asked.called = 0.0
        if called > cash and exceeds(called, cash):
            asked.ratio = cash / called
            state.cash = 0.0
            fail_member(ledger, member, now, CALLED)
        elif is_refused(system, rules, scale, ledger, member, asked.given + called):
            asked.ratio = 0.0
            fail_member(ledger, member, now, REFUSED)
        else:
            asked.ratio = 1.0
            asked.given += called
            state.cash = max(0.0, cash - called)
    ledger.counts[CALLEES] = 0


@inline_step
def is_refused(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, amount: float
) -> bool:
    """Say whether a member would rather fail than pay so much in all, though it could."""
    if rules.willingness == np.inf:
        return False
    return exceeds(amount, rules.willingness * resources_of(system, scale, ledger, member))


@compile_step
def collect_payments(ledger: Ledger, now: int) -> bool:
    """Book the payments on this round's calls; say whether anything was paid."""
    collected = 0.0
    for k in range(ledger.counts[ACTIVE]):
        fetch_pools(ledger, 1, k, ledger.counts[ACTIVE])
        pool = ledger.pool_lists[1, k]
        outstanding = ledger.pools[pool].outstanding
        for entry in entries_of(ledger, pool):
            call = ledger.entries[entry].call
            if call <= 0.0:
                continue
            paid = call * ledger.callees[guarantor_of(ledger, entry)].ratio
            ledger.entries[entry].call = 0.0
            outstanding = max(0.0, outstanding - paid)
            collected += paid
            use_cap(ledger, entry, paid)
            log_call(ledger, entry, now, call, paid)
        ledger.pools[pool].outstanding = outstanding
    ledger.totals[PAID] += collected
    return collected > 0.0


@inline_step
def use_cap(ledger: Ledger, entry: int, paid: float) -> None:
    """Count a payment against its cap; what is left within float blur is nothing."""
    ledger.entries[entry].paid += paid
    if room_of(ledger, entry) <= slack_of(ledger.entries[entry].paid):
        ledger.entries[entry].paid = ledger.entries[entry].cap


@inline_step
def log_call(ledger: Ledger, entry: int, now: int, call: float, paid: float) -> None:
    """Log one call where the log still has room; count it in any case."""
    row = ledger.counts[LOGGED]
    ledger.counts[LOGGED] = row + 1
    if row < len(ledger.log):
        kept = ledger.log[row]
        kept.entry, kept.round, kept.called, kept.paid = entry, now, call, paid
