"""Packs: what each may owe is what the proposal lends, examples are settled, and nothing else is told."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from circles.errors import InputError
from circles.matching import MatchingRules, PlanStatus, Proposal
from circles.portfolio import Portfolio
from circles.report import build_pack, write_packs
from circles.settlement import Terms

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>"


def build_book(name: str = "绍兴纺织") -> Portfolio:
    ids = ["M1", "M2", "M3", "M4"]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "name": [name, "b", "c", "outsider"], "resources_fen": 7_777_77}),
    )


def propose(book: Portfolio, circle: str = "P1") -> Proposal:
    placed = pd.DataFrame(
        {
            "circle_id": circle,
            "member_id": ["M1", "M2", "M3"],
            "amount_fen": [300_00, 200_00, 100_01],
            "deposit_fen": [0, 10_00, 0],
            "kind": "acquainted",
            "score": 5,
        }
    )
    return Proposal(
        status=PlanStatus.OPTIMAL,
        score=5,
        upper_bound=5,
        circles=placed,
        unplaced=pd.DataFrame(columns=["member_id", "reason"]),
        breakdown=pd.DataFrame(),
        flags=pd.DataFrame(),
        rules=MatchingRules(),
        seed=7,
        digest=book.digest(),
        notes=(),
        plans=(),
        _portfolio=book,
        _forming=None,  # what is asked here needs none of it
    )


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return build_book()


def test_each_may_owe_the_whole_circle(book: Portfolio) -> None:
    pack = build_pack(book, propose(book), "P1")
    assert pack.members["for_others_fen"].tolist() == [300_01, 400_01, 500_00]
    assert pack.members["at_most_fen"].tolist() == [600_01] * 3
    text = pack.html()
    assert "The loans of this circle are 600.01 yuan together" in text
    row = re.search(r'<tr id="owes-1">(.*?)</tr>', text)
    assert row is not None
    assert re.findall(r"<bdi>([^<]*)</bdi>", row.group(1)) == ["M2", "200", "10", "400.01", "600.01"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "Circle P1, data of 2007-12-29"), ("zh", "联保体 P1（截至 2007-12-29）")]
)
def test_what_is_signed_for_stands_over_the_signatures(book: Portfolio, lang: str, said: str) -> None:
    signed = build_pack(book, propose(book), "P1", lang=lang).html().partition('id="sign"')[2]
    assert said in signed
    assert "600.01" in signed


def test_examples_are_settled_on_the_terms(book: Portfolio) -> None:
    pack = build_pack(book, propose(book), "P1")
    able, unable = pack.examples
    assert (able.defaulter, able.unable, unable.unable) == ("M1", None, "M2")
    assert able.paid.to_dict() == {"M1": 0, "M2": 145_00, "M3": 145_00}
    assert unable.called_fen == 500_00
    assert unable.paid.to_dict() == {"M1": 0, "M2": 0, "M3": 490_00}
    assert "500 yuan fall due: 0 recovered by the bank, 10 from deposits, 490 paid by the other members, 0 lost" in (
        pack.html()
    )
    kind = build_pack(book, propose(book), "P1", terms=Terms(recovery_rate=0.5, cross_default=False))
    assert kind.examples[1].paid["M3"] == 140_00
    assert "recovers 50% of its loan" in kind.html()


def test_nobody_elses_name_and_nobodys_means_are_told(book: Portfolio) -> None:
    text = build_pack(book, propose(book), "P1").html()
    assert "outsider" not in text
    assert "M4" not in text
    assert "7,777" not in text


def test_chinese_packs_hold_no_english_sentence(book: Portfolio) -> None:
    text = re.sub(r"<style>.*?</style>", "", build_pack(book, propose(book), "P1", lang="zh").html(), flags=re.DOTALL)
    words = re.findall(r"[A-Za-z]{4,}", re.sub(r"<[^>]*>|[0-9a-f]{64}", " ", text))
    assert words == []
    assert '<html lang="zh-CN">' in text  # as all other pages say it
    assert "贷款合计 600.01 元" in text


def test_what_does_not_fit_is_refused(book: Portfolio) -> None:
    with pytest.raises(InputError, match="circle 'P9' is not one of the 1 proposed circles: P1"):
        build_pack(book, propose(book), "P9")
    with pytest.raises(InputError, match="formed from another portfolio"):
        build_pack(build_book("other"), propose(book), "P1")
    with pytest.raises(InputError, match="lang must be one of en, zh"):
        build_pack(book, propose(book), "P1", lang="fr")  # type: ignore[arg-type]


def test_all_packs_are_written_or_none(book: Portfolio, tmp_path: Path) -> None:
    proposal = propose(book, circle="../P1")
    write_packs(book, proposal, tmp_path / "packs")
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == ["index.html", "pack-00001.html"]
    index = (tmp_path / "packs/index.html").read_text(encoding="utf-8")
    assert 'href="pack-00001.html"' in index
    assert "M1" not in index
    with pytest.raises(InputError, match="exists already"):
        write_packs(book, proposal, tmp_path / "packs")
    write_packs(book, proposal, tmp_path / "packs", force=True, lang="zh")
    with pytest.raises(InputError, match="another portfolio"):
        write_packs(book, replace(proposal, digest="0"), tmp_path / "none")
    assert not (tmp_path / "none").exists()
    (tmp_path / "packs/mine.txt").touch()
    with pytest.raises(InputError, match="no part of what would be written"):
        write_packs(book, proposal, tmp_path / "packs", force=True)
    path = build_pack(book, proposal, "../P1").save(tmp_path / "pack.html")
    with pytest.raises(InputError, match="exists already"):
        build_pack(book, proposal, "../P1").save(path)


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_browser_shows_text_as_text_and_prints_clean_pages(open_page: Any, lang: Any) -> None:
    book = build_book(HOSTILE)
    opened = open_page(build_pack(book, propose(book), "P1", lang=lang).html(), width=390, height=844)
    assert len(opened.requests) == 1
    assert opened.dialogs == []
    assert opened.complaints == []
    assert opened.page.locator("script, img").count() == 0
    assert opened.page.locator("table").count() == 5
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    paper = opened.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) in (2, 3)
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)", paper)) <= {b"594", b"595", b"596"}


@pytest.mark.browser
@pytest.mark.parametrize("times", [1, 10_000_000])
def test_a_phone_shows_what_each_may_owe_altogether_however_large(open_page: Any, times: int) -> None:
    book = build_book("Keqiao Zhenchangyong Textiles Company")
    placed = propose(book).circles
    large = replace(propose(book), circles=placed.assign(amount_fen=placed["amount_fen"] * times))
    page = open_page(build_pack(book, large, "P1").html(), width=390, height=844).page
    for cell in ("thead th:last-child", "tbody tr:first-child td:last-child"):
        box = page.locator(f".scroll >> nth=0 >> {cell}").bounding_box()
        assert 0 < box["x"] < box["x"] + box["width"] <= 390 - 16, cell
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
