"""Charts: what they draw is what the results say, and nothing in a name is more than text."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from circles.contagion import Cascade, Losses, rank_circles, rank_members, run_cascade, simulate_losses, sweep_losses
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.viz.charts import (
    Chart,
    draw_flows,
    draw_losses,
    draw_matrix,
    draw_ranking,
    draw_rounds,
    draw_search,
    draw_sweep,
)

HOSTILE = '</svg><script>alert(1)</script> $\\frac{1}$ url(#a) id="x"'
GOLDEN = Path(__file__).parent / "rounds.svg"


def build_book(industry: str = "丝绸") -> Portfolio:
    """One circle: loans 100 each, resources 0, 30, 40, 40; M1's default brings all down. M5 guarantees 70 for M1."""
    ids = ["M1", "M2", "M3", "M4", "M5"]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": ids,
                "industry": [industry, industry, "tea", None, "tea"],
                "resources_fen": [0, 30_00, 40_00, 40_00, 0],
                "default_probability": 0.05,
            }
        ),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ids[:4]}),
        loans=pd.DataFrame(
            {
                "loan_id": ids[:4],
                "borrower_id": ids[:4],
                "circle_id": "C1",
                "balance_fen": [120_00, 90_00, 90_00, 90_00],
            }
        ),
        guarantees=pd.DataFrame(
            {"guarantee_id": ["G1"], "guarantor_id": ["M5"], "borrower_id": ["M1"], "amount_fen": [70_00]}
        ),
    )


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return build_book()


@pytest.fixture(scope="module")
def losses(book: Portfolio) -> Losses:
    return simulate_losses(book, trials=500, seed=7)


@pytest.fixture(scope="module")
def cascade(book: Portfolio) -> Cascade:
    return run_cascade(book, ["M1"])


def test_lines_of_losses_are_the_shares_of_trials_that_lose_more(losses: Losses) -> None:
    chart = draw_losses(losses)
    for row in chart.data.itertuples():
        samples = losses.samples_fen if row.case == "with_guarantees" else getattr(losses, row.case).samples_fen
        assert row.share == pytest.approx((samples > row.loss_fen).mean())
    assert f"value at risk 99 % {losses.value_at_risk(0.99) // 100}" in chart.description
    assert f"expected shortfall 99 % {round(losses.expected_shortfall(0.99) / 100)}" in chart.description


def test_a_sweep_is_drawn_as_it_was_found(book: Portfolio) -> None:
    sweep = sweep_losses(book, "resources", [0.5, 1, 4], trials=100, seed=7)
    chart = draw_sweep(sweep)
    pd.testing.assert_frame_equal(chart.data, sweep.table[["value", "expected_loss_fen", "with_trade_fen"]])
    assert all(f"{point:.4g}" in chart.description for point in sweep.tipping_points)


def test_rounds_count_everybody_who_failed(cascade: Cascade) -> None:
    data = draw_rounds(cascade).data
    assert data["first"].tolist()[0] == 1
    assert data["first"].sum() + data["contagious"].sum() == cascade.members["round"].notna().sum()
    empty = draw_rounds(run_cascade(build_book(), []))
    assert empty.data.empty


def test_a_matrix_counts_each_hit_once(book: Portfolio, cascade: Cascade) -> None:
    members = cascade.members.set_index("member_id")
    hits = sum(len(hit.split(";")) for hit in members.loc[members["state"] == "contagious", "hit_by"])
    data = draw_matrix(cascade, book).data
    assert data["count"].sum() == hits
    assert set(data["whom"]) <= {"M2", "M3", "M4"}
    with pytest.raises(InputError, match="another portfolio"):
        draw_matrix(cascade, build_book("another"))
    with pytest.raises(InputError, match="no column 'colour'"):
        draw_matrix(cascade, book, by="colour")


def test_a_ranking_keeps_its_order_and_amounts(book: Portfolio) -> None:
    ranking = rank_members(book)
    data = draw_ranking(ranking, top=2).data
    assert data.to_numpy().tolist() == ranking.members[["member_id", "bank_loss_fen"]].head(2).to_numpy().tolist()
    of_circles = draw_ranking(rank_circles(book))
    assert of_circles.data["amount_fen"].tolist() == rank_circles(book)["worst_member_fen"].tolist()
    with pytest.raises(InputError, match="ranking of members or circles"):
        draw_ranking(pd.DataFrame({"x": [1]}))
    with pytest.raises(InputError, match="top must be"):
        draw_ranking(ranking, top=0)


def test_flows_add_up_to_circle_loans_and_guarantees(book: Portfolio) -> None:
    data = draw_flows(book).data.set_index(["source", "target"])["amount_fen"]
    assert data.sum() == 390_00 + 70_00
    # M3 (tea) carries a third of 120 + 90, M5 all of 70
    assert data["tea", "丝绸"] == 70_00 + 70_00
    assert data["not stated", "tea"] == 30_00
    with pytest.raises(InputError, match="no column"):
        draw_flows(book, by="colour")


def test_a_search_ends_where_it_ended() -> None:
    chart = draw_search([(0.5, 10, 90), (2.0, 50, 60)])
    assert chart.description == "After 2 seconds the best proposal has 50 points and none has more than 60."
    with pytest.raises(InputError, match="got none"):
        draw_search([])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_chart_is_whole_xml_without_styles_scripts_or_addresses(
    book: Portfolio, losses: Losses, lang: str
) -> None:
    hostile = build_book(HOSTILE)
    charts = [
        draw_losses(losses, lang=lang),
        draw_flows(hostile, lang=lang, unit=HOSTILE),
        draw_ranking(pd.DataFrame({"member_id": [HOSTILE], "bank_loss_fen": [5]}), lang=lang),
        draw_matrix(run_cascade(hostile, ["M1"]), hostile, lang=lang),
    ]
    seen: set[str] = set()
    for chart in charts:
        root = ElementTree.fromstring(chart.svg())
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)
        assert {element.tag.split("}")[1] for element in root.iter()} <= {
            "svg", "title", "desc", "g", "defs", "path", "use", "text", "tspan", "clipPath", "rect", "pattern", "image",
        }  # fmt: skip
        assert "http" not in chart.inline()
        assert "<script" not in chart.inline()
    words = " ".join(ElementTree.fromstring(charts[1].svg()).itertext())
    assert "</svg><script" in words


def test_an_unknown_language_is_refused(losses: Losses) -> None:
    with pytest.raises(InputError, match="lang must be one of en, zh"):
        draw_losses(losses, lang="fr")  # type: ignore[arg-type]


def test_the_same_figures_give_the_same_picture(cascade: Cascade, refresh_golden: bool) -> None:
    chart = draw_rounds(cascade)
    if refresh_golden:
        chart.save(GOLDEN, force=True)
    assert chart.svg() == draw_rounds(cascade).svg()
    drawn, kept = (_split(text) for text in (chart.svg(), GOLDEN.read_text(encoding="utf-8")))
    assert drawn[0] == kept[0]
    np.testing.assert_allclose(drawn[1], kept[1], atol=0.5)


def test_a_chart_is_saved_whole_and_an_existing_file_is_kept(cascade: Cascade, tmp_path: Path) -> None:
    chart: Chart = draw_rounds(cascade)
    path = chart.save(tmp_path / "rounds.svg")
    assert path.read_text(encoding="utf-8") == chart.svg()
    with pytest.raises(InputError, match="exists already"):
        chart.save(path)


def _split(text: str) -> tuple[list[str], list[float]]:
    """Part a picture's words from its coordinates, which another version of the library may round otherwise."""
    root = ElementTree.fromstring(text)
    words = [" ".join(element.itertext()) for element in root.iter() if element.tag.endswith(("text", "title", "desc"))]
    return words, [float(element.get("x", 0)) for element in root.iter() if element.tag.endswith("text")]
