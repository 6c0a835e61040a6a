"""Replays: the rounds add up to the cascade, places are those of the map, and hostile text stays text."""

import re

import numpy as np
import pandas as pd
import pytest
from books_to_draw import HOSTILE_NAMES, build_book, ruin, spread, weaken

from circles import InputError, Terms, run_cascade
from circles.contagion import trace_rounds
from circles.viz import draw_map
from circles.viz.nodes import MEASURES
from circles.viz.replay import draw_replay


@pytest.fixture
def weak():
    return weaken(build_book())


@pytest.mark.parametrize(
    "terms", [Terms(), Terms.preset("base"), Terms(settlement="threshold"), Terms(willingness=0.1)]
)
def test_the_last_round_is_the_cascades_loss_and_counts_add_up(weak, terms):
    for first in (["M0000"], ["M0000", "M0002"], ["M0003", "M0009"], []):
        cascade = run_cascade(weak, first, terms)
        rounds = trace_rounds(weak, cascade).rounds
        assert rounds["unpaid_so_far_fen"].iloc[-1] == cascade.bank_loss_fen + cascade.risk_pool_used_fen
        assert rounds["paid_so_far_fen"].iloc[-1] == cascade.guarantor_paid_fen
        failed = cascade.members["round"].dropna()
        assert rounds["failed"].tolist() == [int((failed == step).sum()) for step in rounds["round"]]
        assert rounds["failed_so_far"].iloc[-1] == len(failed)
        assert rounds["paid_so_far_fen"].is_monotonic_increasing


def test_unpaid_follows_shortfalls_and_payments_of_each_round():
    """M0000 owes 100,000 and fails; M0001 pays its 10,000 and falls, M0002 pays the rest in two rounds."""
    book = weaken(build_book())
    rounds = trace_rounds(book, spread(book)).rounds
    assert rounds["unpaid_so_far_fen"].tolist() == [100_000_00, 40_000_00, 0]
    assert rounds["paid_so_far_fen"].tolist() == [0, 60_000_00, 100_000_00]
    assert rounds["failed"].tolist() == [1, 1, 0]


def test_who_paid_and_who_was_hurt_is_known_by_round(weak):
    members = trace_rounds(weak, spread(weak)).members.set_index("member_id")
    assert members.loc["M0002", "paid_round"] == 1
    assert members.loc["M0010", "hurt_round"] == 1
    assert members.loc["M0004"].tolist() == [-1, -1, -1]


def test_members_stand_where_the_map_puts_them_in_both_pictures(weak):
    cascade = ruin(weak)
    page = draw_replay(weak, cascade, after=(weak, spread(weak))).html()
    found = re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", page)
    nodes = draw_map(weak, cascade=cascade).nodes
    wide = [(f"{x:.1f}", f"{y:.1f}") for x, y in zip(nodes["x"], nodes["y"], strict=True)]
    count = len(wide)
    assert [found[:count], found[2 * count : 3 * count]] == [wide, wide]


def test_masked_replays_name_nobody(weak):
    page = draw_replay(weak, spread(weak), mask=True).html()
    assert not re.search(r"M00\d\d|C00\d|绍兴", page)
    assert "Member" in page


def test_what_fails_beyond_the_drawing_is_said(weak):
    replay = draw_replay(weak, spread(weak), after=(weak, run_cascade(weak, ["M0008"], Terms())))
    assert re.search(r"members? that fails? \(After\) not drawn", replay.html())
    assert str(replay).startswith("Replay “If M0000 defaults”")


def test_a_cascade_of_another_portfolio_is_refused(weak):
    other = build_book(circles=2)
    with pytest.raises(InputError, match="another portfolio"):
        draw_replay(other, spread(weak))
    with pytest.raises(InputError, match="another portfolio"):
        draw_replay(weak, spread(weak), after=(other, spread(weak)))
    with pytest.raises(InputError, match="limit"):
        draw_replay(weak, spread(weak), limit=0)


@pytest.mark.parametrize(
    ("after", "found"), [("cascade", "Cascade"), ("turned", r"\(Cascade, Portfolio\)"), (3, "int")]
)
def test_what_stands_beside_must_be_a_portfolio_and_its_cascade(weak, after, found):
    cascade = spread(weak)
    given = {"cascade": cascade, "turned": (cascade, weak)}.get(after, after)
    with pytest.raises(InputError, match=f"after must be a portfolio and the cascade run on it.*got {found}"):
        draw_replay(weak, cascade, after=given)


def test_rounds_in_which_somebody_fails_are_told_from_rounds_of_payments(weak):
    """M0001 falls in round 1; M0002 pays the rest in round 2, in which nobody fails."""
    replay = draw_replay(weak, spread(weak))
    assert str(replay) == "Replay “If M0000 defaults”: 1 round, payments until round 2"
    assert "The last payments are made in round 2." in replay.html()
    assert "Round 0: 1 member fails" in replay.html()
    nobody = draw_replay(weak, run_cascade(weak, []))
    assert "last payments" not in nobody.html()
    assert str(nobody) == "Replay “Nobody defaults”: 0 rounds"


def test_members_of_a_replay_are_sized_by_the_measure_asked_for(weak):
    cascade = spread(weak)
    sizes = [
        re.search(r'"sizes":\[([^]]*)\]', draw_replay(weak, cascade, size=size).html()).group(1) for size in MEASURES
    ]
    assert len(set(sizes)) == len(MEASURES)
    nodes = draw_map(weak, cascade=cascade, size="paid").nodes
    assert nodes["size"].tolist() == [float(size) for size in sizes[list(MEASURES).index("paid")].split(",")]
    with pytest.raises(InputError, match="size must be one of"):
        draw_replay(weak, cascade, size="colour")


def test_nobody_defaulting_is_a_page_too(weak, tmp_path):
    replay = draw_replay(weak, run_cascade(weak, [], Terms()))
    path = replay.save(tmp_path / "replay.html")
    assert path.read_text(encoding="utf-8") == replay.html()
    with pytest.raises(InputError, match="exists already"):
        replay.save(path)


def test_the_foot_says_what_is_otherwise_in_the_second_cascade():
    weak = weaken(build_book())
    page = draw_replay(weak, spread(weak), after=(weak, run_cascade(weak, ["M0000"], Terms(share="able")))).html()
    assert page.count("<dt>Terms, “After”</dt>") == 1
    assert "<dt>Currency, “After”</dt>" not in page
    assert "“After”</dt>" not in draw_replay(weak, spread(weak), after=(weak, spread(weak))).html()


@pytest.mark.browser
def test_keys_slider_play_and_link_go_through_the_rounds(open_page):
    book = weaken(build_book(names=HOSTILE_NAMES))
    opened = open_page(draw_replay(book, spread(book), title=HOSTILE_NAMES[0]).html())
    page, states = (
        opened.page,
        'Array.from(document.querySelectorAll("svg.wide g.member path")).map(path => path.getAttribute("class"))',
    )
    assert "Round 0" in page.locator(".status").inner_text()
    assert sum(state.endswith("now") for state in page.evaluate(states)) == 1
    page.keyboard.press("ArrowRight")
    status = page.locator(".status").inner_text()
    assert "Round 1 of 2 · 1 member fails · 2 in all · unpaid so far 40,000 yuan" in status
    assert sum(state.endswith("now") for state in page.evaluate(states)) == 1
    assert page.evaluate('document.querySelectorAll("svg.wide .fall.now").length') == 1
    page.wait_for_selector('.round[data-round="1"]:not([hidden])', state="attached")
    assert page.locator(".round:not([hidden])").count() == 1
    assert page.locator(".round:not([hidden]) tbody tr").count() == 1
    assert page.evaluate("location.hash") == "#round=1"
    page.keyboard.press("End")
    assert page.locator("#slider").input_value() == "2"
    page.locator("#slider").fill("0")
    assert "Round 0" in page.locator(".status").inner_text()
    page.evaluate('location.hash = "#round=2"')
    page.wait_for_timeout(50)
    assert "Round 2" in page.locator(".status").inner_text()
    page.evaluate('location.hash = "#round=<img src=x onerror=alert(1)>"')
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1300)
    assert page.locator("#play").inner_text() in ("Pause", "Play")
    assert len(opened.requests) == 1
    assert (opened.dialogs, opened.complaints) == ([], [])
    assert page.locator("h1").inner_text() == HOSTILE_NAMES[0]


@pytest.mark.browser
def test_two_cascades_step_together_and_a_phone_needs_no_sideways_scrolling(open_page):
    book = weaken(build_book(names=["x" * 700]))
    opened = open_page(draw_replay(book, ruin(book), after=(book, spread(book))).html(), width=390, height=844)
    opened.page.keyboard.press("End")
    assert opened.page.locator(".status").count() == 2
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert opened.page.locator("svg.narrow").first.is_visible()
    assert opened.complaints == []


def test_rounds_are_a_frame(weak):
    frame = draw_replay(weak, ruin(weak), after=(weak, spread(weak))).rounds
    assert isinstance(frame, pd.DataFrame)
    assert sorted(np.unique(frame["panel"])) == [0, 1]
