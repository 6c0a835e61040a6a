"""Measure maps and replays: size, seconds to write, and milliseconds until a headless Chromium has drawn them.

``python -m benchmarks.maps``. Members stand in circles of three to six with receivables among them, as in
`benchmarks.contagion`; a cascade of every twelfth member's default is drawn. A page is drawn when its load event is
over and the picture was drawn once more, its pixels read back. A step of a replay is timed with the layout forced.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.browser import open_browser
from benchmarks.contagion import draw_book
from circles import Terms, draw_map, draw_replay, run_cascade

RUNS = 5
_DRAWN = """() => {
  network.redraw();
  document.querySelector("#mynetwork canvas").getContext("2d").getImageData(0, 0, 1, 1);
  return performance.now();
}"""
_STEPS = """() => {
  const last = Number(document.getElementById("slider").max), spent = [];
  for (let k = 0; k <= 3 * last; k++) {
    const start = performance.now();
    circlesReplay.show(k % (last + 1));
    document.body.offsetHeight;
    spent.push(performance.now() - start);
  }
  return spent;
}"""


def main() -> None:
    """Print one row a figure."""
    print("| what | minimum | median |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        for members in (300, 2_000):
            _measure_map(browser, Path(folder), members)
        _measure_replay(browser, Path(folder))


def _measure_map(browser: Any, folder: Path, members: int) -> None:
    book = draw_book(4 * members, seed=3)
    cascade = run_cascade(book, list(book.members["member_id"])[::12], Terms())
    drawn, written = _time(lambda: draw_map(book, cascade=cascade, limit=members))
    file = drawn.save(folder / f"map-{members}.html")
    print(f"| {members} members, {len(drawn.edges):,} edges: {file.stat().st_size / 1e6:.2f} MB, s | {_say(written)} |")
    shown = []
    for _ in range(RUNS):
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(file.as_uri())
        shown.append(page.evaluate(_DRAWN) / 1000)
        page.close()
    print(f"| … drawn, s | {_say(shown)} |")


def _measure_replay(browser: Any, folder: Path) -> None:
    book = draw_book(1_000, seed=3)
    cascade = run_cascade(book, list(book.members["member_id"])[::12], Terms())
    drawn, written = _time(lambda: draw_replay(book, cascade, limit=300))
    file = drawn.save(folder / "replay.html")
    print(f"| replay of 300 members: {file.stat().st_size / 1e6:.2f} MB, s | {_say(written)} |")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    print(f"| … a step, ms | {_say(page.evaluate(_STEPS))} |")


def _time(work: Callable[[], Any]) -> tuple[Any, list[float]]:
    work()
    spent = []
    for _ in range(RUNS):
        began = time.perf_counter()
        made = work()
        spent.append(time.perf_counter() - began)
    return made, spent


def _say(spent: list[float]) -> str:
    return f"{min(spent):.3g} | {statistics.median(spent):.3g}"


if __name__ == "__main__":
    main()
