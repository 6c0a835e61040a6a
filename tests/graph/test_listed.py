"""Cells as a list in a database holds them, and back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from circles.graph.frames import plain_cells
from circles.graph.neo4j.listed import list_cells, unlist_cells
from circles.portfolio import Column, Kind

DAYS = pd.Series(np.array(["0001-01-01", "1969-12-31", "1970-01-01", "2004-02-29", "9999-12-31"], "datetime64[s]"))
MONTHS = DAYS.to_numpy().astype("datetime64[M]").astype("datetime64[s]")


@pytest.mark.parametrize(
    ("kind", "values", "listed"),
    [
        (Kind.DATE, DAYS, [10101, 19691231, 19700101, 20040229, 99991231]),
        (Kind.MONTH, pd.Series(MONTHS), [101, 196912, 197001, 200402, 999912]),
        (Kind.COUNT, pd.Series([3, None, 0], dtype="Int64"), [3, -1, 0]),
        (Kind.MONEY, pd.Series([10**15, 0], dtype="int64"), [10**15, 0]),
        (Kind.TEXT, pd.Series(["a", None], dtype="str"), ["a", ""]),
    ],
)
def test_cells_come_back_from_a_list(kind: Kind, values: pd.Series, listed: list[object]) -> None:
    column = Column(name="column", kind=kind)
    assert list_cells(values, column) == listed
    assert all(type(cell) in {int, str} for cell in list_cells(values, column))
    assert unlist_cells(listed, column) == plain_cells(values, column)
