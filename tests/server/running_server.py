"""A real Neo4j server for the tests, one a test process, started when the first test asks for it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from neo4j import GraphDatabase

from circles.errors import StoreError
from circles.graph.server import Server, start_server, stop_server
from circles.graph.server.jars import has_jars
from circles.graph.server.programs import find_java, find_maven

SMALL = {"heap": "320m", "page_cache": "32m"}


@pytest.fixture(scope="session")
def server_programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Java and Maven; without them the test is skipped and says so, or fails where CI is set.

    Notes on servers go to a folder of the test run. The first compiler of Java alone starts a server in half the time.
    """
    try:
        find_java()
        if not has_jars():
            find_maven()
    except StoreError as error:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        yield


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def neo4j_server(server_programs: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server; who uses it says what has to be in its database, and removes what is no portfolio."""
    home = tmp_path_factory.mktemp("neo4j")
    with stopped_with_us(home):
        yield start_server(home, port=free_port(), **SMALL)
        assert stop_server(home), "nobody else stops it"
        assert (home / "logs" / "console.log").read_text(encoding="utf-8").rstrip().endswith("Stopped.")


@pytest.fixture
def empty_server(neo4j_server: Server) -> Server:
    """The running server with nothing in its database."""
    with GraphDatabase.driver(neo4j_server.address, auth=("neo4j", neo4j_server.password)) as driver:
        driver.execute_query("MATCH (node) DETACH DELETE node", database_="neo4j")
    return neo4j_server


@pytest.fixture
def own_home(server_programs: None, tmp_path: Path) -> Iterator[Path]:
    """A home for a server that a test starts and stops itself."""
    home = tmp_path / "home"
    with stopped_with_us(home):
        yield home


@contextmanager
def stopped_with_us(home: Path) -> Iterator[None]:
    """Stop what runs in a home, and remove its data, which pytest would keep; also if this process is killed.

    A guard waits for the end of a pipe from here, which the system closes whatever happens to us.
    """
    command = [sys.executable, "-c", _GUARD, home]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as guard:
        try:
            yield
        finally:
            stop_server(home)
            shutil.rmtree(home, ignore_errors=True)
            guard.terminate()


_GUARD = """
import pathlib, sys
sys.stdin.read()
from circles.graph.server import stop_server
stop_server(pathlib.Path(sys.argv[1]))
"""
