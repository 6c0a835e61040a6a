"""The independent check: a sound proposal passes, and every kind of falsification is caught by name."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from forming_book import book

from circles.matching import MatchingRules, Proposal, check_proposal, form_circles
from circles.portfolio import Portfolio

CHAIN = [(f"M{i}", f"M{i + 1}") for i in range(1, 9)]
RULES = MatchingRules(max_members=4)


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """Nine firms in a chain; M9's certification ran out."""
    until = pd.to_datetime([None] * 8 + ["2007-01-01"])
    members = {"certified_until": until, "industry": ["x", "y", "x", "y", "z", "x", "x", "y", "z"]}
    return book(9, known=CHAIN, members=members)


@pytest.fixture(scope="module")
def proposal(portfolio: Portfolio) -> Proposal:
    return form_circles(portfolio, RULES, seed=7, gap=0.0)


def rules_found(portfolio: Portfolio, proposal: Proposal, rules: MatchingRules = RULES) -> set[str]:
    found = check_proposal(portfolio, rules, proposal)
    assert list(found.columns) == ["rule", "circle_id", "member_id", "detail"]
    return set(found["rule"])


def test_a_sound_proposal_has_no_violations(portfolio: Portfolio, proposal: Proposal):
    assert proposal.circles["circle_id"].nunique() == 2
    assert rules_found(portfolio, proposal) == set()


def edit(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Proposal], Proposal]:
    return lambda proposal: replace(proposal, **{table: change(getattr(proposal, table).copy())})


def set_cell(row: int, column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[frame.index[row], column] = value
        return frame

    return change


def swap_two_members(frame: pd.DataFrame) -> pd.DataFrame:
    """Let one member of each circle change places, with amount and application."""
    own = ["member_id", "application_id", "amount_fen"]
    frame.loc[[0, 7], own] = frame.loc[[7, 0], own].to_numpy()
    return frame


FALSIFICATIONS = {
    "a member swapped": (edit("circles", swap_two_members), {"connected", "score", "breakdown"}),
    "a member in two circles": (edit("circles", set_cell(7, "member_id", "M1")), {"one_circle", "application"}),
    "a member named twice": (edit("circles", lambda frame: pd.concat([frame, frame.head(1)])), {"one_circle"}),
    "a member left out": (edit("circles", lambda frame: frame.iloc[1:]), {"unplaced", "score"}),
    "both circles as one": (edit("circles", set_cell(slice(0, 8), "circle_id", "C00001")), {"size"}),
    "a member nobody knows": (edit("circles", set_cell(0, "member_id", "M99")), {"application", "unplaced"}),
    "a foreign application": (edit("circles", set_cell(0, "application_id", "A9")), {"application"}),
    "another amount": (edit("circles", set_cell(0, "amount_fen", 9_999_999)), {"application"}),
    "a deposit that is not due": (edit("circles", set_cell(0, "deposit_fen", 1)), {"deposit"}),
    "another kind": (edit("circles", set_cell(slice(0, 4), "kind", "strangers")), {"kind"}),
    "a wrong score": (edit("circles", lambda frame: frame.assign(score=frame["score"] + 1)), {"score"}),
    "one wrong term": (edit("breakdown", set_cell(0, "points", 1)), {"breakdown"}),
    "a term left out": (edit("breakdown", lambda frame: frame.iloc[1:]), {"breakdown"}),
    "a term made up": (
        edit("breakdown", lambda frame: pd.concat([frame, frame.head(1).assign(term="luck", points=5)])),
        {"breakdown"},
    ),
    "points of no circle": (
        edit("breakdown", lambda frame: pd.concat([frame, frame.head(1).assign(circle_id="C9")])),
        {"breakdown"},
    ),
    "a reason left out": (edit("unplaced", lambda frame: frame.iloc[1:]), {"unplaced"}),
    "a reason twice": (edit("unplaced", lambda frame: pd.concat([frame, frame])), {"unplaced"}),
    "a wrong reason": (edit("unplaced", set_cell(0, "reason", "overdue")), {"unplaced"}),
    "an unknown reason": (edit("unplaced", set_cell(0, "reason", "dislike")), {"unplaced"}),
    "no sentence": (edit("unplaced", set_cell(0, "detail", " ")), {"unplaced"}),
    "a placed member unplaced": (edit("unplaced", set_cell(0, "member_id", "M1")), {"unplaced"}),
    "another total": (lambda proposal: replace(proposal, score=proposal.score - 1), {"score"}),
    "a bound below the score": (lambda proposal: replace(proposal, upper_bound=proposal.score - 1), {"bound"}),
    "optimal without proof": (lambda proposal: replace(proposal, upper_bound=proposal.score + 1), {"status"}),
    "infeasible with circles": (lambda proposal: replace(proposal, status="INFEASIBLE"), {"status"}),
}


@pytest.mark.parametrize("name", FALSIFICATIONS)
def test_a_falsified_proposal_is_caught(portfolio: Portfolio, proposal: Proposal, name: str):
    falsify, expected = FALSIFICATIONS[name]
    assert expected <= rules_found(portfolio, falsify(proposal))


def loan(**columns: object) -> pd.DataFrame:
    return pd.DataFrame([{"loan_id": "L1", "borrower_id": "M1", "balance_fen": 100, **columns}])


def of_members(portfolio: Portfolio, **columns: object) -> Portfolio:
    """Change columns of M1, the first row."""
    members = portfolio.members
    for name, value in columns.items():
        members[name] = pd.Series([value, *members[name].iloc[1:]], dtype=members[name].dtype)
    return portfolio.replace(members=members)


OTHER_FACTS = {
    "related_parties": lambda p: p.replace(
        links=pd.DataFrame({"member_a": ["M1"], "member_b": ["M3"], "kind": "phone"})
    ),
    "excluded": lambda p: p.replace(exclusions=pd.DataFrame({"member_a": ["M3"], "member_b": ["M1"]})),
    "connected": lambda p: p.replace(acquaintances=p.acquaintances.iloc[1:]),
    "coverage": lambda p: p.replace(members=p.members.assign(resources_fen=3_333_333)),
    "bearable": lambda p: of_members(p, resources_fen=3_333_333),
    "resources": lambda p: of_members(p, resources_fen=pd.NA),
    "overdue": lambda p: p.replace(loans=loan(days_overdue=1)),
    "certified": lambda p: of_members(p, certified_until=pd.Timestamp("2007-12-28")),
    "registered": lambda p: of_members(p, registered_on=pd.Timestamp("2007-01-01")),
    "region": lambda p: of_members(p, region="浙江", city="宁波市"),
    "amount": lambda p: p.replace(applications=p.applications.assign(amount_fen=200_000_001)),
    "application": lambda p: p.replace(applications=p.applications.assign(application_id=[f"B{i}" for i in range(9)])),
    "circle_id": lambda p: p.replace(circles=pd.DataFrame({"circle_id": ["C00001"], "status": ["settled"]})),
    "in_circle": lambda p: p.replace(
        circles=pd.DataFrame({"circle_id": ["X"]}),
        circle_members=pd.DataFrame({"circle_id": "X", "member_id": ["M1", "M2"]}),
    ),
    "breakdown": lambda p: of_members(p, industry="y"),
}


@pytest.mark.parametrize("rule", OTHER_FACTS)
def test_other_facts_are_seen(portfolio: Portfolio, proposal: Proposal, rule: str):
    assert rule in rules_found(OTHER_FACTS[rule](portfolio), proposal)


OTHER_RULES = {
    "size": {"max_members": 3},
    "amount": {"max_amount_fen": 9_999_999},
    "amount_ratio": {"amount_ratio": 1.0},
    "circle_loan": {"max_circle_loan_fen": 39_999_999},
    "coverage": {"coverage": 6.5},
    "bearable": {"bearable": 0.1},
    "deposit": {"deposit_share": 0.1},
    "kind": {"mode": "strangers"},
    "region": {"allowed_regions": ("Zhejiang",)},
}


@pytest.mark.parametrize("rule", OTHER_RULES)
def test_other_rules_are_applied(portfolio: Portfolio, rule: str):
    amounts = [10_000_000, 10_000_000, 10_000_000, 10_000_001, *[10_000_000] * 5]
    uneven = portfolio.replace(
        applications=portfolio.applications.assign(amount_fen=amounts),
        members=portfolio.members.assign(region="Jiangsu"),
    )
    proposal = form_circles(uneven, RULES, seed=7, gap=0.0)
    assert rules_found(uneven, proposal) == set()
    assert rule in rules_found(uneven, proposal, replace(RULES, **OTHER_RULES[rule]))


def test_among_strangers_wishes_and_amounts_are_checked_too():
    rules = MatchingRules(mode="strangers")
    portfolio = book(3, known=[])
    proposal = form_circles(portfolio, rules)
    assert rules_found(portfolio, proposal, rules) == set()
    wished = portfolio.replace(applications=portfolio.applications.assign(mode="acquainted"))
    assert rules_found(wished, proposal, rules) == {"wish"}
    assert "amount" in rules_found(portfolio, proposal, replace(rules, max_amount_strangers_fen=9_999_999))


def test_an_empty_proposal_is_sound_and_still_needs_its_reasons(portfolio: Portfolio):
    rules = replace(RULES, max_amount_fen=1)
    nobody = form_circles(portfolio, rules)
    assert rules_found(portfolio, nobody, rules) == set()
    assert rules_found(portfolio, replace(nobody, unplaced=nobody.unplaced.head(0)), rules) == {"unplaced"}
