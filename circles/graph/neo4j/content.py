"""Whole portfolios out of a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import StoreError
from circles.graph.collecting import collection_put_off
from circles.graph.frames import join_columns
from circles.graph.neo4j.ahead import make_ahead
from circles.graph.neo4j.batches import JOINED
from circles.graph.neo4j.listed import unlist_cells
from circles.graph.neo4j.statements import statement
from circles.portfolio import TABLES, Column, Kind, Portfolio, Table

if TYPE_CHECKING:
    from neo4j import Record, Session

FORMAT = 2
"""Of what is kept (``Portfolio.format`` in the database); raised by whoever changes the model."""
_UNREADABLE = (ValueError, TypeError, LookupError, OverflowError)
"""What comes of values that another program changed: of another type, out of range, or lists of other lengths."""
_PLACES_AT_ONCE = 2_000
"""Members whose rows are asked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a member stands: its row in the table, its id and its name."""

    position: int
    member: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """What a database holds, said in one node.

    Attributes
    ----------
    load
        Number of the load that is read.
    format
        Of what is kept, at most `FORMAT`; of an older one only these notes can be read.
    digest, as_of, currency
        Of the portfolio.
    rows
        Rows of each table by name.
    layers
        The columns of `circles.graph.StoreSummary.layers`.
    place
        Of the member that was asked for, None without one.
    """

    load: int
    format: int
    digest: str
    as_of: str
    currency: str
    rows: dict[str, int]
    layers: dict[str, list[Any]]
    place: Place | None


def read_head(session: Session, member: str | None = None) -> Head | None:
    """Read what a database holds, and where a member stands; None if it holds no portfolio.

    Raises
    ------
    StoreError
        If a newer version of circles wrote it.
    """
    record = session.run(statement("read/portfolio"), member=member).single()
    if record is None:
        return None
    if record["format"] > FORMAT:
        msg = f"has format {record['format']}, this version of circles reads up to {FORMAT}; upgrade circles"
        raise StoreError(msg)
    layers = {name: record[name] for name in ("edges", "members", "networks", "largest")}
    return Head(
        load=record["load"],
        format=record["format"],
        digest=record["digest"],
        as_of=record["asOf"],
        currency=record["currency"],
        rows=dict(zip(record["tables"], record["rows"], strict=True)),
        layers={"layer": record["layers"], **layers},
        place=_read_place(record, member),
    )


def _read_place(record: Record, member: str | None) -> Place | None:
    if member is None or record["position"] is None:
        return None
    return Place(position=record["position"], member=member, name=record["name"])


def read_portfolio(session: Session, head: Head) -> Portfolio:
    """Build the portfolio that a database holds.

    Raises
    ------
    StoreError
        If it does not pass the checks of a portfolio any more, or differs from what was saved.
    """
    try:
        with collection_put_off():
            frames = _read_tables(session, head)
        portfolio = Portfolio.from_frames(as_of=head.as_of, currency=head.currency, **frames)
    except _UNREADABLE as error:
        msg = f"what the store holds is no valid portfolio (any more); load the dataset again. {error}"
        raise StoreError(msg) from error
    if portfolio.digest() != head.digest:
        msg = "what the store holds is not what was saved: another program changed it; load the dataset again"
        raise StoreError(msg)
    return portfolio


def _read_tables(session: Session, head: Head) -> dict[str, pd.DataFrame]:
    """Read every table, first those that others refer to by place."""
    frames: dict[str, pd.DataFrame] = {}
    for name in dict.fromkeys(("members", "circles", *TABLES)):
        frames[name] = _read_table(session, head, name, frames)
    return frames


def _read_table(session: Session, head: Head, name: str, before: dict[str, pd.DataFrame]) -> pd.DataFrame:
    table = TABLES[name]
    places = head.rows["circles" if name == "circles" else "members"] if head.rows[name] else 0
    records = make_ahead(_ask_by_place(session, head, name=name, places=places))
    placed = join_columns(filter(None, map(_COLUMNS.get(name, _list_columns), records)), _with_places(table))
    placed = placed.iloc[np.argsort(placed["position"].to_numpy(), kind="stable")].reset_index(drop=True)
    columns = {column.frame_name: _resolve(placed[column.frame_name], column, before) for column in table.columns}
    return pd.DataFrame(columns, copy=False)


def _ask_by_place(session: Session, head: Head, *, name: str, places: int) -> Iterator[Record]:
    for first in range(0, places, _PLACES_AT_ONCE):
        bounds = {"load": head.load, "first": first, "end": first + _PLACES_AT_ONCE}
        yield session.run(statement(f"read/{name}"), bounds).single(strict=True)


def _with_places(table: Table) -> Table:
    """Give a table with the place of each row before its columns, and places for what is joined."""
    joined = JOINED.get(table.name, {})
    columns = [
        Column(name=column.name, kind=Kind.COUNT, required=column.required) if column.name in joined else column
        for column in table.columns
    ]
    return Table(name=table.name, columns=(Column(name="position", kind=Kind.COUNT, required=True), *columns))


def _resolve(values: pd.Series, column: Column, before: dict[str, pd.DataFrame]) -> pd.Series:
    """Give ids for places."""
    if column.refers_to not in before or pd.api.types.is_string_dtype(values.dtype):
        return values
    ids = before[column.refers_to][TABLES[column.refers_to].key[0]].tolist()
    places = values.to_numpy(dtype=np.int64, na_value=len(ids))
    found = np.array([*ids, None], dtype=object)[places]
    return pd.Series(found, dtype=before["members"]["member_id"].dtype)


def _list_columns(record: Record) -> list[Any]:
    """Give the columns of a record that holds rows."""
    return list(zip(*record["rows"], strict=True))


def _list_trades(record: Record) -> list[Any]:
    names = {"period": "period", "tradeCount": "trade_count", "paidOnlineFen": "paid_online_amount_fen"}
    return _unlist(record, TABLES["trades"], names)


def _list_activity(record: Record) -> list[Any]:
    names = {"date": "date", "count": "count", "amountFen": "amount_fen", "detail": "detail"}
    return _unlist(record, TABLES["activity"], names)


def _unlist(record: Record, table: Table, names: dict[str, str]) -> list[Any]:
    """Give the columns of a record that holds columns; some are not kept in lists as they are."""
    return [
        unlist_cells(cells, table.column(names[name])) if name in names else cells
        for name, cells in dict(record).items()
    ]


_COLUMNS: dict[str, Callable[[Record], list[Any]]] = {"trades": _list_trades, "activity": _list_activity}
"""How the columns are found where a record does not hold rows: in tables whose rows are kept in lists."""
