"""The ways into the loops for one set of first defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.settlement.first_kernel import begin_trial
from circles.settlement.kernel import compile_loop
from circles.settlement.ledger_kernel import sum_outstanding
from circles.settlement.threshold_kernel import run_panic
from circles.settlement.trials_kernel import is_conserved, run_settlement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System


@compile_loop
def settle_once(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> bool:
    """Settle and leave the outcome there; False if it did not end or money is amiss."""
    begin_trial(system, rules, ledger, first)
    ended = run_settlement(system, rules, scale, ledger)
    return ended and is_conserved(ledger, sum_outstanding(ledger))


@compile_loop
def settle_panic(
    system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger, first: NDArray[np.int64]
) -> None:
    """Find the largest fixed point: who still has a round of failing is in it."""
    run_panic(system, rules, scale, ledger, first)
