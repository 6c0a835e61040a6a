"""Measure the overview of a whole book: writing its folder, the first picture of its page, and moving it.

``python -m benchmarks.overview [MEMBERS TRADES]`` generates a book, writes it with 20 circle maps in a process of its
own (all libraries are loaded within the time), and opens the page from disk in a headless Chromium. The first picture
is there when the members' places are loaded and drawn once more; a move is one redraw, its pixels read back.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import circles
from benchmarks.browser import open_browser

_RUNS = 3
_MOVES = """async () => {
  const spent = [];
  for (let i = 0; i < 20; i++) {
    view.x += 3;
    const start = performance.now(); draw(); pen.getImageData(0, 0, 1, 1); spent.push(performance.now() - start);
    await new Promise((go) => setTimeout(go, 5));
  }
  return spent;
}"""
_VIEWS = {
    "the whole book": "whole()",
    "the whole book with all lines": "layers.forEach((layer) => { layer.checked = true; }); whole()",
    "close by: the members of the largest bubbles": (
        "layers.forEach((layer) => { layer.checked = false; }); whole();"
        "const b = book.bubbles[0]; zoom(10, view.x + b[2] * view.k, view.y + b[3] * view.k);"
        "view.x = 400 - b[2] * view.k; view.y = 300 - b[3] * view.k"
    ),
}


def write_here(source: str, folder: str) -> None:
    """Write the overview of a book in this process; print the seconds and processor seconds that it took."""
    book = circles.read_portfolio(source)
    wall, processor = time.perf_counter(), time.process_time()
    circles.draw_overview(book, maps=20).save(folder)
    print(json.dumps([time.perf_counter() - wall, time.process_time() - processor]))


def _write(source: Path, folder: Path) -> list[float]:
    runs = []
    for _ in range(_RUNS):
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "benchmarks.overview", "--one", str(source), str(folder)]
        runs.append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    return [min(figures) for figures in zip(*runs, strict=True)]


def _open(folder: Path) -> dict[str, list[float]]:
    """Give the milliseconds of each first picture and of each move."""
    spent: dict[str, list[float]] = {"first picture": []}
    with open_browser() as browser:
        for _ in range(_RUNS):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            start = time.perf_counter()
            page.goto((folder / "index.html").as_uri())
            page.wait_for_function("places.length > 0")
            page.evaluate("draw()")
            spent["first picture"].append(1000 * (time.perf_counter() - start))
        for name, view in _VIEWS.items():
            page.evaluate(f"() => {{ {view}; }}")
            spent[f"move: {name}"] = page.evaluate(_MOVES)
    return spent


def main(members: int = 250_000, trades: int = 2_000_000) -> None:
    """Generate a book, write its overview, open it, and print one row a figure."""
    portfolio = circles.generate_portfolio(members=members, trades=trades, seed=7)
    print(f"{portfolio}\nload average {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as place:
        circles.write_portfolio(portfolio, Path(place) / "book", files="parquet")
        del portfolio
        folder = Path(place) / "overview"
        wall, processor = _write(Path(place) / "book", folder)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        print(f"folder with 20 maps: {wall:.1f} s, {processor:.1f} processor s, {size:.0f} MB\n")
        print("| what | minimum ms | median ms | maximum ms |\n|---|---|---|---|")
        for name, spent in _open(folder).items():
            ranked = sorted(spent)
            print(f"| {name} | {ranked[0]:.0f} | {ranked[len(ranked) // 2]:.0f} | {ranked[-1]:.0f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        write_here(*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:]))
