"""From frames to a portfolio: every column typed, every table checked, all problems in one pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import DatasetError, InputError
from circles.portfolio.checks import Checkup, check_tables
from circles.portfolio.problems import Origin, ProblemLog
from circles.portfolio.tables import TABLES, Column, Kind, Table
from circles.portfolio.typed import empty_column, type_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio.coded import Coded

_EXPECTED = {
    Kind.ID: "text",
    Kind.TEXT: "text",
    Kind.MONEY: "a whole number of fen",
    Kind.RATE: "a fraction in [0, 1]",
    Kind.COUNT: "a whole number",
    Kind.DATE: "a date",
    Kind.MONTH: "a month (YYYY-MM)",
}


def frame_origins(frames: Mapping[str, pd.DataFrame]) -> dict[str, Origin]:
    """Name the places of rows in frames: the table's name and the row's position, counted from 0.

    Raises
    ------
    InputError
        If what is given for a table is not a frame.
    """
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            msg = f"{name} must be a pandas DataFrame, got {type(frame).__name__}"
            raise InputError(msg)
    return {name: Origin(file=name, lines=np.arange(len(frame))) for name, frame in frames.items()}


def build_portfolio(
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
    *,
    as_of: date | str,
    currency: str,
    errors: ProblemLog | None = None,
    warnings: ProblemLog | None = None,
    unreadable: Mapping[tuple[str, str], NDArray[np.bool_]] | None = None,
    unread: Collection[str] = (),
    coded: Mapping[tuple[str, str], Coded] | None = None,
) -> dict[str, Any]:
    """Type and check tables, and give the fields of a `Portfolio`.

    Parameters
    ----------
    frames
        Tables by name, columns by their names in frames.
    origins
        For every table given: where its rows came from.
    errors, warnings
        What reading the files found already; joined by what is found here.
    unreadable
        (table, column) → mask of cells that were reported already and are null here.
    unread
        Tables that are there but could not be read at all, which was reported already.
    coded
        (table, column) → what reading knows of a column of texts, which then needs no typing.

    Raises
    ------
    DatasetError
        If there is any error, with all of them.
    InputError
        If a table is unknown, or the date or currency is not one.
    """
    _refuse_unknown_tables(frames)
    day, code = as_date(as_of), as_currency(currency)
    places = {**{name: Origin(file=name, lines=np.arange(0)) for name in TABLES}, **origins}
    errors = ProblemLog(places) if errors is None else errors
    warnings = ProblemLog(places) if warnings is None else warnings
    masks = dict(unreadable or {})
    coded = coded or {}
    if "members" not in frames and "members" not in unread:
        errors.add_table("members", "", code="missing_table", text="the members table is required and is not there")
    typed = {
        name: _typed_table(frames.get(name), table, errors=errors, warnings=warnings, unreadable=masks, coded=coded)
        for name, table in TABLES.items()
    }
    unknown = _without_ids(frames, unread)
    checkup = Checkup(frames=typed, errors=errors, warnings=warnings, unreadable=masks, unread=unknown, coded=coded)
    check_tables(checkup)
    _warn_empty(frames, warnings)
    if len(errors):
        raise DatasetError(errors.frame())
    return {
        "as_of": day,
        "currency": code,
        "_frames": typed,
        "warnings": warnings.frame(),
        "_codes": _read_only(checkup.codes),
    }


def _without_ids(frames: Mapping[str, pd.DataFrame], unread: Collection[str]) -> frozenset[str]:
    """Name the tables whose ids nobody can know: they could not be read, or have no id column."""
    missing = {"members"} - set(frames)
    keyless = {name for name, frame in frames.items() if TABLES[name].frame_names[0] not in frame}
    return frozenset({*unread, *missing, *keyless})


def _typed_table(
    frame: pd.DataFrame | None,
    table: Table,
    *,
    errors: ProblemLog,
    warnings: ProblemLog,
    unreadable: dict[tuple[str, str], NDArray[np.bool_]],
    coded: Mapping[tuple[str, str], Coded],
) -> pd.DataFrame:
    if frame is None:
        return _empty_table(table.name)
    _note_unknown_columns(frame, table, errors=errors, warnings=warnings)
    frame = _without_repeated_columns(frame, table, errors)
    typed: dict[str, pd.Series] = {}
    for column in table.columns:
        name = column.frame_name
        if name not in frame:
            typed[name] = _typed_empty(column, len(frame))
            if column.required:
                _note_missing_column(frame, table, column, errors=errors)
                unreadable[table.name, name] = np.ones(len(frame), dtype=np.bool_)
            continue
        if (table.name, name) in coded:
            typed[name] = frame[name]
            continue
        values, bad = type_column(frame[name], column)
        _note_unreadable(frame, table, column, bad=bad, errors=errors)
        unreadable[table.name, name] = bad | unreadable.get((table.name, name), False)
        typed[name] = _narrow(values, column)
    return pd.DataFrame(typed, copy=False)


def _without_repeated_columns(frame: pd.DataFrame, table: Table, errors: ProblemLog) -> pd.DataFrame:
    repeated = frame.columns.duplicated()
    for name in dict.fromkeys(frame.columns[repeated]):
        errors.add_table(
            table.name, str(name), code="duplicate_column", text=f"column {name!r} is there more than once"
        )
    return frame.loc[:, ~repeated]


@cache
def _empty_table(name: str) -> pd.DataFrame:
    """Give a table without rows, made once: most portfolios leave most tables out."""
    return pd.DataFrame({column.frame_name: _typed_empty(column, 0) for column in TABLES[name].columns})


def _typed_empty(column: Column, rows: int) -> pd.Series:
    return _narrow(empty_column(column, rows), column)


def _narrow(values: pd.Series, column: Column) -> pd.Series:
    """Keep required money without a null mask, once no null is left in it."""
    if column.kind is Kind.MONEY and column.required and not values.isna().any():
        return values.astype("int64")
    return values


def _note_unreadable(
    frame: pd.DataFrame, table: Table, column: Column, *, bad: NDArray[np.bool_], errors: ProblemLog
) -> None:
    rows = np.flatnonzero(bad)
    text = f"{{column}} must be {_EXPECTED[column.kind]}, got {{value}}"
    values = frame[column.frame_name].iloc[rows].astype("object")
    errors.add_rows(table.name, column.frame_name, rows, values=values, code="unreadable", text=text)


def _note_missing_column(frame: pd.DataFrame, table: Table, column: Column, *, errors: ProblemLog) -> None:
    headers = errors.origins[table.name].headers
    header = headers.get(column.frame_name, column.frame_name)
    has = ", ".join(headers.get(name, str(name)) for name in frame.columns) or "none"
    text = f"the required column {header} is missing; the columns are: {has}"
    errors.add_table(table.name, header, code="missing_column", text=text)


def _note_unknown_columns(frame: pd.DataFrame, table: Table, *, errors: ProblemLog, warnings: ProblemLog) -> None:
    in_yuan = {c.name: c.frame_name for c in table.columns if c.kind is Kind.MONEY}
    for name in [str(name) for name in frame.columns if name not in table.frame_names]:
        if name in in_yuan:
            text = f"frames hold money as whole fen: give {in_yuan[name]} instead of {name}"
            errors.add_table(table.name, name, code="yuan_column", text=text)
        else:
            text = f"column {name!r} is not one of the table's and is left aside"
            warnings.add_table(table.name, name, code="unknown_column", text=text)


def _warn_empty(frames: Mapping[str, pd.DataFrame], warnings: ProblemLog) -> None:
    for name, frame in frames.items():
        if len(frame) == 0:
            warnings.add_table(name, "", code="empty_table", text="the table has no rows")


def _refuse_unknown_tables(frames: Mapping[str, pd.DataFrame]) -> None:
    unknown = [name for name in frames if name not in TABLES]
    if unknown:
        msg = f"unknown table {unknown[0]!r}; a portfolio has: {', '.join(TABLES)}"
        raise InputError(msg)


def as_date(value: date | str) -> date:
    """Read the date of a portfolio.

    Raises
    ------
    InputError
        If it is neither a date nor ISO text.
    """
    try:
        return date(value.year, value.month, value.day) if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"as_of must be a date such as 2007-12-29, got {value!r}"
        raise InputError(msg) from None


def as_currency(value: str) -> str:
    """Read the currency of a portfolio.

    Raises
    ------
    InputError
        If it is not a three-letter code.
    """
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{3}", value):
        msg = f"currency must be a three-letter code such as CNY, got {value!r}"
        raise InputError(msg)
    return value


def _read_only(
    codes: Mapping[tuple[str, str], NDArray[np.int32]],
) -> dict[tuple[str, str], NDArray[np.int32]]:
    for array in codes.values():
        array.setflags(write=False)
    return dict(codes)
