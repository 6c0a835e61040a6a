"""One month of a settlement on a ledger that lives on: who fails now, what falls due now, and who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.calls_kernel import draw_deposit, pass_calls
from circles.settlement.kernel import compile_loop, compile_step
from circles.settlement.ledger import ACTIVE, FAILED, KNOWN, LISTED, NEW
from circles.settlement.ledger_kernel import activate_pool, fail_first, pool_at, turn_round
from circles.settlement.receivables_kernel import take_receivables
from circles.settlement.shortfall_kernel import book_shortfalls

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_loop
def settle_month(
    system: System,
    rules: Rules,
    scale: NDArray[np.float64],
    ledger: Ledger,
    first: NDArray[np.int64],
    due: tuple[int, int, bool],
) -> bool:
    """Run the waterfall's rounds of one month; False if they did not end within their bound.

    `due` holds the part of the list of the failed whose loans are called now, and whether calls come later than
    failures at all; without delay, loans are called in the round after their borrower's failure.
    """
    start, end, delayed = due
    fail_first(ledger, first)
    reopen_pools(ledger)
    book_part(system, rules, ledger, start, end)
    for now in range(1, len(system.means) + len(system.entries) + 3):
        turn_round(ledger)
        if not delayed:
            book_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now, False)
        paid = pass_calls(system, rules, scale, ledger, now)
        if ledger.counts[FAILED] == ledger.counts[KNOWN] and not paid:
            return True
    return False


@compile_loop
def collect_later(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> bool:
    """Call whoever is marked as living for what is outstanding, until nobody can pay more."""
    reopen_pools(ledger)
    for now in range(1, len(system.means) + len(system.entries) + 3):
        failed = ledger.counts[FAILED]
        paid = pass_calls(system, rules, scale, ledger, now)
        if ledger.counts[FAILED] == failed and not paid:
            return True
    return False


@compile_loop
def close_books(system: System, rules: Rules, ledger: Ledger, start: int, end: int) -> None:
    """Book the loans of part of the failed without calling anybody: only deposits still pay."""
    book_part(system, rules, ledger, start, end)
    for k in range(ledger.counts[ACTIVE]):
        draw_deposit(ledger, pool_at(ledger, ACTIVE, k))


@compile_step
def book_part(system: System, rules: Rules, ledger: Ledger, start: int, end: int) -> None:
    """Book the shortfalls of part of the list of the failed."""
    new, known = ledger.counts[NEW], ledger.counts[KNOWN]
    ledger.counts[NEW], ledger.counts[KNOWN] = start, end
    book_shortfalls(system, rules, ledger)
    ledger.counts[NEW], ledger.counts[KNOWN] = new, known


@compile_step
def reopen_pools(ledger: Ledger) -> None:
    """Put every pool with something outstanding among those that call."""
    for k in range(ledger.counts[LISTED]):
        pool = pool_at(ledger, LISTED, k)
        if ledger.pools[pool].outstanding > 0.0:
            activate_pool(ledger, pool)
