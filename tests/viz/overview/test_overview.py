"""The overview: its figures are the book's, its folder is whole, and a browser opens it from disk."""

import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from books_to_draw import HOSTILE_NAMES, build_book
from test_chinese import find_english

from circles.contagion import simulate_losses
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.viz import draw_map
from circles.viz.overview import draw_overview
from circles.viz.overview import words as overview_words
from circles.viz.overview.bubbles import find_darkest


def test_bubbles_add_up_to_the_book_and_missing_regions_have_one() -> None:
    book = build_book()
    drawn = draw_overview(book)
    assert drawn.bubbles["region"].tolist() == ["no region"]
    assert drawn.bubbles["members"].sum() == len(book.members)
    assert drawn.bubbles["exposure_fen"].sum() == book.loans["balance_fen"].sum()
    assert drawn.circles["members"].tolist() == [3, 3, 3]


def test_an_empty_book_and_one_member_are_drawn(tmp_path: Path) -> None:
    for ids in ([], ["M1"]):
        book = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": pd.Series(ids, dtype=str)}))
        draw_overview(book).save(tmp_path / f"book{len(ids)}")
        assert (tmp_path / f"book{len(ids)}" / "index.html").exists()


def test_a_chinese_overview_has_no_english_word_but_data(tmp_path: Path) -> None:
    book = build_book()
    drawn = draw_overview(book, maps=1, lang="zh")
    assert str(drawn) == "11 户会员，分为 1 组，敞口合计 2,500,000 元。"
    folder = drawn.save(tmp_path / "book")
    assert find_english((folder / "index.html").read_text(encoding="utf-8")) == []
    assert find_english((folder / "circle-0.html").read_text(encoding="utf-8")) == []
    assert drawn.bubbles["region"].tolist() == ["地区不详"]
    assert all(all(words) for words in overview_words._WORDS.values())
    with pytest.raises(InputError, match="lang must be one of en, zh"):
        draw_overview(book, lang="fr")


def test_what_exists_is_kept_and_masked_names_and_ids_are_nowhere(tmp_path: Path) -> None:
    book = build_book(names=["Secret Silk"])
    drawn = draw_overview(book, mask=True)
    drawn.save(tmp_path / "book")
    written = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "book").iterdir())
    secrets = ["Secret", *book.members["member_id"], *book.circles["circle_id"]]
    assert [secret for secret in secrets if secret in written] == []
    assert drawn.circles["circle_id"].str.fullmatch(r"Circle \d+").all()
    index = (tmp_path / "book" / "index.html").read_text(encoding="utf-8")
    found = re.search(r'<a href="circle-0.html">(Circle \d+)</a>', index)
    assert found is not None
    assert f"<h1>{found.group(1)}" in (tmp_path / "book" / "circle-0.html").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="kept"):
        drawn.save(tmp_path / "book")
    drawn.save(tmp_path / "book", force=True)


def test_bubbles_are_shaded_by_what_is_lost_in_bad_years(tmp_path: Path) -> None:
    plain = build_book()
    book = plain.replace(members=plain.members.assign(default_probability=0.2))
    losses = simulate_losses(book, trials=200, seed=7)
    drawn = draw_overview(book, losses=losses)
    owed = book.loans["balance_fen"].sum()
    assert drawn.bubbles["level"].tolist() == pytest.approx([losses.members["contribution_fen"].sum() / owed])
    assert "Loss in bad years" in (drawn.save(tmp_path / "book") / "index.html").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="another portfolio"):
        draw_overview(plain, losses=losses)


def test_one_small_risky_bubble_does_not_leave_the_others_pale() -> None:
    bubbles = pd.DataFrame({"level": [0.01, 0.02, None, 0.5], "exposure_fen": [500, 490, 300, 10]})
    assert find_darkest(bubbles) == 0.02
    assert find_darkest(bubbles.head(1)) == 0.01
    assert find_darkest(bubbles[bubbles["level"].isna()]) == 0.0


def test_circles_with_a_map_are_listed_with_a_way_to_it(tmp_path: Path) -> None:
    drawn = draw_overview(build_book(names=HOSTILE_NAMES), maps=1).save(tmp_path / "book")
    page = (drawn / "index.html").read_text(encoding="utf-8")
    assert page.count('<a href="circle-0.html">') == 1
    assert "circle-1.html" not in page
    none = draw_overview(build_book(), maps=0).save(tmp_path / "none")
    assert "Circles with a map" not in (none / "index.html").read_text(encoding="utf-8")


def test_maps_beside_it_have_the_facts_of_the_whole_book_and_partners(tmp_path: Path) -> None:
    book = build_book()
    folder = draw_overview(book, maps=3).save(tmp_path / "book")
    circles = draw_overview(book).circles["circle_id"]
    for place, circle in enumerate(circles):
        page = (folder / f"circle-{place}.html").read_text(encoding="utf-8")
        whole = draw_map(book, circle=circle)
        assert [value for _, value in whole.drawing.facts if f"<dd>{value}</dd>" not in page] == []
        assert book.digest() in page
        assert "0 of 11 members" in page
        assert all(f">{member}<" in page for member in whole.nodes["member_id"])
        assert page.count('<a href="index.html">Back to the overview</a>') == 1
    assert "index.html" not in draw_map(book, circle="C001").html().split("</header>")[0]


def test_maps_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="maps must be"):
        draw_overview(build_book(), maps=201)


@pytest.mark.browser
def test_it_opens_from_disk_searches_and_lists_a_bubble(open_page: Any, tmp_path: Path) -> None:
    draw_overview(build_book(names=HOSTILE_NAMES)).save(tmp_path / "book")
    opened = open_page("<p>nothing</p>")
    opened.page.goto((tmp_path / "book" / "index.html").as_uri())
    opened.page.wait_for_function("places.length > 0")
    opened.page.locator("#query").fill("m0004")
    opened.page.locator("#found button").first.click()
    opened.page.locator("#bubble a").first.wait_for(timeout=3000)
    opened.page.locator("#query").fill("c00")
    opened.page.locator("#found a").first.wait_for(timeout=3000)
    opened.page.locator("#found button").first.click()
    assert "members" in opened.page.locator("#found button").first.inner_text()
    opened.page.locator("canvas").press("ArrowLeft")
    assert opened.page.locator("#bubble img").count() == 0
    assert all(request.startswith("file:") for request in opened.requests)
    assert opened.complaints == []
    assert opened.dialogs == []
    opened.page.locator("#bubble a").first.click()
    opened.page.locator("h1", has_text="Circle C").wait_for(timeout=3000)
    opened.page.locator(".back a").click()
    opened.page.locator("#query").wait_for(timeout=3000)


def count_pixels(page: Any, colour: str) -> int:
    """Count the pixels of the canvas that have a colour, an "r,g,b"."""
    return page.evaluate(
        """(colour) => { const [r, g, b] = colour.split(",").map(Number), canvas = document.querySelector("canvas");
        const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data; let found = 0;
        for (let i = 0; i < data.length; i += 4) found += data[i] === r && data[i + 1] === g && data[i + 2] === b;
        return found; }""",
        colour,
    )


@pytest.fixture
def wide_book() -> Portfolio:
    """Twelve industries in two regions; the first member of each sells to the next one."""
    ids = [f"M{place:02d}" for place in range(24)]
    members = pd.DataFrame({"member_id": ids, "default_probability": 0.02})
    members["region"] = [f"Region {place % 2}" for place in range(24)]
    members["industry"] = [f"Industry {place // 2:02d}" for place in range(24)]
    loans = pd.DataFrame(
        {"loan_id": ids, "borrower_id": ids, "balance_fen": [100_00 * (place + 1) for place in range(24)]}
    )
    trades = pd.DataFrame({"seller_id": ids[:-1], "buyer_id": ids[1:], "period": "2007-11", "amount_fen": 100})
    return Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans, trades=trades)


@pytest.mark.browser
def test_lines_are_drawn_when_asked_and_dots_from_close_by(
    open_page: Any, wide_book: Portfolio, tmp_path: Path
) -> None:
    opened = open_page("<p>nothing</p>")
    opened.page.goto((draw_overview(wide_book).save(tmp_path / "book") / "index.html").as_uri())
    opened.page.wait_for_function("places.length > 0")
    redraw = "() => new Promise((go) => { ask(); requestAnimationFrame(() => requestAnimationFrame(go)); })"
    opened.page.evaluate("book.bubbles.forEach((b) => { b[7] = 1e6; })")
    opened.page.evaluate(redraw)
    assert count_pixels(opened.page, "70,90,110") == 0
    opened.page.evaluate("book.bubbles.forEach((b) => { b[7] = 1; })")
    opened.page.evaluate(redraw)
    large = opened.page.evaluate("book.bubbles.filter((b) => b[4] * view.k >= FEW_DOTS).length")
    assert large >= 12
    assert count_pixels(opened.page, "70,90,110") >= large
    plain = count_pixels(opened.page, "255,255,255")
    opened.page.locator("[data-layer=trade]").check()
    opened.page.evaluate(redraw)
    assert count_pixels(opened.page, "255,255,255") < plain - 500
    assert opened.page.locator("#flows tbody tr").count() == 23
    assert opened.complaints == []


@pytest.mark.browser
def test_on_a_phone_bubbles_and_heads_can_be_read(open_page: Any, wide_book: Portfolio, tmp_path: Path) -> None:
    opened = open_page("<p>nothing</p>")
    opened.page.set_viewport_size({"width": 390, "height": 844})
    opened.page.goto((draw_overview(wide_book).save(tmp_path / "book") / "index.html").as_uri())
    opened.page.wait_for_function("places.length > 0")
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 390
    assert opened.page.evaluate("Math.max(...book.bubbles.map((b) => b[4])) * view.k") >= 20
    apart = opened.page.evaluate("100 * view.k * Math.sin(.95)")  # between lines of leaning heads
    assert apart >= 14
    assert opened.page.evaluate("slanted")
