"""The map in a real browser: it draws, it fetches nothing, and hostile names stay text."""

from typing import Any

import pytest
from books_to_draw import HOSTILE_NAMES, build_book, propose, spread, weaken

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


def test_pointing_at_the_picture_does_not_move_the_page(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html(), width=1000, height=480)
    box = opened.page.locator("#mynetwork").bounding_box()
    assert box["y"] + box["height"] > 480
    opened.page.mouse.move(box["x"] + 100, box["y"] + 20)
    opened.page.mouse.move(box["x"] + 120, box["y"] + 30, steps=4)
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate("window.scrollY") == 0
    assert opened.page.evaluate("document.activeElement.className") == "vis-network"


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


def test_a_phone_shows_a_proposal_in_few_columns_and_all_of_it(open_page: Any) -> None:
    book = build_book(circles=60, size=5, lone=0)
    opened = open_page(draw_map(book, proposal=propose(book, circles=60, size=5)).html(), width=390, height=844)
    spots = opened.page.evaluate(
        "data => data.map((_, id) => network.canvasToDOM(network.getPositions([id])[id]))", [0] * 300
    )
    box = opened.page.locator("#mynetwork").bounding_box()
    assert all(0 < spot["x"] < box["width"] and 0 < spot["y"] < box["height"] for spot in spots)
    apart = spots[5]["x"] - spots[0]["x"]
    assert apart > 55, "two circles side by side need room for their ids"
    assert opened.complaints == []
    opened.page.set_viewport_size({"width": 1280, "height": 800})
    opened.page.wait_for_timeout(300)
    wide = opened.page.evaluate("network.getPositions()")
    assert len({round(place["y"]) for place in wide.values()}) < 6 * 5


def test_a_finger_that_moves_up_scrolls_a_phone_and_leaves_the_picture(open_page: Any) -> None:
    opened = open_page(draw_map(build_book(circles=30)).html(), width=390, height=844)
    session = opened.page.context.new_cdp_session(opened.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    before = opened.page.evaluate("network.getViewPosition()")

    def touch(kind: str, *points: dict[str, int]) -> None:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})
        opened.page.wait_for_timeout(16)

    touch("touchStart", {"x": 200, "y": 700})
    for y in range(690, 480, -10):
        touch("touchMove", {"x": 200, "y": y})
    touch("touchEnd")
    assert opened.page.evaluate("window.scrollY") > 100
    after = opened.page.evaluate("network.getViewPosition()")
    assert after == pytest.approx(before, abs=0.1)


def test_an_empty_map_opens_without_a_complaint(open_page: Any) -> None:
    book = build_book()
    opened = open_page(draw_map(book, cascade=run_cascade(book, [])).html())
    assert opened.complaints == []
    assert opened.page.get_by_text("There is nothing to draw.").is_visible()


def seen(opened: Any, kind: str) -> int:
    return int(opened.page.evaluate(f"edges.get({{filter: (edge) => edge.kind === '{kind}' && !edge.hidden}}).length"))


def test_the_address_holds_what_is_chosen_and_opens_it_again(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html())
    opened.page.locator('[data-layer="acquaintance"]').uncheck()
    opened.page.locator("tr#member-4 th").press("Enter")
    middle = opened.page.evaluate("network.getViewPosition()")
    assert middle == pytest.approx(opened.page.evaluate("network.getPositions([4])[4]"), abs=0.5)
    address = opened.page.evaluate("location.hash")
    assert address == "#member=M0004&layers=trade"
    again = open_page(draw_map(build_book()).html())
    again.page.evaluate(f"location.hash = '{address}'")
    again.page.wait_for_timeout(80)
    assert again.page.locator("tr.chosen th").inner_text() == "M0004"
    assert (seen(again, "acquaintance"), seen(again, "trade") > 0) == (0, True)
    assert opened.complaints == again.complaints == []


def test_a_hostile_address_does_nothing(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html())
    before = seen(opened, "trade")
    for address in ("#member=<img src=x onerror=alert(1)>", "#least=-5&member=__proto__", "#%", "#member=M0004%00"):
        opened.page.evaluate("address => { location.hash = address; }", address)
        opened.page.wait_for_timeout(30)
    assert (seen(opened, "trade"), opened.page.locator("tr.chosen").count()) == (before, 0)
    assert (opened.dialogs, opened.complaints) == ([], [])


def test_small_amounts_are_hidden_and_members_sized_by_another_measure(open_page: Any) -> None:
    book = weaken(build_book())
    opened = open_page(draw_map(book, cascade=spread(book)).html())
    opened.page.locator('[data-layer="trade"]').check()
    assert seen(opened, "trade") > 0
    opened.page.locator("#least").fill("1001")
    assert (seen(opened, "trade"), seen(opened, "receivable")) == (0, 1)
    opened.page.locator("#measure").select_option("resources_fen")
    largest = opened.page.evaluate("nodes.get().sort((a, b) => b.size - a.size)[0].id")
    assert opened.page.locator(f"tr#member-{largest} th").inner_text() == "M0002"
    assert opened.complaints == []


def test_edges_are_sifted_by_day_and_the_address_keeps_the_days(open_page: Any) -> None:
    opened = open_page(draw_map(build_book()).html())  # all trade is of November 2007
    opened.page.locator("#first-day").fill("2007-12-01")
    assert (seen(opened, "trade"), seen(opened, "acquaintance")) == (0, 3)
    assert opened.page.evaluate("location.hash") == "#from=2007-12-01"
    opened.page.locator("#first-day").fill("2007-11-30")
    everything = seen(opened, "trade")
    opened.page.evaluate("location.hash = '#from=2007-01-01&to=2007-10-31'")
    opened.page.wait_for_timeout(60)
    assert everything > seen(opened, "trade") == 0
    opened.page.evaluate("location.hash = '#from=notaday'")
    opened.page.wait_for_timeout(60)
    assert opened.page.locator("#first-day").input_value() == ""
    assert opened.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_fields_are_wide_enough_and_units_stand_beside_their_amounts(open_page: Any, width: int) -> None:
    book = weaken(build_book())
    page = open_page(draw_map(book, cascade=spread(book)).html(), width=width).page
    assert page.locator("#first-day").bounding_box()["width"] >= 130
    for place in (".amount", ".figure b"):
        lines = f"Array.from(document.querySelectorAll({place!r}), (part) => part.offsetHeight)"
        assert max(page.evaluate(lines)) < 34
    assert page.evaluate("document.documentElement.scrollWidth") <= width
