"""The report: every figure is a result's, and it says what it stands on."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from results_to_report import HOSTILE, build_book, compare, propose, spread

from circles.contagion import LossDistribution, PresetComparison
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.report import build_report
from circles.report.all_cases import list_cases
from circles.report.forming import count_reasons
from circles.report.losing import list_bars, list_headline
from circles.report.spreading import list_account, list_hit, list_rounds
from circles.report.verdict import judge_guarantees
from circles.viz.wording import say_whole_yuan


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return build_book()


@pytest.fixture(scope="module")
def losses(book: Portfolio) -> PresetComparison:
    return compare(book)


def test_the_headline_says_what_matters_in_sentences(book: Portfolio, losses: PresetComparison) -> None:
    report = build_report(book, proposal=propose(book), cascade=spread(book), losses=losses)
    assert report.headline[0].startswith("2 circles of 2 members would borrow 200 yuan; 3 applications found no circle")
    assert report.headline[1].startswith("If M1 defaults: 3 more members fail because of it, in 2 rounds")
    assert report.headline[1].endswith("The bank loses 290 yuan.")
    times = losses.worst.expected_loss_fen / losses.worst.with_trade.expected_loss_fen
    assert times > 1
    assert f"they multiply by {times:.2f} what would be lost without them" in report.headline[2]
    share = 100 * losses.forbearance.expected_loss_fen / losses.forbearance.with_trade.expected_loss_fen
    assert f"they leave {share:.1f} % of what would be lost without them" in report.headline[4]
    assert [section.name for section in report.sections] == [
        "forming",
        "spreading",
        "losing",
        "guaranteeing",
        "limits",
        "cases",
    ]


def test_the_page_holds_status_bound_gap_and_reasons(book: Portfolio) -> None:
    text = build_report(book, proposal=propose(book)).html()
    assert "no plan exceeds 2,400; gap 2.29 %, within gap" in text
    assert "<bdi>nobody may be with it</bdi>" in text
    assert "identity was not judged" in text


def test_reasons_are_counted_the_most_frequent_first(book: Portfolio) -> None:
    counted = count_reasons(propose(book).unplaced)
    assert counted[["reason", "applications"]].to_numpy().tolist() == [["no_partners", 2], ["overdue", 1]]


def test_the_account_of_a_cascade_adds_up_to_what_was_called(book: Portfolio) -> None:
    account = list_account(spread(book))
    assert account["amount_fen"].tolist() == [0, 0, 110_00, 0, 290_00]
    assert account["amount_fen"].sum() == 400_00


def test_a_cascade_says_what_of_it_rests_on_estimates(book: Portfolio) -> None:
    """M2's resources are estimates: it stands in the circle that loses, and is one of the three that were reached."""
    text = build_report(book, cascade=spread(book)).html()
    assert "100.0&nbsp;% of the bank&#x27;s loss rests on resources that are estimates; of the 3 members" in text
    assert "<dt>Estimated resources</dt><dd>1 of 4 members</dd>" in text


def test_rounds_are_the_true_ones_with_their_members(book: Portfolio) -> None:
    rows = list_rounds(spread(book).members)
    assert rows.to_numpy().tolist() == [[0, 1, "M1"], [1, 1, "M2"], [2, 2, "M3, M4"]]


def test_the_worst_hit_come_first_and_first_defaults_are_not_among_them(book: Portfolio) -> None:
    hit = list_hit(spread(book).members, book.members.set_index("member_id")["name"])
    assert hit["member_id"].tolist() == ["M3", "M4", "M2"]
    assert hit["name"].tolist() == ["绍兴纺织"] * 3


def test_losses_stand_side_by_side_with_their_intervals(book: Portfolio, losses: PresetComparison) -> None:
    text = build_report(book, losses=losses).html()
    heads = re.findall(r'<th scope="col" class="n">(\w+)</th>', text)
    assert heads == ["worst", "base", "forbearance"] * 4
    low, high = (say_whole_yuan(fen) for fen in losses.base.interval("expected_loss"))
    assert f"<bdi>{say_whole_yuan(losses.base.expected_loss_fen)}</bdi><br><small>{low} – {high}</small>" in text
    share = f"{100 * losses.worst.estimated_share:.0f}&nbsp;%"
    assert f"{share} of the expected shortfall rests on resources that are estimates" in text
    assert f"Under the base terms {losses.break_even}." in text
    assert re.findall(r"<svg [^>]*aria-label=\"([^\"]*)\"", text) == [
        "Expected loss by terms, with and without guarantees",
        "Bank loss in a year",
        "Who guarantees for whom",
    ]


def test_the_first_table_of_losses_is_small_and_the_rest_comes_last(losses: PresetComparison) -> None:
    cases = {"worst": losses.worst, "base": losses.base}
    head = list_headline(cases)
    assert head[["measure", "note"]].to_numpy().tolist() == [
        ["Expected loss", "with the guarantees"],
        ["Expected loss", "without guarantees"],
        ["Value at risk 99 %", "with the guarantees"],
        ["Expected shortfall 99 %", "with the guarantees"],
    ]
    worst = losses.worst
    measured = [worst.expected_loss_fen, worst.with_trade.expected_loss_fen, worst.value_at_risk(0.99)]
    assert head["case_0"].tolist()[:3] == [say_whole_yuan(fen) for fen in measured]


def test_a_case_without_an_upper_bound_has_a_dash(losses: PresetComparison) -> None:
    rows = list_cases({"able": replace(losses.base, conservative=None)}, "value_at_risk").set_index("case")
    assert rows.loc["at most (bound)"].tolist() == ["–", ""]
    low, high = losses.base.bare.interval("value_at_risk", 0.99)
    assert rows.loc["first defaults alone", "case_0_note"] == f"{say_whole_yuan(low)} – {say_whole_yuan(high)}"


def test_amounts_are_in_the_currency_of_the_portfolio(losses: PresetComparison) -> None:
    tables = build_book()
    named = {table: tables.table(table) for table in ("members", "circles", "circle_members", "loans")}
    thai = Portfolio.from_frames(as_of="2007-12-29", currency="THB", **named)
    report = build_report(thai, proposal=propose(thai), cascade=spread(thai), losses=compare(thai, trials=200))
    assert "yuan" not in report.html()
    assert "The bank loses 290 THB." in report.html()
    assert "Amount (THB)" in report.html()


def test_bars_and_curves_are_those_of_the_losses(losses: PresetComparison) -> None:
    bars = list_bars({"base": losses.base})
    expected = [losses.base.with_guarantees, losses.base.with_trade, losses.base.bare]
    assert [bar.value_fen for bar in bars] == [distribution.expected_loss_fen for distribution in expected]
    assert all(bar.low_fen <= bar.value_fen <= bar.high_fen for bar in bars)


def test_a_mapping_of_losses_keeps_its_own_names(book: Portfolio, losses: PresetComparison) -> None:
    report = build_report(book, losses={"mine": losses.worst, "base": losses.base})
    assert report.headline[1].startswith("Under the terms “base”")
    assert report.headline[2].startswith("Under the terms “mine”")


def test_two_losses_of_nothing_are_no_difference(losses: PresetComparison) -> None:
    nothing = LossDistribution(samples_fen=np.zeros(10, dtype=np.int64), largest_fen=100)
    calm = replace(losses.base, with_guarantees=nothing, with_trade=nothing)
    assert judge_guarantees(calm) == "Nothing was lost in any trial, with or without the guarantees."


def test_a_report_of_nothing_says_what_the_portfolio_holds(book: Portfolio) -> None:
    report = build_report(book)
    assert report.headline == ("4 members stand in 1 circle.",)
    assert "Asked of the data of 2007-12-29: what the portfolio holds." in report.html()
    assert book.digest() in report.html()


def test_the_page_may_run_and_fetch_nothing(book: Portfolio, losses: PresetComparison) -> None:
    text = build_report(book, proposal=propose(book), losses=losses, title=HOSTILE).html()
    assert "script-src &#x27;none&#x27;" in text
    assert "<script" not in text
    assert "<img" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("</style>") == 1


def test_a_result_of_another_portfolio_is_refused(book: Portfolio, losses: PresetComparison) -> None:
    other = build_book("another")
    with pytest.raises(InputError, match="the cascade of the report was made from another portfolio"):
        build_report(other, cascade=spread(book))
    with pytest.raises(InputError, match="the losses “worst” of the report was made from another portfolio"):
        build_report(other, losses=losses)
    with pytest.raises(InputError, match="the proposal of the report was made from another portfolio"):
        build_report(other, proposal=replace(propose(book), circles=propose(book).circles.head(0)))


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
    losses = compare(book, trials=200)
    report = build_report(book, proposal=propose(book), cascade=spread(book), losses=losses, title=HOSTILE)
    opened = open_page(report.html(), width=390, height=844)
    for chart in opened.page.locator("svg.chart").all():
        assert chart.bounding_box()["x"] + chart.bounding_box()["width"] <= 390
    assert len(opened.requests) == 1
    assert opened.dialogs == []
    assert opened.complaints == []
    assert opened.page.locator("h1").inner_text() == HOSTILE
    assert opened.page.locator("script, img").count() == 0
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(set(re.findall(r' id="([^"]*)"', report.html()))) == len(re.findall(r' id="([^"]*)"', report.html()))
    paper = opened.page.pdf(prefer_css_page_size=True)
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 9
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (\d+)", paper)) <= {b"594", b"595", b"596"}
