"""A Neo4j server of one's own for work on this machine: fetched, started and stopped by circles.

In production people give the address of a server that somebody looks after; this one is for local work and tests.
"""

from __future__ import annotations

from circles.graph.server.folders import default_home
from circles.graph.server.jars import NEO4J_VERSION
from circles.graph.server.passwords import local_password
from circles.graph.server.server import Server, server_status, start_server, stop_server

__all__ = ["NEO4J_VERSION", "Server", "default_home", "local_password", "server_status", "start_server", "stop_server"]
