"""Chinese pages of maps and replays: nothing but data is in another language."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest
from books_to_draw import build_book, propose, ruin, spread, weaken

from circles.contagion import run_cascade
from circles.errors import InputError
from circles.matching.plan import PlanStatus
from circles.portfolio import Portfolio
from circles.portfolio.tables import TABLES
from circles.settlement import Terms
from circles.settlement.terms import SETTLEMENT_NAMES, SHARE_RULES
from circles.viz import draw_map
from circles.viz.languages import count_in
from circles.viz.replay import draw_replay
from circles.viz.replay import words as replay_words
from circles.viz.style import EDGE_STYLES, NODE_STYLES
from circles.viz.terms import describe_terms
from circles.viz.words import _WORDS

READ_ALOUD = ("aria-label", "title", "placeholder", "alt")
DATA = re.compile(r"\b[MCP]\d+\b|\b[0-9a-f]{64}\b|\b(CNY|SHA|Ctrl|Shift|Home|End)\b")
"""Ids and digests, codes, and what stands on keys."""


class Texts(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.found.extend(text for name, text in attrs if name in READ_ALOUD and text)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside != "style":
            (self.scripts if self.inside == "script" else self.found).append(data)


def list_values(data: Any) -> list[str]:
    """The texts in what a page hands its script, keys left out."""
    if isinstance(data, str):
        return [re.sub(r"{\w+}", "", data)]
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for each in inside for text in list_values(each)]


def find_english(page: str) -> list[str]:
    texts = Texts()
    texts.feed(page)
    data = list_values(json.loads(texts.scripts[0]))
    return [text for text in (*texts.found, *data) if re.search("[A-Za-z]{2,}", DATA.sub("", text))]


def crossing() -> Portfolio:
    """M0000 stands in two circles, and where its and others' resources come from is known."""
    book = weaken(build_book())
    more = pd.DataFrame({"circle_id": ["C001"], "member_id": ["M0000"]})
    sources = ["estimated", "declared", "verified"] * len(book.members)
    return book.replace(
        circle_members=pd.concat([book.circle_members, more], ignore_index=True),
        members=book.members.assign(resources_source=sources[: len(book.members)]),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G1", "G2"],
                "guarantor_id": ["M0001", "M0002"],
                "borrower_id": ["M0000", "M0000"],
                "amount_fen": [5_000_00, 6_000_00],
                "expires_on": ["2007-01-01", "2009-01-01"],
            }
        ),
    )


STANDSTILL = replace(Terms.preset("base"), standstill=("C000", "C001"), risk_pool_fen=5_000_00)


def draw_all(*, mask: bool) -> dict[str, Any]:
    book = crossing()
    told: dict[str, Any] = {"mask": mask, "lang": "zh"}
    first = ["M0000", "M0003", "M0004", "M0006"]
    return {
        "circles": draw_map(book, **told),
        "nothing": draw_map(book, cascade=run_cascade(book, []), **told),
        "member": draw_map(book, member="M0001", hops=2, limit=3, **told),
        "cascade": draw_map(book, cascade=run_cascade(book, first, STANDSTILL), limit=6, **told),
        "refusal": draw_map(book, cascade=run_cascade(book, ["M0000"], Terms(willingness=0.1)), **told),
        "bare": draw_map(book, cascade=run_cascade(book, ["M0000"], Terms(settlement="threshold")), **told),
        "proposal": draw_map(book, proposal=propose(book, circles=3), limit=6, **told),
        "near": draw_map(book, proposal=propose(book, circles=2), member="M0001", **told),
        "replay": draw_replay(book, spread(book), **told),
        "both": draw_replay(book, spread(book), after=(book, run_cascade(book, ["M0008"], Terms())), **told),
    }


@pytest.mark.parametrize("mask", [False, True])
def test_no_english_word_is_left(mask: bool) -> None:
    for name, drawn in draw_all(mask=mask).items():
        assert find_english(drawn.html()) == [], name
        assert '<html lang="zh-CN">' in drawn.html()
        assert 'title="图"' in drawn._repr_html_() or 'title="逐轮演示"' in drawn._repr_html_()


def test_english_would_be_found() -> None:
    found = find_english(draw_map(crossing()).html())
    assert {"Members drawn: 9", "Show everything", " members found"} <= set(found)


@pytest.mark.parametrize("words", [_WORDS, replay_words._WORDS])
def test_every_key_has_both_languages_and_the_same_choices(words: dict[str, tuple[str, str]]) -> None:
    for key, (english, chinese) in words.items():
        names = re.sub(r"\{\w+\}", "", chinese)
        assert english, key
        assert chinese, key
        assert re.search(r"[\u4e00-\u9fff]", names) or not re.search(r"\w", names), key
        assert not re.search(r"[\u4e00-\u9fff]", english), key
        assert not re.search(r"[\[|]", chinese), key
        assert english.count("[") == english.count("|") == english.count("]"), key


def test_every_name_that_results_have_has_a_word() -> None:
    named = {
        "settlement": SETTLEMENT_NAMES,
        "share": SHARE_RULES,
        "status": [status.value.lower() for status in PlanStatus],
        "source": TABLES["members"].column("resources_source").allowed,
        "state": NODE_STYLES,
        "edge": EDGE_STYLES,
    }
    for family, names in named.items():
        assert {f"{family}_{name}" for name in names} <= set(_WORDS), family


def test_one_and_more_are_chosen_by_the_count_and_never_inside_a_name() -> None:
    words = {"fails": ("{who}: {count} [fails|fail]", "{who}：{count} 户")}
    assert count_in(words, "fails", 1, "en", who="[a|b]") == "[a|b]: 1 fails"
    assert count_in(words, "fails", 1_200, "en", who="x") == "x: 1,200 fail"
    assert count_in(words, "fails", 1_200, "zh", who="x") == "x：1,200 户"


def test_what_a_cascade_did_is_said_in_chinese_with_the_same_figures() -> None:
    book = weaken(build_book())
    drawn = draw_map(book, cascade=ruin(book), lang="zh")
    english = draw_map(book, cascade=ruin(book))
    assert drawn.drawing.title == "若 M0000、M0002 违约"
    assert drawn.omitted == ("7 户会员未受波及，未绘出。",)
    assert drawn.drawing.figures[0].label == "银行损失"
    assert drawn.drawing.figures[0].value == english.drawing.figures[0].value.replace("yuan", "元")
    assert drawn.nodes.equals(english.nodes)
    assert drawn.hulls["tag"].tolist() == [english.hulls["tag"][0].replace("bank loses", "银行损失")]


def test_masked_members_and_circles_have_chinese_numbers() -> None:
    plain, masked = (draw_map(build_book(), mask=True, lang=lang) for lang in ("en", "zh"))
    assert sorted(masked.hulls["circle_id"]) == ["联保体 1", "联保体 2", "联保体 3"]
    numbers = plain.nodes["member_id"].str.replace("Member", "会员")
    assert masked.nodes["member_id"].tolist() == numbers.tolist()


def test_terms_name_their_standstill_and_pool() -> None:
    said = describe_terms(STANDSTILL, "元", "zh")
    assert said == (
        "逐轮代偿，平均分摊；回收率 25 %，传染违约者 45 %，应收账款 50 %；"
        "交叉违约，但 C000、C001 暂缓到期；风险池 5,000 元"
    )
    assert describe_terms(replace(STANDSTILL, cross_default=False), "元", "zh").endswith(
        "；无交叉违约；风险池 5,000 元"
    )


def test_an_unknown_language_is_refused() -> None:
    book = weaken(build_book())
    with pytest.raises(InputError, match="lang must be one of en, zh, got 'fr'"):
        draw_map(book, lang="fr")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="lang must be one of en, zh, got 'fr'"):
        draw_replay(book, spread(book), lang="fr")  # type: ignore[arg-type]


@pytest.mark.browser
def test_a_chinese_map_is_searched_sifted_and_chosen_from(open_page: Any) -> None:
    opened = open_page(draw_map(build_book(), lang="zh").html())
    page = opened.page
    page.get_by_label("查找会员或联保体").fill("m0004")
    page.keyboard.press("Enter")
    assert page.locator("#found").inner_text() == "找到 1 户会员"
    page.get_by_label("查找会员或联保体").fill("C001")
    page.keyboard.press("Enter")
    assert page.locator("#found").inner_text() == "找到 3 户会员，第 1 户"
    page.get_by_label("贸易").uncheck()
    assert page.evaluate("edges.get({filter: (edge) => edge.kind === 'trade' && !edge.hidden}).length") == 0
    assert page.locator("tr#member-5 th").get_attribute("title") == "在图中显示"
    page.locator("tr#member-5 th").press("Enter")
    assert page.locator("tr.chosen th").inner_text() == "M0005"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert opened.complaints == []


@pytest.mark.browser
def test_a_chinese_replay_is_stepped_through_and_played(open_page: Any) -> None:
    book = weaken(build_book())
    shorter = run_cascade(book, [], Terms())
    opened = open_page(draw_replay(book, spread(book), after=(book, shorter), lang="zh").html())
    page = opened.page
    page.keyboard.press("ArrowRight")
    status = page.locator(".status").first.inner_text()
    assert status == "第 1 轮，共 2 轮 · 本轮违约 1 户 · 累计 2 户 · 至此未偿 40,000 元"
    assert page.locator("#round").inner_text() == "1 / 2"
    page.keyboard.press("End")
    assert page.locator(".status").last.inner_text().endswith("传染到此为止")
    page.keyboard.press("Home")
    page.get_by_role("button", name="播放").click()
    assert page.locator("#play").inner_text() == "暂停"
    page.get_by_role("button", name="末轮").click()
    assert page.locator("#play").inner_text() == "播放"
    assert opened.complaints == []
