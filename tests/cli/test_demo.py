"""``circles demo``: the whole job, the same on every store."""

from pathlib import Path

import pytest

import circles
from circles.cli.demo_store import demo_address
from circles.graph.server import Server


def read_job(folder: Path) -> dict[str, bytes]:
    """What a demo leaves for a person, without the store itself."""
    kept = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("circles.")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def without_places(text: str) -> list[str]:
    """What a demo says, without where the store is and how long it took."""
    return [line for line in text.splitlines() if not line.startswith(("2. Load", "Done in", "  ", "The loaded"))]


def test_the_whole_job_is_the_same_bit_for_bit_on_neo4j(
    command, book: Path, defaulter: str, empty_server: Server, tmp_path: Path
) -> None:
    asked = ["demo", book, "--default", defaulter, "--trials", 50]
    embedded = command(*asked, "--out", "one")
    neo4j = command(*asked, "--out", "two", "--graph", empty_server.address)
    assert embedded.code == neo4j.code == 0
    assert f"2. Load into {empty_server.address}" in neo4j.out
    assert without_places(neo4j.out) == without_places(embedded.out)
    left = read_job(tmp_path / "two")
    assert {"report.html", "cascade.html", "proposal.html"} <= set(left)
    assert left == read_job(tmp_path / "one")
    with circles.open_graph(empty_server.address) as graph:
        proposed = graph.read_circles("proposed")
    with circles.open_graph(f"sqlite:///{tmp_path / 'one' / 'circles.db'}") as graph:
        assert proposed.equals(graph.read_circles("proposed"))

    other = command("demo", "--out", "three", "--trials", 50, "--graph", empty_server.address)
    assert other.code == 2
    assert "holds another portfolio, which the demo would replace" in other.err
    assert not (tmp_path / "three").exists()


def test_neo4j_means_the_server_of_this_machine_and_one_that_runs_is_left_running(
    command, book: Path, defaulter: str, empty_server: Server, monkeypatch
) -> None:
    monkeypatch.setenv("CIRCLES_NEO4J_HOME", str(empty_server.home))
    done = command("demo", book, "--default", defaulter, "--trials", 50, "--graph", "neo4j")
    assert done.code == 0
    assert f"2. Load into {empty_server.address}" in done.out
    assert "started" not in done.err
    assert command("neo4j", "status").code == 0


def test_a_server_that_was_started_for_the_demo_is_stopped_again_even_after_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Server(address="neo4j://localhost:1", password="x", pid=1, home=tmp_path)
    stopped: list[Path] = []
    monkeypatch.setattr("circles.graph.server.server_status", lambda home: None)
    monkeypatch.setattr("circles.graph.server.start_server", lambda home, tell: server)
    monkeypatch.setattr("circles.graph.server.stop_server", stopped.append)

    def interrupt() -> None:
        with demo_address("neo4j", tmp_path) as address:
            assert (address, stopped) == (server.address, [])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    assert stopped == [tmp_path]
    assert "one is started for the demo" in capsys.readouterr().err
