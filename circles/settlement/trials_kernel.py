"""The loop over trials: settle each trial's defaults in several ways on one ledger, write one number a trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circles.settlement.first_kernel import bare_loss, begin_trial
from circles.settlement.flow_kernel import run_pursuit
from circles.settlement.kernel import compile_loop, compile_step, inline_step
from circles.settlement.ledger import (
    DRAWN,
    EQUALLY,
    EXPOSURE,
    FAILED,
    INITIAL,
    LISTED,
    LOGGED,
    PAID,
    RECOVERED,
    SHORTFALL,
    UNPAID_AT_ONCE,
)
from circles.settlement.ledger_kernel import is_listed, slack_of, sum_outstanding
from circles.settlement.shortfall_kernel import lost_fraction
from circles.settlement.threshold_kernel import book_losses, run_threshold, sum_losses
from circles.settlement.watch_kernel import watch_fragile
from circles.settlement.waterfall_kernel import run_trade, run_waterfall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Records, Rules, System


class Draws(NamedTuple):
    """First defaults of each trial (rows ``offsets[t]:offsets[t + 1]`` of `first`), its resource scales, the least one.

    The least is that of all trials, whoever settles which, so that all take the same steps to the last bit.
    """

    offsets: NDArray[np.int64]
    first: NDArray[np.int64]
    scale: NDArray[np.float64]
    least: float


class Losses(NamedTuple):
    """One number a trial each; `fault` says where the law of conservation or the bound on rounds was broken."""

    bank_loss: NDArray[np.float64]
    bare: NDArray[np.float64]
    with_trade: NDArray[np.float64]
    optimistic: NDArray[np.float64]
    conservative: NDArray[np.float64]
    first_count: NDArray[np.int32]
    contagious_count: NDArray[np.int32]
    fault: NDArray[np.int8]


PART = np.dtype([("amount", "f8"), ("borrower", "i8"), ("pool", "i8")], align=True)
"""A part of a loss: one row a loan of a failed borrower."""


@compile_loop
def settle_block(
    system: System,
    rules: Rules,
    cautious: Rules,
    draws: Draws,
    losses: Losses,
    fallen: NDArray[np.int32],
    ledger: Ledger,
    start: int,
    end: int,
    besides: bool,
) -> None:
    """Settle trials ``start:end``; each writes its own entries only, so blocks may run side by side.

    Without `besides` only the settlement itself runs.
    """
    watch_fragile(system, rules, ledger, draws.least)
    same = lose_same_first(rules, cautious)
    for trial in range(start, end):
        first = draws.first[draws.offsets[trial] : draws.offsets[trial + 1]]
        scale = draws.scale[trial]
        begin_trial(system, rules, ledger, first)
        settle_trial(system, rules, scale, ledger, losses, fallen, trial)
        if not besides:
            continue
        losses.optimistic[trial] = max(0.0, run_pursuit(system, scale, ledger) - rules.risk_pool)
        losses.with_trade[trial] = losses.bare[trial]
        if ledger.counts[UNPAID_AT_ONCE] > 0:
            run_trade(system, rules, scale, ledger)
            losses.with_trade[trial] = ledger.totals[SHORTFALL]
        if rules.share == EQUALLY:
            if not same:
                begin_trial(system, cautious, ledger, first)
            run_threshold(system, cautious, scale, ledger)
            losses.conservative[trial] = max(0.0, sum_losses(system, ledger) - rules.risk_pool)


@compile_step
def lose_same_first(rules: Rules, others: Rules) -> bool:
    """Say whether first defaults leave the same unpaid by two sets of rules of the same obligations."""
    same = True
    for kind in range(len(rules.failures)):
        same &= rules.failures[kind].lost_first == others.failures[kind].lost_first
    return same


@compile_step
def run_settlement(system: System, rules: Rules, scale: NDArray[np.float64], ledger: Ledger) -> bool:
    """Settle the first defaults by the terms' settlement; False if it did not end within its bound."""
    if rules.threshold:
        run_threshold(system, rules, scale, ledger)
        book_losses(system, ledger)
        return True
    return run_waterfall(system, rules, scale, ledger)


@compile_step
def settle_trial(
    system: System,
    rules: Rules,
    scale: NDArray[np.float64],
    ledger: Ledger,
    losses: Losses,
    fallen: NDArray[np.int32],
    trial: int,
) -> None:
    """Settle one trial on its terms, check the law of conservation, and count who failed by contagion."""
    ended = run_settlement(system, rules, scale, ledger)
    gross = sum_outstanding(ledger)
    losses.bare[trial] = bare_loss(ledger)
    losses.bank_loss[trial] = max(0.0, gross - rules.risk_pool)
    losses.fault[trial] = 0 if ended and is_conserved(ledger, gross) else 1
    for k in range(ledger.counts[INITIAL], ledger.counts[FAILED]):
        fallen[ledger.member_lists[FAILED, k]] += 1
    losses.first_count[trial] = ledger.counts[INITIAL]
    losses.contagious_count[trial] = ledger.counts[FAILED] - ledger.counts[INITIAL]


@compile_step
def is_conserved(ledger: Ledger, gross: float) -> bool:
    """Check: exposures of called loans = recovered + deposits used + paid by guarantors + loss."""
    totals = ledger.totals
    settled = totals[RECOVERED] + totals[DRAWN] + totals[PAID] + gross
    amounts = ledger.counts[FAILED] + ledger.counts[LISTED] + ledger.counts[LOGGED]
    return abs(totals[EXPOSURE] - settled) <= 1e-6 * (1 + amounts) + 10 * slack_of(totals[EXPOSURE])


@compile_loop
def attribute_block(
    system: System,
    rules: Rules,
    draws: Draws,
    trials: NDArray[np.int64],
    part_end: NDArray[np.int64],
    ledger: Ledger,
) -> Records:
    """Split the loss of chosen trials over the loans that were called; ``part_end[k]`` rows up to trial k."""
    watch_fragile(system, rules, ledger, draws.least)
    parts, row = np.zeros(0, PART), 0
    for k in range(len(trials)):
        trial = trials[k]
        first = draws.first[draws.offsets[trial] : draws.offsets[trial + 1]]
        begin_trial(system, rules, ledger, first)
        run_settlement(system, rules, draws.scale[trial], ledger)
        needed = row + count_loans(system, ledger)
        if needed > len(parts):
            larger = np.zeros(2 * needed, PART)
            larger[:row] = parts[:row]
            parts = larger
        row = list_parts(system, rules, ledger, parts, row)
        part_end[k] = row
    return parts[:row]


@compile_step
def count_loans(system: System, ledger: Ledger) -> int:
    """Count the loans of the failed."""
    count = 0
    for k in range(ledger.counts[FAILED]):
        member = ledger.member_lists[FAILED, k]
        count += system.debts[member].loan_end - system.debts[member].loan_start
    return count


@compile_step
def list_parts(system: System, rules: Rules, ledger: Ledger, parts: Records, row: int) -> int:
    """Give each called loan its part of its pool's loss, net of the risk pool.

    Each payment served what was outstanding then, pro rata. So what is outstanding in the end is split backwards, from
    the last loan that was called: it takes its part, and the rest is that of the loans that were outstanding before
    it. First defaults, and all under the threshold settlement, were called at the same time: pro rata to shortfalls.
    """
    gross = sum_outstanding(ledger)
    if gross <= 0.0:
        return row
    kept = max(0.0, gross - rules.risk_pool) / gross
    for k in range(ledger.counts[FAILED] - 1, -1, -1):
        member = ledger.member_lists[FAILED, k]
        lost = lost_fraction(rules, ledger, member)
        later = k >= ledger.counts[INITIAL] and not rules.threshold
        for loan in range(system.debts[member].loan_end - 1, system.debts[member].loan_start - 1, -1):
            pool = system.loans[loan].pool
            unpaid = system.loans[loan].exposure * lost
            if pool >= 0 and unpaid > 0.0:
                unpaid = take_later(ledger, loan, pool, unpaid) if later else part_of(rules, ledger, pool, unpaid)
            if unpaid * kept > 0.0:
                parts[row].borrower, parts[row].pool, parts[row].amount = member, pool, unpaid * kept
                row += 1
    return row


@inline_step
def take_later(ledger: Ledger, loan: int, pool: int, shortfall: float) -> float:
    """Take a later default's part out of what is left outstanding in its pool."""
    state = ledger.pools[pool]
    part = state.outstanding * (shortfall / (ledger.ahead[loan] + shortfall))
    state.outstanding = state.outstanding - part if ledger.ahead[loan] > 0.0 else 0.0
    return part


@inline_step
def part_of(rules: Rules, ledger: Ledger, pool: int, shortfall: float) -> float:
    """Give the part of what is left outstanding in a pool that falls to one of those called at the same time."""
    if not is_listed(ledger, pool):  # surely paid
        return 0.0
    state = ledger.pools[pool]
    return state.outstanding * (shortfall / (state.shortfall if rules.threshold else state.first))
