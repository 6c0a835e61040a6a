"""Questions about one member, answered step by step from where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from circles.errors import InputError
from circles.graph.frames import Row, order_rows
from circles.graph.neo4j.naming import NO_NUMBER, NO_TEXT
from circles.graph.neo4j.statements import statement
from circles.graph.storable import is_unicode

if TYPE_CHECKING:
    from neo4j import Session

    from circles.graph.neo4j.content import Head

_LAYERS = {"SELLS_TO": "trade", "ACQUAINTED": "acquaintance", "GUARANTEES": "guarantee", "OWES": "receivable"}
_UNDIRECTED = ("acquaintance", "circle")
_NO_AMOUNT = ("acquaintance", "circle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a walk along guarantees found: rows of members and guarantees, and whether it goes on."""

    members: list[Row]
    guarantees: list[Row]
    truncated: bool


def find_member(session: Session, head: Head, member: str) -> int:
    """Give a member's place.

    Raises
    ------
    InputError
        If the id is not a member's.
    """
    found = find_members(session, head, [member]) if isinstance(member, str) and is_unicode(member) else {}
    if member not in found:
        msg = f"member {member!r} not found among the {head.rows['members']:,} members of the store"
        raise InputError(msg)
    return found[member]


def find_members(session: Session, head: Head, members: list[str]) -> dict[str, int]:
    """Give the places of those ids that are members'."""
    return {row["id"]: row["position"] for row in _ask(session, "read/places", head, ids=members)}


def walk_neighbourhood(session: Session, head: Head, member: int, *, hops: int) -> tuple[list[Row], list[Row]]:
    """Give the rows of a neighbourhood's members and edges, in order."""
    hop_of = _walk(member, hops, lambda near, hop: _step(session, head, near))
    named = _ask(session, "read/names", head, positions=list(hop_of))
    nodes = order_rows([(row["memberId"], row["name"], hop_of[row["position"]]) for row in named], 2, 0)
    near = [position for position, hop in hop_of.items() if hop < hops]
    edges = _direct_edges(session, head, near) + _circle_edges(session, head, near)
    order = {layer: place for place, layer in enumerate((*_LAYERS.values(), "circle"))}
    return nodes, sorted(order_rows(edges, 1, 2, 3), key=lambda row: order[row[0]])


def walk_chain(
    session: Session, head: Head, member: int, *, since: date | None, until: date | None, hops: int
) -> Chain:
    """Give the rows of a guarantee chain's members and guarantees, in order."""
    window = {"since": since and since.isoformat(), "until": until and until.isoformat()}
    followed: list[Row] = []

    def follow(near: list[int], hop: int) -> set[int]:
        found = _ask(session, "read/guarantee_step", head, near=near, **window)
        followed.extend((*tuple(row)[1:], hop) for row in found)
        return {row["far"] for row in found}

    hop_of = _walk(member, hops, follow)
    debts = _ask(session, "read/debts", head, positions=list(hop_of))
    rows = [(row["memberId"], row["name"], hop_of[row["position"]], row["loans"], row["exposureFen"]) for row in debts]
    last = [position for position, hop in hop_of.items() if hop == hops]
    beyond = {row["far"] for row in _ask(session, "read/guarantee_step", head, near=last, **window)}
    return Chain(
        members=order_rows(rows, 2, 0),
        guarantees=order_rows(followed, 8, 0),
        truncated=not beyond <= set(hop_of),
    )


def list_circles_of(session: Session, head: Head, member: int) -> list[Row]:
    """Give the rows of ``circles_of``, with whether they are current in the last place, in order."""
    own = [
        ("portfolio", row[0], row[1], row[2], row[3], None, *row[4:], True)
        for row in map(tuple, _ask(session, "read/own_circles", head, member=member))
    ]
    written: list[Row] = []
    for circle in _ask(session, "read/written_circles_of", head, member=member):
        is_current = circle["digest"] == head.digest
        lists = zip(*(circle[name] for name in _WRITTEN_LISTS), strict=True)
        for partner, *numbers, status in lists:
            cells = [None if number == NO_NUMBER else number for number in numbers]
            text = None if status == NO_TEXT else status
            written.append((circle["kind"], circle["circleId"], partner, *cells, text, None, None, is_current))
    return order_rows(own, 0, 1, 2) + order_rows(written, 0, 1, 2)


_WRITTEN_LISTS = ("memberIds", "drawOrders", "depositsFen", "amountsFen", "statuses")


def _walk(start: int, hops: int, step: Callable[[list[int], int], set[int]]) -> dict[int, int]:
    """Give the fewest steps to every place within reach; `step` gives what is next to places of one hop."""
    hop_of = {start: 0}
    near = [start]
    for hop in range(hops):
        near = sorted(step(near, hop).difference(hop_of)) if near else []
        hop_of.update(dict.fromkeys(near, hop + 1))
    return hop_of


def _step(session: Session, head: Head, near: list[int]) -> set[int]:
    names = ("read/step", "read/step_in_circles")
    return {row["position"] for name in names for row in _ask(session, name, head, near=near)}


def _direct_edges(session: Session, head: Head, near: list[int]) -> list[Row]:
    """Give edges, those of one pair and reference as one."""
    totals: dict[tuple[Any, ...], list[int]] = {}
    for edge in _ask(session, "read/edges", head, near=near):
        layer, source, target = _LAYERS[edge["type"]], edge["source"], edge["target"]
        if layer in _UNDIRECTED and source > target:
            source, target = target, source
        total = totals.setdefault((layer, source, target, edge["reference"]), [0, 0])
        total[0] += edge["amount"] or 0
        total[1] += edge["entries"]
    return [(*key, None if key[0] in _NO_AMOUNT else amount, count) for key, (amount, count) in totals.items()]


def _circle_edges(session: Session, head: Head, near: list[int]) -> list[Row]:
    rows = _ask(session, "read/circle_edges", head, near=near)
    pairs = {(*sorted((row["member"], row["partner"])), row["circle"]) for row in rows}
    return [("circle", *pair, None, 1) for pair in pairs]


def _ask(session: Session, name: str, head: Head, **parameters: Any) -> list[Any]:
    return list(session.run(statement(name), {"load": head.load, **parameters}))
