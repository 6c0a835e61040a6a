"""The tables of a horizon, in whole fen: month by month, and member by member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.cascade.frames import name_causes, name_states, spend_cash
from circles.settlement.fen_groups import round_groups, sum_by
from circles.settlement.ledger import FIRST
from circles.settlement.whole_fen import find_called_loans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.horizon.timetable import Timetable
    from circles.settlement import MonthlySettlement, Obligations, Terms, WholeFen


def frame_horizon_members(obligations: Obligations, settled: MonthlySettlement, whole: WholeFen) -> pd.DataFrame:
    """Tabulate what happened to every member, in the order of ids; columns as in `Horizon.members`."""
    settlement = settled.settlement
    paid = sum_by(obligations.pools.member[whole.entry], whole.paid, len(obligations.members))
    trade_loss, left = spend_cash(obligations, settlement, paid)
    failed = settlement.round >= 0
    return pd.DataFrame(
        {
            "member_id": pd.Series(obligations.members, dtype="str"),
            "state": name_states(settlement, paid=paid, trade_loss=trade_loss),
            "month": pd.Series(settlement.round, dtype="Int64").mask(~failed),
            "cause": name_causes(settlement),
            "income_fen": settled.income.astype(np.int64),
            "paid_fen": paid,
            "trade_loss_fen": trade_loss,
            "own_shortfall_fen": sum_by(obligations.loans.borrower, whole.loan_shortfall, len(paid)),
            "left_fen": left + np.rint(settled.left_to_failed).astype(np.int64),
        }
    )


def count_recoveries(
    obligations: Obligations, settled: MonthlySettlement, whole: WholeFen, *, terms: Terms, timetable: Timetable
) -> NDArray[np.int64]:
    """Add up by month what borrowers still pay: shape (months + recovery_delay,), whole fen."""
    called = find_called_loans(obligations, settled.settlement, terms)
    recovered = np.where(called, obligations.loans.exposure.astype(np.int64) - whole.loan_shortfall, 0)
    arrival = settled.settlement.round[obligations.loans.borrower] + timetable.recovery_delay
    return sum_by(np.where(called, arrival, -1), recovered, timetable.months + timetable.recovery_delay)


def frame_months(
    obligations: Obligations,
    settled: MonthlySettlement,
    whole: WholeFen,
    *,
    recoveries: NDArray[np.int64],
    dates: NDArray[np.datetime64],
    timetable: Timetable,
    terms: Terms,
) -> pd.DataFrame:
    """Tabulate every month; columns as in `Horizon.months`."""
    settlement, months = settled.settlement, timetable.months
    failed, first = settlement.round, settlement.cause == FIRST
    called = find_called_loans(obligations, settlement, terms)
    owed = np.where(called, obligations.loans.exposure, 0.0).astype(np.int64)
    exposure = sum_by(np.where(called, failed[obligations.loans.borrower], -1), owed, months)
    paid = sum_by(whole.call_round, whole.paid, months)
    total = np.array([whole.pool_deposit_used.sum()], dtype=np.int64)
    deposit = round_groups(np.maximum(settled.deposit_used, 0.0), np.zeros(months, dtype=np.int64), total)
    monthly = (1.0 + timetable.discount_rate) ** (-np.arange(months) / 12.0)
    loss = np.cumsum((exposure - paid - deposit - recoveries[:months]) * monthly)
    return pd.DataFrame(
        {
            "month": np.arange(months),
            "date": dates,
            "first": np.bincount(failed[first], minlength=months),
            "contagious": np.bincount(failed[(failed >= 0) & ~first], minlength=months),
            "exposure_fen": exposure,
            "called_fen": np.rint(np.maximum(settled.called, 0.0)).astype(np.int64),
            "paid_fen": paid,
            "deposit_used_fen": deposit,
            "recovered_fen": recoveries[:months],
            "unpaid_fen": np.rint(settled.outstanding).astype(np.int64),
            "discounted_loss_fen": np.rint(loss).astype(np.int64),
        }
    )
