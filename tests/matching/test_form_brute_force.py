"""Forming against every possible proposal: small random books, all sets of candidates, all ways to combine them."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from forming_book import book

from circles.matching import MatchingRules, Proposal, check_proposal, form_circles
from circles.matching.check.applicants import broken_by_applicant
from circles.matching.check.facts import Facts, gather_facts
from circles.matching.check.members import broken_by_circle
from circles.matching.check.scores import add_up
from circles.matching.check.trust import TrustPaths
from circles.portfolio import Portfolio

RULES = MatchingRules(max_members=4, amount_ratio=6.0)


def village(seed: int) -> Portfolio:
    """Seven firms with random amounts, resources, wishes, trades, acquaintances and one exclusion."""
    draw = np.random.default_rng(seed)
    ids = [f"M{i}" for i in range(1, 8)]
    pairs = list(combinations(ids, 2))
    known = [pair for pair in pairs if draw.random() < 0.3]
    traded = [pair for pair in pairs if draw.random() < 0.2]
    trades = pd.DataFrame(traded, columns=["seller_id", "buyer_id"])
    trades["period"] = draw.choice(["2007-12", "2007-03", "2006-11"], len(traded))
    trades["amount_fen"] = draw.integers(1, 10**8, len(traded))
    apart = pd.DataFrame([pairs[draw.integers(len(pairs))]], columns=["member_a", "member_b"])
    return book(
        7,
        known=known,
        members={"resources_fen": draw.integers(10, 60, 7) * 10**6, "industry": draw.choice(["x", "y", None], 7)},
        applications={
            "amount_fen": draw.integers(5, 50, 7) * 10**6,
            "mode": draw.choice(["any", "acquainted"], 7, p=[0.9, 0.1]),
        },
        trades=trades,
        exclusions=apart,
    )


def admissible_circles(portfolio: Portfolio, rules: MatchingRules) -> dict[tuple[str, ...], int]:
    """Every circle of a kind that the mode forms, and its score: the better one where it may be of either kind."""
    facts = gather_facts(portfolio, rules)
    trust = {"acquainted": None, "strangers": TrustPaths(facts, rules)}
    found: dict[tuple[str, ...], int] = {}
    for size in rules.sizes:
        for circle in combinations(sorted(facts.applications), size):
            for kind in rules.kinds:
                if _is_admissible(facts, rules, circle, kind):
                    points = add_up(facts, rules, list(circle), trust=trust[kind]).total()
                    found[circle] = max(points, found.get(circle, points))
    return found


def best_score(circles: dict[tuple[str, ...], int]) -> int:
    """Score of the best of all proposals, with circles of both kinds in whatever order."""
    best = {0: 0}
    for members, points in circles.items():
        circle = sum(1 << int(member[1:]) for member in members)
        best |= {
            used | circle: max(best.get(used | circle, 0), total + points)
            for used, total in list(best.items())
            if not used & circle
        }
    return max(best.values())


def _is_admissible(facts: Facts, rules: MatchingRules, circle: tuple[str, ...], kind: str) -> bool:
    alone = any(broken_by_applicant(facts, rules, member, kind=kind) for member in circle)
    return not alone and not list(broken_by_circle(facts, rules, list(circle), kind=kind))


@pytest.mark.parametrize("mode", ["acquainted", "strangers", "any"])
def test_no_proposal_beats_the_bound_and_the_best_is_found_where_it_is_proven(mode: str):
    rules, found = replace(RULES, mode=mode), []
    for seed in range(8):
        portfolio = village(seed)
        proposal, circles = form_circles(portfolio, rules, seed=7, gap=0.0), admissible_circles(portfolio, rules)
        best = best_score(circles)
        assert proposal.score <= best <= proposal.upper_bound, f"village {seed}"
        assert check_proposal(portfolio, rules, proposal).empty
        assert (proposal.status == "INFEASIBLE") == (not circles)
        if mode != "any":
            assert proposal.score == best, f"village {seed}"
            _assert_reasons_are_true(proposal, circles)
        found.append(best)
    assert len(set(found)) >= 4, "the villages differ"


def _assert_reasons_are_true(proposal: Proposal, circles: dict[tuple[str, ...], int]) -> None:
    """Whoever is outbid could be in a circle, and whoever has no circle could not."""
    possible = {member for circle in circles for member in circle}
    for row in proposal.unplaced.itertuples():
        assert (row.reason == "outbid") == (row.member_id in possible), row
