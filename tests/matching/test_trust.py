"""Trust among strangers, on webs that fit on paper and against the independent search."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from forming_book import book

from circles.matching import MatchingRules, check_proposal, form_circles
from circles.matching.check.facts import gather_facts
from circles.matching.check.trust import TrustPaths
from circles.matching.forming.candidates import select_candidates
from circles.matching.forming.terms import trust_points

RULES = MatchingRules(mode="strangers")


def strengths(portfolio, rules: MatchingRules = RULES) -> dict[str, int]:
    """Millionths by pair of ids."""
    candidates = select_candidates(portfolio, rules)
    pairs, ids = candidates.trust, candidates.ids
    names = [f"{ids[i]} {ids[j]}" for i, j in zip(pairs.first, pairs.second, strict=True)]
    return dict(zip(names, (candidates.trust_strength // 1_000).tolist(), strict=True))


def test_a_path_is_as_strong_as_the_product_of_its_ties_and_ends_after_three():
    """A chain of declared acquaintances, one half each: two hops ¼, three ⅛, four none."""
    assert strengths(book(5)) == {
        "M1 M3": 250_000,
        "M2 M4": 250_000,
        "M3 M5": 250_000,
        "M1 M4": 125_000,
        "M2 M5": 125_000,
    }


def test_the_best_path_counts_also_through_members_that_did_not_apply():
    trades = pd.DataFrame(
        {"seller_id": ["M1", "M4"], "buyer_id": ["M4", "M3"], "period": "2007-01", "amount_fen": 10**9}
    )
    portfolio = book(4, known=[("M1", "M2"), ("M2", "M3")], trades=trades)
    portfolio = portfolio.replace(applications=portfolio.applications.iloc[:3])
    assert strengths(portfolio) == {"M1 M3": 1_000_000}, "two full volumes beat two declarations"
    assert strengths(portfolio, replace(RULES, trust_ties=1)) == {}


def test_young_trade_ties_nobody():
    trades = pd.DataFrame({"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-12"], "amount_fen": [10**9]})
    portfolio = book(3, known=[("M2", "M3")], trades=trades)
    assert strengths(portfolio) == {}
    assert strengths(portfolio, replace(RULES, min_trade_age_months=0)) == {"M1 M3": 500_000}


def test_only_the_best_pairs_of_each_member_are_kept():
    """M1 knows M2 … M6: each two of these are friends of a friend, and one pair each is left."""
    star = book(6, known=[("M1", f"M{i}") for i in range(2, 7)])
    assert len(strengths(star)) == 10
    assert strengths(star, replace(RULES, trust_pairs=1)) == {"M2 M3": 250_000}, "M3 … M6 all prefer M2"


def test_a_friend_of_a_friend_scores_more_than_nobody():
    portfolio = book(3)
    proposal = form_circles(portfolio, RULES)
    terms = dict(zip(proposal.breakdown["term"], proposal.breakdown["points"], strict=True))
    assert (terms["stranger"], terms["trust"]) == (-10, 5), "20 points × ½ × ½"
    assert check_proposal(portfolio, RULES, proposal).empty
    wrong = replace(proposal, breakdown=proposal.breakdown[proposal.breakdown["term"] != "trust"])
    assert "breakdown" in set(check_proposal(portfolio, RULES, wrong)["rule"])


def test_circles_of_acquaintances_know_no_trust():
    proposal = form_circles(book(3))
    assert "trust" not in set(proposal.breakdown["term"])
    assert len(proposal._forming.candidates.trust) == 0


@pytest.mark.parametrize("seed", range(4))
def test_paths_agree_with_an_independent_search(seed: int):
    """Forty firms, random trade and acquaintances, applications of several months, few pairs and ties allowed."""
    draw = np.random.default_rng(seed)
    ids = [f"M{i}" for i in range(1, 41)]

    def pairs(count: int, *names: str) -> pd.DataFrame:
        frame = pd.DataFrame({names[0]: draw.choice(ids, count), names[1]: draw.choice(ids, count)})
        return frame[frame[names[0]] != frame[names[1]]]

    trades = pairs(60, "seller_id", "buyer_id")
    trades = trades.assign(period=draw.choice(["2007-12", "2007-05", "2007-01", "2006-10"], len(trades)))
    trades["amount_fen"] = 10 ** draw.integers(2, 11, len(trades))
    applied = draw.choice(["2007-12-01", "2007-09-05", None], 40)
    known = list(pairs(25, "a", "b").itertuples(index=False, name=None))
    portfolio = book(40, known=known, trades=trades, applications={"applied_on": applied})
    portfolio = portfolio.replace(applications=portfolio.applications.iloc[:30])
    rules = replace(RULES, trust_pairs=5, trust_ties=6)
    candidates, paths = select_candidates(portfolio, rules), TrustPaths(gather_facts(portfolio, rules), rules)
    at = candidates.trust.find(*np.triu_indices(len(candidates), 1))
    points = np.append(trust_points(candidates, rules.weights), 0)[at]
    ids = candidates.ids
    known = candidates.known.find(*np.triu_indices(len(candidates), 1)) >= 0
    own = [paths.points(ids[i], ids[j]) for i, j in zip(*np.triu_indices(len(candidates), 1), strict=True)]
    assert np.where(known, 0, points).tolist() == np.where(known, 0, own).tolist()
    assert (points > 0).sum() > 10
