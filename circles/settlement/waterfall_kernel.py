"""The waterfall's loops: round after round, the live pay what the failed owe, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.calls_kernel import pass_calls
from circles.settlement.fetch_kernel import fetch_debts
from circles.settlement.kernel import compile_step, prefetch
from circles.settlement.ledger import BARE, DEAD, FAILED, KNOWN, NEW, QUEUED, SHORTFALL, UNPAID, WATCHED
from circles.settlement.ledger_kernel import begin, exceeds, fail_first, fail_member, has_failed, place_of, turn_round
from circles.settlement.shortfall_kernel import book_shortfalls, sum_shortfalls
from circles.settlement.watch_kernel import may_spread, open_member

if TYPE_CHECKING:
    import numpy as np
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
    fail_first(ledger, first)
    for now in range(1, len(system.means) + len(system.entries) + 3):
        turn_round(ledger)
        book_shortfalls(system, rules, ledger)
        if now == 1:
            ledger.totals[BARE] = ledger.totals[SHORTFALL]
        take_receivables(system, rules, scale, ledger, now)
        paid = pass_calls(system, rules, scale, ledger, now)
        if ledger.counts[FAILED] == ledger.counts[KNOWN] and not paid:
            return True
    return False


@compile_step
def run_trade(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64], bare: float
) -> None:
    """Let failures spread by unpaid receivables alone; no guarantor is called, and shortfalls are added up.

    What the first defaulters leave unpaid is given as `bare`.
    """
    begin(ledger)
    fail_first(ledger, first)
    ledger.totals[SHORTFALL] = bare
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        if now > 1:
            sum_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now)


@compile_step
def take_receivables(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int) -> None:
    """Take from live suppliers what the newly failed buyers owe them; who loses more than its cash fails.

    A receivable waits in the queue, while its memory is asked for, until as many further ones were found.
    """
    if rules.receivable_loss <= 0.0:
        return
    found = 0
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_debts(system, ledger, k)
        buyer = ledger.member_lists[FAILED, k]
        if not may_spread(ledger, buyer):
            continue
        for row in range(system.spans[buyer].owed_start, system.spans[buyer].owed_end):
            member = place_of(system.supplier[row])
            if ledger.marks[member] & (WATCHED | DEAD) == WATCHED:
                prefetch(ledger.members, member)
                prefetch(system.owed, row)
                if found >= QUEUED:
                    lose_receivable(system, rules, scale, ledger, ledger.queue[found % QUEUED], now)
                ledger.queue[found % QUEUED] = row
                found += 1
    for k in range(max(0, found - QUEUED), found):
        lose_receivable(system, rules, scale, ledger, ledger.queue[k % QUEUED], now)


@compile_step
def lose_receivable(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, row: int, now: int
) -> None:
    """Take one receivable from its watched supplier, if that lives."""
    member = place_of(system.supplier[row])
    if has_failed(ledger, member):
        return
    open_member(system, rules, scale, ledger, member)
    state, loss = ledger.members[member], rules.receivable_loss * system.owed[row]
    cash = state.cash
    if loss <= cash:
        state.cash = cash - loss
        state.trade += loss
    else:
        state.cash = 0.0
        state.trade += cash
        if exceeds(loss, cash):
            fail_member(ledger, member, now, UNPAID)
