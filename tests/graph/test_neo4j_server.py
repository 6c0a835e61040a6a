"""The local Neo4j server: starts, answers, stops, and comes back, and says what to do where it cannot."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError
from server.running_server import SMALL, free_port

from circles.errors import InputError, StoreError
from circles.graph.server import Server, local_password, server_status, start_server, stop_server
from circles.graph.server.home import open_home, provide_password, write_configuration
from circles.graph.server.jars import provide_jars
from circles.graph.server.lock import is_locked, take_lock, wait_unlocked
from circles.graph.server.programs import find_java


def ask(server: Server, statement: str) -> list[object]:
    with GraphDatabase.driver(server.address, auth=("neo4j", server.password)) as driver:
        return [record[0] for record in driver.execute_query(statement, database_="neo4j").records]


def test_a_server_answers_to_its_password_and_to_no_other(neo4j_server: Server) -> None:
    assert ask(neo4j_server, "RETURN 1") == [1]
    with (
        GraphDatabase.driver(neo4j_server.address, auth=("neo4j", "neo4j")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_a_password_is_found_by_its_address_and_handed_to_no_other(neo4j_server: Server) -> None:
    port = neo4j_server.address.rpartition(":")[2]
    assert local_password(neo4j_server.address) == neo4j_server.password
    assert local_password(f"bolt://127.0.0.1:{port}") == neo4j_server.password
    for other in ("neo4j://localhost:1", f"neo4j://example.org:{port}", "neo4j://localhost:x", "sqlite:///circles.db"):
        assert local_password(other) is None


def test_a_server_listens_on_this_machine_only(neo4j_server: Server) -> None:
    port = int(neo4j_server.address.rpartition(":")[2])
    lines = [line.split() for name in ("tcp", "tcp6") for line in read_sockets(name)]
    ours = [line[1] for line in lines if line[3] == "0A" and line[1].endswith(f":{port:04X}")]
    assert [address.partition(":")[0] for address in ours] == [LOOPBACK] or ours == [f"{MAPPED_LOOPBACK}:{port:04X}"]


LOOPBACK, MAPPED_LOOPBACK = "0100007F", "0000000000000000FFFF00000100007F"


def read_sockets(name: str) -> list[str]:
    path = Path("/proc/net") / name
    if not path.exists():
        pytest.skip("only Linux tells who listens where")
    return path.read_text(encoding="ascii").splitlines()[1:]


def test_only_the_owner_can_read_what_a_server_keeps(neo4j_server: Server) -> None:
    for path in [neo4j_server.home, *neo4j_server.home.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_no_process_shows_the_password_to_other_users(neo4j_server: Server, tmp_path: Path) -> None:
    assert neo4j_server.password not in repr(neo4j_server)
    java, told, lock = tmp_path / "java", tmp_path / "told", take_lock(tmp_path)
    put_program(java, f'echo "$@" > {told}')
    assert lock is not None
    open_home(tmp_path)
    password = provide_password(tmp_path, java, tmp_path, lock=lock)
    os.close(lock)
    assert "-cp" in told.read_text(encoding="utf-8")
    assert password not in told.read_text(encoding="utf-8")
    assert password in (tmp_path / "password").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("arguments"))


def test_a_password_that_begins_like_an_option_is_a_password(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: "-p" * size)
    open_home(own_home)
    lock = take_lock(own_home) or pytest.fail("nobody else has it")
    write_configuration(own_home, port=free_port(), page_cache=SMALL["page_cache"])
    provide_password(own_home, find_java(), provide_jars(print), lock=lock)
    os.close(lock)
    assert (own_home / "data" / "dbms" / "auth.ini").exists()


def test_a_password_that_is_gone_is_not_made_up(own_home: Path) -> None:
    own_home.mkdir()
    open_home(own_home)
    os.close(take_lock(own_home) or pytest.fail("nobody else has it"))
    (own_home / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(
        StoreError, match=r"password: is gone, and with it the way into the server's data\. Put it back"
    ):
        start_server(own_home, port=free_port())


def test_starting_a_running_server_gives_that_one_and_another_port_is_refused(neo4j_server: Server) -> None:
    port = int(neo4j_server.address.rpartition(":")[2])
    assert start_server(neo4j_server.home, port=port) == server_status(neo4j_server.home)
    with pytest.raises(StoreError, match=f"runs already, at port {port}; stop it first"):
        start_server(neo4j_server.home, port=free_port())


def test_a_port_in_use_is_said_before_anything_starts(neo4j_server: Server, own_home: Path) -> None:
    port = int(neo4j_server.address.rpartition(":")[2])
    with pytest.raises(StoreError, match=rf"port {port} of this machine is in use by another program; .*--port"):
        start_server(own_home, port=port, **SMALL)
    assert not is_locked(own_home)


def test_data_outlive_a_kill_and_two_starts_at_once_give_one_server(neo4j_server: Server) -> None:
    home, port = neo4j_server.home, int(neo4j_server.address.rpartition(":")[2])
    before = server_status(home)
    assert before is not None
    ask(neo4j_server, "CREATE (:Thing {name: 'kept'})")
    os.kill(before.pid, signal.SIGKILL)
    assert wait_unlocked(home, 30)
    assert server_status(home) is None
    assert local_password(neo4j_server.address) is None

    started: list[Server] = []
    begin = [threading.Thread(target=lambda: started.append(start_server(home, port=port, **SMALL))) for _ in "ab"]
    for thread in begin:
        thread.start()
    for thread in begin:
        thread.join()
    assert len(started) == 2
    assert started[0] == started[1]
    assert started[0].pid != before.pid
    assert (started[0].address, started[0].password) == (neo4j_server.address, neo4j_server.password)
    assert ask(neo4j_server, "MATCH (thing:Thing) DELETE thing RETURN 'kept'") == ["kept"]


def test_a_server_that_does_not_come_up_shows_the_end_of_its_log(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    put_program(
        tmp_path / "bin" / "java",
        'case "$*" in\n*-version*) echo \'version "21.0.2"\' >&2 ;;\n*@*) ;;\n*) echo No room; exit 1 ;;\nesac',
    )
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(StoreError, match="ended before it answered; the end of its log:\n  No room"):
        start_server(own_home, port=free_port())
    assert not is_locked(own_home)
    assert server_status(own_home) is None


def test_a_process_number_left_over_stops_nobody(tmp_path: Path) -> None:
    os.close(take_lock(tmp_path) or pytest.fail("nobody else has it"))
    (tmp_path / "run").mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        (tmp_path / "run" / "circles.json").write_text(json.dumps({"pid": bystander.pid, "port": 7687}))
        assert server_status(tmp_path) is None
        assert not stop_server(tmp_path)
        assert bystander.poll() is None
        bystander.communicate(b"\n", timeout=10)
    assert bystander.returncode == 0


def test_a_home_in_hand_of_another_command_is_left_alone(tmp_path: Path) -> None:
    lock = take_lock(tmp_path)
    assert lock is not None
    try:
        with pytest.raises(StoreError, match="another command of circles is at work there"):
            stop_server(tmp_path)
    finally:
        os.close(lock)


def test_a_folder_that_holds_something_else_is_no_home(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds 'diary\.txt', which is no server of circles"):
        start_server(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"port": 0}, "port must be from 1 to 65535, got 0"),
        ({"heap": "much"}, "heap must be a whole number with m or g behind it, such as 1g, got 'much'"),
        ({"page_cache": "0m"}, "page_cache must be a whole number"),
    ],
)
def test_settings_of_a_server_out_of_range_are_refused(tmp_path: Path, wrong: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        start_server(tmp_path / "home", **wrong)


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A search path with nothing on it, and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CIRCLES_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return folder


def put_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_without_java_it_says_what_to_install(bare_path: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"needs Java 17 or 21 and there is none on the path[\s\S]*apt-get install"):
        start_server(tmp_path / "home")


def test_another_java_is_named_with_its_version(bare_path: Path, tmp_path: Path) -> None:
    put_program(bare_path / "java", "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2")
    with pytest.raises(StoreError, match=r"needs Java 17 or 21, \S+/java is 11\. Install"):
        start_server(tmp_path / "home")


def test_java_home_goes_before_the_path(bare_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    put_program(bare_path / "java", "echo 'openjdk version \"21.0.2\"' >&2")
    with pytest.raises(StoreError, match=r"there is none in JAVA_HOME \(\S+/jdk\)"):
        start_server(tmp_path / "home")


def test_without_maven_it_says_what_to_install(bare_path: Path, tmp_path: Path) -> None:
    put_program(bare_path / "java", "echo 'openjdk version \"21.0.2\"' >&2")
    with pytest.raises(StoreError, match=r"needs Maven and there is none on the path[\s\S]*apt-get install maven"):
        start_server(tmp_path / "home")


def test_a_fetch_that_fails_says_why_and_leaves_nothing(bare_path: Path, tmp_path: Path) -> None:
    put_program(bare_path / "java", "echo 'openjdk version \"21.0.2\"' >&2")
    put_program(bare_path / "mvn", "echo '[ERROR] Unknown host'; exit 1")
    with pytest.raises(
        StoreError, match=r"could not fetch Neo4j [\d.]+ \(exit code 1\); it said:\n  \[ERROR\] Unknown"
    ):
        start_server(tmp_path / "home")
    assert [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()] == ["circles.lock"]
