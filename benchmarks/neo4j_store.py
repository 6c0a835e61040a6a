"""Measure the Neo4j store on a generated portfolio of 250,000 members and 2,000,000 trades.

``python -m benchmarks.neo4j_store [MEMBERS TRADES]`` starts a server of its own with a heap of 2 GB, prints a table of
wall-clock and processor seconds, and stops it. Processor seconds are this program's alone, without the server's.
"""

from __future__ import annotations

import importlib.util
import socket
import sys
import tempfile
from pathlib import Path

from benchmarks.embedded_store import measure
from circles.generate import generate_portfolio
from circles.graph import open_graph
from circles.graph.server import start_server, stop_server


def find_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Measure on a server in a temporary folder and print the table and the size of its data."""
    portfolio = generate_portfolio(members=members, trades=trades, seed=7)
    fast = "with" if importlib.util.find_spec("neo4j._rust") else "without"
    print(f"{portfolio}\n{fast} neo4j-fast\n")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "neo4j"
        server = start_server(home, port=find_port(), heap="2g")
        try:
            with open_graph(server.address) as graph:
                measure(graph, portfolio)
        finally:
            stop_server(home)
        size = sum(file.stat().st_size for file in (home / "data" / "databases" / "neo4j").rglob("*") if file.is_file())
        print(f"\ndata: {size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
