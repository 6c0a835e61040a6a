"""The first picture: painted before the drawing library is read, as the library paints it, and one may act on it."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from books_to_draw import build_book, propose, spread, weaken
from PIL import Image

from circles.viz import draw_map

pytestmark = pytest.mark.browser

COPY = 'document.querySelector("#mynetwork canvas").toDataURL()'
ALIKE = 2
"""Grey levels of 255 by which a block of eight by eight points may differ."""


def read_picture(address: str) -> Any:
    image = Image.open(io.BytesIO(base64.b64decode(address.split(",")[1])))
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA")).convert("L")
    return np.asarray(on_white.reduce(8), dtype=float)


def draw_kinds() -> dict[str, str]:
    book, weak = build_book(), weaken(build_book())
    return {
        "circles": draw_map(book).html(),
        "proposal": draw_map(book, proposal=propose(book, circles=2)).html(),
        "cascade": draw_map(weak, cascade=spread(weak)).html(),
    }


@pytest.fixture(scope="module")
def kinds() -> dict[str, str]:
    return draw_kinds()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["circles", "proposal", "cascade"])
def test_the_library_paints_what_was_painted_before_it(
    open_page: Any, kinds: dict[str, str], kind: str, width: int
) -> None:
    opened = open_page(kinds[kind], width=width, early=f"window.early = 'setData' in network; window.first = {COPY};")
    first, last = (read_picture(opened.page.evaluate(what)) for what in ("window.first", COPY))
    assert (opened.page.evaluate("window.early"), opened.page.evaluate("'setData' in network")) == (False, True)
    assert first.shape == last.shape
    assert first.min() < 200, "something is painted"
    assert np.abs(first - last).max() < ALIKE
    assert opened.complaints == []


def test_one_who_searches_at_once_is_answered(open_page: Any, kinds: dict[str, str]) -> None:
    search = """
      document.getElementById("wanted").value = "M0004";
      document.getElementById("wanted").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      window.answer = document.getElementById("found").textContent;"""
    opened = open_page(kinds["circles"], early=search)
    assert opened.page.evaluate("window.answer") == "1 member found"
    assert opened.page.locator("tr.chosen th").inner_text() == "M0004"
    assert opened.page.locator('tr[id^="member-"]').count() == 9
    assert opened.complaints == []


def test_one_who_prints_at_once_gets_every_table(open_page: Any, kinds: dict[str, str]) -> None:
    count = "document.querySelectorAll('#tables tr').length"
    opened = open_page(kinds["circles"], early=f'dispatchEvent(new Event("beforeprint")); window.printed = {count};')
    assert opened.page.evaluate("window.printed") == opened.page.evaluate(count) > 9
    assert opened.page.locator("#tables > *").count() == 3


def test_an_address_that_chooses_a_member_opens_with_it(open_page: Any, kinds: dict[str, str]) -> None:
    opened = open_page(kinds["circles"])
    opened.page.goto(opened.page.url + "#member=M0004&layers=trade")
    opened.page.reload()
    opened.page.locator("body[data-ready]").wait_for(state="attached")
    assert opened.page.locator("tr.chosen th").inner_text() == "M0004"
    assert opened.page.evaluate("network.getViewPosition().x") == pytest.approx(
        opened.page.evaluate("network.getPositions([4])[4].x"), abs=0.5
    )


def test_without_scripts_the_tables_are_read_and_the_page_says_what_is_missing(
    open_page: Any, kinds: dict[str, str]
) -> None:
    opened = open_page(kinds["circles"], scripts=False)
    assert opened.page.locator('tr[id^="member-"]').count() == 9
    assert opened.page.locator("#member-4").is_visible()
    assert opened.page.locator("noscript p.omitted").bounding_box()


def test_names_in_the_table_take_the_keyboard_and_say_what_they_do(open_page: Any, kinds: dict[str, str]) -> None:
    name = open_page(kinds["circles"]).page.locator("#member-4 th")
    assert (name.get_attribute("tabindex"), name.get_attribute("title")) == ("0", "Show in the picture")
