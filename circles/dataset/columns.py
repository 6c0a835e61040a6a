"""One column of a file: from cells to typed values, one parser for each kind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.dataset.amounts import Amounts, read_amounts
from circles.dataset.cells import Cells
from circles.dataset.escape import unguard_text
from circles.dataset.texts import Texts, read_texts
from circles.money import MAX_FEN, format_yuan, read_amount
from circles.portfolio.coded import Coded
from circles.portfolio.tables import Kind
from circles.portfolio.typed import TEXT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio.tables import Column

_RATE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MIDNIGHT = r"(?: 0?0:00(?::00)?)?"
_DATES = [
    re.compile(pattern + _MIDNIGHT)
    for pattern in (
        r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})",
        r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
        r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日",
        r"([0-9]{4})([0-9]{2})([0-9]{2})",
    )
]
_MONTHS = [
    re.compile(pattern)
    for pattern in (
        r"([0-9]{4})-([0-9]{1,2})",
        r"([0-9]{4})/([0-9]{1,2})",
        r"([0-9]{4})年([0-9]{1,2})月",
        r"([0-9]{4})([0-9]{2})",
    )
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Cells with one kind of problem: shape (rows,) where, the kind, and the sentence as in `ProblemLog.add_rows`."""

    where: NDArray[np.bool_]
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A column as a portfolio keeps it, null where a finding is, or where something was reported otherwise already."""

    values: Any
    findings: tuple[Finding, ...] = ()
    reported: NDArray[np.bool_] | None = None
    coded: Coded | None = None


def parse_cells(cells: Cells, column: Column, *, unit: int = 1) -> Parsed:
    """Turn the cells of a column into values of its kind.

    Parameters
    ----------
    cells
        What the file holds.
    column
        What the column should hold.
    unit
        Yuan that one stands for, in a column of money.
    """
    if column.kind is Kind.MONEY:
        return parse_amounts(read_amounts(cells, unit=unit), column, unit=unit)
    return _PARSERS[column.kind](read_texts(cells))


def parse_texts(texts: Texts, column: Column, *, unit: int = 1) -> Parsed:
    """Turn the texts of a column into values of its kind; as `parse_cells`, where each different text is known."""
    if column.kind is Kind.MONEY:
        amounts = read_amounts(Cells.of(texts.distinct), unit=unit)
        return parse_amounts(amounts.at(texts.codes), column, unit=unit)
    return _PARSERS[column.kind](texts)


def parse_amounts(amounts: Amounts, column: Column, *, unit: int = 1) -> Parsed:
    """Judge amounts: what is no amount, has a part of a fen, is negative where it may not, or is beyond all bounds."""
    negative = amounts.fen < 0 if not column.signed else np.zeros_like(amounts.missing)
    huge = (np.abs(amounts.fen) > MAX_FEN) & ~negative
    name = "yuan" if unit == 1 else "万元"
    most = format_yuan(MAX_FEN // unit).removesuffix(".00")
    findings = (
        Finding(
            where=amounts.unreadable, code="unreadable", text=f"{{column}} must be an amount in {name}, got {{value}}"
        ),
        Finding(
            where=amounts.fractional,
            code="decimals",
            text="{column} must have at most two decimals in yuan, got {value}",
        ),
        Finding(where=negative, code="negative_amount", text="{column} must be at least 0, got {value}"),
        Finding(
            where=huge, code="out_of_range", text=f"{{column}} must be at most {most} {name} in size, got {{value}}"
        ),
    )
    missing = amounts.missing | np.logical_or.reduce([finding.where for finding in findings])
    return Parsed(values=pd.Series(pd.arrays.IntegerArray(amounts.fen, missing)), findings=findings)


def _parse_text(texts: Texts) -> Parsed:
    return take_texts(texts.codes, [unguard_text(text) or np.nan for text in texts.distinct])


def take_texts(codes: NDArray[np.int64], distinct: list[Any], *, findings: tuple[Finding, ...] = ()) -> Parsed:
    """Give texts as a column, NaN for a missing one."""
    coded = Coded(codes=codes, distinct=np.array([*distinct, None], dtype=object)[:-1])
    return Parsed(values=pd.Series(coded.distinct[codes], dtype=TEXT), findings=findings, coded=coded)


def _parse_count(texts: Texts) -> Parsed:
    return _parse_each(texts, _read_count, none=np.int64(0), wrong="{column} must be a whole number, got {value}")


def _parse_rate(texts: Texts) -> Parsed:
    wrong = "{column} must be a fraction in [0, 1] (0.12, not 12%), got {value}"
    return _parse_each(texts, _read_rate, none=np.float64(np.nan), wrong=wrong)


def _parse_date(texts: Texts) -> Parsed:
    none = np.datetime64("NaT", "s")
    return _parse_each(texts, _read_date, none=none, wrong="{column} must be a date such as 2007-12-29, got {value}")


def _parse_month(texts: Texts) -> Parsed:
    none = np.datetime64("NaT", "s")
    return _parse_each(texts, _read_month, none=none, wrong="{column} must be a month such as 2007-12, got {value}")


def _parse_each(texts: Texts, read: Callable[[str], Any], *, none: Any, wrong: str) -> Parsed:
    """Read each different text once; `none` stands for what is missing or unreadable."""
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts.distinct]
    found = [read(text) if text else None for text in plain]
    values = np.array([none if value is None else value for value in found], dtype=none.dtype)[texts.codes]
    missing = np.array([value is None for value in found], dtype=np.bool_)[texts.codes]
    bad = np.array([bool(text) and value is None for text, value in zip(plain, found, strict=True)], dtype=np.bool_)
    series = pd.Series(pd.arrays.IntegerArray(values, missing)) if none.dtype == np.int64 else pd.Series(values)
    return Parsed(values=series, findings=(Finding(where=bad[texts.codes], code="unreadable", text=wrong),))


def _read_count(text: str) -> int | None:
    number = read_amount(text)
    if number is None or number.denominator != 1 or abs(number) >= 2**63:
        return None
    return int(number)


def _read_rate(text: str) -> float | None:
    return float(text) if _RATE.fullmatch(text) else None


def _read_date(text: str) -> date | None:
    for pattern in _DATES:
        found = pattern.fullmatch(text)
        if found:
            return _day(found[1], found[2], found[3])
    return None


def _read_month(text: str) -> date | None:
    for pattern in _MONTHS:
        found = pattern.fullmatch(text)
        if found:
            return _day(found[1], found[2], "1")
    day = _read_date(text)
    return day and day.replace(day=1)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_PARSERS: dict[Kind, Callable[[Texts], Parsed]] = {
    Kind.ID: _parse_text,
    Kind.TEXT: _parse_text,
    Kind.RATE: _parse_rate,
    Kind.COUNT: _parse_count,
    Kind.DATE: _parse_date,
    Kind.MONTH: _parse_month,
}
