"""docs/files.md shows the tables, names and codes that the code has."""

import re
from pathlib import Path

import pytest

from circles.dataset.synonyms import SYNONYMS, TABLE_SYNONYMS
from circles.portfolio import TABLES, Kind

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "files.md"

CODES = {
    "missing_table, missing_column, missing_value": "something required is not there",
    "duplicate_table, duplicate_column, duplicate_key": "something is there twice",
    "unreadable": "a cell is not of its column's kind",
    "wrong_type": "a column of a Parquet file has a type that cannot be of its kind",
    "error_cell, uncalculated_formula, merged_cells": "cells of a workbook that hold no value",
    "decimals": "an amount has a part of a fen",
    "negative_amount, out_of_range, not_allowed": "a value is outside what is allowed",
    "date_order": "two dates of a row are in the wrong order",
    "damaged_id": "a spreadsheet cut an id short, or made something else of it",
    "unknown_reference": "an id is in no row of the table it refers to",
    "rejected_reference": "an id is that of a row that was set aside (in quarantine only)",
    "self_reference": "a trade, guarantee, receivable or pair of a member with itself",
    "foreign_circle": "a loan in a circle that its borrower does not belong to",
    "covered_loan, foreign_loan": "a guarantee of a loan that a circle covers, or that is another borrower's",
    "names_not_first": "the names of the columns are not in the first row",
    "unclear_sheet": "it is not clear which sheet of a workbook is the table",
    "ragged_row, misplaced_quote, unclosed_quote": "the cells of a row cannot be told apart",
    "yuan_column, fen_column, unknown_unit": "the unit of an amount or rate is not clear",
    "empty_file, not_csv, nul_byte, undecodable, mixed_encoding": "a file is no CSV text",
    "not_workbook, protected_workbook, damaged_workbook": "a file is no workbook that opens",
    "not_parquet, damaged_parquet": "a file is no whole Parquet file",
    "unreadable_file, unsupported_format": "a file cannot be read",
    "changed_file": "a file changed while it was being read",
    "empty_table, small_circle, repeated_trade": "warning: odd, but not wrong",
    "unknown_column, unknown_file, unknown_sheet, unknown_key, blank_row": "warning: left aside",
    "encoding, overridden, formula, hidden_sheet": "warning: something was decided for you",
    "rejected": "warning: rows were set aside (in quarantine only)",
}


def table_rows() -> list[str]:
    rows = ["| table | columns |", "|---|---|"]
    for table in TABLES.values():
        names = [f"**{c.name}**" if c.required else c.name for c in table.columns]
        rows.append(f"| {table.name} | {', '.join(names)} |")
    allowed = [c for t in TABLES.values() for c in t.columns if c.allowed]
    lines = [
        f"* `{t.name}.{c.name}`: {', '.join(c.allowed)}" for t in TABLES.values() for c in t.columns if c in allowed
    ]
    money = sorted({c.name for t in TABLES.values() for c in t.columns if c.kind is Kind.MONEY})
    return [*rows, "", "Words that are allowed:", "", *lines, "", f"Amounts are: {', '.join(money)}."]


def synonym_rows() -> list[str]:
    rows = [f"| {name} | {', '.join(others)} |" for name, others in SYNONYMS.items()]
    return ["| column | other names |", "|---|---|", *rows]


def table_name_rows() -> list[str]:
    rows = [f"| {name} | {', '.join(others)} |" for name, others in TABLE_SYNONYMS.items()]
    return ["| table | other names |", "|---|---|", *rows]


def code_rows() -> list[str]:
    rows = [f"| {', '.join(f'`{code}`' for code in codes.split(', '))} | {text} |" for codes, text in CODES.items()]
    return ["| code | meaning |", "|---|---|", *rows]


SECTIONS = {
    "tables": table_rows(),
    "table names": table_name_rows(),
    "synonyms": synonym_rows(),
    "codes": code_rows(),
}


@pytest.mark.parametrize(("name", "rows"), SECTIONS.items())
def test_the_page_shows_what_the_code_has(name: str, rows: list[str], *, refresh_golden: bool) -> None:
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    shown = page[page.index(begin) + len(begin) : page.index(end)]
    text = "\n".join(rows) + "\n"
    if refresh_golden:
        PAGE.write_text(page.replace(begin + shown + end, begin + text + end), encoding="utf-8")
        return
    assert shown == text, "run pytest --refresh-golden"


def test_every_code_is_on_the_page_and_in_use() -> None:
    files = [*(ROOT / "circles/dataset").rglob("*.py"), *(ROOT / "circles/portfolio").glob("*.py")]
    found = {code for path in files for code in re.findall(r'code="(\w+)"', path.read_text(encoding="utf-8"))}
    assert found == {code for codes in CODES for code in codes.split(", ")}
