"""Pages for people who see little, or nothing, or use no mouse: what axe-core finds wrong, at 1280 and 390 pixels."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

import circles
from circles.contagion import Cascade, compare_presets, run_cascade
from circles.matching import MatchingRules, form_circles
from circles.portfolio import Portfolio
from circles.report import build_pack, build_report
from circles.viz import draw_map
from circles.viz.overview import draw_overview
from circles.viz.replay import draw_replay

SAMPLE = Path(__file__).parents[2] / "examples" / "zhejiang_2007"


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return circles.read_portfolio(SAMPLE)


def find_faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]} ({len(fault['nodes'])})" for fault in found]


@pytest.fixture(scope="module")
def cascade(book: Portfolio) -> Cascade:
    return run_cascade(book, [str(book.loans["borrower_id"].iloc[0])])


@pytest.fixture(scope="module")
def pictures(book: Portfolio, cascade: Cascade) -> Callable[[str, Any], str]:
    """Pages by kind and language, each written once."""

    @cache
    def draw(kind: str, lang: Any) -> str:
        if kind == "circles":
            return draw_map(book, limit=60, lang=lang).html()
        if kind == "cascade":
            return draw_map(book, cascade=cascade, lang=lang).html()
        return draw_replay(book, cascade, lang=lang).html()

    return draw


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", ["circles", "cascade", "replay"])
def test_pictures_have_no_fault_that_axe_finds(
    open_page: Any, pictures: Callable[[str, Any], str], kind: str, width: int, lang: Any
) -> None:
    assert find_faults(open_page(pictures(kind, lang), width=width).page) == []


def test_reports_and_packs_have_no_fault_that_axe_finds(open_page: Any, book: Portfolio, cascade: Cascade) -> None:
    losses = compare_presets(book, trials=200, seed=7)
    proposal = form_circles(book, MatchingRules(), seed=7, time_limit=1)
    circle = str(proposal.circles["circle_id"].iloc[0])
    pages = [build_report(book, proposal=proposal, cascade=cascade, losses=losses, lang=lang) for lang in ("en", "zh")]
    pages += [build_pack(book, proposal, circle, lang=lang) for lang in ("en", "zh")]
    assert [find_faults(open_page(page.html()).page) for page in pages] == [[]] * 4


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_overview_has_no_fault_that_axe_finds(open_page: Any, book: Portfolio, tmp_path: Path, lang: Any) -> None:
    folder = draw_overview(book, maps=1, lang=lang).save(tmp_path / "overview")
    opened = open_page("<!doctype html><title>empty</title>")
    opened.page.goto((folder / "index.html").as_uri())
    opened.page.wait_for_timeout(150)
    assert find_faults(opened.page) == []
