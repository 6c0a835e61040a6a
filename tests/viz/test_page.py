"""The page: nothing is fetched, nothing but the page's own scripts may run."""

import base64
import hashlib
import re

from books_to_draw import build_book, propose

from circles.portfolio import Portfolio
from circles.viz import draw_map
from circles.viz.canvas import write_scripts
from circles.viz.style import EDGE_STYLES, NODE_STYLES

SCRIPT = re.compile(r'<script(?: type="text/plain" id="library")?>(.*?)</script>', flags=re.DOTALL)


def test_no_tag_refers_to_anything_outside_the_page(book: Portfolio) -> None:
    markup = SCRIPT.sub("", draw_map(book).html())
    assert "<link" not in markup
    assert not re.search(r"\ssrc\s*=|url\s*\(|@import|https?:", markup)
    assert set(re.findall(r'href="([^"]*)"', markup)) == {"#tables"}


def test_the_policy_admits_exactly_the_scripts_of_the_page(book: Portfolio) -> None:
    text = draw_map(book).html()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    admitted = re.findall(r"sha256-([^&]*)&", policy.group(1))
    scripts = SCRIPT.findall(text)
    assert len(scripts) == 3
    assert admitted == [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in scripts]
    assert policy.group(1).startswith("default-src &#x27;none&#x27;; script-src &#x27;sha256-")
    assert "unsafe-eval" not in policy.group(1)
    assert "script-src &#x27;unsafe-inline" not in policy.group(1)


def test_a_map_of_three_hundred_members_stays_small() -> None:
    book = build_book(circles=60, size=5, lone=0)
    size = len(draw_map(book, proposal=propose(book, circles=60, size=5)).html().encode())
    assert size < 1_200_000


def test_the_scripts_hold_no_name_and_no_markup_of_pyvis(book: Portfolio) -> None:
    drawing = draw_map(book).drawing
    _, picture = write_scripts(drawing.nodes, drawing.edges)
    assert "M0000" not in picture
    assert "<" not in picture.split("nodes = new vis.DataSet(")[1].split("var options")[0]


def test_every_table_row_is_a_member_drawn(book: Portfolio) -> None:
    text = draw_map(book).html()
    assert len(re.findall(r'<tr id="member-\d+">', text)) == 9
    assert '<th scope="row"><bdi>M0000</bdi></th>' in text
    assert text.count("<caption>") == 3
    assert '<html lang="en">' in text


def test_states_and_kinds_of_edges_differ_by_more_than_colour() -> None:
    cascade = [NODE_STYLES[state] for state in ("first", "contagious", "paid", "hurt")]
    assert len({style.shape for style in cascade}) == 4
    assert len({(style.dash, style.arrow) for style in EDGE_STYLES.values()}) == len(EDGE_STYLES)
