"""Questions about one member, answered from the indexes without reading the portfolio.

A walk notes the members it reached, with their hop, in a temporary table of the connection; every statement below
starts from there.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from circles.errors import InputError
from circles.graph.frames import Row, order_rows
from circles.graph.storable import is_unicode

_IS_MEMBER = "SELECT 1 FROM members WHERE member_id = ?"
_REACHED = "CREATE TEMP TABLE IF NOT EXISTS reached (member_id TEXT PRIMARY KEY, hop INTEGER NOT NULL) WITHOUT ROWID"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """Rows of a table that join the members of two of its columns."""

    name: str
    table: str
    source: str
    target: str
    amount: str = "NULL"
    reference: str = "NULL"

    def step(self, near: str, far: str) -> str:
        """Statement that reaches the members one step further, from one column to the other."""
        return (
            f"INSERT OR IGNORE INTO temp.reached SELECT edge.{far}, :hop + 1 FROM temp.reached AS near "
            f"CROSS JOIN {self.table} AS edge ON edge.{near} = near.member_id WHERE near.hop = :hop"
        )

    def steps(self) -> list[str]:
        """Statements that reach the members one step further, in either direction."""
        return [self.step(self.source, self.target), self.step(self.target, self.source)]

    def edges(self) -> str:
        """Statement that gives the edges with an end nearer than ``:hops``, each pair and reference once."""
        columns = f"edge.{self.source} AS source, edge.{self.target} AS target, {self.reference} AS reference"
        halves = [
            f"SELECT {columns}, {self.amount} AS amount FROM temp.reached AS near "
            f"CROSS JOIN {self.table} AS edge ON edge.{end} = near.member_id WHERE near.hop < :hops"
            for end in (self.source, self.target)
        ]
        known = f"SELECT 1 FROM temp.reached AS other WHERE other.member_id = edge.{self.source} AND other.hop < :hops"
        return (
            f"SELECT '{self.name}', source, target, reference, sum(amount), count(*) "
            f"FROM ({halves[0]} UNION ALL {halves[1]} AND NOT EXISTS ({known})) GROUP BY source, target, reference"
        )


_LAYERS = (
    _Layer(name="trade", table="trades", source="seller_id", target="buyer_id", amount="edge.amount_fen"),
    _Layer(name="acquaintance", table="acquaintances", source="member_a", target="member_b"),
    _Layer(
        name="guarantee",
        table="guarantees",
        source="guarantor_id",
        target="borrower_id",
        amount="edge.amount_fen",
        reference="edge.guarantee_id",
    ),
    _Layer(name="receivable", table="receivables", source="buyer_id", target="supplier_id", amount="edge.amount_fen"),
)
_CIRCLE_STEP = (
    "INSERT OR IGNORE INTO temp.reached SELECT partner.member_id, :hop + 1 FROM temp.reached AS near "
    "CROSS JOIN circle_members AS own ON own.member_id = near.member_id "
    "CROSS JOIN circle_members AS partner ON partner.circle_id = own.circle_id WHERE near.hop = :hop"
)
_CIRCLE_EDGES = (
    "SELECT DISTINCT 'circle', min(own.member_id, partner.member_id), max(own.member_id, partner.member_id), "
    "own.circle_id, NULL, 1 FROM temp.reached AS near "
    "CROSS JOIN circle_members AS own ON own.member_id = near.member_id "
    "CROSS JOIN circle_members AS partner ON partner.circle_id = own.circle_id AND partner.member_id <> own.member_id "
    "WHERE near.hop < :hops"
)
_STEPS = [*(step for layer in _LAYERS for step in layer.steps()), _CIRCLE_STEP]
_REACHED_MEMBERS = "SELECT member_id, name, hop FROM temp.reached JOIN members USING (member_id)"

_IN_FORCE = (
    "(:until IS NULL OR edge.starts_on IS NULL OR edge.starts_on <= :until) AND (:since IS NULL "
    "OR coalesce(edge.claim_until, edge.expires_on) IS NULL OR coalesce(edge.claim_until, edge.expires_on) >= :since)"
)
_CHAIN_STEP = f"{_LAYERS[2].step('guarantor_id', 'borrower_id')} AND {_IN_FORCE}"
_FOLLOWED = "FROM temp.reached AS near CROSS JOIN guarantees AS edge ON edge.guarantor_id = near.member_id"
_CHAIN_EDGES = (
    "SELECT guarantee_id, guarantor_id, borrower_id, amount_fen, loan_id, starts_on, expires_on, claim_until, hop "
    f"{_FOLLOWED} WHERE near.hop < :hops AND {_IN_FORCE}"
)
_CHAIN_MEMBERS = (
    "SELECT member_id, name, hop, count(borrower_id), "
    "coalesce(sum(balance_fen + coalesce(accrued_interest_fen, 0)), 0) "
    "FROM temp.reached JOIN members USING (member_id) LEFT JOIN loans ON borrower_id = member_id "
    "GROUP BY member_id, name, hop"
)
_GOES_ON = (
    f"SELECT EXISTS (SELECT 1 {_FOLLOWED} WHERE near.hop = :hops AND {_IN_FORCE} "
    "AND edge.borrower_id NOT IN (SELECT member_id FROM temp.reached))"
)
_CIRCLES_OF = (
    "SELECT 'portfolio', circle_id, member_id, draw_order, circle_members.deposit_fen, NULL, status, formed_on, "
    "expires_on, TRUE FROM circle_members JOIN circles USING (circle_id) "
    "WHERE circle_id IN (SELECT circle_id FROM circle_members WHERE member_id = :member) "
    "UNION ALL "
    "SELECT name, circle_id, member_id, draw_order, deposit_fen, amount_fen, status, NULL, NULL, "
    "digest = (SELECT digest FROM portfolio) "
    "FROM written_circles JOIN written ON what = 'circles' AND name = written_as "
    "WHERE (written_as, circle_id) IN (SELECT written_as, circle_id FROM written_circles WHERE member_id = :member)"
)


def require_member(connection: sqlite3.Connection, member: str) -> None:
    """Refuse an id that is not a member's."""
    known = isinstance(member, str) and find_unknown(connection, [member]) is None
    if not known:
        count = connection.execute("SELECT count(*) FROM members").fetchone()[0]
        msg = f"member {member!r} not found among the {count:,} members of the store"
        raise InputError(msg)


def find_unknown(connection: sqlite3.Connection, members: list[str]) -> str | None:
    """Give the first id that is not a member's, None if all are."""
    for member in members:
        known = is_unicode(member) and connection.execute(_IS_MEMBER, (member,)).fetchone()
        if not known:
            return member
    return None


def walk_neighbourhood(connection: sqlite3.Connection, member: str, hops: int) -> tuple[list[Row], list[Row]]:
    """Give the rows of a neighbourhood's members and edges, in order."""
    _start(connection, member)
    for hop in range(hops):
        for step in _STEPS:
            connection.execute(step, {"hop": hop})
    nodes = order_rows(connection.execute(_REACHED_MEMBERS), 2, 0)
    edges: list[Row] = []
    for layer in _LAYERS:
        edges += order_rows(_undirected(connection.execute(layer.edges(), {"hops": hops}), layer.name), 1, 2, 3)
    edges += order_rows(connection.execute(_CIRCLE_EDGES, {"hops": hops}), 1, 2, 3)
    return nodes, edges


def walk_chain(
    connection: sqlite3.Connection, member: str, *, since: date | None, until: date | None, hops: int
) -> tuple[list[Row], list[Row]]:
    """Give the rows of a guarantee chain's members and guarantees, in order."""
    _start(connection, member)
    window = _window(since, until)
    for hop in range(hops):
        connection.execute(_CHAIN_STEP, {"hop": hop, **window})
    members = order_rows(connection.execute(_CHAIN_MEMBERS), 2, 0)
    return members, order_rows(connection.execute(_CHAIN_EDGES, {"hops": hops, **window}), 8, 0)


def goes_on(connection: sqlite3.Connection, *, since: date | None, until: date | None, hops: int) -> bool:
    """Say whether the chain walked last goes on beyond its hops."""
    return bool(connection.execute(_GOES_ON, {"hops": hops, **_window(since, until)}).fetchone()[0])


def list_circles_of(connection: sqlite3.Connection, member: str) -> list[Row]:
    """Give the rows of `circles_of`, with whether they are current in the last place, in order."""
    own_first = order_rows(connection.execute(_CIRCLES_OF, {"member": member}), 0, 1, 2)
    return sorted(own_first, key=lambda row: row[0] != "portfolio")


def _start(connection: sqlite3.Connection, member: str) -> None:
    connection.execute(_REACHED)
    connection.execute("DELETE FROM temp.reached")
    connection.execute("INSERT INTO temp.reached VALUES (?, 0)", (member,))


def _window(since: date | None, until: date | None) -> dict[str, str | None]:
    return {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}


def _undirected(rows: sqlite3.Cursor, layer: str) -> list[Row]:
    """Merge the two directions of a layer that has none."""
    if layer != "acquaintance":
        return list(rows)
    entries: dict[tuple[str, str], int] = {}
    for _, source, target, _, _, count in rows:
        pair = (source, target) if source < target else (target, source)
        entries[pair] = entries.get(pair, 0) + count
    return [(layer, first, second, None, None, count) for (first, second), count in entries.items()]
