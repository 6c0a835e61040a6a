"""Calls on guarantors: deposits pay first, then pools call, callees pay or fail, and payments are booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.fetch_kernel import fetch_callees, fetch_pools
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    ACTIVE,
    BY_CASH,
    BY_LOAN,
    CALLED,
    CALLEES,
    DRAWN,
    EQUALLY,
    LISTED,
    LOGGED,
    PAID,
    PAID_NOW,
    REFUSED,
)
from circles.settlement.ledger_kernel import (
    entries_of,
    exceeds,
    fail_member,
    guarantor_of,
    has_failed,
    list_callee,
    place_of,
    pool_at,
    room_of,
    slack_of,
)
from circles.settlement.watch_kernel import (
    find_out,
    is_settled_alone,
    is_sure_to_pay,
    open_member,
    resources_of,
    watch_asked,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def pass_calls(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> bool:
    """Let deposits pay, call the guarantors and collect what they pay; say whether they paid anything."""
    ledger.totals[PAID_NOW] = 0.0
    call_guarantors(system, rules, scale, ledger, now)
    settle_callees(system, rules, scale, ledger, now)
    collect_payments(system, rules, ledger, now)
    ledger.totals[PAID] += ledger.totals[PAID_NOW]
    return ledger.totals[PAID_NOW] > 0.0


@inline_step
def draw_deposit(ledger: Ledger, pool: int) -> None:
    """Let a pool's deposit pay what is outstanding, as far as it goes."""
    state = ledger.pools[pool]
    drawn = min(state.deposit - state.drawn, state.outstanding)
    state.drawn += drawn
    state.outstanding -= drawn
    ledger.totals[DRAWN] += drawn


@compile_step
def call_guarantors(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Let deposits pay, and every pool with something left outstanding call its live guarantors.

    Pools that can call nobody drop out.
    """
    kept = 0
    for k in range(ledger.counts[ACTIVE]):
        fetch_pools(system, ledger, ACTIVE, k, ledger.counts[ACTIVE])
        pool = pool_at(ledger, ACTIVE, k)
        state = ledger.pools[pool]
        draw_deposit(ledger, pool)
        goes_on = False
        if state.outstanding <= slack_of(state.shortfall):
            state.outstanding = 0.0
        elif is_settled_alone(rules, ledger, pool):
            goes_on = call_alone(system, rules, scale, ledger, pool)
        else:
            goes_on = call_pool(system, rules, scale, ledger, pool, now)
        if goes_on:
            ledger.pool_lists[ACTIVE - LISTED, kept] = pool
            kept += 1
        else:
            state.active = 0
    ledger.counts[ACTIVE] = kept


@compile_step
def call_alone(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int) -> bool:
    """Call the guarantors of a pool that stands alone; False if all is paid, or nobody is left to pay.

    Who is sure to pay pays at once; only the others become callees.
    """
    payers = 0
    for entry in entries_of(ledger, pool):
        payers += 0 if has_failed(ledger, guarantor_of(system, entry)) else 1
    if payers == 0:
        return False
    state, listed = ledger.pools[pool], ledger.counts[CALLEES]
    call, before = state.outstanding / payers, state.level
    for entry in entries_of(ledger, pool):
        member = guarantor_of(system, entry)
        if not has_failed(ledger, member) and not is_sure_to_pay(system, rules, scale, ledger, member, before + call):
            list_callee(ledger, member, call, pool, before)
    listed = ledger.counts[CALLEES] - listed
    ledger.counts[LOGGED] += payers
    ledger.totals[PAID_NOW] += call * (payers - listed)
    state.level += call
    state.outstanding = 0.0
    return listed > 0


@compile_step
def call_pool(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int, now: int) -> bool:
    """Split a pool's outstanding among its live guarantors with room under their cap; False if there is none."""
    total, payers = weigh_guarantors(system, rules, scale, ledger, pool, now)
    if payers == 0:
        return False
    equal = rules.share == EQUALLY or total <= 0.0
    unit = ledger.pools[pool].outstanding / (payers if equal else total)
    for entry in entries_of(ledger, pool):
        call = 0.0
        if can_be_called(system, ledger, entry):
            weight = 1.0 if equal else weight_of(system, rules, scale, ledger, entry)
            call = min(unit * weight, room_of(ledger, entry))
        ledger.entries[entry].call = call
        if call > 0.0:
            call_member(ledger, guarantor_of(system, entry), call)
    return True


@inline_step
def call_member(ledger: Ledger, member: int, call: float) -> None:
    """Add a call to what a member is asked for in this round; list it the first time."""
    slot = place_of(ledger.members[member].slot)
    if slot >= ledger.counts[CALLEES] or ledger.callees[slot].member != member:
        slot = ledger.counts[CALLEES]
        ledger.members[member].slot = slot
        list_callee(ledger, member, 0.0, -1, 0.0)
    ledger.callees[slot].called += call


@compile_step
def weigh_guarantors(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, pool: int, now: int
) -> tuple[float, int]:
    """Give the sum of weights and the number of the guarantors that can be called."""
    total, payers = 0.0, 0
    for entry in entries_of(ledger, pool):
        member = guarantor_of(system, entry)
        if has_failed(ledger, member):
            continue
        open_member(system, rules, scale, ledger, member)
        if rules.share == BY_CASH and ledger.members[member].reserved == 1:
            find_out(system, rules, ledger, member, now)
        if can_be_called(system, ledger, entry):
            payers += 1
            if rules.share != EQUALLY:
                total += weight_of(system, rules, scale, ledger, entry)
    return total, payers


@inline_step
def can_be_called(system: System, ledger: Ledger, entry: int) -> bool:
    """Say whether a guarantor lives and has room under its cap."""
    return not has_failed(ledger, guarantor_of(system, entry)) and room_of(ledger, entry) > 0.0


@compile_step
def weight_of(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, entry: int) -> float:
    """Give a guarantor's weight under a share rule that is not equal, numbered as in `SHARE_RULES`."""
    if rules.share == BY_LOAN:
        return system.own_loan[entry]
    if rules.share == BY_CASH:
        return ledger.members[guarantor_of(system, entry)].cash
    return resources_of(system, scale, guarantor_of(system, entry))


@compile_step
def settle_callees(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Let each called member pay; what a pool that stands alone does not get stays outstanding there."""
    for k in range(ledger.counts[CALLEES]):
        fetch_callees(system, ledger, k)
        asked = ledger.callees[k]
        member, pool = place_of(asked.member), place_of(asked.pool)
        if pool >= 0:
            watch_asked(system, rules, scale, ledger, member, asked.before, now)
        paid = pay_calls(system, rules, scale, ledger, member, asked.called, now)
        asked.ratio = paid / asked.called
        if pool >= 0:
            ledger.pools[pool].outstanding += asked.called - paid
            ledger.totals[PAID_NOW] += paid
    ledger.counts[CALLEES] = 0


@compile_step
def pay_calls(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, called: float, now: int
) -> float:
    """Let a member pay all its calls; or its whole cash, and fail; or refuse, and fail. Give what it pays."""
    state = ledger.members[member]
    if called > state.cash and state.reserved == 1:
        find_out(system, rules, ledger, member, now)
    cash = state.cash
    if called > cash and exceeds(called, cash):
        state.cash = 0.0
        fail_member(ledger, member, now, CALLED)
        return cash
    if is_refused(system, rules, scale, ledger, member, called):
        fail_member(ledger, member, now, REFUSED)
        return 0.0
    state.cash = max(0.0, cash - called)
    return called


@inline_step
def is_refused(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, called: float
) -> bool:
    """Say whether a member would rather fail than pay so much more, though it could; if not, count it as given."""
    if rules.willingness == np.inf:
        return False
    amount = ledger.given[member] + called
    if exceeds(amount, rules.willingness * resources_of(system, scale, member)):
        return True
    ledger.given[member] = amount
    return False


@compile_step
def collect_payments(system: System, rules: Rules, ledger: Ledger, now: int) -> None:
    """Book the payments on this round's calls to pools that do not stand alone."""
    collected = 0.0
    for k in range(ledger.counts[ACTIVE]):
        pool = pool_at(ledger, ACTIVE, k)
        if is_settled_alone(rules, ledger, pool):
            continue
        outstanding = ledger.pools[pool].outstanding
        for entry in entries_of(ledger, pool):
            call = ledger.entries[entry].call
            if call <= 0.0:
                continue
            paid = call * ledger.callees[place_of(ledger.members[guarantor_of(system, entry)].slot)].ratio
            ledger.entries[entry].call = 0.0
            outstanding = max(0.0, outstanding - paid)
            collected += paid
            use_cap(ledger, entry, paid)
            log_call(ledger, entry, now, call, paid)
        ledger.pools[pool].outstanding = outstanding
    ledger.totals[PAID_NOW] += collected


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
