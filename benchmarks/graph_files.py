"""Measure generating a whole book and writing it as graph files: 250,000 members and 2,000,000 trades.

``python -m benchmarks.graph_files [MEMBERS TRADES]`` prints a table of wall-clock and processor seconds and the sizes;
on a busy machine only the processor's mean anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import circles

if TYPE_CHECKING:
    from collections.abc import Callable


def show(what: str, act: Callable[[], object], made: Path) -> None:
    """Print one row: seconds on the clock and of the processor, and the size of what was made."""
    wall, processor = time.perf_counter(), sum(os.times()[:4])
    act()
    wall, processor = time.perf_counter() - wall, sum(os.times()[:4]) - processor
    files = list(made.iterdir()) if made.is_dir() else [made]
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"| {what} | {wall:.1f} | {processor:.1f} | {size:,.0f} |", flush=True)


def generate(members: int, trades: int, folder: Path) -> None:
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "circles", "generate", str(folder), "--members", str(members)]
    subprocess.run([*command, "--trades", str(trades), "--seed", "7"], check=True, capture_output=True)


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Measure in a temporary folder and print the table."""
    print("| what | wall-clock s | processor s | MB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book"
        show("circles generate", lambda: generate(members, trades, book), book)
        portfolio = circles.read_portfolio(book)
        for suffix in ("graphml", "gexf", "json"):
            out = Path(folder) / f"book.{suffix}"
            show(f"export as .{suffix}", lambda to=out: circles.export_graph(portfolio, to), out)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
