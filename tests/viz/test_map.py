"""Maps: what is drawn, what is said, what is refused."""

import html
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from books_to_draw import HOSTILE_NAMES, build_book, propose, ruin, spread, weaken

from circles.contagion import run_cascade
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.settlement import Terms
from circles.viz import Map, draw_map
from circles.viz.wording import say_amount


@pytest.fixture
def weak(book: Portfolio) -> Portfolio:
    return weaken(book)


def test_without_a_result_the_existing_circles_are_drawn(book: Portfolio) -> None:
    drawn = draw_map(book)
    assert drawn.hulls["circle_id"].tolist() == ["C000", "C001", "C002"]
    assert drawn.hulls["amount_fen"].tolist() == [600_000_00, 1_000_000_00, 900_000_00]
    assert drawn.nodes["state"].unique().tolist() == ["member"]
    assert drawn.omitted == (
        "2 members in none of the circles are not drawn.",
        "2 edges between different circles not drawn.",
    )


def test_a_proposal_shows_its_first_sixty_circles_and_says_what_is_left_out() -> None:
    book = build_book(circles=70, lone=5)
    drawn = draw_map(book, proposal=propose(book, circles=65))
    assert len(drawn.hulls) == 60
    assert len(drawn.nodes) == 180
    assert "5 of 65 proposed circles with 15 members are not drawn" in drawn.omitted[0]
    assert drawn.omitted[1].startswith("20 members in none of the proposed circles")
    assert "5 of 65 proposed circles" in drawn.html()


def test_a_proposed_member_owes_what_it_owes_and_what_it_shall_borrow(book: Portfolio) -> None:
    drawn = draw_map(book, proposal=propose(book, circles=1))
    assert drawn.nodes["exposure_fen"].tolist() == [600_000_00, 700_000_00, 800_000_00]
    assert drawn.hulls["note"].tolist() == ["score 3"]


def test_a_cascade_shows_whom_it_touched_and_their_circles(weak: Portfolio) -> None:
    drawn = draw_map(weak, cascade=spread(weak))
    assert drawn.nodes["member_id"].tolist() == ["M0000", "M0001", "M0002", "M0010"]
    assert drawn.nodes["state"].tolist() == ["first", "contagious", "paid", "hurt"]
    assert drawn.nodes["paid_fen"].tolist() == [0, 10_000_00, 90_000_00, 0]
    assert drawn.nodes["trade_loss_fen"].tolist() == [0, 0, 0, 20_000_00]
    failures = drawn.edges[drawn.edges["kind"] == "failure"]
    assert failures[["source_id", "target_id"]].to_numpy().tolist() == [["M0000", "M0001"]]
    assert drawn.omitted == ("7 members that the cascade did not touch are not drawn.",)


def test_a_circle_in_which_the_bank_loses_is_marked_with_the_loss(weak: Portfolio) -> None:
    cascade = ruin(weak)
    drawn = draw_map(weak, cascade=cascade)
    assert cascade.bank_loss_fen > 0
    assert drawn.hulls[["circle_id", "loss_fen", "lost"]].to_numpy().tolist() == [["C000", cascade.bank_loss_fen, True]]
    assert drawn.hulls["tag"].tolist() == [f"bank loses {cascade.bank_loss_fen // 100:,}"]


def test_the_headline_of_a_cascade_has_the_loss_and_both_bounds(weak: Portfolio) -> None:
    cascade = ruin(weak)
    text = draw_map(weak, cascade=cascade).html()
    low, loss, high = (
        say_amount(fen) for fen in (cascade.optimistic_loss_fen, cascade.bank_loss_fen, cascade.conservative_loss_fen)
    )
    assert "<h1>If M0000, M0002 default</h1>" in text
    assert f"<b>{loss} yuan</b><small>at least {low}, at most {high}</small>" in text
    assert "waterfall, equal shares; recovery 25 %, contagious 45 %, receivables 50 %; cross-default" in text


def test_amounts_are_in_the_currency_of_the_portfolio(weak: Portfolio) -> None:
    names = ("members", "circles", "circle_members", "loans", "receivables", "trades")
    thai = Portfolio.from_frames(as_of="2007-12-29", currency="THB", **{name: weak.table(name) for name in names})
    for drawn in (draw_map(thai), draw_map(thai, member="M0001"), draw_map(thai, cascade=ruin(thai))):
        page = drawn.html().split('<script type="application/json"')[0]
        assert "yuan" not in page
        assert "Owes (THB)" in page
    assert "Owes (yuan)" in draw_map(weak).html()


def test_what_first_defaults_alone_are_is_said(weak: Portfolio) -> None:
    cascade = ruin(weak)
    figure = draw_map(weak, cascade=cascade).drawing.figures[1]
    assert figure.label == "First defaults alone"
    assert figure.value == f"{say_amount(cascade.loss_without_guarantee_fen)} yuan"
    assert figure.note == "unpaid on their own loans, had nothing spread and nobody paid for them"


def test_the_sentence_of_a_cascade_says_who_fails_and_who_stands(weak: Portfolio) -> None:
    sentence = draw_map(weak, cascade=spread(weak)).drawing.sentence
    assert sentence == (
        "1 more member fails because of it, in 1 round; 1 member paid and stands; 1 member lost trade money and "
        "stands. The bank loses 0 yuan."
    )


def test_edges_over_which_nothing_was_asked_are_faint(weak: Portfolio) -> None:
    edges = draw_map(weak, cascade=spread(weak)).edges
    asked = edges[~edges["faint"]]
    assert asked["kind"].tolist() == ["failure", "receivable"]
    assert set(edges[edges["faint"]]["kind"]) == {"acquaintance", "trade"}
    assert edges["shown"].tolist() == (~edges["faint"]).tolist()


def test_too_many_members_keep_the_worst_and_say_how_many_are_gone() -> None:
    book = build_book(circles=4, size=5)
    cascade = run_cascade(book, ["M0007", "M0001"], Terms(recovery_rate=0.9))
    drawn = draw_map(book, cascade=cascade, limit=4)
    assert len(drawn.nodes) == 4
    assert {"M0001", "M0007"} <= set(drawn.nodes["member_id"])
    assert "6 of 10 members" in drawn.omitted[0]
    assert drawn.hulls["tag"].str.contains("of 5 members").all()


def test_first_defaults_that_did_no_harm_give_way_to_whom_others_hit(weak: Portfolio) -> None:
    lone = weak.replace(loans=weak.loans[weak.loans["borrower_id"] != "M0008"])
    drawn = draw_map(lone, cascade=run_cascade(lone, ["M0000", "M0008"], Terms(cross_default=False)), limit=4)
    assert drawn.nodes["member_id"].tolist() == ["M0000", "M0001", "M0002", "M0010"]


def test_a_member_shows_its_surroundings_within_hops(book: Portfolio) -> None:
    near, far = (draw_map(book, member="M0010", hops=hops) for hops in (1, 2))
    assert near.nodes["member_id"].tolist() == ["M0009", "M0010"]
    assert far.nodes["member_id"].tolist() == ["M0008", "M0009", "M0010"]
    assert near.nodes["focus"].tolist() == [False, True]
    assert "9 members farther away are not drawn." in near.omitted


def test_a_circle_shows_its_members_and_their_partners(book: Portfolio) -> None:
    drawn = draw_map(book, circle="C001")
    assert drawn.nodes["member_id"].tolist() == ["M0002", "M0003", "M0004", "M0005", "M0006"]
    assert not drawn.nodes["focus"].any()
    assert drawn.drawing.title == "Around C001 at 2007-12-29"
    assert drawn.drawing.sentence == "2 members within 1 hop of the circle."
    assert draw_map(book, circle="C001", mask=True).drawing.title == "Around Circle 2 at 2007-12-29"


def test_the_headline_counts_who_is_in_reach_and_who_is_drawn(book: Portfolio) -> None:
    drawn = draw_map(book, member="M0010", hops=3, limit=3)
    assert drawn.drawing.sentence == "4 members within 3 hops of it. 2 of them are drawn."
    assert drawn.omitted[0] == (
        "2 of 5 members within 3 hops of the member are not drawn: the limit is 3. "
        "Ask for fewer hops to narrow the view."
    )
    near = draw_map(book, member="M0000", limit=2)
    assert near.omitted[0].endswith("the limit is 2. A map may have up to 2,000.")


def read_figures(drawn: Map) -> dict[str, tuple[str, str]]:
    return {figure.label: (figure.value, figure.note) for figure in drawn.drawing.figures}


def test_the_figures_of_a_circles_map_are_the_circles(book: Portfolio) -> None:
    figures = read_figures(draw_map(chained(book), circle="C001"))
    assert figures == {
        "Members of the circle": ("3", "0 of them in other circles too"),
        "Loans of the circle": ("1,000,000 yuan", "balance and accrued interest"),
        "Can pay": ("150,000 yuan", "all members together; estimated: 0 of 3 members"),
        "Further guarantees": ("2", "in force beside the circle's own: 0 given, 2 received by its members"),
    }


def test_the_figures_of_a_proposed_circles_map_are_the_proposed_circles(book: Portfolio) -> None:
    drawn = draw_map(book, proposal=propose(book, circles=2), circle="P001")
    assert read_figures(drawn)["Would borrow"] == ("1,500,000 yuan", "all members of the circle together")
    assert read_figures(drawn)["Members of the circle"][0] == "3"
    assert "Not placed" not in read_figures(drawn)
    assert drawn.drawing.sentence.endswith(
        "It would borrow 1,500,000 yuan; the whole proposal has 2 circles. A person decides on each."
    )


def test_the_figures_of_a_circles_map_after_a_cascade_are_what_it_did_to_the_circle(weak: Portfolio) -> None:
    cascade = run_cascade(weak, ["M0000", "M0002", "M0003"], Terms.preset("base"))
    pools = cascade.circles.set_index("id")
    assert 0 < pools.loc["C001", "bank_loss_fen"] < cascade.bank_loss_fen
    drawn = draw_map(weak, cascade=cascade, circle="C001")
    loss, whole = (say_amount(fen) for fen in (pools.loc["C001", "bank_loss_fen"], cascade.bank_loss_fen))
    figures = read_figures(drawn)
    assert figures["Bank loss in the circle"] == (f"{loss} yuan", f"of {whole} yuan in the whole cascade")
    assert figures["Paid by its guarantors"][0] == f"{say_amount(pools.loc['C001', 'paid_fen'])} yuan"
    inside = cascade.members.set_index("member_id").loc[["M0003", "M0004", "M0005"], "state"]
    assert figures["Its members that failed"][0] == str(inside.isin(("first", "contagious")).sum())
    assert f"the bank loses {loss} yuan in it, of {whole} yuan in all." in drawn.drawing.sentence
    calm = draw_map(weak, cascade=cascade, circle="C002")
    assert read_figures(calm)["Bank loss in the circle"][0] == "0 yuan"


def test_members_are_sized_by_the_measure_asked_for(weak: Portfolio) -> None:
    owed, able = (draw_map(weak, size=size) for size in ("exposure", "resources"))
    richest = able.nodes.loc[able.nodes["size"].idxmax(), "member_id"]
    assert richest == "M0002"
    assert owed.nodes.loc[owed.nodes["size"].idxmax(), "member_id"] == "M0004"
    assert draw_map(weak, cascade=ruin(weak), size="called").drawing.measure == "called"
    assert '<option value="resources_fen">' in able.html().split('<option value="exposure_fen">')[0]
    with pytest.raises(InputError, match="size must be one of exposure, resources on this map, got 'called'"):
        draw_map(weak, size="called")


def chained(book: Portfolio) -> Portfolio:
    """M0009 guarantees for M0000, in a circle with M0001 and M0002; M0002 for M0003; M0010 for M0009."""
    pairs = [("M0009", "M0000"), ("M0002", "M0003"), ("M0010", "M0009"), ("M0006", "M0003")]
    rows = pd.DataFrame(pairs, columns=["guarantor_id", "borrower_id"])
    return book.replace(guarantees=rows.assign(guarantee_id=["G1", "G2", "G3", "G4"], amount_fen=100_00))


def test_a_chain_is_who_stands_behind_a_member_and_whom_it_guarantees_for(book: Portfolio) -> None:
    drawn = draw_map(chained(book), chain="M0001")
    inside = ["M0000", "M0001", "M0002", "M0003", "M0004", "M0005", "M0009", "M0010"]
    assert drawn.nodes["member_id"].tolist() == inside
    assert drawn.nodes.loc[drawn.nodes["focus"], "member_id"].tolist() == ["M0001"]
    assert set(drawn.edges["kind"]) == {"guarantee"}
    assert drawn.drawing.title == "Guarantee chain of M0001 at 2007-12-29"
    assert drawn.drawing.sentence == (
        "4 members guarantee for it and 5 members are guaranteed by it, directly or through others."
    )
    assert "3 members outside the guarantee chain are not drawn." in drawn.omitted
    last = draw_map(chained(book), chain="M0010")
    assert last.drawing.sentence.startswith("0 members guarantee for it and 7 members are guaranteed by it")


def test_a_long_chain_keeps_the_nearest(book: Portfolio) -> None:
    drawn = draw_map(chained(book), chain="M0010", limit=3)
    assert drawn.nodes["member_id"].tolist()[-2:] == ["M0009", "M0010"]
    assert drawn.omitted[0].startswith("5 of 8 members of the guarantee chain are not drawn")


def test_edges_have_their_first_and_last_day(book: Portfolio) -> None:
    days = {"starts_on": ["2007-02-01", None, None, None], "expires_on": ["2008-02-01", "2008-03-01", None, None]}
    dated = chained(book).replace(guarantees=chained(book).guarantees.assign(**days))
    edges = draw_map(dated, chain="M0001").edges.set_index(["source_id", "target_id"])
    assert str(edges.loc[("M0009", "M0000"), "since"].date()) == "2007-02-01"
    assert str(edges.loc[("M0002", "M0003"), "until"].date()) == "2008-03-01"
    assert edges.loc[("M0010", "M0009"), ["since", "until"]].isna().all()
    trade = draw_map(book).edges.query("kind == 'trade'").iloc[0]
    assert (str(trade["since"].date()), str(trade["until"].date())) == ("2007-11-01", "2007-11-30")


def test_a_member_can_be_looked_at_inside_a_cascade(weak: Portfolio) -> None:
    drawn = draw_map(weak, cascade=spread(weak), member="M0001")
    assert drawn.nodes["member_id"].tolist() == ["M0000", "M0001", "M0002"]
    assert drawn.nodes["state"].tolist() == ["first", "contagious", "paid"]


def test_a_member_of_two_circles_stands_in_one_and_is_tied_to_the_other(book: Portfolio) -> None:
    more = pd.DataFrame({"circle_id": ["C001"], "member_id": ["M0000"]})
    crossing = book.replace(circle_members=pd.concat([book.circle_members, more], ignore_index=True))
    drawn = draw_map(crossing)
    assert len(drawn.nodes) == 9
    assert drawn.drawing.spokes.to_numpy().tolist() == [[0, 1]]
    assert drawn.hulls["members"].tolist() == [3, 4, 3]


def test_a_circle_whose_only_member_drawn_stands_in_another_one_is_drawn_empty(book: Portfolio) -> None:
    more = pd.DataFrame({"circle_id": ["C001"], "member_id": ["M0000"]})
    crossing = book.replace(circle_members=pd.concat([book.circle_members, more], ignore_index=True))
    drawn = draw_map(crossing, member="M0001", limit=3)
    assert drawn.nodes["member_id"].tolist() == ["M0000", "M0001", "M0002"]
    assert drawn.hulls["members_drawn"].tolist() == [3, 1]
    assert drawn.drawing.spokes.to_numpy().tolist() == [[0, 1]]


def test_the_order_of_rows_does_not_change_the_picture(weak: Portfolio) -> None:
    names = ("members", "circles", "circle_members", "loans", "trades")
    turned = weak.replace(**{name: weak.table(name)[::-1] for name in names})
    first, second = (draw_map(book, cascade=spread(book)) for book in (weak, turned))
    pd.testing.assert_frame_equal(first.nodes, second.nodes)
    pd.testing.assert_frame_equal(first.edges, second.edges)


def test_the_same_question_gives_the_same_page(book: Portfolio) -> None:
    assert draw_map(book).html() == draw_map(book).html()


def test_changing_a_frame_does_not_change_the_map(book: Portfolio) -> None:
    drawn = draw_map(book)
    frame = drawn.nodes
    frame["x"] = 1e9
    assert np.abs(drawn.nodes["x"]).max() < 1e4


def test_an_empty_portfolio_gives_an_honest_page() -> None:
    empty = Portfolio.from_frames(as_of="2007-12-29", members=pd.DataFrame({"member_id": ["M1"]}))
    drawn = draw_map(empty)
    assert len(drawn.nodes) == 0
    assert "There is nothing to draw." in drawn.html()
    assert "The portfolio has no circles yet." in drawn.html()
    assert drawn.omitted == ("1 member in none of the circles is not drawn.",)


def test_a_cascade_of_nobody_is_drawn_as_nothing(book: Portfolio) -> None:
    drawn = draw_map(book, cascade=run_cascade(book, []))
    assert len(drawn.nodes) == 0
    assert drawn.drawing.title == "Nobody defaults"


def test_a_page_is_written_whole_and_an_existing_file_is_kept(book: Portfolio, tmp_path: Path) -> None:
    drawn = draw_map(book)
    path = drawn.save(tmp_path / "map.html")
    assert path.read_text(encoding="utf-8") == drawn.html()
    with pytest.raises(InputError, match="exists already and was kept"):
        drawn.save(path)
    drawn.save(path, force=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["map.html"]


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(book: Portfolio) -> None:
    drawn = draw_map(book)
    shown = drawn._repr_html_()
    assert shown.count("<") == 2
    assert html.unescape(shown.split('srcdoc="')[1].split('"')[0]) == drawn.html()


def test_a_map_prints_as_a_short_text(book: Portfolio) -> None:
    assert str(draw_map(book)).startswith("Map “Guarantee circles at 2007-12-29”: 9 members, 3 circles, ")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"limit": 50_000}, r"at most 2,000 members, got 50,000.*circles overview"),
        ({"limit": 0}, "limit must be"),
        ({"hops": 4}, "hops must be a whole number from 1 to 3, got 4"),
        ({"hops": True}, "hops must be"),
        ({"chain": "M9999"}, "member 'M9999' not found"),
        ({"circle": "C999"}, "no circle 'C999' among the 3 of this map"),
        ({"circle": "C000", "member": "M0000"}, "give one of member, circle and chain"),
        ({"member": "M9999"}, "member 'M9999' not found among the 11 members"),
    ],
)
def test_what_cannot_be_drawn_is_refused(book: Portfolio, given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        draw_map(book, **given)


def test_two_results_at_once_are_refused(book: Portfolio) -> None:
    with pytest.raises(InputError, match="give cascade or proposal, got both"):
        draw_map(book, cascade=spread(book), proposal=propose(book, circles=1))


def test_a_result_of_another_portfolio_is_refused(book: Portfolio) -> None:
    other = build_book(names=["another name"])
    with pytest.raises(InputError, match="the cascade was run on another portfolio"):
        draw_map(other, cascade=spread(book))
    with pytest.raises(InputError, match="the proposal was formed from another portfolio"):
        draw_map(other, proposal=propose(book, circles=1))


def test_hostile_names_are_escaped_everywhere() -> None:
    text = draw_map(build_book(names=HOSTILE_NAMES)).html()
    body = text.split("</style>")[1].split('<script type="application/json"')[0]
    assert "<img src=x" not in text
    assert "alert(1)</script>" not in text
    assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "\u202e" not in text
