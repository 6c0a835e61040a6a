"""What ``circles doctor`` finds of the Neo4j server on this machine, and of what it takes to run one."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from circles.cli.findings import Finding, State, find_room

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def examine_neo4j(address: str) -> list[Finding]:
    """Look at the server, Java and Maven; they may be absent unless the graph store is to be served from here."""
    from circles.graph.server import default_home, find_java, find_maven, has_jars, is_local, local_home
    from circles.settings import read_settings

    home = local_home(address)
    is_ours = is_local(address) and read_settings().neo4j_password is None
    absent = State.MISSING if is_ours and home is None else State.ABSENT
    findings = [_find_server(home or default_home(), absent), _find_program("Java", find_java, absent)]
    if not has_jars():
        findings.append(_find_program("Maven", find_maven, absent))
    if is_ours:
        findings.append(_find_room_of(home or default_home()))
    return findings


def _find_server(home: Path, absent: State) -> Finding:
    from circles.errors import CirclesError
    from circles.graph.server import ask_version, server_status

    try:
        server = server_status(home)
        if server is None:
            return Finding(state=absent, text=f"Neo4j on this machine: not running in {home}\n  circles neo4j start")
        open_file = _find_open_file(server.password_file)
        text = f"Neo4j on this machine: {ask_version(server)} at {server.address}, process {server.pid}, in {home}"
    except CirclesError as error:
        return Finding(state=State.MISSING, text=f"Neo4j on this machine: {error}")
    return open_file or Finding(state=State.OK, text=text)


def _find_room_of(home: Path) -> Finding:
    nearest = next(folder for folder in [home, *home.absolute().parents] if folder.is_dir())
    return find_room(nearest, f"for Neo4j in {home}")


def _find_open_file(path: Path) -> Finding | None:
    if path.stat().st_mode & _OTHERS == 0:
        return None
    text = f"Neo4j on this machine: its password can be read by other users\n  chmod 600 {path}"
    return Finding(state=State.MISSING, text=text)


def _find_program(name: str, find: Callable[[], Path], absent: State) -> Finding:
    from circles.errors import StoreError

    try:
        return Finding(state=State.OK, text=f"{name}: {find()}")
    except StoreError as error:
        return Finding(state=absent, text=f"{name}: {error}")
