"""Whom a settlement watches, and what the others are held to own: all they have less all they could lose by trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import ALIVE, EQUALLY, FAILED, FOUND_OUT, FRAGILE, LEAST, RUN, SPREADS, WATCHED
from circles.settlement.ledger_kernel import entries_of, exceeds, guarantor_of, is_gone, slack_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def watch_fragile(system: System, rules: Rules, ledger: Ledger, least: float) -> None:
    """Mark who could fail by trade alone when everybody has at least so many times its resources, and who owes to it.

    A ledger that was marked for the same scale and rules is left as it is.
    """
    if ledger.totals[LEAST] == least:
        return
    ledger.totals[LEAST] = least
    for which in (FAILED, FOUND_OUT):
        ledger.counts[which] = 0
    for member in range(len(system.means)):
        means = system.means[member]
        most = rules.receivable_loss * means.receivable
        bears = most + slack_of(most) < least * means.resources
        ledger.marks[member] = 0 if bears else FRAGILE | WATCHED
    for buyer in range(len(system.means)):
        for row in range(system.debts[buyer].owed_start, system.debts[buyer].owed_end):
            if ledger.marks[system.supplier[row]] & FRAGILE:
                ledger.marks[buyer] |= SPREADS
                break
    for pool in range(len(system.pools)):
        ledger.sure[pool] = find_sure(system, rules, ledger, pool, least)


@compile_step
def find_sure(system: System, rules: Rules, ledger: Ledger, pool: int, least: float) -> float:
    """Give what each guarantor of a pool pays whatever happens; −∞ if there is none or another pool may call one."""
    sure = np.inf if is_settled_alone(rules, ledger, pool) else -np.inf
    for entry in entries_of(ledger, pool):
        member = guarantor_of(system, entry)
        if ledger.marks[member] & FRAGILE:
            return -np.inf
        sure = min(sure, surely_pays(system, rules, member, least * system.means[member].resources))
    return sure if sure < np.inf else -np.inf


@inline_step
def surely_pays(system: System, rules: Rules, member: int, own: float) -> float:
    """Give what a member that has so much pays on calls whatever it loses by trade; below 0 if it could fail."""
    left = own - rules.receivable_loss * system.means[member].receivable
    return left if rules.willingness == np.inf else min(left, rules.willingness * own)


@inline_step
def is_settled_alone(rules: Rules, ledger: Ledger, pool: int) -> bool:
    """Say whether nobody else calls a pool's guarantors, and all are called for the same."""
    return ledger.pools[pool].alone == 1 and (rules.threshold or rules.share == EQUALLY)


@inline_step
def may_spread(ledger: Ledger, buyer: int) -> bool:
    """Say whether somebody whom a buyer owes to may be watched."""
    return ledger.counts[FOUND_OUT] > 0 or ledger.marks[buyer] & SPREADS != 0


@inline_step
def resources_of(system: System, scale: NDArray[np.float64], member: int) -> float:
    """Give what a member has at the start, in this trial."""
    factor = scale[0] if len(scale) == 1 else scale[system.group[member]]
    return system.means[member].resources * factor


@inline_step
def is_overdrawn(system: System, scale: NDArray[np.float64], ledger: Ledger, member: int) -> bool:
    """Say whether more is asked of an open member than it has."""
    cash = ledger.members[member].cash
    if cash >= 0.0:
        return False
    own = resources_of(system, scale, member)
    return exceeds(own - cash, own)


@compile_step
def open_member(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int) -> None:
    """Give a member its cash the first time a settlement touches it, less what it could lose if it is not watched."""
    state = ledger.members[member]
    if state.run != ledger.counts[RUN]:
        state.run = ledger.counts[RUN]
        state.cash = resources_of(system, scale, member)
        state.trade = 0.0
        state.round = -1
        state.cause = ALIVE
        state.reserved = 0
        if rules.willingness < np.inf:
            ledger.given[member] = 0.0
        if not ledger.marks[member] & FRAGILE:
            state.reserved = 1
            state.trade = rules.receivable_loss * system.means[member].receivable
            state.cash -= state.trade


@inline_step
def is_sure_to_pay(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, asked: float
) -> bool:
    """Say whether a member that nobody watches pays so much in all, whatever it loses by trade."""
    if ledger.marks[member] & WATCHED:
        return False
    return asked <= surely_pays(system, rules, member, resources_of(system, scale, member))


@compile_step
def watch_asked(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, member: int, asked: float, now: int
) -> None:
    """Open a record for a guarantor of a pool that stands alone and asked it for so much before, and watch it."""
    open_member(system, rules, scale, ledger, member)
    if not ledger.marks[member] & WATCHED:
        ledger.members[member].cash -= asked
        if rules.willingness < np.inf:
            ledger.given[member] = asked
        find_out(system, rules, ledger, member, now)


@compile_step
def find_out(system: System, rules: Rules, ledger: Ledger, member: int, now: int) -> None:
    """Put what a member lost on buyers that failed before this round in place of what it could lose, and watch it."""
    lost = 0.0
    for row in range(system.ties[member].credit_start, system.ties[member].credit_end):
        if is_gone(ledger, system.buyer[row], now):
            lost += rules.receivable_loss * system.credit[row]
    state = ledger.members[member]
    state.cash += state.trade - lost
    state.trade = lost
    state.reserved = 0
    ledger.marks[member] |= WATCHED
    ledger.member_lists[FOUND_OUT, ledger.counts[FOUND_OUT]] = member
    ledger.counts[FOUND_OUT] += 1
