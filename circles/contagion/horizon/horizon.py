"""Defaults over months: calls that take time, members that pay from later income, loans that come and go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.cascade.frames import frame_circles, frame_pools
from circles.contagion.horizon.frames import count_recoveries, frame_horizon_members, frame_months
from circles.contagion.horizon.plan import NEVER, find_members, list_dates, plan_months
from circles.contagion.horizon.timetable import Timetable
from circles.contagion.losses.estimates import mark_estimates
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import build_obligations, check_terms, round_settlement, settle_months

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import MonthlySettlement, Obligations, Terms, WholeFen

DEFAULT_TIMETABLE = Timetable()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Horizon:
    """What follows month by month when members default at stated times.

    Amounts are whole fen. Exposures of the loans of the failed = recovered + deposits used + paid by guarantors + risk
    pool used + bank loss, exactly; what arrives after the last month counts as recovered.

    Attributes
    ----------
    bank_loss_fen
        The bank's loss, net of the risk pool, not discounted.
    discounted_loss_fen
        The same at the portfolio's date: each exposure counts in the month of its default, each payment in its own.
    exposure_fen, recovered_fen, deposit_used_fen, guarantor_paid_fen, risk_pool_used_fen
        What the failed owed, and who paid.
    recovered_later_fen
        The part of `recovered_fen` that arrives after the last month.
    estimated_members
        Of the members that paid, lost or failed by contagion, how many have estimated resources.
    terms, timetable, portfolio_digest, as_of
        What it was computed from.
    """

    bank_loss_fen: int
    discounted_loss_fen: int
    exposure_fen: int
    recovered_fen: int
    recovered_later_fen: int
    deposit_used_fen: int
    guarantor_paid_fen: int
    risk_pool_used_fen: int
    estimated_members: int
    terms: Terms
    timetable: Timetable
    portfolio_digest: str
    as_of: date
    _months: pd.DataFrame
    _members: pd.DataFrame
    _pools: pd.DataFrame

    def __str__(self) -> str:
        first, contagious = (int(self._months[name].sum()) for name in ("first", "contagious"))
        return "\n".join(
            [
                f"{self.timetable.months:,} months from {self.as_of}: {first:,} first defaults, "
                f"{contagious:,} brought down",
                f"bank loss {format_yuan(self.bank_loss_fen)} yuan, discounted at "
                f"{self.timetable.discount_rate:.2%} a year {format_yuan(self.discounted_loss_fen)}",
                f"owed {format_yuan(self.exposure_fen)}, recovered {format_yuan(self.recovered_fen)} "
                f"({format_yuan(self.recovered_later_fen)} of it after the last month), "
                f"deposits {format_yuan(self.deposit_used_fen)}, "
                f"guarantors paid {format_yuan(self.guarantor_paid_fen)}, "
                f"risk pool {format_yuan(self.risk_pool_used_fen)}",
                f"{self.estimated_members:,} of {self.reached:,} members reached have estimated resources",
            ]
        )

    __repr__ = __str__

    @property
    def months(self) -> pd.DataFrame:
        """One row a month.

        ``month, date``; ``first, contagious`` (members that fail); ``exposure_fen`` (what these owe); ``called_fen``
        (asked of guarantors: what was unpaid before and what falls due now, less deposits); ``paid_fen,
        deposit_used_fen, recovered_fen`` (arriving); ``unpaid_fen`` (in pools, at the end); ``discounted_loss_fen``
        (all so far, as if nobody paid any more).
        """
        return self._months.copy(deep=False)

    @property
    def members(self) -> pd.DataFrame:
        """One row a member, by id.

        ``member_id``; ``state`` (untouched, hurt, paid, first, contagious); ``month`` of failing (missing for the
        live); ``cause`` (call, receivable; missing otherwise); ``income_fen, paid_fen, trade_loss_fen,
        own_shortfall_fen, left_fen``.
        """
        return self._members.copy(deep=False)

    @property
    def pools(self) -> pd.DataFrame:
        """One row a pool, by id: ``id, shortfall_fen, deposit_used_fen, paid_fen, bank_loss_fen``."""
        return self._pools.copy(deep=False)

    @property
    def circles(self) -> pd.DataFrame:
        """One row a circle, by its own id; columns as in `pools`."""
        return frame_circles(self._pools)

    @property
    def reached(self) -> int:
        """How many members paid, lost on buyers or were brought down."""
        return int((~self._members["state"].isin(["untouched", "first"])).sum())


def run_horizon(
    portfolio: Portfolio,
    defaults: Mapping[str, int],
    terms: Terms | None = None,
    *,
    timetable: Timetable = DEFAULT_TIMETABLE,
    monthly_income: Mapping[str, int] | None = None,
) -> Horizon:
    """Say what follows, month by month, if these members default in these months.

    Parameters
    ----------
    portfolio
        Members with resources, their loans with dates, circles, guarantees and receivables.
    defaults
        Member id → month of its default, from 0 (now); `draw_default_months` draws them at random.
    terms
        How defaults are settled; None means the worst case. Only a waterfall has months.
    timetable
        How long the horizon is, and how long calls, recoveries and draw-downs take.
    monthly_income
        Member id → free income a month in whole fen; for members not in it a twelfth of their resources.

    Returns
    -------
    The `Horizon`: losses, and a frame each of months, members, circles and pools.

    Raises
    ------
    InputError
        If a defaulter or a member with income is unknown, a month is outside the timetable, the terms are those of a
        threshold settlement, or members have no resources.
    ConservationError
        If money was lost or made (a defect).

    Notes
    -----
    With one month and no delays it is the waterfall of `run_cascade`. See docs/methods/horizon.md.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> portfolio = Portfolio.from_frames(
    ...     as_of="2007-12-29",
    ...     members=pd.DataFrame({"member_id": ["M0", "M1"], "resources_fen": [0, 60_00]}),
    ...     circles=pd.DataFrame({"circle_id": ["C1"]}),
    ...     circle_members=pd.DataFrame({"circle_id": ["C1"] * 2, "member_id": ["M0", "M1"]}),
    ...     loans=pd.DataFrame(
    ...         {"loan_id": ["L"], "borrower_id": ["M0"], "balance_fen": [100_00], "circle_id": ["C1"]}
    ...     ),
    ... )
    >>> horizon = run_horizon(portfolio, {"M0": 0}, timetable=Timetable(months=24))
    >>> horizon.guarantor_paid_fen, horizon.bank_loss_fen
    (10000, 0)
    """
    terms = check_terms(terms)
    _check_settlement(terms)
    obligations = build_obligations(portfolio)
    first_month = _read_defaults(portfolio, obligations, defaults, timetable)
    plan = plan_months(portfolio, obligations, timetable, first_month=first_month, monthly_income=monthly_income)
    settled = settle_months(obligations, terms, plan)
    funded = _fund(obligations, settled)
    whole = round_settlement(funded, settled.settlement, terms)
    members = frame_horizon_members(funded, settled, whole)
    recoveries = count_recoveries(funded, settled, whole, terms=terms, timetable=timetable)
    months = frame_months(
        funded,
        settled,
        whole,
        recoveries=recoveries,
        dates=list_dates(portfolio, timetable),
        timetable=timetable,
        terms=terms,
    )
    estimated = mark_estimates(portfolio, obligations).member & ~members["state"].isin(["untouched", "first"])
    return Horizon(
        bank_loss_fen=whole.bank_loss,
        discounted_loss_fen=_discount(months, recoveries, whole, timetable),
        exposure_fen=whole.exposure,
        recovered_fen=whole.recovered,
        recovered_later_fen=int(recoveries[timetable.months :].sum()),
        deposit_used_fen=int(whole.pool_deposit_used.sum()),
        guarantor_paid_fen=int(whole.paid.sum()),
        risk_pool_used_fen=whole.risk_pool_used,
        estimated_members=int(estimated.sum()),
        terms=terms,
        timetable=timetable,
        portfolio_digest=portfolio.digest(),
        as_of=portfolio.as_of,
        _months=months,
        _members=members,
        _pools=frame_pools(funded, whole),
    )


def _check_settlement(terms: Terms) -> None:
    if terms.settlement != "waterfall":
        msg = f"a horizon settles by waterfall, got terms with settlement={terms.settlement!r}; change that field"
        raise InputError(msg)


def _read_defaults(
    portfolio: Portfolio, obligations: Obligations, defaults: Mapping[str, int], timetable: Timetable
) -> NDArray[np.int64]:
    if not isinstance(defaults, Mapping):
        msg = f"defaults must be months by member id, got {defaults!r:.60}; write {{'M1': 0}}"
        raise InputError(msg)
    for member, month in defaults.items():
        if isinstance(month, bool) or not isinstance(month, Integral) or not 0 <= int(month) < timetable.months:
            msg = f"defaults: the month of {member!r} must be from 0 to {timetable.months - 1}, got {month!r}"
            raise InputError(msg)
    first_month = np.full(len(obligations.members), NEVER, dtype=np.int64)
    positions = find_members(portfolio, obligations, list(defaults), what="first defaulter")
    first_month[positions] = list(defaults.values())
    return first_month


def _fund(obligations: Obligations, settled: MonthlySettlement) -> Obligations:
    """Give the obligations with what was owed at failing, and with all that members could spend."""
    spendable = obligations.resources + settled.income - np.rint(settled.left_to_failed)
    return replace(obligations, resources=spendable, loans=replace(obligations.loans, exposure=settled.owed))


def _discount(months: pd.DataFrame, recoveries: NDArray[np.int64], whole: WholeFen, timetable: Timetable) -> int:
    """Give the loss at the portfolio's date: that of the last month less what arrives later and the risk pool."""
    later = np.arange(timetable.months, len(recoveries))
    monthly = (1.0 + timetable.discount_rate) ** (-1.0 / 12.0)
    arriving = float((recoveries[timetable.months :] * monthly**later).sum())
    pooled = whole.risk_pool_used * monthly ** (timetable.months - 1)
    return round(float(months["discounted_loss_fen"].iloc[-1]) - arriving - pooled)
