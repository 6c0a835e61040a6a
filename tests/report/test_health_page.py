"""The page on the health of data: every figure is the profile's, and hostile text stays text."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from health.books_to_examine import build_book

from circles import InputError, Portfolio, build_health_report, examine_portfolio
from circles.report.histogram import Column, draw_histogram

HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def page() -> str:
    return build_health_report(examine_portfolio(build_book())).html()


def test_the_first_lines_say_what_matters() -> None:
    report = build_health_report(examine_portfolio(build_book()))
    assert report.title == "Health of the data of 2007-12-29"
    assert report.headline == (
        "12 members in 7 tables. 1 thing is worth a look.",
        "Resources are stated for every member; those of 1 (8.3 %) are estimates.",
    )


def test_each_part_is_there_and_an_empty_one_is_left_out(page: str) -> None:
    names = ["first", "connections", "money", "book", "sizes", "dates", "columns"]
    assert re.findall(r'<section id="(\w+)"', page) == names
    alone = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]}))
    report = build_health_report(examine_portfolio(alone))
    assert [section.name for section in report.sections] == ["first", "connections", "book", "columns"]
    assert "No member trades with, knows or stands for another." in report.html()


def test_findings_stand_on_top(page: str) -> None:
    assert page.index("9 of the last 13 months have no trade") < page.index("Who is connected")


def test_meters_are_as_long_as_their_shares_and_only_nothing_is_empty(page: str) -> None:
    row = re.search(r'<tr id="source-1">.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert 'class="track"/><rect width="8.333" height="5"/>' in row.group()
    assert "8.3 %" in row.group()


def test_columns_that_are_never_stated_are_named_once(page: str) -> None:
    assert "Not stated at all: accrued_interest, circle_id, lender" in page


def test_columns_of_a_histogram_are_as_high_as_their_values() -> None:
    columns = [Column(value=50, label="a"), Column(value=0, label="b", text="0"), Column(value=100, label="c")]
    heights = re.findall(r'<rect [^>]*height="([\d.]+)"', draw_histogram(columns, title="t", width=300))
    assert heights == ["48.0", "96.0"]
    assert "<rect" not in draw_histogram([Column(value=0, label="")], title="t", width=300)


def test_the_page_may_run_and_fetch_nothing() -> None:
    text = build_health_report(examine_portfolio(build_book(name=[HOSTILE] * 12)), title=HOSTILE).html()
    assert "script-src &#x27;none&#x27;" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_an_existing_page_is_kept(tmp_path: Path) -> None:
    report = build_health_report(examine_portfolio(build_book()))
    path = report.save(tmp_path / "health.html")
    with pytest.raises(InputError, match="exists already and was kept"):
        report.save(path)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_a_browser_shows_it_whole_and_fetches_nothing(open_page: Any, width: int) -> None:
    book = build_book(name=[HOSTILE] * 12)
    opened = open_page(build_health_report(examine_portfolio(book), title=HOSTILE).html(), width=width)
    assert len(opened.requests) == 1
    assert opened.dialogs == []
    assert opened.complaints == []
    assert opened.page.locator("h1").inner_text() == HOSTILE
    assert opened.page.locator("script, img").count() == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    for chart in opened.page.locator("svg.chart").all():
        assert chart.bounding_box()["x"] + chart.bounding_box()["width"] <= width
