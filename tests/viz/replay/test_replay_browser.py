"""Replays in a browser: rows and members point at each other, space plays, two tables fit side by side."""

from typing import Any

import pytest
from books_to_draw import build_book, ruin, spread, weaken

from circles.viz.replay import draw_replay

pytestmark = pytest.mark.browser

NAMES = ["Keqiao Haishunfa Plastics and Chemical Fibre Co."] * 11
SEEN = "Array.from(document.querySelectorAll('.round:not([hidden]) tr.chosen'), (row) => row.cells[0].innerText)"

HIDDEN_WIDTH = """Array.from(document.querySelectorAll(".round:not([hidden]) .scroll"),
  (frame) => frame.scrollWidth - frame.clientWidth)"""


@pytest.fixture
def opened(open_page: Any) -> Any:
    book = weaken(build_book())
    return open_page(draw_replay(book, spread(book)).html())


def list_rings(page: Any) -> list[str]:
    return page.evaluate(
        "Array.from(document.querySelectorAll('svg.wide g.ring'), (mark) => mark.getAttribute('transform'))"
    )


def place_of(page: Any, at: int) -> str:
    return page.evaluate(f"document.querySelectorAll('svg.wide g.member')[{at}].getAttribute('transform')")


@pytest.mark.parametrize("key", ["click", "Enter"])
def test_a_row_rings_its_member_in_the_picture(opened: Any, key: str) -> None:
    page = opened.page
    page.keyboard.press("ArrowRight")
    name = page.locator('.round[data-round="1"] tbody th')
    name.wait_for(state="visible")
    name.click() if key == "click" else name.press(key)
    assert list_rings(page) == [place_of(page, 1)]
    assert page.evaluate(SEEN) == ["M0001"]
    assert page.locator("#told").inner_text() == "M0001: fails in round 1"
    assert page.evaluate("location.hash") == "#round=1&member=M0001"
    page.wait_for_function("() => document.querySelector('svg.wide').getBoundingClientRect().bottom <= innerHeight + 1")
    assert opened.complaints == []


def test_a_member_in_the_picture_marks_its_row_and_says_what_becomes_of_it(opened: Any) -> None:
    page, said = opened.page, {}
    for at in (0, 1, 2, 3):
        box = page.locator("svg.wide g.member path").nth(at).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        said[at] = (page.locator("#told").inner_text(), list_rings(page) == [place_of(page, at)], page.evaluate(SEEN))
    assert said[0] == ("M0000: fails in round 0", True, ["M0000"])
    assert said[1] == ("M0001: fails in round 1", True, [])
    assert said[2] == ("M0002: pays from round 1 on and stands", True, [])
    page.keyboard.press("Home")
    box = page.locator("svg.wide").bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    assert (list_rings(page), page.locator("#told").inner_text()[:5]) == ([], "Arrow")
    assert opened.complaints == []


def test_space_plays_wherever_the_focus_is_and_enter_presses_buttons(opened: Any) -> None:
    page, play = opened.page, opened.page.locator("#play")
    box = page.locator("#slider").bounding_box()
    page.mouse.click(box["x"] + 2, box["y"] + box["height"] / 2)
    for place in ("#slider", '[data-step="on"]', "#play", ".round:not([hidden]) th[tabindex]"):
        page.locator(place).first.focus()
        page.keyboard.press("Space")
        assert play.inner_text() == "Pause", place
        page.keyboard.press("Space")
        assert play.inner_text() == "Play", place
    assert page.locator("#slider").input_value() == "0"
    page.locator('[data-step="on"]').focus()
    page.keyboard.press("Enter")
    assert page.locator("#slider").input_value() == "1"
    play.focus()
    page.keyboard.press("Enter")
    assert play.inner_text() == "Pause"
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").press("Space")
    assert (play.inner_text(), page.locator("textarea").input_value()) == ("Pause", " ")


@pytest.mark.parametrize(
    ("address", "said", "round_shown"),
    [
        ("#round=2&member=M0001", "M0001: fails in round 1", "2"),
        ("#round=99", "There is no round “99”.", "0"),
        ("#round=1&member=<b>", "Member <b> is not drawn here.", "1"),
        ("#member=M0002", "M0002: pays from round 1 on and stands", "0"),
    ],
)
def test_an_address_opens_a_round_and_a_member_and_says_what_it_lacks(
    opened: Any, address: str, said: str, round_shown: str
) -> None:
    opened.page.evaluate("address => { location.hash = address; }", address)
    opened.page.wait_for_timeout(60)
    assert opened.page.locator("#told").inner_text() == said
    assert opened.page.locator("#slider").input_value() == round_shown
    opened.page.evaluate("location.hash = '#controls'")
    opened.page.wait_for_timeout(60)
    assert opened.page.locator("#slider").input_value() == round_shown


def test_tables_of_two_cascades_fit_beside_each_other(open_page: Any) -> None:
    book = weaken(build_book(names=NAMES))
    page = open_page(draw_replay(book, ruin(book), after=(book, spread(book))).html()).page
    assert page.evaluate(HIDDEN_WIDTH) == [0, 0]
    heads = page.locator('.round[data-panel="0"]:not([hidden]) thead th')
    assert heads.last.inner_text() == "Own shortfall (yuan)"
    assert page.locator('.round[data-panel="0"]:not([hidden]) tbody th small').first.inner_text() == NAMES[0]
    page.locator('.round[data-panel="1"]:not([hidden]) tbody th').first.click()
    assert len(list_rings(page)) == 2
    assert page.locator("#told").inner_text() == "M0000: Before: fails in round 0; After: fails in round 0"


def test_masked_replays_of_two_cascades_have_no_names(open_page: Any) -> None:
    book = weaken(build_book(names=NAMES))
    text = draw_replay(book, ruin(book), after=(book, spread(book)), mask=True).html()
    assert "Keqiao" not in text
    assert "M000" not in text


def test_lines_over_the_picture_end_between_what_is_said(open_page: Any) -> None:
    book = weaken(build_book())
    page = open_page(draw_replay(book, ruin(book), after=(book, spread(book))).html(), width=390).page
    lines = "Array.from(document.querySelectorAll('.status span'), (piece) => piece.getClientRects().length)"
    assert set(page.evaluate(lines)) == {1}
