"""The password of a server that circles runs on this machine, found by the server's address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from circles.errors import InputError
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


def home_for(address: str) -> tuple[Path, int]:
    """Give the home and port of the server that runs at a local address or is to be started for it.

    Raises
    ------
    InputError
        If the address is none of this machine.
    """
    port = _local_port(address)
    if port is None:
        msg = f"{address}: is no address of a Neo4j server on this machine, such as neo4j://localhost:7687"
        raise InputError(msg)
    return local_home(address) or default_home(), port


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
