"""Defaults settled month by month: the waterfall with income, loans that come and go, and calls that take time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circles.errors import ConservationError
from circles.settlement.ledger import (
    DEAD,
    EXPOSURE,
    FAILED,
    FIRST,
    RECOVERED,
    RUN,
    UNSECURED,
    new_ledger,
    pack_rules,
    pack_system,
)
from circles.settlement.months_kernel import close_books, collect_later, settle_month
from circles.settlement.settlement import Settlement

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.settlement.ledger import Ledger, Rules, System
    from circles.settlement.obligations import Obligations
    from circles.settlement.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthPlan:
    """What happens when, in months from 0; a month of `months` or later never comes.

    Attributes
    ----------
    months
        How many months are settled, at least 1.
    call_delay
        Months from a failure until the loans of the failed are called.
    first_month
        Shape (members,): when each defaults first.
    draw_month, due_month
        Shape (loans,): when each is drawn, and the last month in which it is owed unless its borrower fails.
    close_month
        Shape (entries,): from when on a guarantor pays only what it was called for before.
    income, income_of_failed
        Shape (members,), whole fen a month from month 1 on: while it lives, and after it was brought down.
    """

    months: int
    call_delay: int
    first_month: NDArray[np.int64]
    draw_month: NDArray[np.int64]
    due_month: NDArray[np.int64]
    close_month: NDArray[np.int64]
    income: NDArray[np.float64]
    income_of_failed: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MonthlySettlement:
    """Months settled one after the other; amounts are unrounded fen.

    Attributes
    ----------
    settlement
        The whole of it; `round` and `call_round` are months. ``called_total`` is not counted.
    owed
        Shape (loans,): what each borrower owed when it failed, or owes in the end.
    income
        Shape (members,): received over all months.
    left_to_failed
        Shape (members,): cash of those that failed and earned more than was called for.
    called, deposit_used, outstanding
        Shape (months,): asked of guarantors, paid by deposits, and unpaid in pools at the end of each month.
    """

    settlement: Settlement
    owed: NDArray[np.float64]
    income: NDArray[np.float64]
    left_to_failed: NDArray[np.float64]
    called: NDArray[np.float64]
    deposit_used: NDArray[np.float64]
    outstanding: NDArray[np.float64]


class _Run(NamedTuple):
    """The ledger that lives on, and what it does not keep; arrays change in place."""

    plan: MonthPlan
    obligations: Obligations
    system: System
    rules: Rules
    ledger: Ledger
    failed_month: NDArray[np.int32]
    failed_by: NDArray[np.int64]
    income: NDArray[np.float64]
    paid: NDArray[np.float64]
    figures: NDArray[np.float64]


def settle_months(obligations: Obligations, terms: Terms, plan: MonthPlan) -> MonthlySettlement:
    """Settle month after month; in each, the rounds of the waterfall run to their end.

    A month: income arrives, loans are drawn and guarantees lapse (from month 1 on); members default first; loans of
    those that failed `call_delay` months ago are called; rounds; members brought down earlier pay what nobody else
    could from what they earned since; loans that are due are repaid by borrowers that live. After the last month what
    was not called yet is lost, less deposits.

    Raises
    ------
    ConservationError
        If money was lost or made, or rounds did not end within members + guarantees + 1 (a defect).
    """
    run = _open(obligations, terms, plan)
    payments = []
    for month in range(plan.months):
        if month:
            _begin_month(run, month)
        payments.append(_settle(run, month))
        _repay_due(run, month)
    _close(run)
    _assert_law(run)
    return _read(run, payments)


def _open(obligations: Obligations, terms: Terms, plan: MonthPlan) -> _Run:
    system = pack_system(obligations)
    system = system._replace(loans=system.loans.copy())
    system.loans["exposure"][plan.draw_month > 0] = 0.0
    members = len(system.means)
    ledger = new_ledger(system)._replace(member_lists=np.zeros((2, 2 * members + 1), np.int32))
    ledger.counts[RUN] = 1
    ledger.members["run"] = 1
    ledger.members["cash"] = system.means["resources"]
    return _Run(
        plan=plan,
        obligations=obligations,
        system=system,
        rules=pack_rules(obligations, terms)._replace(threshold=False),
        ledger=ledger,
        failed_month=np.full(members, -1, dtype=np.int32),
        failed_by=np.zeros(plan.months, dtype=np.int64),
        income=np.zeros(members),
        paid=np.zeros(len(system.entries)),
        figures=np.zeros((3, plan.months)),
    )


def _begin_month(run: _Run, month: int) -> None:
    _receive_income(run)
    _draw_loans(run, month)
    _lapse_guarantees(run, month)


def _receive_income(run: _Run) -> None:
    members, cause = run.ledger.members, run.ledger.members["cause"]
    living = members["round"] < 0
    received = np.where(living, run.plan.income, np.where(cause == FIRST, 0.0, run.plan.income_of_failed))
    members["cash"] += received
    run.income[:] += received


def _draw_loans(run: _Run, month: int) -> None:
    """Draw this month's loans of borrowers that live, in pools of which nobody has failed."""
    drawn = np.flatnonzero(run.plan.draw_month == month)
    if not len(drawn):
        return
    loans, pools, failed = run.obligations.loans, run.obligations.pools, run.failed_month >= 0
    frozen = np.zeros(len(pools.ids) + 1, dtype=np.bool_)  # the last one is that of unsecured loans
    frozen[pools.pool[failed[pools.member]]] = True
    kept = drawn[~failed[loans.borrower[drawn]] & ~frozen[loans.pool[drawn]]]
    run.system.loans["exposure"][kept] = loans.exposure[kept]


def _lapse_guarantees(run: _Run, month: int) -> None:
    closing = np.flatnonzero(run.plan.close_month == month)
    called = run.ledger.pools["outstanding"][run.system.guaranteed[closing]]
    cap = run.ledger.entries["cap"]
    cap[closing] = np.minimum(cap[closing], run.ledger.entries["paid"][closing] + called)


def _settle(run: _Run, month: int) -> NDArray[np.float64]:
    """Settle a month and give what each guarantor paid in it: shape (entries,)."""
    ledger, plan = run.ledger, run.plan
    before, listed = _sum_pools(ledger), int(ledger.counts[FAILED])
    first = np.flatnonzero(plan.first_month == month)
    due = (*_find_due(run, month), plan.call_delay > 0)
    _refuse_fault(settle_month(run.system, run.rules, np.ones(1), ledger, first, due))
    run.failed_month[ledger.member_lists[FAILED, listed : ledger.counts[FAILED]]] = month
    run.failed_by[month] = ledger.counts[FAILED]
    shortfall, drawn, _ = _sum_pools(ledger)
    _collect_later(run, month)
    run.figures[:, month] = (
        before[2] + shortfall - before[0] - drawn + before[1],
        drawn - before[1],
        ledger.pools["outstanding"].sum(),
    )
    paid = ledger.entries["paid"] - run.paid
    run.paid[:] = ledger.entries["paid"]
    return paid


def _find_due(run: _Run, month: int) -> tuple[int, int]:
    """Give the part of the list of the failed that failed `call_delay` months ago."""
    then = month - run.plan.call_delay
    if run.plan.call_delay == 0 or then < 0:
        return 0, 0
    return int(run.failed_by[then - 1]) if then else 0, int(run.failed_by[then])


def _sum_pools(ledger: Ledger) -> tuple[float, float, float]:
    shortfall, drawn, outstanding = (float(ledger.pools[name].sum()) for name in ("shortfall", "drawn", "outstanding"))
    return shortfall, drawn, outstanding


def _collect_later(run: _Run, month: int) -> None:
    """Let members that were brought down in earlier months pay what is outstanding from what they earned since."""
    ledger, members = run.ledger, run.ledger.members
    able = (run.failed_month >= 0) & (run.failed_month < month) & (members["cash"] > 0.0)
    if not able.any() or not (ledger.pools["outstanding"] > 0.0).any():
        return
    rounds, causes, failed = members["round"][able], members["cause"][able], ledger.counts[FAILED]
    members["round"][able] = -1
    ledger.marks[able] &= ~np.uint8(DEAD)
    _refuse_fault(collect_later(run.system, run.rules, np.ones(1), ledger))
    members["round"][able], members["cause"][able] = rounds, causes
    ledger.marks[able] |= DEAD
    ledger.counts[FAILED] = failed


def _repay_due(run: _Run, month: int) -> None:
    due = run.plan.due_month == month
    run.system.loans["exposure"][due & (run.failed_month[run.obligations.loans.borrower] < 0)] = 0.0


def _close(run: _Run) -> None:
    """Book what was not called when the last month ends."""
    last = run.plan.months - 1 - run.plan.call_delay
    start = int(run.failed_by[last]) if last >= 0 else 0
    before = _sum_pools(run.ledger)
    close_books(run.system, run.rules, run.ledger, start, int(run.ledger.counts[FAILED]))
    _, drawn, outstanding = _sum_pools(run.ledger)
    run.figures[1, -1] += drawn - before[1]
    run.figures[2, -1] = outstanding


def _refuse_fault(sound: bool) -> None:
    if not sound:
        msg = "the rounds of a month did not end within their bound"
        raise ConservationError(msg)


def _assert_law(run: _Run) -> None:
    """Refuse months in which what was called is not recovered, paid or lost, or members spent more than they had."""
    totals, pools = run.ledger.totals, run.ledger.pools
    owed = float(totals[EXPOSURE])
    spent = float(totals[RECOVERED] + totals[UNSECURED] + pools["drawn"].sum() + pools["outstanding"].sum())
    members = run.ledger.members
    sound = run.ledger.members["cause"] != FIRST
    had = run.system.means["resources"] + run.income
    paid = np.bincount(run.system.guarantor, weights=run.paid, minlength=len(members))
    used = paid + members["cash"] + members["trade"]
    over = np.where(sound, used - had, 0.0).max(initial=0.0)
    gap = owed - spent - float(run.paid.sum())
    if abs(gap) > 1e-2 + 1e-9 * owed or over > 1e-2 + 1e-9 * float(had.max(initial=0.0)):
        msg = f"months do not add up: {owed:.2f} fen called, {spent + float(run.paid.sum()):.2f} accounted for"
        raise ConservationError(msg)


def _read(run: _Run, payments: list[NDArray[np.float64]]) -> MonthlySettlement:
    ledger, failed = run.ledger, run.failed_month >= 0
    paid = np.array(payments)
    month, entry = np.nonzero(paid > 0.0)
    gross = float(ledger.pools["outstanding"].sum() + ledger.totals[UNSECURED])
    risk_pool_used = min(run.rules.risk_pool, gross)
    settlement = Settlement(
        round=run.failed_month,
        cause=ledger.members["cause"].astype(np.int8),
        trade_loss=np.minimum(ledger.members["trade"], run.system.means["resources"] + run.income),
        called_total=np.zeros(len(failed)),
        pool_shortfall=ledger.pools["shortfall"].copy(),
        pool_deposit_used=ledger.pools["drawn"].copy(),
        pool_loss=ledger.pools["outstanding"].copy(),
        entry=entry,
        call_round=month,
        called=paid[month, entry],
        paid=paid[month, entry],
        exposure=float(ledger.totals[EXPOSURE]),
        recovered=float(ledger.totals[RECOVERED]),
        unsecured_loss=float(ledger.totals[UNSECURED]),
        risk_pool_used=risk_pool_used,
        bank_loss=gross - risk_pool_used,
    )
    called, deposit_used, outstanding = run.figures
    return MonthlySettlement(
        settlement=settlement,
        owed=run.system.loans["exposure"].copy(),
        income=run.income,
        left_to_failed=np.where(failed, ledger.members["cash"], 0.0),
        called=called,
        deposit_used=deposit_used,
        outstanding=outstanding,
    )
