"""What the failed leave unpaid on their loans, booked in the pools that these lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.fetch_kernel import fetch_loans
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import EARLIEST, EXPOSURE, FAILED, KNOWN, NEW, RECOVERED, SHORTFALL, UNSECURED
from circles.settlement.ledger_kernel import activate_pool, is_listed, list_pool

if TYPE_CHECKING:
    from circles.settlement.ledger import Ledger, Rules, System


@inline_step
def lost_fraction(rules: Rules, ledger: Ledger, member: int) -> float:
    """Give the fraction of a failed member's loans that is lost; −1 where they do not fall due."""
    means = rules.failures[rules.kind[member]]
    if ledger.marks[member] & EARLIEST:
        return means.lost_first
    return means.lost_later if means.falls_due == 1 else -1.0


@compile_step
def book_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Take what the newly failed still pay on their loans and add the rest to their pools' outstanding."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, ledger, k)
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost < 0.0:
            continue
        for loan in range(system.spans[member].loan_start, system.spans[member].loan_end):
            exposure, pool = system.loans[loan].exposure, system.loans[loan].pool
            shortfall = exposure * lost
            ledger.totals[EXPOSURE] += exposure
            ledger.totals[RECOVERED] += exposure - shortfall
            ledger.totals[SHORTFALL] += shortfall
            if pool < 0:
                ledger.totals[UNSECURED] += shortfall
            elif shortfall > 0.0:
                if not is_listed(ledger, pool):
                    list_pool(ledger, pool)
                activate_pool(ledger, pool)
                ledger.pools[pool].shortfall += shortfall
                ledger.pools[pool].outstanding += shortfall


@compile_step
def sum_shortfalls(system: System, rules: Rules, ledger: Ledger) -> None:
    """Add up what the newly failed leave unpaid, as if no loan were guaranteed."""
    for k in range(ledger.counts[NEW], ledger.counts[KNOWN]):
        fetch_loans(system, ledger, k)
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        if lost > 0.0:
            for loan in range(system.spans[member].loan_start, system.spans[member].loan_end):
                ledger.totals[SHORTFALL] += system.loans[loan].exposure * lost
