"""What the failed leave unpaid on their loans, booked in the pools that these lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circles.settlement.fetch_kernel import fetch_loans
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import EARLIEST, EXPOSURE, FAILED, KNOWN, NEW, RECOVERED, SHORTFALL, UNSECURED
from circles.settlement.ledger_kernel import activate_pool, is_listed, reopen_pool, slack_of

if TYPE_CHECKING:
    from circles.settlement.ledger import Ledger, Rules, System


@inline_step
def failure_of(rules: Rules, member: int) -> Any:
    """Give what a failure of a member means."""
    return rules.failures[rules.kind[0] if len(rules.kind) == 1 else rules.kind[member]]


@inline_step
def lost_fraction(rules: Rules, ledger: Ledger, member: int) -> float:
    """Give the fraction of a failed member's loans that is lost; −1 where they do not fall due."""
    means = failure_of(rules, member)
    if ledger.marks[member] & EARLIEST:
        return means.lost_first
    return means.lost_later if means.falls_due == 1 else -1.0


@inline_step
def book_loan(ledger: Ledger, exposure: float, pool: int, lost: float) -> float:
    """Count a failed member's loan, and give what it leaves unpaid in its pool; 0 if it is in none."""
    shortfall = exposure * lost
    ledger.totals[EXPOSURE] += exposure
    ledger.totals[RECOVERED] += exposure - shortfall
    ledger.totals[SHORTFALL] += shortfall
    if pool >= 0:
        return shortfall
    ledger.totals[UNSECURED] += shortfall
    return 0.0


@compile_step
def book_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Take what the newly failed still pay on their loans and add the rest to their pools' outstanding."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, ledger, k, ledger.counts[KNOWN])
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost < 0.0:
            continue
        for loan in range(system.debts[member].loan_start, system.debts[member].loan_end):
            pool = system.loans[loan].pool
            shortfall = book_loan(ledger, system.loans[loan].exposure, pool, lost)
            if shortfall > 0.0:
                add_shortfall(ledger, pool, shortfall)
                note_ahead(ledger, loan, pool, shortfall)


@inline_step
def note_ahead(ledger: Ledger, loan: int, pool: int, shortfall: float) -> None:
    """Note what was outstanding in a loan's pool before it, where the ledger keeps that; float blur is nothing."""
    if loan < len(ledger.ahead):
        before = ledger.pools[pool].outstanding - shortfall
        ledger.ahead[loan] = before if before > slack_of(ledger.pools[pool].shortfall) else 0.0


@compile_step
def add_shortfall(ledger: Ledger, pool: int, shortfall: float) -> None:
    """Add to a pool's outstanding, and work on it in this round."""
    if not is_listed(ledger, pool):
        reopen_pool(ledger, pool)
    activate_pool(ledger, pool)
    ledger.pools[pool].shortfall += shortfall
    ledger.pools[pool].outstanding += shortfall


@compile_step
def sum_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Add up what the newly failed leave unpaid, as if no loan were guaranteed."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, ledger, k, ledger.counts[KNOWN])
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost > 0.0:
            for loan in range(system.debts[member].loan_start, system.debts[member].loan_end):
                ledger.totals[SHORTFALL] += system.loans[loan].exposure * lost
