"""``circles doctor``: what is there, what is not, and what to do about it."""

from pathlib import Path

import pytest

from circles.graph.server import Server


@pytest.fixture(autouse=True)
def folders_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLES_NEO4J_HOME", str(tmp_path / "no-server"))


def test_doctor_finds_everything_here(command) -> None:
    done = command("doctor")
    assert done.code == 0
    assert "MISSING" not in done.out
    assert "ok       Python 3." in done.out


def test_doctor_says_what_is_wrong_with_a_setting(command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLES_WORKERS", "0")
    done = command("doctor")
    assert done.code == 1
    assert "CIRCLES_WORKERS" in done.out


def test_doctor_can_do_without_neo4j_unless_the_graph_store_needs_it(
    command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CIRCLES_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    done = command("doctor")
    assert done.code == 0
    for absent in ("Neo4j on this machine: not running", "Java: Neo4j needs Java", "Maven: fetching Neo4j needs Maven"):
        assert f"not here {absent}" in done.out
    needing = command("doctor", "--graph", "neo4j://localhost:1")
    assert needing.code == 1
    assert "MISSING  Java: Neo4j needs Java 17 or 21" in needing.out
    assert "         circles neo4j start" in needing.out.replace("           ", "         ")
    assert "disk:" in needing.out


def test_doctor_finds_neo4j_running_and_shows_no_password(command, neo4j_server: Server) -> None:
    done = command("doctor", "--graph", neo4j_server.address)
    assert f"ok       Neo4j on this machine: Neo4j 5.26.31 at {neo4j_server.address}" in done.out
    assert neo4j_server.password not in done.out + done.err


def test_doctor_says_so_if_others_can_read_the_password_of_neo4j(command, neo4j_server: Server) -> None:
    neo4j_server.password_file.chmod(0o644)
    try:
        done = command("doctor", "--graph", neo4j_server.address)
    finally:
        neo4j_server.password_file.chmod(0o600)
    assert done.code == 1
    assert f"chmod 600 {neo4j_server.password_file}" in done.out
