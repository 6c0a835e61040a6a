"""The map in a real browser: it draws, it fetches nothing, and hostile names stay text."""

from typing import Any

import pytest
from books_to_draw import HOSTILE_NAMES, build_book, spread, weaken

from circles.contagion import run_cascade
from circles.viz import draw_map

pytestmark = pytest.mark.browser

COUNT_COLOURS = """() => {
  const canvas = document.querySelector("#mynetwork canvas");
  const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return new Set(pixels).size;
}"""


@pytest.fixture
def hostile(open_page: Any) -> Any:
    book = weaken(build_book(names=HOSTILE_NAMES))
    return open_page(draw_map(book, cascade=spread(book), title=HOSTILE_NAMES[0]).html())


def test_it_draws_fetches_nothing_and_complains_of_nothing(hostile: Any) -> None:
    assert len(hostile.requests) == 1
    assert hostile.requests[0].startswith("file:")
    assert hostile.dialogs == []
    assert hostile.complaints == []
    assert hostile.page.evaluate(COUNT_COLOURS) > 20


def test_the_table_has_a_row_for_every_member_and_hostile_names_as_text(hostile: Any) -> None:
    rows = hostile.page.locator('tr[id^="member-"]')
    assert rows.count() == 4
    assert rows.nth(0).locator("td").first.inner_text() == HOSTILE_NAMES[0]
    assert rows.nth(1).locator("td").first.inner_text() == HOSTILE_NAMES[1]
    assert hostile.page.locator("h1").inner_text() == HOSTILE_NAMES[0]
    assert hostile.page.locator("img").count() == 0
    assert hostile.page.locator("script").count() == 4


def test_pointing_at_a_member_shows_its_figures_as_text(hostile: Any) -> None:
    spot = hostile.page.evaluate("network.canvasToDOM(network.getPositions([0])[0])")
    box = hostile.page.locator("#mynetwork").bounding_box()
    hostile.page.mouse.move(box["x"] + spot["x"] - 30, box["y"] + spot["y"])
    hostile.page.mouse.move(box["x"] + spot["x"], box["y"] + spot["y"], steps=4)
    note = hostile.page.locator(".vis-tooltip .note")
    note.wait_for(state="visible", timeout=3000)
    assert HOSTILE_NAMES[0] in note.inner_text()
    assert "first default" in note.inner_text()
    assert hostile.dialogs == []


def test_search_marks_the_row_and_layers_can_be_hidden(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html())
    opened.page.get_by_label("Find a member or circle").fill("m0004")
    opened.page.keyboard.press("Enter")
    assert opened.page.locator("tr.chosen th").inner_text() == "M0004"
    assert opened.page.locator("#found").inner_text() == "1 member found"
    opened.page.locator('[data-layer="trade"]').uncheck()
    assert opened.page.evaluate("edges.get({filter: (edge) => edge.kind === 'trade' && !edge.hidden}).length") == 0
    assert opened.complaints == []


def test_a_narrow_screen_needs_no_sideways_scrolling(open_page: Any) -> None:
    opened = open_page(draw_map(build_book(names=["x" * 700])).html(), width=390, height=844)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.page.evaluate(COUNT_COLOURS) > 5


def test_an_empty_map_opens_without_a_complaint(open_page: Any) -> None:
    book = build_book()
    opened = open_page(draw_map(book, cascade=run_cascade(book, [])).html())
    assert opened.complaints == []
    assert opened.page.get_by_text("There is nothing to draw.").is_visible()
