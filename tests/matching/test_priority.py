"""The most members, or the most yuan, first."""

from dataclasses import replace

import numpy as np
import pytest
from beyond_problems import BeyondRules, draw_beyond_problem, list_circles, list_placements
from forming_book import YUAN, book

from circles.errors import InputError
from circles.matching import (
    MatchingProblem,
    MatchingRules,
    Weights,
    check_proposal,
    form_circles,
    solve,
    verify_bound,
)
from circles.matching.forming import search
from circles.matching.forming.priority import count_only, put_first

PLAIN = Weights(member=10, acquaintance=5, same_town=0, same_industry=4, stranger=1, size_charge={3: 6, 4: 80, 5: 90})
RULES = MatchingRules(weights=PLAIN)


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_the_most_members_come_before_the_score(mode):
    """Two circles of four hold all eight firms; two of three score more."""
    rules = replace(RULES, mode=mode)
    by_score = form_circles(book(8), rules, gap=0.0)
    by_members = form_circles(book(8), replace(rules, first="members"), gap=0.0)
    assert (len(by_score.circles), len(by_members.circles)) == (6, 8)
    assert by_members.score < by_score.score
    assert by_members.score <= by_members.upper_bound
    assert check_proposal(book(8), replace(rules, first="members"), by_members).empty


def test_the_most_yuan_come_before_the_score():
    """Three of four firms may be placed; the one with the largest loan costs score."""
    amounts = [100_000 * YUAN] * 3 + [190_000 * YUAN]
    portfolio = book(
        4, applications={"amount_fen": amounts}, known=[("M1", "M2"), ("M2", "M3"), ("M1", "M3"), ("M3", "M4")]
    )
    rules = replace(RULES, max_members=3)
    placed = [
        set(form_circles(portfolio, replace(rules, first=first)).circles["member_id"]) for first in ("score", "amount")
    ]
    assert placed[0] == {"M1", "M2", "M3"}
    assert "M4" in placed[1]


@pytest.mark.parametrize("mode", ["acquainted", "strangers"])
def test_ctrl_c_while_the_most_is_looked_for_ends_the_whole_search(mode, monkeypatch):
    """What was found so far is kept, as the plan of an interrupted search."""
    rules, run, seen = replace(RULES, mode=mode, first="members"), search.solve, []

    def press_once(problem, **options):
        seen.append(options["time_limit"])
        plan = run(problem, **options)
        return replace(plan, interrupted=True, status="STOPPED") if len(seen) == 1 else plan

    monkeypatch.setattr(search, "solve", press_once)
    proposal = form_circles(book(8), rules, gap=0.0)
    assert seen[0] > 1
    assert all(0 < limit <= search._NO_TIME for limit in seen[1:])
    assert len(proposal.circles) == 8
    assert any(plan.interrupted or plan.status == "OPTIMAL" for plan in proposal.plans)
    assert check_proposal(book(8), rules, proposal).empty


def test_a_wrong_priority_is_refused():
    with pytest.raises(InputError, match="first must be one of score, members, amount"):
        MatchingRules(first="yuan")


@pytest.mark.parametrize("first", ["members", "amount"])
def test_as_much_as_can_be_comes_before_the_score_by_brute_force(first, random_problems):
    random, compared, best, costly = np.random.default_rng(12), 0, 0, 0
    for _ in range(random_problems or 25):
        problem = draw_beyond_problem(random, most=8)
        placements = list_placements(problem, list_circles(problem))
        plans = [(measure(problem, placed, first), worth) for placed, worth in placements.items()]
        if not any(placements):
            continue  # no plan, or the empty one alone
        asked = put_first(problem, first, solve(count_only(problem, first), gap=0.0, workers=1))
        reached = asked.place_at_least if first == "members" else asked.lend_at_least
        most, worth = max(plans)
        plan = solve(asked, gap=0.0, workers=1)
        assert reached == most
        assert plan.value <= worth + plan.fixed_value <= plan.upper_bound
        assert plan.fixed_value == sum(BeyondRules(problem).worth(pin, is_pinned=True) for pin in problem.pinned)
        assert verify_bound(asked, plan).status == "proved"
        compared, best = compared + 1, best + (plan.value == worth + plan.fixed_value)
        costly += worth < max(placements.values())
    assert compared > 8
    assert best > 0.9 * compared
    assert costly > 1


def measure(problem: MatchingProblem, placed: int, first: str) -> int:
    """What counts first, pins included."""
    inside = [i for i in range(problem.members) if placed >> i & 1] + [i for pin in problem.pinned for i in pin]
    return len(inside) if first == "members" else int(problem.loan[inside].sum())
