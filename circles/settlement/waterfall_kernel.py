"""The waterfall's loops: round after round, the live pay what the failed owe, as far as they can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.calls_kernel import pass_calls
from circles.settlement.first_kernel import open_unsure
from circles.settlement.kernel import compile_step
from circles.settlement.ledger import FAILED, KNOWN, UNPAID_AT_ONCE
from circles.settlement.ledger_kernel import begin, turn_round
from circles.settlement.receivables_kernel import take_receivables
from circles.settlement.shortfall_kernel import book_shortfalls, sum_shortfalls

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_step
def run_waterfall(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> bool:
    """Settle a set of first defaults; False if it did not end within its bound.

    The bound is members + capped guarantees + 1 rounds: every round that pays without a failure uses up a cap.
    """
    begin(ledger)
    open_unsure(ledger)
    for now in range(1, len(system.means) + len(system.entries) + 3):
        turn_round(ledger)
        if now > 1:
            book_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now, False)
        if now == 1:
            ledger.counts[UNPAID_AT_ONCE] = ledger.counts[FAILED] - ledger.counts[KNOWN]
        paid = pass_calls(system, rules, scale, ledger, now)
        if ledger.counts[FAILED] == ledger.counts[KNOWN] and not paid:
            return True
    return False


@compile_step
def run_trade(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> None:
    """Let failures spread by unpaid receivables alone; no guarantor is called, and shortfalls are added up."""
    begin(ledger)
    now = 0
    while turn_round(ledger) > 0:
        now += 1
        if now > 1:
            sum_shortfalls(system, rules, ledger)
        take_receivables(system, rules, scale, ledger, now, False)
