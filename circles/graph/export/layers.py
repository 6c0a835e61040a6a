"""What of a portfolio is a node and what an edge, in the order of its tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.portfolio import TABLES, Column, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

CIRCLE_PREFIX = "circle:"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSet:
    """Nodes of one kind.

    Attributes
    ----------
    table
        Where they come from, to name a place in messages.
    kind
        ``member`` or ``circle``.
    ids, labels
        Shape (n,): the ids of the nodes, unique in the graph, and what people read.
    columns, frame
        What is known of them, one column of the frame an attribute.
    """

    table: str
    kind: str
    ids: list[str]
    labels: list[str]
    columns: tuple[Column, ...]
    frame: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """Edges of one kind.

    Attributes
    ----------
    table
        Where they come from.
    name
        The layer's name.
    directed
        False where both ends mean the same.
    source, target
        Shape (edges,): positions among all nodes.
    columns, frame
        What is known of them.
    """

    table: str
    name: str
    directed: bool
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    columns: tuple[Column, ...]
    frame: pd.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """A table whose every row is an edge: which layer, from which column to which, and whether that means anything."""

    table: str
    name: str
    source: str
    target: str
    directed: bool


def _pairs(table: str, name: str) -> _Rows:
    return _Rows(table=table, name=name, source="member_a", target="member_b", directed=False)


_ROWS = (
    _pairs("acquaintances", "acquaintance"),
    _Rows(table="guarantees", name="guarantee", source="guarantor_id", target="borrower_id", directed=True),
    _Rows(table="receivables", name="receivable", source="buyer_id", target="supplier_id", directed=True),
    _pairs("exclusions", "exclusion"),
    _pairs("links", "link"),
)


def list_nodes(portfolio: Portfolio) -> list[NodeSet]:
    """List members and circles; a member's node has the member's own id."""
    members, circles = portfolio.members, portfolio.circles
    ids = members["member_id"].tolist()
    prefix = CIRCLE_PREFIX
    while any(member.startswith(prefix) for member in ids):
        prefix += ":"
    circle_ids = circles["circle_id"].tolist()
    names = members["name"].fillna(members["member_id"]).tolist()
    both = (
        ("members", "member", ids, names, _add_loans(portfolio)),
        ("circles", "circle", [prefix + circle for circle in circle_ids], circle_ids, circles),
    )
    return [
        NodeSet(table=table, kind=kind, ids=nodes, labels=labels, columns=_name_columns(table, frame), frame=frame)
        for table, kind, nodes, labels, frame in both
    ]


def list_layers(portfolio: Portfolio) -> Iterator[Layer]:
    """Build the layers one by one: trade, circle membership, and those whose every row is an edge."""
    yield _sum_trade(portfolio)
    yield _list_memberships(portfolio)
    for rows in _ROWS:
        frame = portfolio.table(rows.table)
        yield Layer(
            table=rows.table,
            name=rows.name,
            directed=rows.directed,
            source=portfolio.codes(rows.table, rows.source).astype(np.int64),
            target=portfolio.codes(rows.table, rows.target).astype(np.int64),
            columns=_name_columns(rows.table, frame, without=(rows.source, rows.target)),
            frame=frame,
        )


TRADE_COLUMNS = (
    Column(name="amount", kind=Kind.MONEY),
    Column(name="months", kind=Kind.COUNT),
    Column(name="first_period", kind=Kind.MONTH),
    Column(name="last_period", kind=Kind.MONTH),
    Column(name="trade_count", kind=Kind.COUNT),
    Column(name="paid_online_amount", kind=Kind.MONEY),
)
LOAN_COLUMNS = (Column(name="loans", kind=Kind.COUNT), Column(name="loan_balance", kind=Kind.MONEY))


def list_attributes(portfolio: Portfolio) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """List the attributes that nodes and edges can have, each name once."""
    nodes = {column.frame_name: column for part in list_nodes(portfolio) for column in part.columns}
    tables = ["circle_members", *(rows.table for rows in _ROWS)]
    edges = {column.frame_name: column for column in TRADE_COLUMNS}
    for table in tables:
        edges |= {column.frame_name: column for column in TABLES[table].columns if column.refers_to in (None, "loans")}
    return tuple(nodes.values()), tuple(edges.values())


def _name_columns(table: str, frame: pd.DataFrame, without: tuple[str, ...] = ()) -> tuple[Column, ...]:
    """List the columns of a table that a frame has, and what members have beside."""
    known = (*TABLES[table].columns, *LOAN_COLUMNS)
    return tuple(column for column in known if column.frame_name in frame and column.frame_name not in without)


def _add_loans(portfolio: Portfolio) -> pd.DataFrame:
    """Give the members table with how many loans each owes and how much on them; null without a loan."""
    borrower = portfolio.codes("loans", "borrower_id")
    balance = portfolio.loans.groupby(borrower)["balance_fen"].agg(["size", "sum"]).astype("Int64")
    owed = balance.reindex(np.arange(len(portfolio.members)))
    return portfolio.members.assign(loans=owed["size"], loan_balance_fen=owed["sum"])


def _sum_trade(portfolio: Portfolio) -> Layer:
    """Sum trade up: one edge from seller to buyer, over all months."""
    seller, buyer = (portfolio.codes("trades", name).astype(np.int64) for name in ("seller_id", "buyer_id"))
    pairs = portfolio.trades.groupby(seller << 32 | buyer)
    frame = pd.DataFrame(
        {
            "amount_fen": pairs["amount_fen"].sum(),
            "months": pairs["period"].nunique(),
            "first_period": pairs["period"].min(),
            "last_period": pairs["period"].max(),
            "trade_count": pairs["trade_count"].sum(min_count=1),
            "paid_online_amount_fen": pairs["paid_online_amount_fen"].sum(min_count=1),
        }
    )
    keys = frame.index.to_numpy(dtype=np.int64)
    return Layer(
        table="trades",
        name="trade",
        directed=True,
        source=keys >> 32,
        target=keys & 0xFFFFFFFF,
        columns=TRADE_COLUMNS,
        frame=frame,
    )


def _list_memberships(portfolio: Portfolio) -> Layer:
    """List who is in which circle: an edge from the member to the circle's node, which comes after all members."""
    frame = portfolio.circle_members
    return Layer(
        table="circle_members",
        name="membership",
        directed=True,
        source=portfolio.codes("circle_members", "member_id").astype(np.int64),
        target=portfolio.codes("circle_members", "circle_id").astype(np.int64) + len(portfolio.members),
        columns=_name_columns("circle_members", frame, without=("circle_id", "member_id")),
        frame=frame,
    )
