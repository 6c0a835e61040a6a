"""Golden pictures: what a browser draws looks like what was looked at, coarsely, so that fonts and versions may differ.

A picture is kept as a small grey image; ``pytest --refresh-golden tests/viz/test_golden_pictures.py`` writes it anew,
after which somebody has to look at it.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from books_to_draw import build_book, propose, spread, weaken
from PIL import Image

from circles.viz import draw_map
from circles.viz.replay import draw_replay

GOLDEN = Path(__file__).parent / "golden"
SMALL = (120, 75)
MEAN, WORST = 2.5, 90.0
"""Grey levels of 255 by which all, and any one, of the small image's points may differ."""


def draw_pages() -> dict[str, tuple[str, str]]:
    """The pages, and what of each is looked at."""
    book, weak = build_book(), weaken(build_book())
    cascade = spread(weak)
    return {
        "circles": (draw_map(book).html(), "#mynetwork"),
        "proposal": (draw_map(book, proposal=propose(book, circles=2)).html(), "#mynetwork"),
        "cascade": (draw_map(weak, cascade=cascade).html(), "#mynetwork"),
        "surroundings": (draw_map(book, member="M0004", hops=3).html(), "#mynetwork"),
        "replay": (draw_replay(weak, cascade).html(), "svg.wide"),
    }


def shrink(shot: bytes) -> Image.Image:
    return Image.open(io.BytesIO(shot)).convert("L").resize(SMALL, Image.Resampling.BOX)


def differ(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    away = np.abs(np.asarray(one, dtype=float) - np.asarray(other, dtype=float))
    return float(away.mean()), float(away.max())


@pytest.fixture(scope="module")
def pages() -> dict[str, tuple[str, str]]:
    return draw_pages()


@pytest.mark.parametrize("name", ["circles", "proposal", "cascade", "surroundings", "replay"])
def test_a_picture_looks_as_it_was_approved(open_page: Any, pages: Any, name: str, refresh_golden: bool) -> None:
    text, place = pages[name]
    seen = shrink(open_page(text).page.locator(place).first.screenshot())
    if refresh_golden:
        seen.save(GOLDEN / f"{name}.png", optimize=True)
    mean, worst = differ(seen, Image.open(GOLDEN / f"{name}.png"))
    assert mean < MEAN, f"{name}: differs by {mean:.2f} grey levels on average"
    assert worst < WORST, f"{name}: differs by {worst:.0f} grey levels somewhere"


def test_another_picture_is_told_from_the_approved_one() -> None:
    """The tolerance is narrow enough: no two of the pictures pass for each other."""
    kept = {path.stem: Image.open(path) for path in sorted(GOLDEN.glob("*.png"))}
    assert len(kept) == 5
    for one in kept:
        for other in kept:
            mean, worst = differ(kept[one], kept[other])
            assert one == other or mean > MEAN or worst > WORST, (one, other)
