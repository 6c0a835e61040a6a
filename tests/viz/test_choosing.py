"""Choosing: a search, a row of any table and the picture choose the same things, and each shows what was chosen."""

from typing import Any

import pytest
from books_to_draw import build_book, spread, weaken

from circles.viz import draw_map

pytestmark = pytest.mark.browser

FADED = "nodes.get({filter: (node) => node.opacity < 1}).map((node) => node.id)"
KEEP_WRITTEN = """() => {
  const write = CanvasRenderingContext2D.prototype.fillText;
  window.written = new Set();
  CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {
    written.add(text);
    return write.call(this, text, ...at);
  };
}"""
SPOT = """at => {
  const spot = network.canvasToDOM(at), box = document.getElementById("mynetwork").getBoundingClientRect();
  return [spot.x + box.x, spot.y + box.y]; }"""


def open_book(open_page: Any, **more: Any) -> Any:
    return open_page(draw_map(build_book()).html(), **more).page


def list_rows(page: Any, look: str) -> list[str]:
    return page.evaluate(f"Array.from(document.querySelectorAll('tr.{look}'), (row) => row.id)")


def search(page: Any, text: str) -> None:
    page.locator("#wanted").fill(text)
    page.locator("#wanted").press("Enter")


def test_all_that_a_search_finds_stay_and_enter_goes_on(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html())
    page = opened.page
    search(page, "M000")
    assert page.locator("#found").inner_text() == "1 of 9 members found"
    search(page, "C001")
    assert page.locator("#found").inner_text() == "1 of 3 members found"
    assert not set(page.evaluate(FADED)) & {3, 4, 5}
    assert len(page.evaluate(FADED)) > 0
    assert (list_rows(page, "chosen"), len(list_rows(page, "found"))) == (["member-3"], 3)
    page.locator("#wanted").press("Enter")
    assert (page.locator("#found").inner_text(), list_rows(page, "chosen")) == ("2 of 3 members found", ["member-4"])
    page.locator("#wanted").press("Shift+Enter")
    page.get_by_role("button", name="The one found before").click()
    assert (page.locator("#found").inner_text(), list_rows(page, "chosen")) == ("3 of 3 members found", ["member-5"])
    assert page.evaluate("location.hash") == "#find=C001&member=M0005"
    page.locator("#wanted").fill("")
    assert (page.evaluate(FADED), page.locator("#found").inner_text(), page.evaluate("location.hash")) == ([], "", "")
    search(page, "nobody")
    assert (page.locator("#found").inner_text(), page.evaluate(FADED)) == ("0 members found", [])
    assert page.get_by_role("button", name="The next one found").is_hidden()
    assert opened.complaints == []


def test_all_that_a_search_finds_are_named_in_the_picture(open_page: Any) -> None:
    page = open_book(open_page)
    page.evaluate(KEEP_WRITTEN)
    search(page, "C001")
    page.wait_for_timeout(100)
    assert {"M0003", "M0004", "M0005"} <= set(page.evaluate("Array.from(written)"))


@pytest.mark.parametrize("key", ["click", "Enter"])
def test_a_row_of_a_circle_chooses_it_and_the_page_moves_to_the_picture(open_page: Any, key: str) -> None:
    page = open_book(open_page)
    name = page.locator("#circle-1 th")
    name.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    name.click() if key == "click" else name.press(key)
    page.wait_for_function("() => document.getElementById('mynetwork').getBoundingClientRect().top > -1")
    assert list_rows(page, "chosen") == ["circle-1"]
    assert not set(page.evaluate(FADED)) & {3, 4, 5}
    assert page.evaluate("location.hash") == "#circle=C001"


def test_a_row_of_an_edge_chooses_it_though_its_kind_is_hidden(open_page: Any) -> None:
    weak = weaken(build_book())
    opened = open_page(draw_map(weak, cascade=spread(weak)).html())
    page = opened.page
    page.locator("summary").click()
    trade = page.evaluate("edges.get({filter: (edge) => edge.kind === 'trade'})[0]")
    assert trade["hidden"]
    page.locator(f"#edge-{trade['id']}").click()
    assert not page.evaluate(f"edges.get({trade['id']}).hidden")
    assert list_rows(page, "chosen") == [f"edge-{trade['id']}"]
    assert set(page.evaluate("nodes.getIds()")) - set(page.evaluate(FADED)) == {trade["from"], trade["to"]}
    page.locator("#member-0 th").click()
    assert page.evaluate(f"edges.get({trade['id']}).hidden")
    assert opened.complaints == []


def test_the_picture_chooses_circles_and_edges_and_marks_their_rows(open_page: Any) -> None:
    page = open_book(open_page)
    hull = page.evaluate("({x: picture.data.hulls[2].x, y: picture.data.hulls[2].y - picture.data.hulls[2].r + 4})")
    page.mouse.click(*page.evaluate(SPOT, hull))
    assert list_rows(page, "chosen") == ["circle-2"]
    page.mouse.click(*page.evaluate(SPOT, page.evaluate("network.getPosition(4)")))
    assert list_rows(page, "chosen") == ["member-4"]
    edge = page.evaluate("edges.get({filter: (edge) => edge.kind === 'acquaintance'})[0]")
    ends = [page.evaluate(f"network.getPosition({edge[end]})") for end in ("from", "to")]
    middle = {axis: 0.5 * ends[0][axis] + 0.5 * ends[1][axis] for axis in "xy"}
    page.mouse.click(*page.evaluate(SPOT, middle))
    assert list_rows(page, "chosen")[0].startswith("edge-")
    assert page.locator("#tables details").get_attribute("open") is not None
    box = page.locator("#mynetwork").bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    assert (list_rows(page, "chosen"), page.evaluate("location.hash")) == ([], "")


def test_a_notebook_searches_too_and_says_nothing_on_its_console(open_page: Any) -> None:
    opened = open_page(f"<!doctype html><title>notebook</title>{draw_map(build_book())._repr_html_()}", width=390)
    frame = opened.page.frames[1]
    frame.locator("body[data-ready]").wait_for(state="attached")
    frame.locator("#wanted").fill("C001")
    frame.locator("#wanted").press("Enter")
    assert frame.locator("#found").inner_text() == "1 of 3 members found"
    assert opened.complaints == []


def test_a_key_pressed_while_the_page_is_read_does_not_run_half_a_library(open_page: Any) -> None:
    """A script that is read in part is not the one whose hash the policy admits."""
    opened = open_page("<!doctype html><title>host</title><iframe style='width: 900px; height: 700px'></iframe>")
    text = draw_map(build_book()).html()
    half = text.index('id="library"') + 100_000
    write = """([first, rest]) => {
      const page = document.querySelector("iframe").contentDocument;
      page.open();
      page.write(first);
      page.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
      page.write(rest);
      page.close();
    }"""
    opened.page.evaluate(write, [text[:half], text[half:]])
    opened.page.frames[1].locator("body[data-ready]").wait_for(state="attached", timeout=5000)
    assert opened.complaints == []


def test_a_frame_without_room_is_drawn_once_it_has_some(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html(), width=100)
    opened.page.set_viewport_size({"width": 40, "height": 600})
    opened.page.wait_for_timeout(100)
    opened.page.set_viewport_size({"width": 1000, "height": 800})
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate("network.getScale()") > 0.1
    assert opened.complaints == []
