"""Columns of a bulk load: what Python's own reader of CSV makes of them is what they were."""

from __future__ import annotations

import csv
import io

import pytest

from circles.graph.bulk.csv_cells import join_rows, spell_cells

TEXTS = ["plain", 'a "quoted" one', "a,b", "line\nbreak", "return\rhere", "", None, "中文 🤝", '"']


@pytest.mark.parametrize(
    ("kind", "cells", "spelled"),
    [
        ("string", TEXTS, [text or "" for text in TEXTS]),
        ("date", ["2007-12-29", None], ["2007-12-29", ""]),
        ("month", ["2007-12"], ["2007-12-01"]),
        ("long", [1, None, -1, 10**15], ["1", "", "-1", "1000000000000000"]),
        ("long", range(3), ["0", "1", "2"]),
        ("double", [0.1, 1e-05], ["0.1", "1e-05"]),
        ("double", [0.1, None], ["0.1", ""]),
        ("long[]", [[1, 22], [-1], [3]], ["1;22", "-1", "3"]),
        ("string[]", [["a", ""], ['b"', "c,"], [""]], ["a;", 'b";c,', ""]),
    ],
)
def test_a_column_is_read_as_it_was(kind: str, cells: list[object], spelled: list[str]) -> None:
    text = join_rows([["1"] * len(cells), spell_cells(cells, kind, ";")])
    assert [row[1] for row in csv.reader(io.StringIO(text, newline=""))] == spelled
    assert text.endswith("\r\n")
