"""The server's process: launched so that it outlives its starter, and waited for until it answers."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from circles.errors import StoreError
from circles.graph.server.home import PASSWORD_FILE, USER, environment

_READY_SECONDS = 300.0
_END_SECONDS = 20.0
_PAUSE_SECONDS = 0.1
_LOG_LINES = 15
DEFAULT_PORT = 7687
"""Where Neo4j listens if nobody says otherwise."""
_LOOPBACK = "127.0.0.1"
_OPENED = ("java.nio", "java.io", "sun.nio.ch")


def console_log(home: Path) -> Path:
    """Say where what the server prints is kept."""
    return home / "logs" / "console.log"


def check_port_free(port: int) -> None:
    """Refuse a port that another program listens on.

    Raises
    ------
    StoreError
        If it is in use, or not allowed for this user.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: remains do not count
        try:
            probe.bind((_LOOPBACK, port))
        except OSError as error:
            reason = (
                "is in use by another program" if error.errno == errno.EADDRINUSE else "is not allowed for this user"
            )
            msg = f"port {port} of this machine {reason}; give another one with --port"
            raise StoreError(msg) from error


def launch(home: Path, java: Path, jars: Path, *, heap: str, lock: int) -> subprocess.Popen[bytes]:
    """Start the server's process in a session of its own; it inherits the home's lock."""
    opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
    command: list[str | Path] = [
        java,
        "-cp",
        f"{home}/plugins/*:{home}/conf/*:{jars}/*",
        f"-Xms{heap}",
        f"-Xmx{heap}",
        "-XX:+UseParallelGC",  # a tenth less of a load than with G1, whose own threads want a processor
    ]
    command += [*opened, "--enable-native-access=ALL-UNNAMED", "-Dlog4j2.disable.jmx=true", "-Dfile.encoding=UTF-8"]
    command += ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home / 'conf'}"]
    with os.fdopen(os.open(console_log(home), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
        process = subprocess.Popen(
            [*command, "--console-mode"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(home),
            pass_fds=(lock,),
            start_new_session=True,
            umask=0o077,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie behind
    return process


def wait_ready(home: Path, *, address: str, password: str, lives: Callable[[], bool]) -> None:
    """Wait until a server answers.

    Parameters
    ----------
    home
        Its home, for the log.
    address, password
        Where to ask, and with what.
    lives
        Says whether its process is still there.

    Raises
    ------
    StoreError
        If it ends or does not answer in five minutes, with the end of its log; or if it refuses the password.
    """
    port = urlsplit(address).port or DEFAULT_PORT
    deadline = time.monotonic() + _READY_SECONDS
    while not (_listens(port) and _answers(home, address, password)):
        if not lives():
            msg = f"{home}: the server ended before it answered; the end of its log:\n{_read_end(home)}"
            raise StoreError(msg)
        if time.monotonic() > deadline:
            msg = f"{home}: the server does not answer after {_READY_SECONDS:.0f} s; the end of its log:"
            msg = f"{msg}\n{_read_end(home)}"
            raise StoreError(msg)
        time.sleep(_PAUSE_SECONDS)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server that did not come up, by force if it must be."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ask_agent(address: str, password: str) -> str:
    """Ask a server what it is, such as ``Neo4j/5.26.0``.

    Raises
    ------
    StoreError
        If it does not answer.
    """
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        with GraphDatabase.driver(address, auth=(USER, password)) as driver:
            return str(driver.get_server_info().agent)
    except (DriverError, Neo4jError, OSError) as error:
        msg = f"{address}: does not answer: {error}"
        raise StoreError(msg) from error


def _listens(port: int) -> bool:
    """Ask quickly whether anything answers at the port, since the driver's own tries take long and are logged."""
    try:
        socket.create_connection((_LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(home: Path, address: str, password: str) -> bool:
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    with GraphDatabase.driver(address, auth=(USER, password)) as driver:
        try:
            driver.verify_connectivity()
        except AuthError as error:
            msg = f"{home}: the server refuses the password in {home / PASSWORD_FILE}; if it was changed, write the"
            msg = f"{msg} new one into that file"
            raise StoreError(msg) from error
        except (DriverError, Neo4jError, OSError):
            return False
    return True


def _read_end(home: Path) -> str:
    try:
        lines = console_log(home).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(f"  {line}" for line in lines[-_LOG_LINES:]) or "  (it is empty)"
