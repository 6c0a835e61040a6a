"""Addresses of maps: following one sets everything, and what it names and the map lacks is said."""

from typing import Any

import pytest
from books_to_draw import build_book, spread, weaken

from circles.viz import draw_map

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(open_page: Any) -> Any:
    weak = weaken(build_book())
    return open_page(draw_map(weak, cascade=spread(weak)).html())


def follow(opened: Any, address: str) -> str:
    opened.page.evaluate("address => { location.hash = address; }", address)
    opened.page.wait_for_timeout(60)
    return str(opened.page.locator("#told").inner_text())


def list_chosen(opened: Any) -> list[str]:
    return opened.page.evaluate("Array.from(document.querySelectorAll('tr.chosen'), (row) => row.cells[0].textContent)")


def count_seen(opened: Any) -> int:
    return opened.page.evaluate("edges.get({filter: (edge) => !edge.hidden}).length")


def test_nothing_of_an_earlier_address_stays(opened: Any) -> None:
    seen, page = count_seen(opened), opened.page
    sizes = page.evaluate("nodes.get().map((node) => node.size)")
    everything = "#member=M0001&layers=receivable&least=100000&from=2007-01-01&to=2007-06-30&size=resources"
    assert follow(opened, everything) == ""
    assert (list_chosen(opened), page.locator("#measure").input_value()) == (["M0001"], "resources_fen")
    assert page.evaluate("nodes.get().map((node) => node.size)") != sizes
    assert count_seen(opened) < seen
    assert follow(opened, "#circle=C000") == ""
    assert (list_chosen(opened), count_seen(opened)) == (["C000"], seen)
    assert page.evaluate("nodes.get().map((node) => node.size)") == sizes
    assert [page.locator(f"#{field}").input_value() for field in ("least", "first-day", "last-day")] == ["0", "", ""]
    follow(opened, "#find=M0001")
    assert (list_chosen(opened), page.locator("#wanted").input_value()) == (["M0001"], "M0001")
    follow(opened, "#")
    assert (list_chosen(opened), page.locator("#wanted").input_value(), count_seen(opened)) == ([], "", seen)
    assert page.evaluate("nodes.get({filter: (node) => node.opacity < 1}).length") == 0
    assert page.locator("#found").inner_text() == ""
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("#member=NOPE", "Member NOPE is not drawn here."),
        ("#circle=M0001", "Circle M0001 is not drawn here."),
        ("#edge=a~b~trade", "Edge a~b~trade is not drawn here."),
        ("#layers=rubbish", "There are no edges of the kind “rubbish” here."),
        ("#from=abc", "“abc” is no day: days are written like 2007-06-30."),
        ("#to=2007-02-31", "“2007-02-31” is no day: days are written like 2007-06-30."),
        ("#least=-5", "“-5” is no amount."),
        ("#size=height", "Members cannot be sized by “height” here."),
        ("#colour=red", "The address says “colour”, which no map knows."),
        ("#from=2008-06-01&to=2007-01-01", "The first day comes after the last: edges are not sifted by days."),
        ("#member=" + "x" * 500, "Member " + "x" * 40 + "… is not drawn here."),
    ],
)
def test_what_a_map_lacks_is_said_and_leaves_it_as_it_was(opened: Any, address: str, said: str) -> None:
    words: list[str] = []
    opened.page.on("console", lambda message: words.append(message.text))
    seen = count_seen(opened)
    assert follow(opened, address) == said
    assert (count_seen(opened), list_chosen(opened), words) == (seen, [], [])


def test_the_known_parts_of_an_address_apply_and_the_next_act_takes_the_note_away(opened: Any) -> None:
    said = follow(opened, "#member=M0001&layers=rubbish,receivable&from=abc")
    assert said.startswith("There are no edges of the kind “rubbish” here. “abc” is no day")
    assert list_chosen(opened) == ["M0001"]
    assert opened.page.evaluate("edges.get({filter: (edge) => !edge.hidden}).map((edge) => edge.kind)") == [
        "receivable"
    ]
    opened.page.locator('[data-layer="guarantee"], [data-layer="failure"]').first.check()
    assert opened.page.locator("#told").inner_text() == ""
    assert opened.complaints == []


def test_the_address_has_the_size_and_the_edge(opened: Any) -> None:
    opened.page.locator("#measure").select_option("resources_fen")
    assert opened.page.evaluate("location.hash") == "#size=resources"
    opened.page.locator("summary").click()
    opened.page.locator("#edge-0 th").press("Enter")
    address = opened.page.evaluate("location.hash")
    follow(opened, "#")
    assert follow(opened, address) == ""
    assert opened.page.evaluate("document.querySelector('tr.chosen').id") == "edge-0"


def test_the_way_to_the_tables_is_no_address(opened: Any) -> None:
    follow(opened, "#member=M0001")
    assert follow(opened, "#tables") == ""
    assert list_chosen(opened) == ["M0001"]


def test_days_that_cross_are_said_when_they_are_typed(opened: Any) -> None:
    seen = count_seen(opened)
    opened.page.locator("#first-day").fill("2008-06-01")
    opened.page.locator("#last-day").fill("2007-01-01")
    assert "first day comes after the last" in opened.page.locator("#told").inner_text()
    assert count_seen(opened) == seen
    opened.page.locator("#last-day").fill("")
    assert opened.page.locator("#told").inner_text() == ""
