"""Forming on seeded portfolios of some hundred firms: sound, proven, and the same however it is run."""

import numpy as np
import pandas as pd
import pytest

from circles.matching import MatchingRules, Proposal, check_proposal, form_circles
from circles.matching.check.facts import gather_facts
from circles.matching.check.members import broken_by_circle
from circles.matching.forming.build import build_problem
from circles.matching.forming.candidates import select_candidates
from circles.matching.forming.terms import break_down
from circles.matching.rules import judge_circle
from circles.matching.worth import circle_worth
from circles.portfolio import Portfolio

SIZES = {"acquainted": 5, "strangers": 3, "any": 3}
"""By mode: the largest size, so that each is formed in a few seconds."""


def town(count: int, *, seed: int, shuffled: int | None = None) -> Portfolio:
    """Random firms, trade, acquaintances, exclusions, links and applications; rows perhaps in another order."""
    draw = np.random.default_rng(seed)
    ids = np.array([f"会员{i:04d}" for i in range(count)])

    def some(size: int) -> np.ndarray:
        return draw.choice(ids, size)

    def pairs(size: int, *names: str) -> pd.DataFrame:
        frame = pd.DataFrame({names[0]: some(size), names[1]: some(size)})
        return frame[frame[names[0]] != frame[names[1]]]

    since = pd.to_datetime(draw.choice(["1999-05-01", "2006-06-29", "2007-01-01"], count, p=[0.6, 0.3, 0.1]))
    groups = [f"G{group}" if group < 8 else None for group in draw.integers(0, count // 4, count)]
    members = pd.DataFrame({"member_id": ids, "registered_on": since, "control_group": groups})
    members["city"] = draw.choice(["义乌", "绍兴", "宁波", None], count, p=[0.5, 0.3, 0.05, 0.15])
    members["industry"] = draw.choice(["textile", "toys", "shoes", None], count)
    members["resources_fen"] = draw.integers(5, 150, count) * 1_000_000
    trades = pairs(3 * count, "seller_id", "buyer_id")
    trades["period"] = draw.choice(["2007-12", "2007-06", "2006-12", "2007-01"], len(trades))
    trades["amount_fen"] = draw.integers(0, 10**9, len(trades))
    exclusions = pairs(count // 4, "member_a", "member_b")
    applications = pd.DataFrame({"application_id": [f"A{i}" for i in range(count)], "member_id": some(count)})
    applications["amount_fen"] = draw.integers(1, 60, count) * 1_000_000
    applications["mode"] = draw.choice(["any", "acquainted", None], count)
    tables = {
        "members": members,
        "trades": trades,
        "acquaintances": pairs(count, "member_a", "member_b"),
        "exclusions": exclusions,
        "links": exclusions.iloc[::3].assign(kind="phone"),
        "applications": applications,
    }
    if shuffled is not None:
        tables = {name: frame.sample(frac=1, random_state=shuffled) for name, frame in tables.items()}
    return Portfolio.from_frames(as_of="2007-12-29", **tables)


@pytest.fixture(scope="module", params=SIZES)
def formed(request: pytest.FixtureRequest) -> tuple[MatchingRules, Proposal]:
    rules = MatchingRules(mode=request.param, max_members=SIZES[request.param])
    return rules, form_circles(town(300, seed=3), rules, seed=7, gap=0.01, time_limit=None, workers=2)


def test_a_proposal_among_hundreds_is_sound(formed: tuple[MatchingRules, Proposal]):
    rules, proposal = formed
    portfolio = town(300, seed=3)
    assert proposal.circles["circle_id"].nunique() >= 5
    assert check_proposal(portfolio, rules, proposal).to_dict("records") == []
    assert proposal.portfolio().circles["circle_id"].tolist() == proposal.circles["circle_id"].unique().tolist()
    placed, left = set(proposal.circles["member_id"]), set(proposal.unplaced["member_id"])
    assert placed | left == set(portfolio.applications["member_id"])
    assert not placed & left


def test_order_of_rows_and_number_of_workers_do_not_matter(formed: tuple[MatchingRules, Proposal]):
    rules, proposal = formed
    again = form_circles(town(300, seed=3, shuffled=1), rules, seed=7, gap=0.01, time_limit=None, workers=1)
    pd.testing.assert_frame_equal(proposal.circles, again.circles)
    pd.testing.assert_frame_equal(proposal.unplaced, again.unplaced)
    pd.testing.assert_frame_equal(proposal.breakdown, again.breakdown)
    assert (proposal.score, proposal.upper_bound, proposal.status) == (again.score, again.upper_bound, again.status)
    assert proposal.digest != again.digest


def test_other_names_change_neither_score_nor_bound_where_the_best_is_found():
    portfolio = town(120, seed=5)
    ids = portfolio.members["member_id"].tolist()
    names = dict(zip(ids, np.random.default_rng(1).permutation(ids).tolist(), strict=True))
    tables = {
        table: getattr(portfolio, table).replace(dict.fromkeys(columns, names))
        for table, columns in {
            "members": ["member_id"],
            "trades": ["seller_id", "buyer_id"],
            "acquaintances": ["member_a", "member_b"],
            "exclusions": ["member_a", "member_b"],
            "links": ["member_a", "member_b"],
            "applications": ["member_id"],
        }.items()
    }
    one, other = (
        form_circles(book, seed=7, gap=0.0, time_limit=None)
        for book in (portfolio, Portfolio.from_frames(as_of=portfolio.as_of, **tables))
    )
    assert one.status == other.status == "OPTIMAL"
    assert one.score == other.score > 0
    assert one.circles["member_id"].map(names).tolist() != one.circles["member_id"].tolist()


def test_acquainted_circles_are_proven_to_the_gap():
    proposal = form_circles(town(120, seed=5), MatchingRules(), seed=7, gap=0.01, time_limit=None)
    assert proposal.status in ("OPTIMAL", "WITHIN_GAP")
    assert 0 <= proposal.gap <= 0.01


@pytest.mark.parametrize("kind", ["acquainted", "strangers"])
def test_rules_check_and_engine_judge_and_score_alike(kind: str):
    """Three programs, one answer: rule functions, the independent check and the engine, on random sets of firms."""
    portfolio, rules = town(120, seed=9), MatchingRules(mode=kind, amount_ratio=8.5, max_circle_loan_fen=150_000_000)
    candidates, facts = select_candidates(portfolio, rules), gather_facts(portfolio, rules)
    problem = build_problem(candidates, rules, kind, chosen=np.arange(len(candidates)))
    draw = np.random.default_rng(1)
    verdicts = set()
    for size in (2, 3, 4, 5, 6) * 20:
        circle = _some_circle(draw, candidates, size)
        judged = set(judge_circle(candidates.case(circle), rules.limits(kind)))
        checked = {rule for rule, _ in broken_by_circle(facts, rules, list(candidates.ids[list(circle)]), kind=kind)}
        assert judged == checked
        assert bool(judged) != _is_allowed(problem, circle)
        if size in rules.sizes:
            points = break_down(candidates, rules.weights, [circle], kinds=[kind])["points"].sum()
            worth = circle_worth(problem, circle)
            assert worth == points or judged & {"related_parties", "excluded"}
        verdicts |= judged or {"kept"}
    assert {"kept", "size", "bearable", "coverage", "circle_loan", "amount_ratio"} <= verdicts


def _some_circle(draw: np.random.Generator, candidates, size: int) -> tuple[int, ...]:
    """Grow a set mostly along acquaintances, so that a part of the sets is connected."""
    circle = {int(draw.integers(len(candidates)))}
    known = candidates.known
    while len(circle) < size:
        near = np.isin(known.first, list(circle)) | np.isin(known.second, list(circle))
        next_to = set(known.first[near]) | set(known.second[near])
        fresh = sorted(next_to - circle) if draw.random() < 0.9 else []
        circle.add(int(draw.choice(fresh)) if fresh else int(draw.integers(len(candidates))))
    return tuple(sorted(circle))


def _is_allowed(problem, circle: tuple[int, ...]) -> bool:
    from circles.matching.admissible import is_admissible

    return is_admissible(problem, circle)
