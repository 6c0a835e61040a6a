"""A Neo4j server of one's own for work on this machine: fetched, started and stopped by circles.

In production people give the address of a server that somebody looks after; this one is for local work and tests.
"""

from __future__ import annotations

from circles.graph.server.folders import default_home
from circles.graph.server.jars import NEO4J_VERSION, has_jars
from circles.graph.server.passwords import is_local, local_home, local_password
from circles.graph.server.programs import find_java, find_maven
from circles.graph.server.server import Server, ask_version, server_status, start_server, stop_server

__all__ = [
    "NEO4J_VERSION",
    "Server",
    "ask_version",
    "default_home",
    "find_java",
    "find_maven",
    "has_jars",
    "is_local",
    "local_home",
    "local_password",
    "server_status",
    "start_server",
    "stop_server",
]
