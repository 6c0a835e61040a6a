"""``circles neo4j``: what a person reads when the local server starts, runs and stops."""

from pathlib import Path

from circles.graph.server import Server, server_status


def test_start_tells_the_address_and_never_the_password(command, neo4j_server: Server) -> None:
    port = neo4j_server.address.rpartition(":")[2]
    done = command("neo4j", "start", "--home", neo4j_server.home, "--port", port)
    assert done.code == 0
    assert f"is running at {neo4j_server.address}" in done.out
    assert f"circles load DIR --graph {neo4j_server.address}" in done.out
    assert "find its password by themselves" in done.out
    assert neo4j_server.password not in done.out + done.err


def test_status_of_a_running_server(command, neo4j_server: Server) -> None:
    done = command("neo4j", "status", "--home", neo4j_server.home)
    assert done.code == 0
    server = server_status(neo4j_server.home)
    assert server is not None
    assert f"process   {server.pid}" in done.out
    assert f"password  in {neo4j_server.home}/password" in done.out
    assert neo4j_server.password not in done.out + done.err


def test_where_nothing_runs_status_says_how_to_start_and_stop_does_nothing(command, tmp_path: Path) -> None:
    done = command("neo4j", "status", "--home", tmp_path / "none")
    assert done.code == 1
    assert "circles neo4j start" in done.out
    stopped = command("neo4j", "stop", "--home", tmp_path / "none")
    assert stopped.code == 0
    assert "no server is running" in stopped.out
    assert not (tmp_path / "none").exists()


def test_a_wrong_amount_of_memory_is_refused(command, tmp_path: Path) -> None:
    done = command("neo4j", "start", "--home", tmp_path / "none", "--memory", "lots")
    assert done.code == 2
    assert "must be a whole number with m or g" in done.err


def test_a_bulk_load_needs_a_local_neo4j(command, book: Path) -> None:
    done = command("load", book, "--bulk")
    assert done.code == 2
    assert "sqlite:///circles.db: a bulk load needs a server that circles runs on this machine" in done.err
