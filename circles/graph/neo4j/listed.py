"""What a list in a database holds for the cells of a column: plain values, marks for nulls, days as whole numbers.

A list of dates is kept by the server in a record of its own, one of small whole numbers beside its relationship.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circles.graph.frames import plain_cells
from circles.graph.neo4j.naming import null_mark
from circles.portfolio import Kind

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circles.portfolio import Column

_FIRST_YEAR = 1970
_MONTHS = 12
_HUNDRED = 100


def list_cells(values: pd.Series, column: Column) -> list[Any]:
    """Give a column as a list holds it: nulls marked, months as 200706, days as 20070615."""
    if column.kind is Kind.MONTH:
        return _number_months(values.to_numpy().astype("datetime64[M]")).tolist()
    if column.kind is Kind.DATE:
        days = values.to_numpy().astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        return (_number_months(months) * _HUNDRED + (days - months).astype(np.int64) + 1).tolist()
    mark = null_mark(column)
    if column.kind in (Kind.MONEY, Kind.COUNT):
        return values.to_numpy(dtype=np.int64, na_value=mark).tolist()
    return [mark if cell is None else cell for cell in plain_cells(values, column)]


def unlist_cells(cells: list[Any], column: Column) -> list[Any]:
    """Give plain cells, dates as ISO texts, for what a list holds."""
    if column.kind in (Kind.MONTH, Kind.DATE):
        texts = {number: _spell(number, column) for number in set(cells)}
        return [texts[number] for number in cells]
    mark = null_mark(column)
    return [None if cell == mark else cell for cell in cells]


def _number_months(months: NDArray[np.datetime64]) -> NDArray[np.int64]:
    years, month = np.divmod(months.astype(np.int64), _MONTHS)
    return (years + _FIRST_YEAR) * _HUNDRED + month + 1


def _spell(number: int, column: Column) -> str:
    rest, last = divmod(number, _HUNDRED)
    if column.kind is Kind.MONTH:
        return f"{rest:04d}-{last:02d}"
    return f"{rest // _HUNDRED:04d}-{rest % _HUNDRED:02d}-{last:02d}"
