"""Questions about one member, answered step by step from where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from circles.errors import InputError
from circles.graph.frames import Row, order_rows
from circles.graph.neo4j.content import Place
from circles.graph.neo4j.naming import NO_NUMBER, NO_TEXT
from circles.graph.neo4j.statements import statement
from circles.graph.neo4j.surroundings import total_edges

if TYPE_CHECKING:
    from neo4j import Session

    from circles.graph.neo4j.content import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What a walk along guarantees found: rows of members and guarantees, and whether it goes on."""

    members: list[Row]
    guarantees: list[Row]
    truncated: bool


def require_place(head: Head, member: str) -> Place:
    """Give where a member stands that was asked for with the head.

    Raises
    ------
    InputError
        If the id is not a member's.
    """
    if head.place is None:
        msg = f"member {member!r} not found among the {head.rows['members']:,} members of the store"
        raise InputError(msg)
    return head.place


def find_members(session: Session, head: Head, members: list[str]) -> list[Place]:
    """Find those members whose ids these are."""
    rows = _ask(session, "read/places", head, ids=members)
    return [Place(position=row["position"], member=row["id"], name=row["name"]) for row in rows]


def walk_neighbourhood(session: Session, head: Head, member: Place, *, hops: int) -> tuple[list[Row], list[Row]]:
    """Give the rows of a neighbourhood's members and edges, in order."""
    ids, names = {member.position: member.member}, {member.position: member.name}
    found: list[dict[str, Any]] = []

    def step(near: list[int], hop: int) -> set[int]:
        for part in map(dict, _ask(session, "read/edges", head, near=near)):
            found.append(part)
            ids.update(zip(part["far"], part["member"], strict=True))
            names.update(zip(part["far"], part["name"], strict=True))
        return set(ids)

    hop_of = _walk(member.position, hops, step)
    nodes = order_rows([(ids[place], names[place] or None, hop) for place, hop in hop_of.items()], 2, 0)
    return nodes, total_edges(found, ids, {place for place, hop in hop_of.items() if hop < hops})


def walk_chain(
    session: Session, head: Head, member: Place, *, since: date | None, until: date | None, hops: int
) -> Chain:
    """Give the rows of a guarantee chain's members and guarantees, in order."""
    window = {"since": since and since.isoformat(), "until": until and until.isoformat()}
    followed: list[Row] = []

    def follow(near: list[int], hop: int) -> set[int]:
        found = _ask(session, "read/guarantee_step", head, near=near, **window)
        followed.extend((*tuple(row)[1:], hop) for row in found)
        return {row["far"] for row in found}

    hop_of = _walk(member.position, hops, follow)
    debts = _ask(session, "read/debts", head, positions=list(hop_of))
    rows = [(row["memberId"], row["name"], hop_of[row["position"]], row["loans"], row["exposureFen"]) for row in debts]
    last = [position for position, hop in hop_of.items() if hop == hops]
    beyond = {row["far"] for row in _ask(session, "read/guarantee_step", head, near=last, **window)}
    return Chain(
        members=order_rows(rows, 2, 0),
        guarantees=order_rows(followed, 8, 0),
        truncated=not beyond <= set(hop_of),
    )


def list_circles_of(session: Session, head: Head, member: Place) -> list[Row]:
    """Give the rows of ``circles_of``, with whether they are current in the last place, in order."""
    own = [
        ("portfolio", row[0], row[1], row[2], row[3], None, *row[4:], True)
        for row in map(tuple, _ask(session, "read/own_circles", head, member=member.position))
    ]
    written: list[Row] = []
    for circle in _ask(session, "read/written_circles_of", head, member=member.position):
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


def _ask(session: Session, name: str, head: Head, **parameters: Any) -> list[Any]:
    return list(session.run(statement(name), {"load": head.load, **parameters}))
