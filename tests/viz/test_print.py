"""Paper: the picture keeps its shape on the first page, only what is drawn is explained, rounds are whole."""

import io
import re
from typing import Any

import pytest
from books_to_draw import build_book, propose, ruin, spread, weaken

from circles.viz import draw_map
from circles.viz.replay import draw_replay

pytestmark = pytest.mark.browser

LAYERS = """Array.from(document.querySelectorAll(".layers li:has(input)"), (row) =>
  [row.querySelector("input").checked, row.offsetHeight > 0])"""
PAGE_HEIGHT = (210 - 12 - 15) / 25.4 * 96
"""Pixels down that a map has on a page: A4 across, less its margins."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_map_is_on_the_first_page_and_keeps_its_shape(open_page: Any, lang: Any) -> None:
    weak = weaken(build_book())
    page = open_page(draw_map(weak, cascade=spread(weak), lang=lang).html()).page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 700})
    box = page.locator("#mynetwork").bounding_box()
    assert box["y"] + box["height"] < PAGE_HEIGHT
    canvas = page.locator("#mynetwork canvas")
    assert canvas.evaluate("canvas => getComputedStyle(canvas).objectFit") == "contain"
    assert canvas.bounding_box()["height"] == pytest.approx(box["height"], abs=3)
    shown = page.evaluate(LAYERS)
    assert {tuple(each) for each in shown} == {(True, True), (False, False)}


def test_pages_are_numbered_and_each_cascade_begins_a_page(open_page: Any) -> None:
    book = weaken(build_book(circles=20))
    pages = {
        "replay": draw_replay(book, ruin(book), after=(book, spread(book))).html(),
        "map": draw_map(book, proposal=propose(book, circles=20)).html(),
    }
    counts = {kind: count_pages(open_page(text).page.pdf(prefer_css_page_size=True)) for kind, text in pages.items()}
    assert counts["replay"] >= 2
    assert 2 <= counts["map"] <= 5
    assert all("counter(page)" in text for text in pages.values())


def count_pages(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", io.BytesIO(paper).read()))


def test_every_round_is_printed_and_short_tables_stay_whole(open_page: Any) -> None:
    book = weaken(build_book())
    page = open_page(draw_replay(book, spread(book)).html()).page
    page.emulate_media(media="print")
    assert (
        page.evaluate("Array.from(document.querySelectorAll('.round'), (part) => part.offsetHeight > 0)") == [True] * 3
    )
    inside = "Array.from(document.querySelectorAll('.round table'), (table) => getComputedStyle(table).breakInside)"
    assert set(page.evaluate(inside)) == {"avoid"}
    assert page.locator("#controls").is_hidden()
