"""Circles and failures that results leave beside the portfolio.

What was written is kept as lists on the circle or run itself, so that it stays as it was when other data are loaded;
the relationships to members beside it are for those who walk the graph, and are made anew with each load.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.errors import InputError, StoreError
from circles.graph.frames import build_frame, order_rows
from circles.graph.neo4j.batches import ROWS_AT_ONCE
from circles.graph.neo4j.groups import cut_groups
from circles.graph.neo4j.listed import list_cells
from circles.graph.neo4j.naming import null_mark
from circles.graph.neo4j.questions import find_members
from circles.graph.neo4j.statements import statement
from circles.graph.storable import check_storable
from circles.graph.written import WRITTEN_CIRCLES, WRITTEN_FAILURES

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Session

    from circles.graph.neo4j.content import Head
    from circles.portfolio import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One sort of thing that is written: its table, what its names are called, what is counted, and its lists."""

    what: str
    table: Table
    noun: str
    grouped_by: str
    lists: dict[str, str]
    """Property by column."""


CIRCLES = Writing(
    what="circles",
    table=WRITTEN_CIRCLES,
    noun="kind",
    grouped_by="circle_id",
    lists={
        "member_id": "memberIds",
        "draw_order": "drawOrders",
        "deposit_fen": "depositsFen",
        "amount_fen": "amountsFen",
        "score": "scores",
        "status": "statuses",
    },
)
FAILURES = Writing(
    what="failures",
    table=WRITTEN_FAILURES,
    noun="run",
    grouped_by="round",
    lists={
        "member_id": "memberIds",
        "round": "rounds",
        "state": "states",
        "cause": "causes",
        "hit_by": "hitBy",
        "own_shortfall_fen": "ownShortfallsFen",
    },
)


def write(session: Session, head: Head, frame: pd.DataFrame, *, writing: Writing, name: str) -> None:
    """Keep typed rows under a name in place of those there, as a whole or not at all.

    Raises
    ------
    InputError
        If a member is not in the portfolio.
    StoreError
        If another portfolio was loaded meanwhile.
    """
    check_storable(frame, writing.table)
    _require_members(session, head, frame, writing)
    groups = frame[writing.grouped_by].nunique()
    run = {"what": writing.what, "name": name, "digest": head.digest, "groups": groups, "members": len(frame)}

    def work(transaction: ManagedTransaction) -> bool:
        if transaction.run(statement("write/hold_portfolio"), load=head.load).single() is None:
            return False
        transaction.run(statement(f"write/remove_{writing.what}"), name=name).consume()
        transaction.run(statement("write/run"), run).consume()
        for lists in _LISTERS[writing.what](frame, writing):
            transaction.run(statement(f"write/{writing.what}"), {"name": name, **lists}).consume()
        transaction.run(statement(f"write/join_{writing.what}"), load=head.load, names=[name]).consume()
        return True

    if not session.execute_write(work):
        msg = "another portfolio was loaded meanwhile, so nothing was written; try again"
        raise StoreError(msg)


def read(session: Session, *, writing: Writing, name: str) -> pd.DataFrame:
    """Give the rows written under a name, in the order in which they were written."""
    names = [run["name"] for run in session.run(statement("read/runs"), what=writing.what)]
    if name not in names:
        held = ", ".join(repr(known) for known in sorted(names)) or "none"
        msg = f"{writing.what}: nothing was written under the {writing.noun} {name!r}; there is: {held}"
        raise InputError(msg)
    return _READERS[writing.what](session, name)


def count(session: Session, head: Head, *, writing: Writing) -> pd.DataFrame:
    """Give name, groups (circles, or rounds in which somebody failed), members and whether current, by name."""
    runs = session.run(statement("read/runs"), what=writing.what)
    rows = order_rows([(run["name"], run["groups"], run["members"], run["digest"] == head.digest) for run in runs], 0)
    frame = pd.DataFrame(rows, columns=["name", "groups", "members", "current"])
    return frame.astype({"name": "str", "groups": "int64", "members": "int64", "current": "bool"})


def _require_members(session: Session, head: Head, frame: pd.DataFrame, writing: Writing) -> None:
    members = frame["member_id"].tolist()
    known: set[str] = set()
    for start in range(0, len(members), ROWS_AT_ONCE):
        known.update(place.member for place in find_members(session, head, members[start : start + ROWS_AT_ONCE]))
    unknown = next((member for member in members if member not in known), None)
    if unknown is not None:
        msg = f"{writing.table.name}: member_id must be a member of the stored portfolio, {unknown!r} is not"
        raise InputError(msg)


def _list_circles(frame: pd.DataFrame, writing: Writing) -> list[dict[str, list[Any]]]:
    """Give lists of circles, each with its rows as lists."""
    circle, _ = pd.factorize(frame["circle_id"])
    found = []
    for groups in cut_groups(np.asarray(circle), at_once=ROWS_AT_ONCE):
        lists = {part: groups.lists(frame, writing.table.column(name)) for name, part in writing.lists.items()}
        circles = frame["circle_id"].iloc[groups.first].tolist()
        found.append({"circleId": circles, "positions": groups.positions(), **lists})
    return found


def _list_failures(frame: pd.DataFrame, writing: Writing) -> list[dict[str, list[Any]]]:
    """Give one list a column."""
    column = writing.table.column
    return [{part: list_cells(frame[name], column(name)) for name, part in writing.lists.items()}]


_LISTERS: dict[str, Callable[[pd.DataFrame, Writing], list[dict[str, list[Any]]]]] = {
    "circles": _list_circles,
    "failures": _list_failures,
}


def _read_circles(session: Session, name: str) -> pd.DataFrame:
    circles = list(session.run(statement("read/written_circles"), name=name))
    positions = list(chain.from_iterable(circle["positions"] for circle in circles))
    ids = chain.from_iterable([circle["circleId"]] * len(circle["positions"]) for circle in circles)
    lists = [list(chain.from_iterable(circle[part] for circle in circles)) for part in CIRCLES.lists.values()]
    frame = _build(zip(ids, *lists, strict=True), WRITTEN_CIRCLES)
    return frame.iloc[np.argsort(positions, kind="stable")].reset_index(drop=True) if positions else frame


def _read_failures(session: Session, name: str) -> pd.DataFrame:
    run = session.run(statement("read/failures"), name=name).single(strict=True)
    return _build(zip(*(run[part] for part in FAILURES.lists.values()), strict=True), WRITTEN_FAILURES)


def _build(rows: Any, table: Table) -> pd.DataFrame:
    plain = [tuple(map(_unmark, row, table.columns)) for row in rows]
    return build_frame([plain], table)


def _unmark(cell: Any, column: Column) -> Any:
    return None if cell == null_mark(column) else cell


_READERS: dict[str, Callable[[Session, str], pd.DataFrame]] = {"circles": _read_circles, "failures": _read_failures}
