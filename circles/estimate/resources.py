"""Resources that members did not state: from sales, capital and debt, on the cautious side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.estimate.estimate import NO_BASIS, Estimate
from circles.estimate.ranges import check_number, check_share
from circles.estimate.standing import read_standing
from circles.money import MAX_FEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.estimate.standing import Standing
    from circles.portfolio import Portfolio

_DAYS_A_YEAR = 365
_BASES = {
    "sales_and_capital": "the smaller of what sales and own capital suggest, after debt",
    "sales": "from sales alone, after debt",
    "capital": "from own capital alone, after debt",
    "non_performing": "nothing: a loan is more than 90 days overdue, or graded substandard or worse",
    NO_BASIS: "neither sales nor capital is stated",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceRule:
    """How resources are estimated; where each figure comes from is in docs/methods/estimate.md.

    Attributes
    ----------
    buffer_days
        Liquid funds, as days of sales, 0 to 365.
    cash_margin
        Part of a year's sales that is left before debt is served, in [0, 1].
    liquid_capital_share
        Part of own capital that can be turned into money within the year, in [0, 1].
    outside_debt_share
        Part of the debt outside the book that falls due, or is called, within the year, in [0, 1].
    interest_rate
        Yearly interest of loans in the book that state none, in [0, 1].

    Raises
    ------
    InputError
        If a parameter is out of its range.
    """

    buffer_days: float = 15.0
    cash_margin: float = 0.03
    liquid_capital_share: float = 0.2
    outside_debt_share: float = 0.5
    interest_rate: float = 0.0747

    def __post_init__(self) -> None:
        check_number("buffer_days", self.buffer_days, highest=_DAYS_A_YEAR)
        for name in ("cash_margin", "liquid_capital_share", "outside_debt_share", "interest_rate"):
            check_share(name, getattr(self, name))


def estimate_resources(portfolio: Portfolio, rule: ResourceRule | None = None) -> Estimate:
    """Fill in the resources that members did not state, by a cautious rule from sales, capital and debt.

    What is stated stays as it is. What is filled in gets the source ``estimated``, and results on the portfolio say
    what share of them rests on it. A member with neither sales nor capital stays without resources.

    Parameters
    ----------
    portfolio
        Its members' sales, capital and debts, and the loans in the book.
    rule
        The parameters; None means ``ResourceRule()``.

    Returns
    -------
    The `Estimate`: the filled portfolio, and for every member on what its estimate rests.

    Raises
    ------
    InputError
        If a parameter of the rule is out of its range (when the rule is made).

    Notes
    -----
    resources = max(0, min(s · (d/365 + m), k · c) − i − o · u), rounded down to whole fen; s sales, c own capital (net
    assets where stated, else registered capital), i the debt service (where it is not stated, a year's interest on the
    loans in the book), u other debt; d, m, k, o the rule's parameters in its order. Whichever of sales and capital is
    missing is left out. 0 for whoever owes a non-performing loan. Linear in members and loans.

    Examples
    --------
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["M1", "M2"], "annual_sales_fen": [36_500_00, None]})
    >>> estimate = estimate_resources(Portfolio.from_frames(as_of="2007-12-29", members=members))
    >>> estimate.portfolio.members["resources_fen"].tolist()
    [259500, <NA>]
    >>> print(estimate)
    resources: missing for 2 of 2 members; 1 estimated, 1 left empty
              1  sales: from sales alone, after debt
              1  no_basis: neither sales nor capital is stated
      left empty: 'M2'
    """
    rule = ResourceRule() if rule is None else rule
    members = portfolio.table("members")
    standing = read_standing(portfolio, interest_rate=rule.interest_rate)
    basis = _find_basis(members, standing)
    missing = members["resources_fen"].isna().to_numpy()
    filled = missing & (basis != NO_BASIS)
    amounts = pd.Series(_compute_resources(members, rule, standing), dtype="Int64").mask(~filled)
    done = members.assign(
        resources_fen=members["resources_fen"].fillna(amounts),
        resources_source=members["resources_source"].mask(filled, "estimated"),
    )
    listed = pd.DataFrame({"member_id": members["member_id"], "basis": basis, "resources_fen": amounts})
    return Estimate(
        portfolio=portfolio.replace(members=done) if filled.any() else portfolio,
        column="resources_fen",
        rule=rule,
        bases=_BASES,
        total=len(members),
        members=listed[missing].reset_index(drop=True),
    )


def _find_basis(members: pd.DataFrame, standing: Standing) -> NDArray[np.object_]:
    sales = members["annual_sales_fen"].notna().to_numpy()
    capital = (members["net_assets_fen"].notna() | members["registered_capital_fen"].notna()).to_numpy()
    found = np.select(
        [standing.non_performing, sales & capital, sales, capital],
        ["non_performing", "sales_and_capital", "sales", "capital"],
        NO_BASIS,
    )
    return found.astype(object)


def _compute_resources(members: pd.DataFrame, rule: ResourceRule, standing: Standing) -> NDArray[np.int64]:
    """Apply the rule to every member: shape (members,), whole fen; 0 where there is no basis."""
    sales, registered, assets, service = (
        members[f"{name}_fen"].to_numpy(np.float64, na_value=np.nan)
        for name in ("annual_sales", "registered_capital", "net_assets", "annual_debt_service")
    )
    from_sales = sales * (rule.buffer_days / _DAYS_A_YEAR + rule.cash_margin)
    own = np.maximum(np.where(np.isnan(assets), registered, assets), 0.0)
    funds = np.fmin(from_sales, own * rule.liquid_capital_share)  # fmin passes over whichever is missing
    service = np.where(np.isnan(service), standing.interest_fen, service)
    outside = members["other_debt_fen"].to_numpy(np.float64, na_value=0.0) * rule.outside_debt_share
    left = np.where(standing.non_performing, 0.0, funds - service - outside)
    tidy = np.round(np.nan_to_num(left), 3)  # so that 0.1 + 0.2 fen is not rounded down to one fen less
    return np.floor(np.clip(tidy, 0.0, MAX_FEN)).astype(np.int64)
