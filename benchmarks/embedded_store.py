"""Measure the embedded store on a generated portfolio of 250,000 members and 2,000,000 trades.

``python -m benchmarks.embedded_store [MEMBERS TRADES]`` prints a table of wall-clock and processor seconds; on a busy
machine only the latter mean anything.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

from circles.generate import generate_portfolio
from circles.graph import GraphStore, open_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from circles.portfolio import Portfolio

_ASKED = 200


def show(what: str, act: Callable[[], object], times: int = 1) -> None:
    """Print one row: wall-clock milliseconds, their mean and median over so many runs, and the mean processor time."""
    walls, processor = [], time.process_time()
    for _ in range(times):
        begun = time.perf_counter()
        act()
        walls.append(1000 * (time.perf_counter() - begun))
    processor = 1000 * (time.process_time() - processor) / times
    print(f"| {what} | {mean(walls):,.1f} | {median(walls):,.1f} | {processor:,.1f} |", flush=True)


def open_again(address: str) -> None:
    """Open the store as another process would, and take its snapshot."""
    with open_graph(address) as graph:
        graph.snapshot()


def measure(graph: GraphStore, portfolio: Portfolio) -> None:
    """Print one row for each figure that every store has."""
    members = portfolio.members["member_id"].sample(_ASKED, random_state=7).tolist()
    print("| what | wall-clock ms, mean | median | processor ms |\n|---|---|---|---|")
    show("save", lambda: graph.save(portfolio))
    show("load", graph.load)
    show("summary", graph.summary)
    for hops in (1, 2):
        asked = iter(members)
        show(f"neighbourhood, hops {hops}", lambda ask=asked, far=hops: graph.neighbourhood(next(ask), far), _ASKED)
    asked = iter(members)
    show("guarantee chain", lambda: graph.guarantee_chain(next(asked)), _ASKED)


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Measure in a temporary folder and print the table and the sizes of the files."""
    portfolio = generate_portfolio(members=members, trades=trades, seed=7)
    print(f"{portfolio}\n")
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/circles.db"
        with open_graph(address) as graph:
            measure(graph, portfolio)
        show("open, and read the snapshot", lambda: open_again(address), 5)
        print()
        for file in sorted(Path(folder).iterdir()):
            print(f"{file.name}: {file.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
