"""The report: every figure is a result's, and it says what it stands on."""

from pathlib import Path
from typing import Any

import pytest
from results_to_report import HOSTILE, build_book, compare, lose, propose, spread

from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.report import build_report
from circles.report.forming import count_reasons
from circles.report.spreading import list_account, list_hit, list_rounds


@pytest.fixture
def book() -> Portfolio:
    return build_book()


def test_the_headline_says_what_matters_in_sentences(book: Portfolio) -> None:
    report = build_report(book, proposal=propose(book), cascade=spread(book), losses=compare(book))
    assert report.headline[0].startswith("2 circles of 2 members would borrow 200 yuan; 3 applications found no circle")
    assert report.headline[1].startswith("If M1 defaults: 3 more members fail because of it, in 2 rounds")
    assert report.headline[1].endswith("The bank loses 290 yuan.")
    assert "they multiply by 1.82 what would be lost without them" in report.headline[2]
    assert "they leave 57.3 % of what would be lost without them" in report.headline[3]
    assert [section.name for section in report.sections] == ["forming", "spreading", "losing", "limits"]


def test_the_page_holds_status_bound_gap_and_reasons(book: Portfolio) -> None:
    text = build_report(book, proposal=propose(book)).html()
    assert "no plan exceeds 2,400; gap 2.29 %, within gap" in text
    assert "<bdi>no_partners</bdi>" in text
    assert "identity was not judged" in text


def test_reasons_are_counted_the_most_frequent_first(book: Portfolio) -> None:
    counted = count_reasons(propose(book).unplaced)
    assert counted[["reason", "applications"]].to_numpy().tolist() == [["no_partners", 2], ["overdue", 1]]


def test_the_account_of_a_cascade_adds_up_to_what_was_called(book: Portfolio) -> None:
    account = list_account(spread(book))
    assert account["amount_fen"].tolist() == [0, 0, 110_00, 0, 290_00]
    assert account["amount_fen"].sum() == 400_00


def test_rounds_are_the_true_ones_with_their_members(book: Portfolio) -> None:
    rows = list_rounds(spread(book).members)
    assert rows.to_numpy().tolist() == [[0, 1, "M1"], [1, 1, "M2"], [2, 2, "M3, M4"]]


def test_the_worst_hit_come_first_and_first_defaults_are_not_among_them(book: Portfolio) -> None:
    hit = list_hit(spread(book).members, book.members.set_index("member_id")["name"])
    assert hit["member_id"].tolist() == ["M3", "M4", "M2"]
    assert hit["name"].tolist() == ["绍兴纺织"] * 3


def test_losses_stand_side_by_side_with_their_intervals(book: Portfolio) -> None:
    text = build_report(book, losses=compare(book)).html()
    assert text.index("<bdi>worst</bdi>") < text.index("<bdi>base</bdi>") < text.index("<bdi>forbearance</bdi>")
    assert "25 % of the expected shortfall rests on resources that are estimates" in text
    assert "Under the base terms guarantees lower the expected loss where more than 31%" in text
    assert text.count("<svg") == 2


def test_a_mapping_of_losses_keeps_its_own_names(book: Portfolio) -> None:
    report = build_report(book, losses={"mine": lose(book), "base": lose(book, factor=0.5)})
    assert report.headline[1].startswith("Under the terms “base”")
    assert report.headline[2].startswith("Under the terms “mine”")


def test_a_report_of_nothing_says_what_the_portfolio_holds(book: Portfolio) -> None:
    report = build_report(book)
    assert report.headline == ("4 members stand in 1 circle.",)
    assert "Asked of the data of 2007-12-29: what the portfolio holds." in report.html()
    assert book.digest() in report.html()


def test_the_page_may_run_and_fetch_nothing(book: Portfolio) -> None:
    text = build_report(book, proposal=propose(book), losses=compare(book), title=HOSTILE).html()
    assert "script-src &#x27;none&#x27;" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("</style>") == 1


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (lambda other: {"cascade": spread(other)}, "cascade"),
        (lambda other: {"losses": {"base": lose(other)}}, "losses “base”"),
    ],
)
def test_a_result_of_another_portfolio_is_refused(book: Portfolio, given: Any, what: str) -> None:
    with pytest.raises(InputError, match=f"the {what} of the report was made from another portfolio"):
        build_report(book, **given(build_book("another")))


def test_an_empty_mapping_of_losses_is_refused(book: Portfolio) -> None:
    with pytest.raises(InputError, match="got an empty mapping"):
        build_report(book, losses={})


def test_a_page_is_written_whole_and_an_existing_file_is_kept(book: Portfolio, tmp_path: Path) -> None:
    report = build_report(book)
    path = report.save(tmp_path / "report.html")
    assert path.read_text(encoding="utf-8") == report.html()
    with pytest.raises(InputError, match="exists already and was kept"):
        report.save(path)


@pytest.mark.browser
def test_a_browser_shows_hostile_text_as_text_and_fetches_nothing(open_page: Any) -> None:
    book = build_book(HOSTILE)
    report = build_report(book, proposal=propose(book), cascade=spread(book), losses=compare(book), title=HOSTILE)
    opened = open_page(report.html(), width=390, height=844)
    assert len(opened.requests) == 1
    assert opened.dialogs == []
    assert opened.complaints == []
    assert opened.page.locator("h1").inner_text() == HOSTILE
    assert opened.page.locator("script, img").count() == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
