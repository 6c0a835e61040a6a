"""Whole portfolios in and out of a store file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

from circles.errors import DatasetError, StoreError
from circles.graph.embedded.schema import (
    APPLICATION_ID,
    INDEXES,
    SCHEMA_VERSION,
    create_statements,
    drop_statements,
    insert_statement,
    quote,
    select_statement,
)
from circles.graph.frames import Row, build_frame, split_frame
from circles.graph.progress import Progress, RowCount
from circles.portfolio import TABLES, Portfolio, Table

if TYPE_CHECKING:
    import pandas as pd

_ROWS_AT_ONCE = 20_000
"""Rows handed to SQLite in one call: an interrupt waits no longer than for these."""


def replace_content(
    connection: sqlite3.Connection, portfolio: Portfolio, digest: str, *, progress: Progress | None = None
) -> None:
    """Put a portfolio in place of the one that is there; the caller holds the transaction."""
    count = RowCount(portfolio, progress)
    for statement in [*drop_statements(), *create_statements()]:
        connection.execute(statement)
    for name, table in TABLES.items():
        insert_rows(connection, portfolio.table(name), table, count)
    for index in INDEXES:
        connection.execute(index.statement)
    head = (1, portfolio.as_of.isoformat(), portfolio.currency, digest)
    connection.execute("REPLACE INTO portfolio (position, as_of, currency, digest) VALUES (?, ?, ?, ?)", head)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def insert_rows(connection: sqlite3.Connection, frame: pd.DataFrame, table: Table, count: RowCount) -> None:
    """Add the rows of a frame to its table, in order, and count them."""
    statement = insert_statement(table)
    for rows in split_frame(frame, table, rows=_ROWS_AT_ONCE):
        connection.executemany(statement, rows)
        count.add(len(rows))


def read_portfolio(connection: sqlite3.Connection) -> Portfolio:
    """Build the portfolio that a store holds; the caller holds the transaction.

    Raises
    ------
    StoreError
        If the tables do not pass the checks of a portfolio any more, or differ from what was saved.
    """
    as_of, currency, digest = read_head(connection)
    frames = {name: build_frame(_select_rows(connection, table), table) for name, table in TABLES.items()}
    try:
        portfolio = Portfolio.from_frames(as_of=as_of, currency=currency, **frames)
    except DatasetError as error:
        msg = f"what the store holds is no valid portfolio (any more); load the dataset again. {error}"
        raise StoreError(msg) from error
    if portfolio.digest() != digest:
        msg = "what the store holds is not what was saved: another program changed it; load the dataset again"
        raise StoreError(msg)
    return portfolio


def read_head(connection: sqlite3.Connection) -> Row:
    """Give the date, the currency and the digest of the portfolio that a store holds."""
    head: Row = connection.execute("SELECT as_of, currency, digest FROM portfolio").fetchone()
    return head


def count_rows(connection: sqlite3.Connection) -> list[Row]:
    """Give the rows of every table of the portfolio."""
    counts = {name: connection.execute(f"SELECT count(*) FROM {quote(name)}").fetchone()[0] for name in TABLES}
    return list(counts.items())


def _select_rows(connection: sqlite3.Connection, table: Table) -> Iterator[list[Row]]:
    cursor = connection.execute(select_statement(table))
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield rows
