"""Forming circles anew: what can stand stands under its id, every change has its price and its reason."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from forming_book import YUAN, book

from circles.errors import InputError
from circles.matching import (
    BoundStatus,
    MatchingRules,
    Proposal,
    Weights,
    check_proposal,
    form_circles,
    read_proposal,
    reform_circles,
    verify_proposal,
)
from circles.portfolio import Portfolio

CLIQUES = [(f"M{start + i}", f"M{start + j}") for start in (1, 4, 7, 10) for i in range(3) for j in range(i + 1, 3)]
BRIDGES = [("M3", "M4"), ("M6", "M7"), ("M9", "M10")]
RULES = MatchingRules(max_members=3)


def town(**tables: pd.DataFrame) -> Portfolio:
    """Twelve firms: four triangles of acquaintances, each knowing one firm of the next."""
    return book(12, known=[*CLIQUES, *BRIDGES], **tables)


@pytest.fixture(scope="module")
def before() -> Proposal:
    return form_circles(town(), RULES, seed=7, gap=0.0)


def members_of(proposal: Proposal) -> dict[str, str]:
    return {name: " ".join(sorted(rows["member_id"])) for name, rows in proposal.circles.groupby("circle_id")}


def ban(left: str, right: str) -> pd.DataFrame:
    return pd.DataFrame({"member_a": [left], "member_b": [right]})


def outcome(changes: pd.DataFrame, circle_id: str) -> tuple[str, str]:
    row = changes[changes["circle_id"] == circle_id].iloc[0]
    return row["outcome"], row["reason"]


def test_without_a_change_everything_is_kept_under_its_id_and_nothing_is_charged(before: Proposal) -> None:
    after = reform_circles(before, town(), seed=3, gap=0.0)
    assert members_of(after.proposal) == members_of(before)
    assert after.changes["outcome"].tolist() == ["kept"] * 4
    assert after.proposal.score == before.score
    assert after.proposal.status == "OPTIMAL"
    assert "Earlier circles: 4 kept, 0 changed, 0 dissolved; 0 new" in str(after)


def test_an_exclusion_dissolves_one_circle_says_why_and_leaves_the_others(before: Proposal) -> None:
    portfolio = town(exclusions=ban("M1", "M2"))
    after = reform_circles(before, portfolio, gap=0.0)
    broken = next(name for name, members in members_of(before).items() if "M1 " in members)
    assert outcome(after.changes, broken) == ("dissolved", "excluded")
    assert "M1" in after.changes.set_index("circle_id").loc[broken, "detail"]
    assert after.changes["outcome"].value_counts()["kept"] == 3
    assert len(check_proposal(portfolio, RULES, after.proposal)) == 0


def test_a_member_that_is_no_candidate_any_more_dissolves_its_circle_with_its_own_reason(before: Proposal) -> None:
    applications = {"amount_fen": [100_000 * YUAN] * 11 + [3_000_000 * YUAN]}
    after = reform_circles(before, book(12, known=[*CLIQUES, *BRIDGES], applications=applications), gap=0.0)
    gone = next(name for name, members in members_of(before).items() if "M12" in members)
    assert outcome(after.changes, gone) == ("dissolved", "amount")
    assert after.changes.set_index("circle_id").loc[gone, "detail"].startswith("M12: ")


def test_a_member_that_left_is_named(before: Proposal) -> None:
    portfolio = town()
    rest = portfolio.applications[portfolio.applications["member_id"] != "M5"]
    after = reform_circles(before, portfolio.replace(applications=rest), gap=0.0)
    gone = next(name for name, members in members_of(before).items() if "M5" in members)
    assert outcome(after.changes, gone) == ("dissolved", "application")


def test_a_circle_is_exchanged_only_where_the_gain_pays_for_the_changes() -> None:
    known = [("M1", "M2"), ("M2", "M3"), ("M1", "M3"), ("M1", "M4"), ("M2", "M4")]
    before = form_circles(book(4, known=known[:3]), RULES, gap=0.0)
    alike = {"industry": ["x", "y", "x", "z"]}
    for change, now in ((0, "M1 M2 M4"), (14, "M1 M2 M4"), (16, "M1 M2 M3")):
        rules = replace(RULES, weights=Weights(change=change))
        portfolio = book(4, known=known, members=alike)
        after = reform_circles(before, portfolio, rules, gap=0.0)
        assert list(members_of(after.proposal).values()) == [now], change
        assert after.proposal.status == "OPTIMAL"
        assert len(check_proposal(portfolio, rules, after.proposal)) == 0
    before_circle = after.changes.iloc[0]
    assert before_circle["outcome"] == "kept"
    cheap = reform_circles(before, portfolio, replace(RULES, weights=Weights(change=14)), gap=0.0)
    assert outcome(cheap.changes, before_circle["circle_id"]) == ("changed", "outbid")
    assert cheap.changes.iloc[1]["outcome"] == "new"
    assert cheap.changes.iloc[1]["detail"] == f"2 of {before_circle['circle_id']}, 1 of no circle"
    assert cheap.proposal.breakdown.set_index("term").loc["change", "points"] == -14


def test_a_reformed_proposal_is_proved_from_its_file_and_goes_on_from_a_file(before: Proposal, tmp_path: Path) -> None:
    before.save(tmp_path / "before.json")
    portfolio = town(exclusions=ban("M1", "M2"))
    after = reform_circles(read_proposal(tmp_path / "before.json"), portfolio, gap=0.0)
    after.proposal.save(tmp_path / "after.json")
    saved = read_proposal(tmp_path / "after.json")
    assert saved.previous is not None
    assert len(saved.previous) == 4
    checked = verify_proposal(saved, portfolio)
    assert checked.status is BoundStatus.PROVED, checked.violations.to_string()
    forgot = verify_proposal(replace(saved, previous=()), portfolio)
    assert forgot.status is BoundStatus.VIOLATED


def test_strangers_and_any_are_reformed_alike() -> None:
    for mode in ("strangers", "any"):
        rules = MatchingRules(max_members=3, mode=mode)
        before = form_circles(town(), rules, gap=0.0)
        first = before.circles[before.circles["circle_id"] == before.circles["circle_id"].iloc[0]]["member_id"].tolist()
        portfolio = town(exclusions=ban(*first[:2]))
        after = reform_circles(before, portfolio, gap=0.0)
        assert len(check_proposal(portfolio, rules, after.proposal)) == 0
        assert after.changes["outcome"].value_counts()["kept"] >= 2
        assert after.changes["outcome"].iloc[0] != "kept"


def test_what_is_no_proposal_is_refused() -> None:
    with pytest.raises(InputError, match=r"previous must be a circles.Proposal or SavedProposal, got DataFrame"):
        reform_circles(pd.DataFrame(), town())


def test_an_earlier_plan_with_a_member_in_two_circles_is_refused(before: Proposal) -> None:
    twice = before.circles.copy()
    twice.loc[3, "member_id"] = twice.loc[0, "member_id"]
    with pytest.raises(InputError, match="is in the circles"):
        reform_circles(replace(before, circles=twice), town())
