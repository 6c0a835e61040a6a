"""The waterfall's loops: round after round, the live pay what the failed owe, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import ACTIVE, CALLED, CALLEES, FAILED, KNOWN, LOGGED, NEW, SUPPLIERS, UNPAID
from circles.settlement.ledger_kernel import (
    book_shortfalls,
    exceeds,
    fail_first,
    fail_member,
    open_member,
    queue_member,
    room_of,
    slack_of,
    turn_round,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def run_waterfall(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> bool:
    """Settle a set of first defaults on an empty ledger; False if it did not end within its bound.

    The bound is members + capped guarantees + 1 rounds: every round that pays without a failure uses up a cap.
    """
    fail_first(system, scale, ledger, first)
    for now in range(1, len(system.members) + len(system.entries) + 3):
        turn_round(ledger)
        book_shortfalls(system, rules, ledger)
        draw_deposits(system, ledger)
        take_receivables(system, rules, scale, ledger, now)
        call_guarantors(system, rules, scale, ledger)
        settle_callees(ledger, now)
        paid = collect_payments(system, ledger, now)
        if ledger.counts[FAILED] == ledger.counts[KNOWN] and not paid:
            return True
    return False


@compile_step
def run_trade(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Let failures spread by unpaid receivables alone, on an empty ledger; no guarantor is called."""
    fail_first(system, scale, ledger, first)
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        take_receivables(system, rules, scale, ledger, now)


@compile_step
def draw_deposits(system: System, ledger: Ledger) -> None:
    """Let deposits pay what is outstanding, as far as they go."""
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.pool_lists[1, k]
        state = ledger.pools[pool]
        drawn = min(system.pools[pool].deposit - state.drawn, state.outstanding)
        state.drawn += drawn
        state.outstanding -= drawn


@compile_step
def take_receivables(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Take from live suppliers what the newly failed buyers owe them; who loses more than its cash fails."""
    gather_receivables(system, rules, scale, ledger)
    for k in range(ledger.counts[SUPPLIERS]):
        member = ledger.member_lists[SUPPLIERS, k]
        state = ledger.members[member]
        loss, cash = state.trade, state.cash
        state.trade = 0.0
        state.queued = 0
        state.trade_total += min(loss, cash)
        if exceeds(loss, cash):
            fail_member(ledger, member, now, UNPAID)
        else:
            state.cash = max(0.0, cash - loss)
    ledger.counts[SUPPLIERS] = 0


@compile_step
def gather_receivables(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Add up, for each live supplier, what it loses on the newly failed; suppliers are listed once."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        buyer = ledger.member_lists[FAILED, k]
        for row in range(system.members[buyer].owed_start, system.members[buyer].owed_end):
            member = system.owed[row].supplier
            loss = rules.receivable_loss * system.owed[row].amount
            if ledger.members[member].round >= 0 or loss <= 0.0:
                continue
            open_member(system, scale, ledger, member)
            ledger.members[member].trade += loss
            queue_member(ledger, SUPPLIERS, member)


@compile_step
def call_guarantors(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Let every pool with something outstanding call its live guarantors; pools that can call nobody drop out."""
    kept = 0
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.pool_lists[1, k]
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
    for entry in range(system.pools[pool].start, system.pools[pool].end):
        ledger.entries[entry].call = 0.0
        if not can_be_called(system, ledger, entry):
            continue
        member = system.entries[entry].member
        part = weight_of(system, rules, scale, ledger, entry) / total if total > 0.0 else 1.0 / payers
        call = min(ledger.pools[pool].outstanding * part, room_of(system, ledger, entry))
        if call <= 0.0:
            continue
        ledger.entries[entry].call = call
        ledger.members[member].called += call
        queue_member(ledger, CALLEES, member)
    return True


@compile_step
def weigh_guarantors(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int
) -> tuple[float, int]:
    """Give the sum of weights and the number of the guarantors that can be called."""
    total, payers = 0.0, 0
    for entry in range(system.pools[pool].start, system.pools[pool].end):
        open_member(system, scale, ledger, system.entries[entry].member)
        if can_be_called(system, ledger, entry):
            total += weight_of(system, rules, scale, ledger, entry)
            payers += 1
    return total, payers


@inline_step
def can_be_called(system: System, ledger: Ledger, entry: int) -> bool:
    """Say whether a guarantor lives and has room under its cap."""
    if ledger.members[system.entries[entry].member].round >= 0:
        return False
    return room_of(system, ledger, entry) > 0.0


@compile_step
def weight_of(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, entry: int) -> float:
    """Give a guarantor's weight under the share rule, numbered as in `SHARE_RULES`."""
    member = system.entries[entry].member
    if rules.share == 0:
        return 1.0
    if rules.share == 1:
        return system.entries[entry].own_loan
    if rules.share == 2:
        return system.members[member].resources * scale[system.members[member].group]
    return ledger.members[member].cash


@compile_step
def settle_callees(ledger: Ledger, now: int) -> None:
    """Let each called member pay all its calls, or its whole cash pro rata and fail."""
    for k in range(ledger.counts[CALLEES]):
        member = ledger.member_lists[CALLEES, k]
        state = ledger.members[member]
        called, cash = state.called, state.cash
        state.called = 0.0
        state.queued = 0
        if exceeds(called, cash):
            state.ratio = cash / called
            fail_member(ledger, member, now, CALLED)
        else:
            state.ratio = 1.0
            state.cash = max(0.0, cash - called)
    ledger.counts[CALLEES] = 0


@compile_step
def collect_payments(system: System, ledger: Ledger, now: int) -> bool:
    """Book the payments on this round's calls; say whether anything was paid."""
    paid_any = False
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.pool_lists[1, k]
        for entry in range(system.pools[pool].start, system.pools[pool].end):
            call = ledger.entries[entry].call
            if call <= 0.0:
                continue
            paid = call * ledger.members[system.entries[entry].member].ratio
            ledger.entries[entry].call = 0.0
            ledger.pools[pool].outstanding = max(0.0, ledger.pools[pool].outstanding - paid)
            use_cap(system, ledger, entry, paid)
            log_call(ledger, entry, now, call, paid)
            paid_any = paid_any or paid > 0.0
    return paid_any


@inline_step
def use_cap(system: System, ledger: Ledger, entry: int, paid: float) -> None:
    """Count a payment against its cap; what is left within float blur is nothing."""
    ledger.entries[entry].paid += paid
    if room_of(system, ledger, entry) <= slack_of(ledger.entries[entry].paid):
        ledger.entries[entry].paid = system.entries[entry].cap


@inline_step
def log_call(ledger: Ledger, entry: int, now: int, call: float, paid: float) -> None:
    """Log one call where the log still has room; count it in any case."""
    row = ledger.counts[LOGGED]
    ledger.counts[LOGGED] = row + 1
    if row < len(ledger.log):
        kept = ledger.log[row]
        kept.entry, kept.round, kept.called, kept.paid = entry, now, call, paid
