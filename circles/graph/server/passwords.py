"""The password of a server that circles runs on this machine, found by the server's address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from circles.graph.server.folders import default_home
from circles.graph.server.home import read_password
from circles.graph.server.process import DEFAULT_PORT
from circles.graph.server.record import find_home, read_record

_SCHEMES = {"neo4j", "bolt"}
_OWN_NAMES = {"localhost", "127.0.0.1"}


def local_password(address: str) -> str | None:
    """Find the password of the server at an address, if it is one that circles runs on this machine.

    Parameters
    ----------
    address
        Such as ``neo4j://localhost:7687``; the port is 7687 where none is given.

    Returns
    -------
    None if the address is not of this machine, or no server of ours is running at that port: a password is not
    handed to whatever else may listen there.
    """
    home = local_home(address)
    return read_password(home) if home else None


def local_home(address: str) -> Path | None:
    """Find the home of the running server at an address; None if none of ours runs there."""
    port = _local_port(address)
    if port is None:
        return None
    for home in (find_home(port), default_home()):
        record = read_record(home) if home else None
        if record is not None and record.port == port:
            return home
    return None


def is_local(address: str) -> bool:
    """Say whether an address is that of a Neo4j server on this machine, whoever runs it."""
    return _local_port(address) is not None


def _local_port(address: str) -> int | None:
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORT
    except ValueError:
        return None
    return port if parts.scheme in _SCHEMES and parts.hostname in _OWN_NAMES else None
