"""What live suppliers lose on the newly failed, and who fails by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.fetch_kernel import fetch_debts
from circles.settlement.kernel import compile_step, inline_step, prefetch
from circles.settlement.ledger import CALLED, DEAD, EARLIEST, FAILED, KNOWN, NEW, QUEUED, UNPAID, WATCHED
from circles.settlement.ledger_kernel import exceeds, fail_member, has_failed, place_of
from circles.settlement.watch_kernel import is_overdrawn, may_spread, open_member

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def take_receivables(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, now: int, threshold: bool
) -> None:
    """Take from watched suppliers what the newly failed owe them, and fail those that cannot bear it.

    In the waterfall who loses more than its cash fails and loses no more; in the threshold settlement all that is
    asked of a member counts, also in the round in which it fails. A receivable waits in the queue, while its memory is
    asked for, until as many further ones were found.
    """
    if rules.receivable_loss <= 0.0:
        return
    found, gone = 0, EARLIEST if threshold else DEAD
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_debts(system, ledger, k)
        buyer = ledger.member_lists[FAILED, k]
        if not may_spread(ledger, buyer):
            continue
        for row in range(system.debts[buyer].owed_start, system.debts[buyer].owed_end):
            member = place_of(system.supplier[row])
            if ledger.marks[member] & (WATCHED | gone) == WATCHED:
                prefetch(ledger.members, member)
                prefetch(system.means, member)
                prefetch(system.owed, row)
                if found >= QUEUED:
                    take_queued(system, rules, scale, ledger, found, now, threshold)
                ledger.queue[found % QUEUED] = row
                found += 1
    for k in range(max(0, found - QUEUED), found):
        take_queued(system, rules, scale, ledger, k, now, threshold)


@inline_step
def take_queued(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, k: int, now: int, threshold: bool
) -> None:
    """Take the receivable that waits in a place of the queue."""
    row = ledger.queue[k % QUEUED]
    member, loss = place_of(system.supplier[row]), rules.receivable_loss * system.owed[row]
    open_member(system, rules, scale, ledger, member)
    if threshold:
        ask_loss(system, scale, ledger, member, loss, now)
    elif not has_failed(ledger, member):
        bear_loss(ledger, member, loss, now)


@compile_step
def bear_loss(ledger: Ledger, member: int, loss: float, now: int) -> None:
    """Take a loss from a live supplier's cash; it fails if that does not suffice."""
    state = ledger.members[member]
    cash = state.cash
    if loss <= cash:
        state.cash = cash - loss
        state.trade += loss
    else:
        state.cash = 0.0
        state.trade += cash
        if exceeds(loss, cash):
            fail_member(ledger, member, now, UNPAID)


@compile_step
def ask_loss(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int, loss: float, now: int) -> None:
    """Ask a loss of a supplier that did not fail before this round, and test it."""
    state = ledger.members[member]
    if state.round < 0 or state.round == now:
        state.trade += loss
        state.cash -= loss
        if state.round < 0 and is_overdrawn(system, scale, ledger, member):
            fail_member(ledger, member, now, CALLED)
