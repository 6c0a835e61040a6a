"""What must hold inside and between tables; every check looks at whole columns and notes all it finds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circles.money import MAX_FEN
from circles.portfolio.tables import TABLES, Column, Kind, Table

if TYPE_CHECKING:
    from circles.portfolio.coded import Coded
    from circles.portfolio.problems import ProblemLog

Codes = dict[tuple[str, str], NDArray[np.int32]]
"""(table, column) → shape (rows,): position of the row referred to; −1 where the reference is null or unknown."""

_DAMAGED_ID = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
"""An id that a spreadsheet took for a number and cut short: 1.23E+17."""
_MOST = 2**63 - 1
_FIRST_DAY, _LAST_DAY = np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """The ids of one table: each different one, the row where it is first, and which rows hold a damaged one."""

    ids: pd.Index
    rows: NDArray[np.int32]
    damaged: NDArray[np.bool_]


@dataclass(slots=True, kw_only=True)
class Checkup:
    """The tables under check and what was found so far.

    Attributes
    ----------
    frames
        Typed frames by table name.
    unreadable
        (table, column) → mask of cells already reported as unreadable; not reported twice.
    unread
        Tables whose ids are not known; that was reported already, so what refers to them is not.
    coded
        (table, column) → what reading knows of a column of texts.
    codes
        (table, column) → what the checks found each reference to mean.
    """

    frames: Mapping[str, pd.DataFrame]
    errors: ProblemLog
    warnings: ProblemLog
    unreadable: Mapping[tuple[str, str], NDArray[np.bool_]]
    unread: frozenset[str] = frozenset()
    coded: Mapping[tuple[str, str], Coded] = field(default_factory=dict)
    codes: Codes = field(default_factory=dict)
    _keys: dict[str, _Key] = field(default_factory=dict)

    def key(self, table: str) -> _Key:
        """Give the ids of a table, prepared once for all the columns that refer to it."""
        if table not in self._keys:
            self._keys[table] = _prepare_key(self.frames[table].iloc[:, 0])
        return self._keys[table]

    def find_missing(self, table: str, column: str) -> NDArray[np.bool_]:
        """Give shape (rows,): True where a cell is missing."""
        coded = self.coded.get((table, column))
        return self.frames[table][column].isna().to_numpy() if coded is None else coded.find_missing()

    def find_others(self, table: str, column: Column) -> NDArray[np.bool_]:
        """Give shape (rows,): True where there is a text that the column does not allow."""
        coded = self.coded.get((table, column.frame_name))
        if coded is not None:
            return coded.find_others(column.allowed)
        values = self.frames[table][column.frame_name]
        return (~values.isin(column.allowed) & values.notna()).to_numpy()

    def look_up(self, table: str, column: str, ids: pd.Index) -> NDArray[np.int64]:
        """Give shape (rows,): the position of each cell in an index, −1 where it is not."""
        coded = self.coded.get((table, column))
        return ids.get_indexer(self.frames[table][column]) if coded is None else coded.find_in(ids)

    def note(self, table: str, column: str, where: NDArray[np.bool_], *, code: str, text: str) -> None:
        """Note an error of every row where the mask is True, showing the cell."""
        rows = np.flatnonzero(where)
        if len(rows):
            self.errors.add_rows(
                table, column, rows, values=self.frames[table][column].iloc[rows], code=code, text=text
            )


def check_tables(checkup: Checkup) -> None:
    """Run every check on every table; findings and codes are left in the checkup."""
    filled = [table for table in TABLES.values() if len(checkup.frames[table.name])]
    for table in filled:
        for column in table.columns:
            _check_cells(checkup, table.name, column)
        _check_key(checkup, table)
    for table in TABLES.values():
        _check_references(checkup, table)
    for table in filled:
        _check_rows(checkup, table.name, table)
    _check_circle_sizes(checkup)
    _check_loan_circles(checkup)
    _check_guaranteed_loans(checkup)
    _warn_repeated_trades(checkup)


def _check_cells(checkup: Checkup, table: str, column: Column) -> None:
    name = column.frame_name
    values = checkup.frames[table][name]
    if column.required:
        missing = checkup.find_missing(table, name)
        unread = checkup.unreadable.get((table, name))
        absent = missing if unread is None else missing & ~unread
        checkup.note(table, name, absent, code="missing_value", text="{column} is required, got an empty cell")
    if column.allowed:
        odd = checkup.find_others(table, column)
        allowed = ", ".join(column.allowed)
        checkup.note(table, name, odd, code="not_allowed", text=f"{{column}} must be one of {allowed}, got {{value}}")
    if column.kind is Kind.RATE:
        outside = (values.notna() & ~values.between(0.0, 1.0)).to_numpy()
        text = "{column} must be a fraction in [0, 1], got {value}"
        checkup.note(table, name, outside, code="out_of_range", text=text)
    if column.kind in (Kind.MONEY, Kind.COUNT):
        _check_amounts(checkup, table, column)
    if column.kind in (Kind.DATE, Kind.MONTH):
        _check_years(checkup, table, column)


def _check_amounts(checkup: Checkup, table: str, column: Column) -> None:
    name = column.frame_name
    amounts = checkup.frames[table][name].to_numpy(dtype=np.int64, na_value=0)
    if not column.signed:
        text = "{column} must be at least 0, got {value}"
        checkup.note(table, name, amounts < 0, code="negative_amount", text=text)
    huge = (amounts > MAX_FEN) | (amounts < -MAX_FEN if column.signed else False)
    unit = " fen in size" if column.kind is Kind.MONEY else ""
    checkup.note(
        table, name, huge, code="out_of_range", text=f"{{column}} must be at most {MAX_FEN:,}{unit}, got {{value}}"
    )


def _check_years(checkup: Checkup, table: str, column: Column) -> None:
    """Refuse days that no file could hold: Python and ISO text know the years 1 to 9999."""
    days = checkup.frames[table][column.frame_name].to_numpy()
    odd = (days < _FIRST_DAY) | (days > _LAST_DAY)
    text = "{column} must be in the years 1 to 9999, got {value}"
    checkup.note(table, column.frame_name, odd, code="out_of_range", text=text)


def _check_key(checkup: Checkup, table: Table) -> None:
    if not table.key:
        return
    frame = checkup.frames[table.name]
    key = list(table.key)
    repeated = frame.duplicated(key, keep="first").to_numpy() & frame[key].notna().all(axis=1).to_numpy()
    if len(key) == 1:
        damaged = checkup.key(table.name).damaged
        checkup.note(table.name, key[0], damaged, code="damaged_id", text=_DAMAGED_TEXT)
        repeated &= ~damaged
    others = "".join(f"{name} and " for name in key[:-1])
    text = f"{others}{{column}} must be unique{' together' if others else ''}, {{value}} is there already"
    checkup.note(table.name, key[-1], repeated, code="duplicate_key", text=text)


_DAMAGED_TEXT = "{column} must be an id as text, got {value}, which a spreadsheet cut short; export the column as text"


def _prepare_key(values: pd.Series) -> _Key:
    first = values[~values.duplicated()].dropna()
    damaged = _damaged(values)
    return _Key(ids=pd.Index(first), rows=np.append(first.index.to_numpy(), -1).astype(np.int32), damaged=damaged)


def _damaged(ids: pd.Series) -> NDArray[np.bool_]:
    if "+" not in "".join(ids.dropna().tolist()):  # as in nearly every table
        return np.zeros(len(ids), dtype=np.bool_)
    found = [isinstance(v, str) and "+" in v and _DAMAGED_ID.fullmatch(v) is not None for v in ids.tolist()]
    return np.array(found, dtype=np.bool_)


def _check_references(checkup: Checkup, table: Table) -> None:
    for column in table.columns:
        if column.refers_to is None:
            continue
        name = column.frame_name
        values = checkup.frames[table.name][name]
        if len(values) == 0:
            checkup.codes[table.name, name] = np.empty(0, dtype=np.int32)
            continue
        key = checkup.key(column.refers_to)
        codes = key.rows[checkup.look_up(table.name, name, key.ids)]
        unknown = np.flatnonzero((codes < 0) & ~checkup.find_missing(table.name, name))
        damaged = np.append(key.damaged, False)[codes]
        cut = _damaged(values.iloc[unknown])
        damaged[unknown[cut]] = True
        checkup.note(table.name, name, damaged, code="damaged_id", text=_DAMAGED_TEXT)
        if column.refers_to not in checkup.unread:
            text = f"{{column}} must be in {column.refers_to}, {{value}} is not"
            rows = unknown[~cut]
            checkup.errors.add_rows(
                table.name, name, rows, values=values.iloc[rows], code="unknown_reference", text=text
            )
        checkup.codes[table.name, name] = codes


def _check_rows(checkup: Checkup, name: str, table: Table) -> None:
    frame = checkup.frames[name]
    if table.different:
        left, right = table.different
        text = f"{left} and {right} must differ, both are {{value}}"
        checkup.note(name, left, _same(checkup, name, table.different), code="self_reference", text=text)
    for first, last in table.ordered_dates:
        late = (frame[first] > frame[last]).to_numpy()
        text = f"{last} must not be before {first}, got {{value}}"
        checkup.note(name, last, late, code="date_order", text=text)


def _same(checkup: Checkup, table: str, columns: tuple[str, str]) -> NDArray[np.bool_]:
    """Compare two references: by code where both are known, by text where they are not."""
    left, right = checkup.codes[table, columns[0]], checkup.codes[table, columns[1]]
    same: NDArray[np.bool_] = (left == right) & (left >= 0)
    rows = np.flatnonzero((left < 0) & (right < 0))
    pair = checkup.frames[table].iloc[rows]
    same[rows] = (pair[columns[0]] == pair[columns[1]]).to_numpy(dtype=np.bool_, na_value=False)
    return same


def _check_circle_sizes(checkup: Checkup) -> None:
    codes = checkup.codes["circle_members", "circle_id"]
    sizes = np.bincount(codes[codes >= 0], minlength=len(checkup.frames["circles"]))
    rows = np.flatnonzero(sizes < 2)
    ids = checkup.frames["circles"]["circle_id"].iloc[rows]
    text = "{column} {value} has fewer than two members, so nobody guarantees its loans"
    checkup.warnings.add_rows("circles", "circle_id", rows, values=ids, code="small_circle", text=text)


def _check_loan_circles(checkup: Checkup) -> None:
    circle = checkup.codes["loans", "circle_id"]
    borrower = checkup.codes["loans", "borrower_id"]
    known = (circle >= 0) & (borrower >= 0)
    joined = checkup.codes["circle_members", "circle_id"], checkup.codes["circle_members", "member_id"]
    belongs = _pairs(*joined)[(joined[0] >= 0) & (joined[1] >= 0)]
    outside = known & ~np.isin(_pairs(circle, borrower), belongs)
    text = "{column} must be a circle that the borrower belongs to, {value} is not"
    checkup.note("loans", "circle_id", outside, code="foreign_circle", text=text)


def _pairs(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give one number for each pair of codes that are both at least 0."""
    return first.astype(np.int64) << 32 | second


def _check_guaranteed_loans(checkup: Checkup) -> None:
    loan = checkup.codes["guarantees", "loan_id"]
    known = loan >= 0
    if not known.any():
        return
    covered = known & (checkup.codes["loans", "circle_id"][loan] >= 0)
    text = "{column} must be a loan outside any circle, {value} is covered by its circle already"
    checkup.note("guarantees", "loan_id", covered, code="covered_loan", text=text)
    borrower = checkup.codes["guarantees", "borrower_id"]
    foreign = known & (borrower >= 0) & (checkup.codes["loans", "borrower_id"][loan] != borrower)
    text = "{column} must be a loan of the guaranteed borrower, {value} is another's"
    checkup.note("guarantees", "loan_id", foreign, code="foreign_loan", text=text)


def _find_repeated(pairs: NDArray[np.int64], months: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Give shape (rows,): True where a pair and a month were there together before.

    Mostly none was, and sorting shows that ten times as fast as hashing.
    """
    span = int(np.ptp(months)) + 1 if len(months) else 1
    if int(pairs.max(initial=0)) >= _MOST // span - 1:
        pairs = pd.factorize(pairs)[0]
    numbers = pairs * span + (months - months.min(initial=_MOST))
    in_order = np.sort(numbers)
    if (in_order[1:] != in_order[:-1]).all():
        return np.zeros(len(numbers), dtype=np.bool_)
    return pd.Series(numbers).duplicated().to_numpy()


def _warn_repeated_trades(checkup: Checkup) -> None:
    seller, buyer = checkup.codes["trades", "seller_id"], checkup.codes["trades", "buyer_id"]
    periods = checkup.frames["trades"]["period"].to_numpy()
    known = np.flatnonzero((seller >= 0) & (buyer >= 0) & ~np.isnat(periods))
    pairs = seller[known].astype(np.int64) * len(checkup.frames["members"]) + buyer[known]
    months = periods[known].astype("datetime64[M]").astype(np.int64)
    repeated = known[_find_repeated(pairs, months)]
    if len(repeated) == 0:
        return
    first, count = repeated[:1], len(repeated)
    noun = "row repeats" if count == 1 else "rows repeat"
    text = f"{count:,} {noun} seller, buyer and period of an earlier one, first here; the amounts add up"
    sellers = checkup.frames["trades"]["seller_id"].iloc[first]
    checkup.warnings.add_rows("trades", "seller_id", first, values=sellers, code="repeated_trade", text=text)
