"""Portfolios that are hard to write: any text, any amount, any day."""

import pandas as pd
from hypothesis import strategies as st

from circles.money import MAX_FEN
from circles.portfolio import TABLES, Column, Kind, Portfolio

BITS = [
    "=",
    "+",
    "-",
    "@",
    "'",
    '"',
    ",",
    "\t",
    "\r",
    "\n",
    " ",
    "\u3000",
    "\x1f",
    "\ufeff",
    "1E+9",
    "NA",
    "null",
    "中",
    "😀",
    ";",
    "\\",
]
hostile = st.lists(
    st.one_of(st.sampled_from(BITS), st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    min_size=1,
    max_size=6,
).map("".join)
DAYS = st.dates().map(pd.Timestamp)

VALUES = {
    Kind.TEXT: hostile,
    Kind.MONEY: st.integers(0, MAX_FEN),
    Kind.RATE: st.floats(0, 1),
    Kind.COUNT: st.integers(0, MAX_FEN),
    Kind.DATE: DAYS,
    Kind.MONTH: DAYS.map(lambda day: day.replace(day=1)),
}


@st.composite
def portfolios(draw: st.DrawFn) -> Portfolio:
    """Two rows in every table, each cell any value of its kind or, where that is legal, nothing."""
    key = draw(
        st.lists(hostile, min_size=2, max_size=2, unique=True).filter(lambda two: not any("E+" in i for i in two))
    )
    frames = {}
    for name, table in TABLES.items():
        cells = {column.frame_name: [_cell(draw, column, row, key) for row in range(2)] for column in table.columns}
        for first, _ in table.ordered_dates:
            cells[first] = [None, None]
        if table.different:
            cells[table.different[1]] = key[::-1]
        frames[name] = pd.DataFrame(cells, dtype=object)
    frames["loans"]["circle_id"] = None
    frames["guarantees"]["loan_id"] = None
    return Portfolio.from_frames(as_of="2007-12-29", currency="EUR", **frames)


def _cell(draw: st.DrawFn, column: Column, row: int, key: list[str]) -> object:
    if column.kind is Kind.ID:
        return key[row]
    values = st.sampled_from(column.allowed) if column.allowed else VALUES[column.kind]
    return draw(values if column.required else st.none() | values)
