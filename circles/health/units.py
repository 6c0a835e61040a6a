"""Amounts that look as if they were given in another unit: 万元 for yuan, yuan for 万元, per cent for fractions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from circles.health.finding import Finding
from circles.money import FEN_PER_YUAN, format_yuan

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_LEAST_VALUES = 10
"""Values that a median needs before it says anything."""
_USUAL_YUAN = {
    ("members", "annual_sales"): (10_000, 10**9),
    ("members", "registered_capital"): (1_000, 10**9),
    ("members", "resources"): (100, 10**8),
    ("loans", "balance"): (1_000, 10**8),
    ("applications", "amount"): (1_000, 10**8),
}
"""Column → between which amounts (yuan) the median of a book of small firms lies: wide, so that only a wrong unit (a
factor of 10,000) leaves them. An assumption."""
_USUAL_RATIO = 20.0
"""How many times a member's annual sales its median loan, or its trade of a year, may come to. An assumption: usual is
less than once."""
_USUAL_PROBABILITY = 0.5
_MONTHS_A_YEAR = 12


def find_units(portfolio: Portfolio) -> Iterator[Finding]:
    """Find columns whose medians are far from any book of small firms, and columns that do not fit each other."""
    if portfolio.currency == "CNY":
        for (table, column), usual in _USUAL_YUAN.items():
            yield from _judge_median(portfolio.table(table)[f"{column}_fen"], table, column, usual=usual)
    yield from _judge_loans(portfolio)
    yield from _judge_trade(portfolio)
    stated = portfolio.table("members")["default_probability"].dropna()
    if len(stated) >= _LEAST_VALUES and stated.median() > _USUAL_PROBABILITY:
        text = f"the median default probability is {stated.median():.2g}; is it in per cent? 1 % is written 0.01"
        yield Finding(code="unit_percent", table="members", column="default_probability", rows=len(stated), text=text)


def _judge_median(amounts: pd.Series, table: str, column: str, *, usual: tuple[int, int]) -> Iterator[Finding]:
    positive = amounts[amounts > 0]
    if len(positive) < _LEAST_VALUES:
        return
    median = float(positive.median()) / FEN_PER_YUAN
    shown = f"the median {column.replace('_', ' ')} is {format_yuan(round(median * FEN_PER_YUAN))} yuan"
    if median < usual[0]:
        text = f"{shown}: it looks like 万元 given as yuan; head the column {column}（万元）"
        yield Finding(code="unit_too_small", table=table, column=column, rows=len(positive), text=text)
    if median > usual[1]:
        text = f"{shown}: it looks like yuan given as 万元; head the column {column}"
        yield Finding(code="unit_too_large", table=table, column=column, rows=len(positive), text=text)


def _judge_loans(portfolio: Portfolio) -> Iterator[Finding]:
    loans, sales = portfolio.table("loans"), _read_sales(portfolio)
    ratio = loans["balance_fen"].to_numpy(np.float64) / sales[portfolio.codes("loans", "borrower_id")]
    ratio = ratio[np.isfinite(ratio) & (ratio > 0)]
    if len(ratio) < _LEAST_VALUES:
        return
    middle = float(np.median(ratio))
    if not 0.01 / _USUAL_RATIO < middle < _USUAL_RATIO:
        text = (
            f"the median loan is {_say_times(middle)} times its borrower's annual sales: "
            "one of loans.balance and members.annual_sales looks like 万元, the other like yuan"
        )
        yield Finding(code="unit_mismatch", table="loans", column="balance", rows=len(ratio), text=text)


def _judge_trade(portfolio: Portfolio) -> Iterator[Finding]:
    trades = portfolio.table("trades")
    age = np.datetime64(portfolio.as_of, "M") - trades["period"].to_numpy().astype("datetime64[M]")
    recent = age.astype(np.int64) < _MONTHS_A_YEAR
    seller = portfolio.codes("trades", "seller_id")[recent]
    sold = np.bincount(seller, trades["amount_fen"].to_numpy(np.float64)[recent], len(portfolio.table("members")))
    ratio = sold / _read_sales(portfolio)
    ratio = ratio[np.isfinite(ratio) & (ratio > 0)]
    if len(ratio) >= _LEAST_VALUES and np.median(ratio) > _USUAL_RATIO:
        text = (
            f"members sold each other {_say_times(float(np.median(ratio)))} times their annual sales within a year "
            "(median): members.annual_sales looks like 万元, or trades.amount like fen"
        )
        yield Finding(code="unit_mismatch", table="trades", column="amount", rows=len(ratio), text=text)


def _say_times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}"


def _read_sales(portfolio: Portfolio) -> NDArray[np.float64]:
    """Give annual sales in fen, NaN where they are not stated or zero."""
    sales = portfolio.table("members")["annual_sales_fen"].to_numpy(np.float64, na_value=np.nan)
    return np.where(sales > 0, sales, np.nan)
