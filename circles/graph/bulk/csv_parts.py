"""Which files the importer reads: one for each label and each type of relationship, with its columns."""

from __future__ import annotations

from dataclasses import dataclass

from circles.graph.neo4j.batches import JOINED
from circles.graph.neo4j.naming import property_name
from circles.portfolio import TABLES, Kind

_TYPES = {
    Kind.ID: "string",
    Kind.TEXT: "string",
    Kind.MONEY: "long",
    Kind.COUNT: "long",
    Kind.RATE: "double",
    Kind.DATE: "date",
    Kind.MONTH: "month",
}
_LISTED = {
    "trades": {
        "amountFen": "long",
        "positions": "long[]",
        "periods": "long[]",
        "amountsFen": "long[]",
        "tradeCounts": "long[]",
        "paidOnlineFen": "long[]",
    },
    "activity": {
        "month": "month",
        "positions": "long[]",
        "dates": "long[]",
        "kinds": "string[]",
        "counts": "long[]",
        "amountsFen": "long[]",
        "details": "string[]",
    },
}
"""Properties of what gathers several rows, as in ``cypher/load``."""
ROW = "row"
"""Stands for the number of the row among those of its table, where the place of another row is meant elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """A file of nodes.

    Attributes
    ----------
    table, label
        Whose rows they are, and how the nodes are called.
    """

    table: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """A file of relationships.

    Attributes
    ----------
    table, type
        Whose rows they are, and how the relationships are called.
    begin, end
        Label of the node, and name of the list of places, on either side; −1 is no node.
    is_bare
        True if the columns of the table are properties of its nodes instead.
    """

    table: str
    type: str
    begin: tuple[str, str]
    end: tuple[str, str]
    is_bare: bool = False


NODES = (
    Nodes(table="members", label="Member"),
    Nodes(table="applications", label="Application"),
    Nodes(table="circles", label="Circle"),
    Nodes(table="loans", label="Loan"),
    Nodes(table="activity", label="Activity"),
)
EDGES = (
    Edges(table="trades", type="SELLS_TO", begin=("Member", "seller"), end=("Member", "buyer")),
    Edges(table="acquaintances", type="ACQUAINTED", begin=("Member", "memberA"), end=("Member", "memberB")),
    Edges(table="exclusions", type="EXCLUDED", begin=("Member", "memberA"), end=("Member", "memberB")),
    Edges(table="links", type="LINKED", begin=("Member", "memberA"), end=("Member", "memberB")),
    Edges(table="applications", type="APPLIED_BY", begin=("Application", ROW), end=("Member", "member"), is_bare=True),
    Edges(table="circle_members", type="MEMBER_OF", begin=("Member", "member"), end=("Circle", "circle")),
    Edges(table="loans", type="OWED_BY", begin=("Loan", ROW), end=("Member", "borrower"), is_bare=True),
    Edges(table="loans", type="IN", begin=("Loan", ROW), end=("Circle", "circle"), is_bare=True),
    Edges(table="guarantees", type="GUARANTEES", begin=("Member", "guarantor"), end=("Member", "borrower")),
    Edges(table="receivables", type="OWES", begin=("Member", "buyer"), end=("Member", "supplier")),
    Edges(table="activity", type="DONE_BY", begin=("Activity", ROW), end=("Member", "member"), is_bare=True),
)
"""What each statement of ``cypher/load`` creates; a test compares the two loads property by property."""


def list_properties(table: str) -> dict[str, str]:
    """Give the properties that a table's rows carry, by name, with the importer's word for their type.

    Months are called so: the importer, which knows dates only, is given their first days.
    """
    if table in _LISTED:
        return _LISTED[table]
    joined = JOINED.get(table, {})
    columns = [column for column in TABLES[table].columns if column.name not in joined]
    return {"position": "long", **{property_name(column): _TYPES[column.kind] for column in columns}}
