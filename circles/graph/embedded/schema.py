"""The tables of a store file, derived from the tables of a portfolio."""

from __future__ import annotations

from dataclasses import dataclass

from circles.graph.written import WRITTEN_CIRCLES, WRITTEN_FAILURES
from circles.portfolio import TABLES, Column, Kind, Table

APPLICATION_ID = 0x43495243
"""Marks a SQLite file as ours ("CIRC"; ``PRAGMA application_id``)."""
SCHEMA_VERSION = 1
"""Of the tables below (``PRAGMA user_version``); raised by whoever changes what they hold."""

_TYPES = {
    Kind.ID: "TEXT",
    Kind.TEXT: "TEXT",
    Kind.MONEY: "INTEGER",
    Kind.COUNT: "INTEGER",
    Kind.RATE: "REAL",
    Kind.DATE: "TEXT",
    Kind.MONTH: "TEXT",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A way into a table; columns after the first spare the look into the table itself."""

    table: str
    columns: tuple[str, ...]

    @property
    def statement(self) -> str:
        """What creates it."""
        columns = ", ".join(quote(column) for column in self.columns)
        return f"CREATE INDEX {quote(f'{self.table}_by_{self.columns[0]}')} ON {quote(self.table)} ({columns})"


INDEXES = (
    Index(table="trades", columns=("seller_id", "buyer_id", "amount_fen")),
    Index(table="trades", columns=("buyer_id", "seller_id", "amount_fen")),
    Index(table="acquaintances", columns=("member_a", "member_b")),
    Index(table="acquaintances", columns=("member_b", "member_a")),
    Index(table="circle_members", columns=("member_id", "circle_id")),
    Index(table="loans", columns=("borrower_id", "balance_fen", "accrued_interest_fen")),
    Index(table="guarantees", columns=("guarantor_id", "borrower_id")),
    Index(table="guarantees", columns=("borrower_id", "guarantor_id")),
    Index(table="receivables", columns=("supplier_id", "buyer_id", "amount_fen")),
    Index(table="receivables", columns=("buyer_id", "supplier_id", "amount_fen")),
)

_OWN_TABLES = (
    "CREATE TABLE IF NOT EXISTS portfolio (position INTEGER PRIMARY KEY CHECK (position = 1), "
    "as_of TEXT NOT NULL, currency TEXT NOT NULL, digest TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS written (what TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, "
    "PRIMARY KEY (what, name)) STRICT",
)
_WRITTEN_INDEX = "CREATE INDEX IF NOT EXISTS written_circles_by_member_id ON written_circles (member_id)"


def quote(name: str) -> str:
    """Quote a table's or column's name (some are words of SQL: ``limit``)."""
    return f'"{name}"'


def drop_statements() -> list[str]:
    """Statements that remove the tables of a portfolio, those that refer to others first."""
    return [f"DROP TABLE IF EXISTS {quote(name)}" for name in reversed(TABLES)]


def create_statements() -> list[str]:
    """Statements that create what is not there yet, without indexes: these cost less once the rows are in."""
    tables = [_create_table(table) for table in TABLES.values()]
    written = [_create_written(table) for table in (WRITTEN_CIRCLES, WRITTEN_FAILURES)]
    return [*tables, *_OWN_TABLES, *written, _WRITTEN_INDEX]


def insert_statement(table: Table, *before: str) -> str:
    """Give the statement that adds a row: the values of some columns `before`, then the table's own."""
    names = [*before, *table.frame_names]
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))}) VALUES ({marks})"


def select_statement(table: Table, condition: str = "TRUE") -> str:
    """Give the statement that reads a table's own columns in the order in which the rows were added."""
    names = ", ".join(map(quote, table.frame_names))
    return f"SELECT {names} FROM {quote(table.name)} WHERE {condition} ORDER BY position"


def _create_table(table: Table) -> str:
    parts = ["position INTEGER PRIMARY KEY", *map(_column, table.columns)]
    if table.key:
        parts.append(f"UNIQUE ({', '.join(map(quote, table.key))})")
    return f"CREATE TABLE {quote(table.name)} ({', '.join(parts)}) STRICT"


def _create_written(table: Table) -> str:
    columns = ", ".join(map(_column, table.columns))
    key = ", ".join(map(quote, ("written_as", *table.key)))
    return (
        f"CREATE TABLE IF NOT EXISTS {quote(table.name)} "
        f"(position INTEGER PRIMARY KEY, written_as TEXT NOT NULL, {columns}, UNIQUE ({key})) STRICT"
    )


def _column(column: Column) -> str:
    needed = " NOT NULL" if column.required else ""
    target = column.refers_to and TABLES[column.refers_to]
    reference = f" REFERENCES {quote(target.name)} ({quote(target.key[0])})" if target else ""
    return f"{quote(column.frame_name)} {_TYPES[column.kind]}{needed}{reference}"
