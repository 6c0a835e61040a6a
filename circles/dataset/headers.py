"""From the first row of a file to the columns of a table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from circles.dataset.synonyms import SYNONYMS
from circles.portfolio.tables import Column, Kind, Table

_UNITS = {"元": 1, "人民币元": 1, "yuan": 1, "cny": 1, "万元": 10_000, "人民币万元": 10_000}
"""What a header may say in brackets after the name of an amount → yuan."""
_WITH_UNIT = re.compile(r"(.+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One column of a file: its header on one line, the table's column it means (if any), and yuan per unit.

    With a fault and a column, the column was meant, but what is in it cannot be used.
    """

    text: str
    column: Column | None = None
    unit: int = 1
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a file or a header: the kind of problem, and the sentence."""

    code: str
    text: str
    line: int = 0


def read_headings(texts: list[str], table: Table) -> list[Heading]:
    """Say what each column of a file means.

    Parameters
    ----------
    texts
        The cells of the first row.
    table
        The table that the file holds.

    Returns
    -------
    As many headings, in order. One that means what an earlier one means already has a fault and no column.
    """
    names = _names(table)
    taken: dict[str, str] = {}
    headings = []
    for text in texts:
        heading = _read_heading(" ".join(text.split()), table, names)
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
        return Heading(text=text, column=in_fen, fault=Fault(code="fen_column", text=wrong))
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
