"""Circles and failures that results left beside the portfolio."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.errors import InputError
from circles.graph.embedded.queries import find_unknown
from circles.graph.embedded.schema import insert_statement, quote, select_statement
from circles.graph.frames import build_frame, order_rows, split_frame
from circles.graph.storable import check_storable
from circles.graph.written import WRITTEN_CIRCLES, WRITTEN_FAILURES

if TYPE_CHECKING:
    from circles.portfolio import Table

_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """One sort of thing that is written: its table, and what its names are called."""

    what: str
    table: Table
    noun: str


CIRCLES = _Writing(what="circles", table=WRITTEN_CIRCLES, noun="kind")
FAILURES = _Writing(what="failures", table=WRITTEN_FAILURES, noun="run")


def write(connection: sqlite3.Connection, frame: pd.DataFrame, writing: _Writing, name: str) -> None:
    """Keep typed rows under a name in place of those there; the caller holds the transaction."""
    check_storable(frame, writing.table)
    unknown = find_unknown(connection, frame["member_id"].tolist())
    if unknown is not None:
        msg = f"{writing.table.name}: member_id must be a member of the stored portfolio, {unknown!r} is not"
        raise InputError(msg)
    connection.execute(f"DELETE FROM {quote(writing.table.name)} WHERE written_as = ?", (name,))
    connection.execute(
        "REPLACE INTO written (what, name, digest) SELECT ?, ?, digest FROM portfolio", (writing.what, name)
    )
    statement = insert_statement(writing.table, "written_as")
    for rows in split_frame(frame, writing.table, rows=_ROWS_AT_ONCE):
        connection.executemany(statement, [(name, *row) for row in rows])


def read(connection: sqlite3.Connection, writing: _Writing, name: str) -> pd.DataFrame:
    """Give the rows written under a name, in the order in which they were written."""
    names = [row[0] for row in connection.execute("SELECT name FROM written WHERE what = ?", (writing.what,))]
    if name not in names:
        held = ", ".join(repr(known) for known in sorted(names)) or "none"
        msg = f"{writing.what}: nothing was written under the {writing.noun} {name!r}; there is: {held}"
        raise InputError(msg)
    rows = connection.execute(select_statement(writing.table, "written_as = ?"), (name,)).fetchall()
    return build_frame([rows], writing.table)


def count_circles(connection: sqlite3.Connection) -> pd.DataFrame:
    """Give ``kind, circles, members, current`` of every kind written, by name."""
    return _count(connection, CIRCLES, "count(DISTINCT circle_id)", ["kind", "circles", "members", "current"])


def count_failures(connection: sqlite3.Connection) -> pd.DataFrame:
    """Give ``run, members, rounds, current`` of every run written, by name; the rounds in which somebody failed."""
    frame = _count(connection, FAILURES, "count(DISTINCT round)", ["run", "rounds", "members", "current"])
    return frame[["run", "members", "rounds", "current"]]


def _count(connection: sqlite3.Connection, writing: _Writing, counted: str, names: list[str]) -> pd.DataFrame:
    statement = (
        f"SELECT name, {counted}, count(member_id), digest = (SELECT digest FROM portfolio) FROM written "
        f"LEFT JOIN {quote(writing.table.name)} ON written_as = name WHERE what = ? GROUP BY name, digest"
    )
    rows = order_rows(connection.execute(statement, (writing.what,)), 0)
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype({names[0]: "str", names[1]: "int64", names[2]: "int64", names[3]: "bool"})
