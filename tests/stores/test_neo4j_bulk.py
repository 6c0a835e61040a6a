"""The bulk load: what it leaves in a server is what a load by statements would have left."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from portfolios_for_stores import assert_same, hostile_portfolio, small_portfolio
from server.running_server import free_port

from circles.errors import InputError, StoreError
from circles.graph import open_graph
from circles.graph.bulk import bulk_load
from circles.graph.server import Server, server_status
from circles.graph.server.lock import is_locked, take_lock

EVERY_NODE = "MATCH (node) RETURN labels(node) AS kind, properties(node) AS has"
EVERY_EDGE = (
    "MATCH (a)-[edge]->(b) RETURN type(edge) AS kind, properties(edge) AS has, "
    "coalesce(a.position, a.positions) AS a, coalesce(b.position, b.positions) AS b"
)
WHEN = {"begunAt", "addedAt", "endedAt", "loadedAt", "taken"}


@pytest.fixture
def own_address(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that was never started."""
    monkeypatch.setenv("CIRCLES_NEO4J_HOME", str(own_home))
    return f"neo4j://localhost:{free_port()}"


def read_all(server: Server) -> list[list[str]]:
    """Everything in a database, and its schema, but for when it was written."""
    found = []
    with GraphDatabase.driver(server.address, auth=("neo4j", server.password)) as driver:
        for statement in (EVERY_NODE, EVERY_EDGE, "SHOW INDEXES YIELD name AS kind RETURN kind, {} AS has"):
            records = driver.execute_query(statement, database_="neo4j").records
            lines = []
            for record in records:
                has = {name: value for name, value in sorted(record["has"].items()) if name not in WHEN}
                lines.append(repr([record["kind"], has, *record.values()[2:]]))
            found.append(sorted(lines))
    return found


def test_a_bulk_load_leaves_what_a_load_by_statements_leaves(
    own_address: str, own_home: Path, empty_server: Server
) -> None:
    """Every node, relationship and index; so what is read of it is known, and a later load is tried."""
    portfolio, told, counted = hostile_portfolio(), [], []
    bulk_load(portfolio, own_address, tell=told.append, progress=lambda done, total: counted.append((done, total)))
    filled = server_status(own_home)
    assert filled is not None
    assert filled.address == own_address
    assert [line for line in told if line.startswith("importing")]
    assert counted[-1][0] == counted[-1][1] > 0
    assert not list((own_home / "import").iterdir())
    with open_graph(empty_server.address) as by_statements:
        by_statements.save(portfolio)
    for bulk, statements in zip(read_all(filled), read_all(empty_server), strict=True):
        assert bulk == statements

    with open_graph(own_address) as graph:
        graph.save(small_portfolio())
        assert_same(graph.load(), small_portfolio())
    with pytest.raises(StoreError, match=r"holds \d+ nodes, and a bulk load only fills an empty server"):
        bulk_load(portfolio, own_address)


def test_a_bulk_load_needs_a_server_on_this_machine() -> None:
    for address in ("neo4j://example.org:7687", "sqlite:///circles.db", "neo4j+s://localhost"):
        with pytest.raises(InputError, match="a bulk load needs a server that circles runs on this machine"):
            bulk_load(small_portfolio(), address)


def test_a_bulk_load_into_a_server_of_somebody_else_is_refused(
    own_address: str, own_home: Path, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(own_home.parent))  # as if we had not started what answers there
    with pytest.raises(StoreError, match="is in use by another program"):
        bulk_load(small_portfolio(), neo4j_server.address)


def test_an_interrupted_import_leaves_no_file_and_an_empty_database(
    own_address: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half_import(home: Path, *_: object, folder: Path, **__: object) -> None:
        assert (folder / "Member.csv").exists()
        assert folder.stat().st_mode & 0o077 == 0, "only the owner reads what is imported"
        (home / "data" / "databases" / "neo4j").mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr("circles.graph.server.home.run_admin", lambda *_, **__: None)
    monkeypatch.setattr("circles.graph.server.offline.run_admin", half_import)
    with pytest.raises(KeyboardInterrupt):
        bulk_load(small_portfolio(), own_address)
    assert not list((own_home / "import").iterdir())
    assert not (own_home / "data" / "databases" / "neo4j").exists()
    assert not is_locked(own_home)


def test_while_a_home_is_in_hand_nothing_is_imported(own_address: str, own_home: Path) -> None:
    own_home.mkdir()
    lock = take_lock(own_home)
    assert lock is not None
    try:
        with pytest.raises(StoreError, match="another command of circles is at work there"):
            bulk_load(small_portfolio(), own_address)
    finally:
        os.close(lock)
