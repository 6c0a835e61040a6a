"""From the first row of a file to the columns of a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from circles.dataset.synonyms import SYNONYMS
from circles.portfolio.tables import Column, Kind, Table

_UNITS = {"元": 1, "人民币元": 1, "yuan": 1, "cny": 1, "万元": 10_000, "人民币万元": 10_000}
"""What a header may say in brackets after the name of an amount → yuan."""
OPENING = 20
"""How many rows are looked through for the names of the columns."""
_WITH_UNIT = re.compile(r"(.+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One column of a file: its header, the table's column it means (if any), and yuan per unit, or that it counts fen.

    With a fault and a column, the column was meant, but what is in it cannot be used.
    """

    text: str
    column: Column | None = None
    unit: int = 1
    in_fen: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a file or a header: the kind of problem, and the sentence."""

    code: str
    text: str
    line: int = 0


def find_names(opening: Sequence[tuple[int, list[str]]], table: Table) -> Fault | None:
    """Say what is wrong where the names of the columns stand not in the first row but in one of the next.

    Parameters
    ----------
    opening
        The first rows that hold something, with their lines.
    table
        The table that the file holds.
    """
    names = _names(table)
    required = {column.name for column in table.columns if column.required}
    for line, texts in opening:
        meant = {names[key].name for key in (_WITH_UNIT.sub(r"\1", _fold(text)) for text in texts) if key in names}
        if required <= meant and line != opening[0][0]:
            text = f"the names of the columns must be in the first row, they are on line {line}; delete what is above"
            return Fault(code="names_not_first", text=text, line=opening[0][0])
        if required <= meant:
            return None
    return None


def read_headings(texts: list[str], table: Table, *, holds_fen: bool = False) -> list[Heading]:
    """Say what each column of a file means.

    Parameters
    ----------
    texts
        The cells of the first row.
    table
        The table that the file holds.
    holds_fen
        Whether the file may hold money in fen, under names such as ``amount_fen``.

    Returns
    -------
    As many headings, in order. One that means what an earlier one means already has a fault and no column.
    """
    names = _names(table)
    taken: dict[str, str] = {}
    headings = []
    for text in texts:
        heading = _read_heading(" ".join(text.split()), table, names)
        if holds_fen and heading.in_fen:
            heading = replace(heading, fault=None)
        if heading.column is not None and heading.column.name in taken:
            heading = _repeated(heading, heading.column.name, taken[heading.column.name])
        elif heading.column is not None:
            taken[heading.column.name] = heading.text
        headings.append(heading)
    return headings


def _repeated(heading: Heading, name: str, first: str) -> Heading:
    text = f"the columns {first!r} and {heading.text!r} both mean {name}; keep one"
    return Heading(text=heading.text, fault=Fault(code="duplicate_column", text=text))


def _read_heading(text: str, table: Table, names: dict[str, Column]) -> Heading:
    key = _fold(text)
    if key in names:
        return Heading(text=text, column=names[key])
    money = {_fold(column.frame_name): column for column in table.columns if column.kind is Kind.MONEY}
    in_fen = money.get(key)
    if in_fen is not None:
        wrong = f"files hold money in yuan: name the column {in_fen.name} and give yuan, not {text}"
        return Heading(text=text, column=in_fen, in_fen=True, fault=Fault(code="fen_column", text=wrong))
    split = _WITH_UNIT.fullmatch(key)
    if split is None or split[1] not in names:
        return Heading(text=text)
    column = names[split[1]]
    if column.kind is Kind.MONEY and split[2] in _UNITS:
        return Heading(text=text, column=column, unit=_UNITS[split[2]])
    return Heading(text=text, column=column, fault=Fault(code="unknown_unit", text=_wrong_unit(text, column)))


def _wrong_unit(text: str, column: Column) -> str:
    if column.kind is Kind.MONEY:
        return f"an amount may be in （元） or （万元）, got the header {text!r}"
    if column.kind is Kind.RATE:
        return f"a rate is a fraction in [0, 1] under a header without a unit, got the header {text!r}"
    return f"{column.name} has no unit, got the header {text!r}"


def _names(table: Table) -> dict[str, Column]:
    names = {_fold(other): column for column in table.columns for other in SYNONYMS.get(column.name, ())}
    return {**names, **{_fold(column.name): column for column in table.columns}}


def _fold(text: str) -> str:
    """Make headers equal that differ in case, blanks, dashes, full-width forms or a byte order mark."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_\-\ufeff]", "", plain)
