"""Cells and lines are those that Python's own reader finds, whatever the quoting."""

import csv
import io

from hypothesis import example, given, settings
from hypothesis import strategies as st

from circles.dataset.csv.grid import split_cells

texts = st.lists(st.sampled_from(["a", "é", "中", ",", '"', '""', "\n", "\r\n", "\r", " "]), max_size=14).map("".join)


def rows(text: str) -> list[list[str]]:
    grid = split_cells(text.encode())
    return [grid.row(position) for position in range(len(grid.first))]


@given(texts)
@settings(deadline=None, max_examples=500)
@example('a,"b\r\n\nc",d\r\n"""",x')
@example("a\r\rb\n\r\nc")
@example('5" pipe,"x"')
def test_cells_and_lines_are_those_of_the_standard_reader(text: str) -> None:
    grid = split_cells(text.encode())
    if len(grid.misquoted) or grid.unclosed >= 0:
        return
    reader = csv.reader(io.StringIO(text, newline=""))
    expected, lines, line = [], [], 1
    for row in reader:
        if row:
            expected.append(row)
            lines.append(line)
        line = reader.line_num + 1
    assert rows(text) == expected
    assert grid.lines.tolist() == lines


def test_a_quote_mark_inside_a_plain_cell_is_a_character() -> None:
    assert rows('5" pipe,it"s') == [['5" pipe', 'it"s']]


def test_text_after_a_closing_quote_mark_is_noted_and_the_rest_is_read() -> None:
    grid = split_cells(b'a,b\n"x"y,2\nc,d\n')
    assert grid.misquoted.tolist() == [1]
    assert grid.row(2) == ["c", "d"]


def test_a_cell_that_is_never_closed_is_noted() -> None:
    grid = split_cells(b'a,b\n1,"x\nc,d\n')
    assert grid.unclosed == 1
    assert grid.lines.tolist() == [1, 2]


def test_rows_may_differ_in_length() -> None:
    grid = split_cells(b"a,b,c\n1\n1,2,3,4\n")
    assert grid.counts.tolist() == [3, 1, 4]
    assert grid.row(1) == ["1"]


def test_nothing_is_no_row() -> None:
    assert rows("") == []
    assert rows("\n\r\n\r") == []
