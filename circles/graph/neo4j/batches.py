"""A portfolio as the batches that are written to a database: each one statement with lists of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circles.graph.frames import plain_cells
from circles.graph.neo4j.groups import cut_groups
from circles.graph.neo4j.naming import property_name
from circles.portfolio import TABLES

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

ROWS_AT_ONCE = 10_000
"""Nodes or relationships written in one transaction."""
LAYOUT = 2
"""Raised by whoever changes how batches are cut, so that no load is continued with batches cut otherwise."""

JOINED = {
    "trades": {"seller_id": "seller", "buyer_id": "buyer"},
    "acquaintances": {"member_a": "memberA", "member_b": "memberB"},
    "exclusions": {"member_a": "memberA", "member_b": "memberB"},
    "links": {"member_a": "memberA", "member_b": "memberB"},
    "applications": {"member_id": "member"},
    "circle_members": {"circle_id": "circle", "member_id": "member"},
    "loans": {"borrower_id": "borrower", "circle_id": "circle"},
    "guarantees": {"guarantor_id": "guarantor", "borrower_id": "borrower"},
    "receivables": {"supplier_id": "supplier", "buyer_id": "buyer"},
    "activity": {"member_id": "member"},
}
"""References that become relationships: by table and column, the parameter with the place of the row referred to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """What one transaction writes.

    Attributes
    ----------
    table
        Which table, and so which statement in ``cypher/load``.
    parameters
        Lists of equal length by name.
    rows
        How many rows of the table these are.
    """

    table: str
    parameters: dict[str, list[Any]]
    rows: int


def cut_batches(portfolio: Portfolio) -> Iterator[Batch]:
    """Cut a portfolio into batches, the same for the same portfolio, nodes before the relationships between them."""
    for table in TABLES:
        yield from _CUTTERS.get(table, _cut_rows)(portfolio, table)


def _cut_rows(portfolio: Portfolio, table: str) -> Iterator[Batch]:
    """One node or relationship a row."""
    frame, joined = portfolio.table(table), JOINED.get(table, {})
    for start in range(0, len(frame), ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, len(frame))
        parameters: dict[str, list[Any]] = {"position": list(range(start, end))}
        for column in TABLES[table].columns:
            if column.name in joined:
                parameters[joined[column.name]] = portfolio.codes(table, column.name)[start:end].tolist()
            else:
                parameters[property_name(column)] = plain_cells(frame[column.frame_name].iloc[start:end], column)
        yield Batch(table=table, parameters=parameters, rows=end - start)


def _cut_trades(portfolio: Portfolio, table: str) -> Iterator[Batch]:
    """One relationship a pair of seller and buyer, with lists by month."""
    frame, column = portfolio.trades, TABLES[table].column
    seller, buyer = portfolio.codes(table, "seller_id"), portfolio.codes(table, "buyer_id")
    for groups in cut_groups(seller, buyer, within=frame["period"].to_numpy(), at_once=ROWS_AT_ONCE):
        amounts = groups.lists(frame, column("amount_fen"))
        parameters: dict[str, list[Any]] = {
            "seller": seller[groups.first].tolist(),
            "buyer": buyer[groups.first].tolist(),
            "amountFen": [sum(cells) for cells in amounts],
            "positions": groups.positions(),
            "periods": groups.lists(frame, column("period")),
            "amountsFen": amounts,
            "tradeCounts": groups.lists(frame, column("trade_count")),
            "paidOnlineFen": groups.lists(frame, column("paid_online_amount_fen")),
        }
        yield Batch(table=table, parameters=parameters, rows=len(groups.rows))


def _cut_activity(portfolio: Portfolio, table: str) -> Iterator[Batch]:
    """One node a member and month, with lists."""
    frame, column = portfolio.activity, TABLES[table].column
    member, month = portfolio.codes(table, "member_id"), frame["date"].to_numpy().astype("datetime64[M]")
    for groups in cut_groups(member, month, at_once=ROWS_AT_ONCE):
        parameters: dict[str, list[Any]] = {
            "member": member[groups.first].tolist(),
            "month": month[groups.first].astype("str").tolist(),
            "positions": groups.positions(),
            "dates": groups.lists(frame, column("date")),
            "kinds": groups.lists(frame, column("kind")),
            "counts": groups.lists(frame, column("count")),
            "amountsFen": groups.lists(frame, column("amount_fen")),
            "details": groups.lists(frame, column("detail")),
        }
        yield Batch(table=table, parameters=parameters, rows=len(groups.rows))


_CUTTERS: dict[str, Callable[[Portfolio, str], Iterator[Batch]]] = {"trades": _cut_trades, "activity": _cut_activity}
