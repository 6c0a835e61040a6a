"""What must hold inside and between tables; every check looks at whole columns and notes all it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circles.money import MAX_FEN
from circles.portfolio.tables import TABLES, Column, Kind, Table

if TYPE_CHECKING:
    from circles.portfolio.problems import ProblemLog

Codes = dict[tuple[str, str], NDArray[np.int32]]
"""(table, column) → shape (rows,): position of the row referred to; −1 where the reference is null or unknown."""


@dataclass(slots=True, kw_only=True)
class Checkup:
    """The tables under check and what was found so far.

    Attributes
    ----------
    frames
        Typed frames by table name.
    unreadable
        (table, column) → mask of cells already reported as unreadable; not reported twice.
    """

    frames: Mapping[str, pd.DataFrame]
    errors: ProblemLog
    warnings: ProblemLog
    unreadable: Mapping[tuple[str, str], NDArray[np.bool_]]
    codes: Codes = field(default_factory=dict)

    def note(self, table: str, column: str, where: NDArray[np.bool_], code: str, text: str) -> None:
        """Note an error of every row where the mask is True, showing the cell."""
        rows = np.flatnonzero(where)
        self.errors.add_rows(table, column, rows, self.frames[table][column].iloc[rows], code, text)


def check_tables(checkup: Checkup) -> None:
    """Run every check on every table; findings and codes are left in the checkup."""
    for name, table in TABLES.items():
        for column in table.columns:
            _check_cells(checkup, name, column)
        _check_key(checkup, table)
    for name, table in TABLES.items():
        _check_references(checkup, table)
        _check_rows(checkup, name, table)
    _check_circle_sizes(checkup)
    _check_loan_circles(checkup)
    _check_guaranteed_loans(checkup)
    _warn_repeated_trades(checkup)


def _check_cells(checkup: Checkup, table: str, column: Column) -> None:
    name = column.frame_name
    values = checkup.frames[table][name]
    missing = values.isna().to_numpy()
    if column.required:
        unread = checkup.unreadable.get((table, name))
        absent = missing if unread is None else missing & ~unread
        checkup.note(table, name, absent, "missing_value", "{column} is required, got an empty cell")
    if column.allowed:
        odd = ~values.isin(column.allowed).to_numpy() & ~missing
        allowed = ", ".join(column.allowed)
        checkup.note(table, name, odd, "not_allowed", f"{{column}} must be one of {allowed}, got {{value}}")
    if column.kind is Kind.RATE:
        outside = ~missing & ~values.between(0.0, 1.0).to_numpy()
        text = "{column} must be a fraction in [0, 1], got {value}"
        checkup.note(table, name, outside, "out_of_range", text)
    if column.kind in (Kind.MONEY, Kind.COUNT):
        _check_amounts(checkup, table, column)


def _check_amounts(checkup: Checkup, table: str, column: Column) -> None:
    name = column.frame_name
    amounts = checkup.frames[table][name].to_numpy(dtype=np.int64, na_value=0)
    if not column.signed:
        text = "{column} must be at least 0, got {value}"
        checkup.note(table, name, amounts < 0, "negative_amount", text)
    huge = (amounts > MAX_FEN) | (amounts < -MAX_FEN)
    text = f"{{column}} must be at most {MAX_FEN:,} fen in size, got {{value}}"
    checkup.note(table, name, huge, "out_of_range", text)


def _check_key(checkup: Checkup, table: Table) -> None:
    if not table.key:
        return
    frame = checkup.frames[table.name]
    key = list(table.key)
    repeated = frame.duplicated(key, keep="first").to_numpy() & frame[key].notna().all(axis=1).to_numpy()
    text = f"{' and '.join(key)} must be unique, {{value}} is there already"
    checkup.note(table.name, key[-1], repeated, "duplicate_key", text)


def _check_references(checkup: Checkup, table: Table) -> None:
    for column in table.columns:
        if column.refers_to is None:
            continue
        name = column.frame_name
        values = checkup.frames[table.name][name]
        codes = _codes(values, checkup.frames[column.refers_to])
        unknown = (codes < 0) & values.notna().to_numpy()
        text = f"{{column}} must be in {column.refers_to}, {{value}} is not"
        checkup.note(table.name, name, unknown, "unknown_reference", text)
        checkup.codes[table.name, name] = codes


def _codes(values: pd.Series, target: pd.DataFrame) -> NDArray[np.int32]:
    keys = target.iloc[:, 0]
    first = keys.drop_duplicates().dropna()
    found = pd.Index(first).get_indexer(values)
    rows = np.append(first.index.to_numpy(), -1)
    return np.where(found < 0, -1, rows[found]).astype(np.int32)


def _check_rows(checkup: Checkup, name: str, table: Table) -> None:
    frame = checkup.frames[name]
    if table.different:
        left, right = table.different
        same = (frame[left] == frame[right]).to_numpy(dtype=np.bool_, na_value=False)
        text = f"{left} and {right} must differ, both are {{value}}"
        checkup.note(name, left, same, "self_reference", text)
    for first, last in table.ordered_dates:
        late = (frame[first] > frame[last]).to_numpy()
        text = f"{last} must not be before {first}, got {{value}}"
        checkup.note(name, last, late, "date_order", text)


def _check_circle_sizes(checkup: Checkup) -> None:
    codes = checkup.codes["circle_members", "circle_id"]
    sizes = np.bincount(codes[codes >= 0], minlength=len(checkup.frames["circles"]))
    rows = np.flatnonzero(sizes < 2)
    ids = checkup.frames["circles"]["circle_id"].iloc[rows]
    text = "{column} {value} has fewer than two members, so nobody guarantees its loans"
    checkup.warnings.add_rows("circles", "circle_id", rows, ids, "small_circle", text)


def _check_loan_circles(checkup: Checkup) -> None:
    circle = checkup.codes["loans", "circle_id"]
    borrower = checkup.codes["loans", "borrower_id"]
    known = (circle >= 0) & (borrower >= 0)
    belongs = _pair_keys(checkup, "circle_members", "circle_id", "member_id")
    outside = known & ~np.isin(circle.astype(np.int64) << 32 | borrower, belongs)
    text = "{column} must be a circle that the borrower belongs to, {value} is not"
    checkup.note("loans", "circle_id", outside, "foreign_circle", text)


def _pair_keys(checkup: Checkup, table: str, left: str, right: str) -> NDArray[np.int64]:
    first, second = checkup.codes[table, left], checkup.codes[table, right]
    return first.astype(np.int64) << 32 | np.maximum(second, 0)


def _check_guaranteed_loans(checkup: Checkup) -> None:
    loan = checkup.codes["guarantees", "loan_id"]
    known = loan >= 0
    if not known.any():
        return
    covered = known & (checkup.codes["loans", "circle_id"][loan] >= 0)
    text = "{column} must be a loan outside any circle, {value} is covered by its circle already"
    checkup.note("guarantees", "loan_id", covered, "covered_loan", text)
    borrower = checkup.codes["guarantees", "borrower_id"]
    foreign = known & (borrower >= 0) & (checkup.codes["loans", "borrower_id"][loan] != borrower)
    text = "{column} must be a loan of the guaranteed borrower, {value} is another's"
    checkup.note("guarantees", "loan_id", foreign, "foreign_loan", text)


def _warn_repeated_trades(checkup: Checkup) -> None:
    trades = checkup.frames["trades"]
    repeated = np.flatnonzero(trades.duplicated(["seller_id", "buyer_id", "period"]).to_numpy())
    text = "{column} {value}: seller, buyer and period are there already; the amounts are added together"
    sellers = trades["seller_id"].iloc[repeated]
    checkup.warnings.add_rows("trades", "seller_id", repeated, sellers, "repeated_trade", text)
