"""Measure the bulk load of a generated book of 250,000 members and 2,000,000 trades into a new local Neo4j server.

``python -m benchmarks.bulk_load [MEMBERS TRADES]`` prints a table of wall-clock and processor seconds. The latter are
those of circles and the importer, not of the server; on a busy machine only they mean anything.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.neo4j_store import find_port
from circles.generate import generate_portfolio
from circles.graph import open_graph
from circles.graph.bulk import bulk_load
from circles.graph.server import stop_server


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Generate, load in bulk, read back and compare; print the table."""
    portfolio = generate_portfolio(members=members, trades=trades, seed=7)
    steps = [("check", *_read_clocks())]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        os.environ["CIRCLES_NEO4J_HOME"] = str(home)
        address = f"neo4j://localhost:{find_port()}"
        try:
            bulk_load(portfolio, address, tell=lambda text: steps.append((text.split(" in /")[0], *_read_clocks())))
            steps.append(("read all back, with all checks", *_read_clocks()))
            with open_graph(address) as graph:
                same = graph.load().digest() == portfolio.digest()
            steps.append(("", *_read_clocks()))
        finally:
            stop_server(home)
    print(f"{portfolio}\nsame digest: {same}\n\n| step | wall-clock | processor |\n|---|---|---|")
    for (what, *begun), (_, *ended) in pairwise(steps):
        print(f"| {what} | {ended[0] - begun[0]:.1f} s | {ended[1] - begun[1]:.1f} s |")
    print(f"| the load in all | {steps[-2][1] - steps[0][1]:.1f} s | {steps[-2][2] - steps[0][2]:.1f} s |")


def _read_clocks() -> tuple[float, float]:
    """Give the wall-clock, and the processor time of this process and of those that it waited for."""
    used = os.times()
    return time.perf_counter(), used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
