"""Measure maps and replays: size, seconds to write, and milliseconds until a headless Chromium has drawn them.

``python -m benchmarks.maps``. Drawn are: a cascade of every twelfth member's default, in circles of three to six with
receivables among them as in `benchmarks.contagion`; 300 members whom one of the sample portfolio reaches in two hops,
all joined to each other; and 300 and 2,000 of the members that the cascade of the twelve worst members touches in a
generated book of 20,000. Written means drawn and saved, after a first time.

A map is drawn at the end of the first frame that shows its picture, with the pixels read back: all members, edges,
discs and labels are painted by then, which is checked against the pixels of the same page once it is whole. It is whole
when the drawing library has taken over and all tables are set out. Both count from the start of the navigation. A step
of a replay is timed with the layout forced; the table of its round is laid out after the picture, where one stops.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.browser import open_browser
from benchmarks.contagion import draw_book
from circles import (
    Map,
    Terms,
    draw_map,
    draw_replay,
    generate_portfolio,
    rank_members,
    read_portfolio,
    run_cascade,
)

RUNS = 5
SAMPLE = Path(__file__).parents[1] / "examples" / "zhejiang_2007"
_WATCH = """(() => {
  const read = () => {
    const canvas = document.querySelector("#mynetwork canvas");
    return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const seen = window.seen = {};
  const shown = () => requestAnimationFrame(() => {
    const next = new MessageChannel();
    next.port1.onmessage = () => { seen.first = read(); seen.drawn = performance.now(); };
    next.port2.postMessage(0);
  });
  new MutationObserver((_, watch) => {
    if (!seen.asked && document.querySelector("#mynetwork canvas")) { seen.asked = true; shown(); }
    if (document.body && document.body.dataset.ready) { seen.whole = performance.now(); watch.disconnect(); }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ready"] });
  seen.compare = () => {
    const whole = read();
    return whole.reduce((apart, part, at) => apart + (Math.abs(part - seen.first[at]) > 32), 0) / whole.length;
  };
})();"""
_MOST_APART = 1e-4
"""Share of the first picture's points that may differ from the library's by more than 32 of 255: tips of arrows do."""
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
        for what, draw in _list_maps():
            _measure_map(browser, Path(folder), what, draw)
        _measure_replay(browser, Path(folder))


def _list_maps() -> Iterator[tuple[str, Callable[[], Map]]]:
    """Give what is drawn, and how."""
    for members in (300, 2_000):
        book = draw_book(4 * members, seed=3)
        cascade = run_cascade(book, list(book.members["member_id"])[::12], Terms())
        yield (
            "circles",
            lambda book=book, cascade=cascade, members=members: draw_map(book, cascade=cascade, limit=members),
        )
    sample = read_portfolio(SAMPLE)
    yield "surroundings", lambda: draw_map(sample, member="M01689", hops=2)
    large = generate_portfolio(members=20_000, trades=160_000, seed=3)
    worst = rank_members(large).members.sort_values(["brought_down", "member_id"], ascending=[False, True])
    spread = run_cascade(large, list(worst["member_id"].head(12)), Terms())
    for members in (300, 2_000):
        yield "a large cascade", lambda members=members: draw_map(large, cascade=spread, limit=members)


def _measure_map(browser: Any, folder: Path, what: str, draw: Callable[[], Map]) -> None:
    file = folder / "map.html"
    drawn, written = _time(lambda: _write(draw, file))
    size = f"{len(drawn.nodes):,} members, {len(drawn.edges):,} edges"
    print(f"| {what}, {size}: {file.stat().st_size / 1e6:.2f} MB, s | {_say(written)} |")
    seen = [_open(browser, file) for _ in range(RUNS)]
    for name, at in (("drawn", 0), ("whole, with all tables", 1)):
        print(f"| … {name}, s | {_say([times[at] for times in seen])} |")


def _write(draw: Callable[[], Map], file: Path) -> Map:
    drawn = draw()
    drawn.save(file, force=True)
    return drawn


def _open(browser: Any, file: Path) -> tuple[float, float]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(_WATCH)
    page.goto(file.as_uri())
    page.locator("body[data-ready]").wait_for(state="attached")
    page.wait_for_timeout(200)
    apart = page.evaluate("seen.compare()")
    if apart > _MOST_APART:
        msg = f"the first picture was not the whole one: {apart:.2%} of its points differ"
        raise RuntimeError(msg)
    times = page.evaluate("[seen.drawn, seen.whole]")
    page.close()
    return times[0] / 1000, times[1] / 1000


def _measure_replay(browser: Any, folder: Path) -> None:
    book = draw_book(1_000, seed=3)
    cascade = run_cascade(book, list(book.members["member_id"])[::12], Terms())
    drawn, written = _time(lambda: draw_replay(book, cascade, limit=300))
    file = drawn.save(folder / "replay.html")
    print(f"| replay of 300 members: {file.stat().st_size / 1e6:.2f} MB, s | {_say(written)} |")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(file.as_uri())
    steps = page.evaluate(_STEPS)
    print(f"| … a step, ms | {_say(steps)} |\n| … the slowest of {len(steps)} steps, ms | {max(steps):.3g} | |")


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
