"""First defaults: who they are, what they leave unpaid, and which pools are then surely paid.

Every settlement of a trial begins with the same first defaults, so these are booked once. A pool that stands alone and
asks of each guarantor no more than it surely pays is settled here for good: none of its guarantors can fail, by calls
or by trade. Settlements open only the others; the few that later failures reach are opened again where they stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.fetch_kernel import fetch_loans, fetch_unsure
from circles.settlement.kernel import compile_step, inline_step
from circles.settlement.ledger import (
    BASE,
    DRAWN,
    FAILED,
    INITIAL,
    LEAST,
    LISTED,
    PAID,
    RUN,
    SHORTFALL,
    UNSURE,
)
from circles.settlement.ledger_kernel import (
    activate_pool,
    append_pool,
    begin,
    count_sound,
    fail_first,
    first_due,
    forget_first,
    open_pool,
    pool_at,
    touch_pool,
)
from circles.settlement.shortfall_kernel import book_loan, lost_fraction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def begin_trial(system: System, rules: Rules, ledger: Ledger, first: NDArray[np.int64]) -> None:
    """Book the first defaults that the next settlements begin with, and settle the pools that are surely paid."""
    begin(ledger)
    forget_first(ledger)
    ledger.counts[BASE] = ledger.counts[RUN]
    fail_first(ledger, first)
    book_first(system, rules, ledger)
    pay_surely(ledger)
    for which in range(LEAST):
        ledger.opening[which] = ledger.totals[which]


@inline_step
def bare_loss(ledger: Ledger) -> float:
    """Give what the first defaults leave unpaid, guaranteed or not."""
    return ledger.opening[SHORTFALL]


@compile_step
def book_first(system: System, rules: Rules, ledger: Ledger) -> None:
    """Add up what the first defaults leave unpaid in each pool, list these pools as unsure, and miss the guarantors."""
    count = ledger.counts[INITIAL]
    for k in range(count):
        fetch_loans(system, ledger, k, count)
        member = ledger.member_lists[FAILED, k]
        debts, lost = system.debts[member], lost_fraction(rules, ledger, member)
        if debts.home >= 0:
            touch_pool(ledger, debts.home)
            ledger.pools[debts.home].gone += 1
        if debts.loan_end - debts.loan_start == 1:
            book_first_loan(ledger, debts.exposure, debts.pool, lost)
            continue
        for loan in range(debts.loan_start, debts.loan_end):
            book_first_loan(ledger, system.loans[loan].exposure, system.loans[loan].pool, lost)


@inline_step
def book_first_loan(ledger: Ledger, exposure: float, pool: int, lost: float) -> None:
    """Add what a first default leaves unpaid on a loan to its pool."""
    shortfall = book_loan(ledger, exposure, pool, lost)
    if shortfall > 0.0:
        touch_pool(ledger, pool)
        if ledger.pools[pool].first == 0.0:
            append_pool(ledger, UNSURE, pool)
        ledger.pools[pool].first += shortfall


@compile_step
def pay_surely(ledger: Ledger) -> None:
    """Let the pools pay that are sure to be paid, and keep the others in the list."""
    count, kept = ledger.counts[UNSURE], 0
    for k in range(count):
        fetch_unsure(ledger, k, count)
        pool = pool_at(ledger, UNSURE, k)
        if is_surely_paid(ledger, pool):
            count_surely_paid(ledger, pool, 1.0)
        else:
            ledger.pool_lists[UNSURE - LISTED, kept] = pool
            kept += 1
    ledger.counts[UNSURE] = kept


@inline_step
def is_surely_paid(ledger: Ledger, pool: int) -> bool:
    """Say whether the guarantors that did not default first surely pay what the first defaults leave unpaid."""
    return first_due(ledger, pool) <= ledger.sure[pool] * count_sound(ledger, pool)


@inline_step
def count_surely_paid(ledger: Ledger, pool: int, times: float) -> None:
    """Count what a pool's deposit and guarantors pay for first defaults, or with −1 take it back."""
    due = first_due(ledger, pool)
    ledger.totals[DRAWN] += times * (ledger.pools[pool].first - due)
    ledger.totals[PAID] += times * due


@compile_step
def open_unsure(ledger: Ledger) -> None:
    """Open the pools that the first defaults leave unpaid and that may not be paid in full."""
    for k in range(ledger.counts[UNSURE]):
        pool = pool_at(ledger, UNSURE, k)
        open_pool(ledger, pool)
        activate_pool(ledger, pool)
        ledger.pools[pool].shortfall = ledger.pools[pool].first
        ledger.pools[pool].outstanding = ledger.pools[pool].first
