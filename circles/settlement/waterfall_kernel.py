"""The waterfall's loops: round after round, the live pay what the failed owe, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.kernel import compile_loop
from circles.settlement.ledger import ACTIVE, CALLED, CALLEES, FAILED, LOGGED, SUPPLIERS, UNPAID
from circles.settlement.ledger_kernel import (
    book_shortfalls,
    exceeds,
    fail_first,
    fail_member,
    open_member,
    slack_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_loop
def run_waterfall(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> bool:
    """Settle a set of first defaults on an empty ledger; False if it did not end within its bound.

    The bound is members + capped guarantees + 1 rounds: every round that pays without a failure uses up a cap.
    """
    fail_first(system, scale, ledger, first)
    start = 0
    for now in range(1, len(system.resources) + len(system.cap) + 3):
        end = ledger.counts[FAILED]
        book_shortfalls(system, rules, ledger, start, end)
        draw_deposits(ledger)
        take_receivables(system, rules, scale, ledger, start, end, now)
        call_guarantors(system, rules, scale, ledger)
        settle_callees(ledger, now)
        paid = collect_payments(system, ledger, now)
        start = end
        if ledger.counts[FAILED] == end and not paid:
            return True
    return False


@compile_loop
def run_trade(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int32]
) -> None:
    """Let failures spread by unpaid receivables alone, on an empty ledger; no guarantor is called."""
    fail_first(system, scale, ledger, first)
    start, now = 0, 0
    while start < ledger.counts[FAILED]:
        end = ledger.counts[FAILED]
        now += 1
        take_receivables(system, rules, scale, ledger, start, end, now)
        start = end


@compile_loop
def draw_deposits(ledger: Ledger) -> None:
    """Let deposits pay what is outstanding, as far as they go."""
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.active_list[k]
        drawn = min(ledger.deposit_left[pool], ledger.outstanding[pool])
        ledger.deposit_left[pool] -= drawn
        ledger.outstanding[pool] -= drawn


@compile_loop
def take_receivables(
    system: System,
    rules: Rules,
    scale: NDArray[np.float64],
    ledger: Ledger,
    start: int,
    end: int,
    now: int,
) -> None:
    """Take from live suppliers what the newly failed buyers owe them; who loses more than its cash fails."""
    gather_receivables(system, rules, scale, ledger, start, end)
    for k in range(ledger.counts[SUPPLIERS]):
        member = ledger.supplier_list[k]
        loss = ledger.trade[member]
        ledger.trade[member] = 0.0
        ledger.queued[member] = 0
        ledger.trade_total[member] += min(loss, ledger.cash[member])
        if exceeds(loss, ledger.cash[member]):
            fail_member(ledger, member, now, UNPAID)
        else:
            ledger.cash[member] = max(0.0, ledger.cash[member] - loss)
    ledger.counts[SUPPLIERS] = 0


@compile_loop
def gather_receivables(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, start: int, end: int
) -> None:
    """Add up, for each live supplier, what it loses on the newly failed; suppliers are listed once."""
    for k in range(start, end):
        buyer = ledger.failed_list[k]
        for row in range(system.buyer_start[buyer], system.buyer_start[buyer + 1]):
            member = system.supplier[row]
            loss = rules.receivable_loss * system.supplier_amount[row]
            if ledger.round[member] >= 0 or loss <= 0.0:
                continue
            open_member(system, scale, ledger, member)
            ledger.trade[member] += loss
            if ledger.queued[member] == 0:
                ledger.queued[member] = 1
                ledger.supplier_list[ledger.counts[SUPPLIERS]] = member
                ledger.counts[SUPPLIERS] += 1


@compile_loop
def call_guarantors(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Let every pool with something outstanding call its live guarantors; pools that can call nobody drop out."""
    kept = 0
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.active_list[k]
        if ledger.outstanding[pool] <= slack_of(ledger.shortfall[pool]):
            ledger.outstanding[pool] = 0.0
            ledger.active[pool] = 0
            continue
        if call_pool(system, rules, scale, ledger, pool):
            ledger.active_list[kept] = pool
            kept += 1
        else:
            ledger.active[pool] = 0
    ledger.counts[ACTIVE] = kept


@compile_loop
def call_pool(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int) -> bool:
    """Split a pool's outstanding among its live guarantors with room under their cap; False if there is none."""
    total, payers = weigh_guarantors(system, rules, scale, ledger, pool)
    if payers == 0:
        return False
    for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
        ledger.call[entry] = 0.0
        if not can_be_called(system, ledger, entry):
            continue
        member = system.entry_member[entry]
        part = weight_of(system, rules, scale, ledger, entry) / total if total > 0.0 else 1.0 / payers
        call = min(ledger.outstanding[pool] * part, system.cap[entry] - ledger.paid[entry])
        if call <= 0.0:
            continue
        ledger.call[entry] = call
        ledger.called[member] += call
        if ledger.queued[member] == 0:
            ledger.queued[member] = 1
            ledger.callee_list[ledger.counts[CALLEES]] = member
            ledger.counts[CALLEES] += 1
    return True


@compile_loop
def weigh_guarantors(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int
) -> tuple[float, int]:
    """Give the sum of weights and the number of the guarantors that can be called."""
    total, payers = 0.0, 0
    for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
        open_member(system, scale, ledger, system.entry_member[entry])
        if can_be_called(system, ledger, entry):
            total += weight_of(system, rules, scale, ledger, entry)
            payers += 1
    return total, payers


@compile_loop
def can_be_called(system: System, ledger: Ledger, entry: int) -> bool:
    """Say whether a guarantor lives and has room under its cap."""
    if ledger.round[system.entry_member[entry]] >= 0:
        return False
    return system.cap[entry] - ledger.paid[entry] > 0.0


@compile_loop
def weight_of(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, entry: int) -> float:
    """Give a guarantor's weight under the share rule, numbered as in `SHARE_RULES`."""
    member = system.entry_member[entry]
    if rules.share == 0:
        return 1.0
    if rules.share == 1:
        return system.own_loan[entry]
    if rules.share == 2:
        return system.resources[member] * scale[system.group[member]]
    return ledger.cash[member]


@compile_loop
def settle_callees(ledger: Ledger, now: int) -> None:
    """Let each called member pay all its calls, or its whole cash pro rata and fail."""
    for k in range(ledger.counts[CALLEES]):
        member = ledger.callee_list[k]
        ledger.queued[member] = 0
        called, cash = ledger.called[member], ledger.cash[member]
        ledger.called[member] = 0.0
        if exceeds(called, cash):
            ledger.ratio[member] = cash / called
            fail_member(ledger, member, now, CALLED)
        else:
            ledger.ratio[member] = 1.0
            ledger.cash[member] = max(0.0, cash - called)
    ledger.counts[CALLEES] = 0


@compile_loop
def collect_payments(system: System, ledger: Ledger, now: int) -> bool:
    """Book the payments on this round's calls; say whether anything was paid."""
    paid_any = False
    for k in range(ledger.counts[ACTIVE]):
        pool = ledger.active_list[k]
        for entry in range(system.pool_start[pool], system.pool_start[pool + 1]):
            call = ledger.call[entry]
            if call <= 0.0:
                continue
            paid = call * ledger.ratio[system.entry_member[entry]]
            ledger.call[entry] = 0.0
            ledger.outstanding[pool] = max(0.0, ledger.outstanding[pool] - paid)
            use_cap(system, ledger, entry, paid)
            log_call(ledger, entry, now, call, paid)
            paid_any = paid_any or paid > 0.0
    return paid_any


@compile_loop
def use_cap(system: System, ledger: Ledger, entry: int, paid: float) -> None:
    """Count a payment against its cap; what is left within float blur is nothing."""
    ledger.paid[entry] += paid
    if system.cap[entry] - ledger.paid[entry] <= slack_of(ledger.paid[entry]):
        ledger.paid[entry] = system.cap[entry]


@compile_loop
def log_call(ledger: Ledger, entry: int, now: int, call: float, paid: float) -> None:
    """Log one call where the log still has room; count it in any case."""
    row = ledger.counts[LOGGED]
    ledger.counts[LOGGED] = row + 1
    if row < len(ledger.log_entry):
        ledger.log_entry[row] = entry
        ledger.log_round[row] = now
        ledger.log_called[row] = call
        ledger.log_paid[row] = paid
