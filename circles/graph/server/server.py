"""Start a server, say what runs, and stop it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from circles.errors import InputError, StoreError
from circles.graph.server.home import PASSWORD_FILE, open_home, provide_password, read_password, write_configuration
from circles.graph.server.jars import provide_jars
from circles.graph.server.lock import is_locked, take_lock, wait_unlocked
from circles.graph.server.process import DEFAULT_PORT, ask_agent, check_port_free, end, launch, wait_ready
from circles.graph.server.programs import find_java
from circles.graph.server.record import Record, Size, read_record, remove_record, write_record

_STOP_SECONDS = 120.0
_OTHER_SECONDS = 600.0
_PAUSE_SECONDS = 0.2
_PORTS = range(1, 65_536)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A Neo4j server that runs on this machine.

    Attributes
    ----------
    address
        What `circles.open_graph` takes: ``neo4j://localhost:7687``.
    password
        Generated, of the user ``neo4j``; kept in the file ``password`` of the home.
    pid
        Number of its process.
    home
        Folder with its configuration, data and logs.
    """

    address: str
    password: str = field(repr=False)
    pid: int
    home: Path

    @property
    def password_file(self) -> Path:
        """The file with the password, which only its owner can read."""
        return self.home / PASSWORD_FILE


def start_server(
    home: Path,
    *,
    port: int = DEFAULT_PORT,
    heap: str = "1g",
    page_cache: str = "512m",
    tell: Callable[[str], None] = lambda text: None,
) -> Server:
    """Start Neo4j on this machine and wait until it answers; one that runs already is given as it is.

    The first time the program is fetched. It listens on this machine only, and has a generated password.

    Parameters
    ----------
    home
        Folder for configuration, data and logs; created where it is missing.
    port
        Port to listen on, 1 to 65535.
    heap, page_cache
        Memory for its work and for keeping data at hand: a whole number with ``m`` or ``g``.
    tell
        Is told what is being done, a sentence at a time.

    Raises
    ------
    InputError
        If the port or the memory is not in range, or the folder holds something else.
    StoreError
        If Java or Maven is missing, the port is in use, or the server does not come up; the message has the end of
        its log.
    """
    home = home.absolute()
    _check_port(port)
    for name, value in {"heap": heap, "page_cache": page_cache}.items():
        _check_memory(name, value)
    open_home(home)
    java, jars = find_java(), provide_jars(tell)
    lock = take_lock(home)
    if lock is None:
        return _join_running(home, port)
    try:
        remove_record(home)
        check_port_free(port)
        write_configuration(home, port=port, page_cache=page_cache)
        password = provide_password(home, java, jars, lock=lock)
        tell(f"starting Neo4j in {home} …")
        process = launch(home, java, jars, heap=heap, lock=lock)
        server = Server(address=_address(port), password=password, pid=process.pid, home=home)
        _see_through(process, server, Record(pid=process.pid, port=port, size=Size(heap=heap, page_cache=page_cache)))
    finally:
        os.close(lock)  # the server has inherited it and holds it on
    return server


def _see_through(process: subprocess.Popen[bytes], server: Server, record: Record) -> None:
    """Note the server and wait until it answers; if it does not, or Ctrl-C is pressed, nothing is left running."""
    try:
        write_record(server.home, record)
        wait_ready(server.home, address=server.address, password=server.password, lives=lambda: process.poll() is None)
    except BaseException:
        end(process)
        remove_record(server.home)
        raise


def server_status(home: Path) -> Server | None:
    """Say which server runs in a home; None if none does.

    Raises
    ------
    StoreError
        If one runs whose password file is gone.
    """
    home = home.absolute()
    record = read_record(home)
    if record is None:
        return None
    password = read_password(home)
    if password is None:
        msg = f"{home}: its server runs (process {record.pid}), but the file of its password is gone; stop it"
        raise StoreError(msg)
    return Server(address=_address(record.port), password=password, pid=record.pid, home=home)


def ask_version(server: Server) -> str:
    """Ask a running server for its name and version, such as ``Neo4j 5.26.31``.

    Raises
    ------
    StoreError
        If it does not answer, or not to its password.
    """
    return ask_agent(server.address, server.password).replace("/", " ")


def stop_server(home: Path) -> bool:
    """Stop the server of a home and wait until it has written everything.

    Returns
    -------
    False if none was running.

    Raises
    ------
    StoreError
        If it is just being started or filled, is somebody else's, or has not stopped after two minutes.
    """
    home = home.absolute()
    record = read_record(home)
    if record is None:
        if is_locked(home):
            msg = f"{home}: another command of circles is at work there; try again when it has finished"
            raise StoreError(msg)
        return False
    try:
        os.kill(record.pid, signal.SIGTERM)
    except ProcessLookupError:
        pass  # it ended by itself in between
    except PermissionError as error:
        msg = f"{home}: its server (process {record.pid}) belongs to another user, who has to stop it"
        raise StoreError(msg) from error
    if not wait_unlocked(home, _STOP_SECONDS):
        msg = f"{home}: its server (process {record.pid}) has not stopped after {_STOP_SECONDS:.0f} s; its log is in"
        msg = f"{msg} {home / 'logs'}. To end it by force: kill -9 {record.pid}"
        raise StoreError(msg)
    lock = take_lock(home)
    if lock is not None:
        remove_record(home)
        os.close(lock)
    return True


def _join_running(home: Path, port: int) -> Server:
    """Give the server that another command started or is just starting in the same home."""
    deadline = time.monotonic() + _OTHER_SECONDS
    while (record := read_record(home)) is None:
        if not is_locked(home) or time.monotonic() > deadline:
            msg = f"{home}: another command of circles was at work there and no server is running; try again"
            raise StoreError(msg)
        time.sleep(_PAUSE_SECONDS)
    if record.port != port:
        msg = f"{home}: its server runs already, at port {record.port}; stop it first (circles neo4j stop),"
        msg = f"{msg} or give another --home for a second one"
        raise StoreError(msg)
    server = server_status(home)
    if server is None:
        msg = f"{home}: its server ended just now; try again"
        raise StoreError(msg)
    wait_ready(home, address=server.address, password=server.password, lives=lambda: is_locked(home))
    return server


def _address(port: int) -> str:
    return f"neo4j://localhost:{port}"


def _check_port(port: int) -> None:
    if port not in _PORTS:
        msg = f"port must be from 1 to 65535, got {port}"
        raise InputError(msg)


def _check_memory(name: str, value: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]*[mMgG]", value):
        msg = f"{name} must be a whole number with m or g behind it, such as 1g, got {value!r}"
        raise InputError(msg)
