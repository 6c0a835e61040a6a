"""The password of a server that circles runs on this machine, found by the server's address."""

from __future__ import annotations

from urllib.parse import urlsplit

from circles.graph.server.folders import default_home
from circles.graph.server.home import read_password
from circles.graph.server.process import DEFAULT_PORT
from circles.graph.server.record import find_home, read_record

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
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORT
    except ValueError:
        return None
    if parts.hostname not in _OWN_NAMES:
        return None
    for home in (find_home(port), default_home()):
        record = read_record(home) if home else None
        if home and record and record.port == port:
            return read_password(home)
    return None
