"""The report in Chinese: every word is there, and nothing but ids, names and units is left in English."""

import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import pandas as pd
import pytest
from results_to_report import build_book, compare, propose, spread

from circles.contagion import PresetComparison, run_cascade
from circles.contagion.losses.break_even import BreakEven
from circles.errors import InputError
from circles.matching import Proposal
from circles.matching.forming.funnel import REASONS
from circles.matching.rules import ELIGIBILITY_RULES
from circles.portfolio import Portfolio
from circles.report import build_report
from circles.report.notes import say_note
from circles.report.verdict import state_break_even
from circles.report.words import WORDS, say_name
from circles.report.words.forming import FORMING
from circles.report.words.losing import LOSING
from circles.report.words.page import PAGE
from circles.report.words.spreading import SPREADING
from circles.settlement import Terms

_NO_WORDS = {"SHA", "CNY", "C1"}
_SPOKEN = ("alt", "aria-label", "title", "placeholder")


class _Texts(HTMLParser):
    """Collects what a reader sees or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skip = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skip = tag == "style"
        self.found += [value or "" for name, value in attrs if name in _SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._skip = False

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.found.append(data)


def find_english(page: str) -> set[str]:
    texts = _Texts()
    texts.feed(page)
    words = re.findall(r"[A-Za-z]{2,}", " ".join(re.sub(r"[0-9a-f]{64}", "", text) for text in texts.found))
    return set(words) - _NO_WORDS


def count_texts(paper: bytes) -> list[int]:
    """Count the runs of text drawn on each page of a PDF."""
    parts = {int(number): part for number, part in re.findall(rb"(?<=\n)(\d+) 0 obj\n(.*?)\nendobj", paper, re.DOTALL)}
    pages = [part for part in parts.values() if re.search(rb"/Type\s*/Page\b", part)]
    contents = [parts[int(re.findall(rb"/Contents (\d+) 0 R", page)[0])] for page in pages]
    streams = [zlib.decompress(content.split(b"stream\n", 1)[1]) for content in contents]
    return [len(re.findall(rb"T[jJ]\b", stream)) for stream in streams]


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return build_book()


@pytest.fixture(scope="module")
def losses(book: Portfolio) -> PresetComparison:
    return compare(book, trials=300)


def propose_noted(book: Portfolio) -> Proposal:
    return replace(propose(book), notes=("resources of 1 of 4 candidates are estimates",))


def test_every_key_has_both_languages_with_the_same_values() -> None:
    assert len(WORDS) == sum(map(len, (PAGE, FORMING, SPREADING, LOSING)))
    for key, (english, chinese) in WORDS.items():
        assert english, key
        assert chinese, key
        asked = {name for _, name, _, _ in Formatter().parse(chinese) if name}
        given = {name for _, name, _, _ in Formatter().parse(english) if name}
        assert asked == given or {"said", "members"} & given, key
        if key != "example_column":
            assert not re.findall("[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", chinese)), key


def test_every_reason_has_a_name() -> None:
    for reason in (*REASONS, *ELIGIBILITY_RULES):
        assert not re.findall("[a-z]{2,}", say_name("reason", reason, "zh"))
        assert " " in say_name("reason", reason, "en")


def test_a_whole_report_holds_no_english(book: Portfolio, losses: PresetComparison) -> None:
    report = build_report(book, proposal=propose_noted(book), cascade=spread(book), losses=losses, lang="zh")
    assert find_english(report.html()) == set()
    assert '<html lang="zh-CN">' in report.html()
    assert report.title == "联保体报告（截至 2007-12-29）"
    assert report.headline[0].startswith("2 个联保体、2 户会员，拟借款 200 元；3 份申请未能编入联保体")
    assert report.headline[1] == "若 M1 违约：另有 3 户会员因此违约，共 2 轮。银行损失 290 元。"
    times = losses.worst.expected_loss_fen / losses.worst.with_trade.expected_loss_fen
    assert f"担保放大损失：平均损失为无担保时的 {times:.2f} 倍。" in report.headline[2]


@pytest.mark.parametrize("terms", [Terms(), Terms(risk_pool_fen=1_00, standstill=("C1",), share="able")])
@pytest.mark.parametrize("first", [[], ["M2"], ["M1", "M2", "M3", "M4"]])
def test_a_report_of_a_cascade_holds_no_english(book: Portfolio, first: list[str], terms: Terms) -> None:
    cascade = run_cascade(book, first, terms)
    assert find_english(build_report(book, cascade=cascade, lang="zh").html()) == set()


def test_a_report_of_nothing_or_a_proposal_or_losses_holds_no_english(
    book: Portfolio, losses: PresetComparison
) -> None:
    empty = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]}))
    assert find_english(build_report(empty, lang="zh").html()) == set()
    assert find_english(build_report(book, proposal=propose_noted(book), lang="zh").html()) == set()
    assert find_english(build_report(book, losses=losses, lang="zh").html()) == set()
    assert find_english(build_report(book, losses={"mine": losses.base}, lang="zh").html()) == {"mine"}


def test_an_application_without_a_circle_is_an_example_of_its_reason(book: Portfolio) -> None:
    page = build_report(book, proposal=propose(book), lang="zh").html()
    row = re.search(r'<tr id="reason-0">(.*?)</tr>', page)
    assert row is not None
    assert re.findall("<bdi>([^<]*)</bdi>", row.group(1)) == ["无可联保对象", "2", "M3"]


def test_notes_are_translated_and_unknown_ones_stay() -> None:
    asked = "certified_until is not stated for 2 of 1,200 candidates: not judged for them"
    assert say_note(asked, "zh") == "1,200 户候选会员中有 2 户未填写认证有效期，对其未作判断"
    assert say_note("C1 and C2 were swapped by hand", "zh") == "C1 与 C2 由人工互换"
    assert say_note(asked, "en").startswith("the end of certification is not stated for 2 of 1,200 candidates")
    assert say_note("C1 and C2 were swapped by hand", "en") == "C1 and C2 were swapped by hand"
    assert say_note("something else", "zh") == "something else"


@pytest.mark.parametrize(
    ("recovery", "costs", "said"),
    [
        (0.3, (1.0, -1.0), "收回的比例高于 30% 时，担保降低平均损失"),
        (None, (0.0, 0.0), "没有影响"),
        (None, (1.0, 1.0), "担保均会提高平均损失"),
        (None, (-1.0, 1.0), "分文未收时，担保不会提高平均损失；全部收回时，担保会提高平均损失"),
    ],
)
def test_the_turn_is_stated(
    losses: PresetComparison, recovery: float | None, costs: tuple[float, float], said: str
) -> None:
    found = BreakEven(recovery=recovery, cost_at_none=costs[0], cost_at_all=costs[1], trials=1)
    compared = replace(losses, break_even=found)
    assert said in state_break_even(compared, "zh")
    assert state_break_even(compared, "en") == f"Under the base terms {found}."


def test_an_unknown_language_is_refused(book: Portfolio) -> None:
    with pytest.raises(InputError, match="lang must be one of en, zh"):
        build_report(book, lang="fr")  # type: ignore[arg-type]


@pytest.mark.browser
def test_a_browser_shows_and_prints_chinese(open_page: Any, book: Portfolio, losses: PresetComparison) -> None:
    report = build_report(book, proposal=propose_noted(book), cascade=spread(book), losses=losses, lang="zh")
    opened = open_page(report.html(), width=390, height=844)
    assert len(opened.requests) == 1
    assert opened.complaints == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    paper = opened.page.pdf(prefer_css_page_size=True)
    drawn = count_texts(paper)
    assert 4 <= len(drawn) <= 9
    assert min(drawn) > 20
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)", paper)) <= {b"594", b"595", b"596"}
