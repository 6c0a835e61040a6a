"""What looks odd in sound tables, or will be refused later: each finding a sentence with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.health.finding import Finding
from circles.health.units import find_units

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

_COLUMNS = ["code", "table", "column", "rows", "text"]
_FRESH_MONTHS = 3
_MANY_ESTIMATES = 0.5
_REMEDIES = {
    "resources": "fill them, or run circles estimate",
    "default_probability": "losses need them: fill them, or run circles estimate --default-probabilities",
}


def list_findings(portfolio: Portfolio, *, dates: pd.DataFrame, months: pd.DataFrame) -> pd.DataFrame:
    """List what looks odd or will be refused: frame ``code, table, column, rows, text``, the gravest first.

    Parameters
    ----------
    portfolio
        Sound tables.
    dates, months
        What `cover_dates` and `sum_months` found in them.
    """
    found = [
        *find_units(portfolio),
        *_find_missing(portfolio),
        *_find_estimates(portfolio),
        *_find_later(dates),
        *_find_gaps(portfolio, months),
    ]
    return pd.DataFrame([asdict(finding) for finding in found], columns=_COLUMNS)


def _find_missing(portfolio: Portfolio) -> Iterator[Finding]:
    members = portfolio.table("members")
    for column, frame_name in {"resources": "resources_fen", "default_probability": "default_probability"}.items():
        missing = int(members[frame_name].isna().sum())
        if missing:
            text = f"{missing:,} of {len(members):,} members have no {column.replace('_', ' ')}; {_REMEDIES[column]}"
            yield Finding(code=f"missing_{column}", table="members", column=column, rows=missing, text=text)


def _find_estimates(portfolio: Portfolio) -> Iterator[Finding]:
    members = portfolio.table("members")
    estimated = int((members["resources_source"] == "estimated").sum())
    if estimated > _MANY_ESTIMATES * len(members):
        text = f"resources of {estimated:,} of {len(members):,} members are estimates: so are most results"
        yield Finding(code="many_estimates", table="members", column="resources_source", rows=estimated, text=text)


def _find_later(dates: pd.DataFrame) -> Iterator[Finding]:
    for row in dates[dates["later"] > 0].itertuples():
        text = f"{row.later:,} rows lie after the date of the data, the last on {row.last}; as_of may be wrong"
        yield Finding(code="later_date", table=row.table, column=row.column, rows=int(row.later), text=text)


def _find_gaps(portfolio: Portfolio, months: pd.DataFrame) -> Iterator[Finding]:
    if not len(months):
        return
    empty = months.loc[months["rows"] == 0, "month"]
    if len(empty):
        text = f"{len(empty):,} of the last {len(months):,} months have no trade, the first {empty.iloc[0]:%Y-%m}"
        yield Finding(code="empty_months", table="trades", column="period", rows=len(empty), text=text)
    last = months["month"].iloc[-1]
    age = np.datetime64(portfolio.as_of, "M") - last.to_datetime64().astype("datetime64[M]")
    if age.astype(int) > _FRESH_MONTHS:
        text = f"the last trade is of {last:%Y-%m}, more than {_FRESH_MONTHS} months before {portfolio.as_of}"
        yield Finding(code="stale_trade", table="trades", column="period", rows=0, text=text)
