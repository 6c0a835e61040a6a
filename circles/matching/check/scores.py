"""Checks of scores: every term of a circle added up again, pair by pair, from the tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.check.facts import Dealings, Facts, Pair, as_pair

if TYPE_CHECKING:
    from circles.matching.check.trust import TrustPaths
    from circles.matching.rules import MatchingRules


def add_up(
    facts: Facts,
    rules: MatchingRules,
    members: list[str],
    *,
    trust: TrustPaths | None = None,
    previous: Container[tuple[str, ...]] | None = None,
) -> Counter[str]:
    """Add up the points of every term of one circle; terms of 0 points are left out.

    Parameters
    ----------
    facts, rules
        The tables and the weights.
    members
        The circle.
    trust
        The paths among strangers, for a circle with strangers.
    previous
        Circles of an earlier plan, as sorted ids; every other one is charged a change. None: no charge.
    """
    weights, points = rules.weights, Counter[str]()
    points["size"] -= weights.size_charge.get(len(members), 0)
    if previous is not None and tuple(sorted(members)) not in previous:
        points["change"] -= weights.change
    for member in members:
        add_member(facts, rules, member, points=points)
    for left, right in combinations(members, 2):
        add_pair(facts, rules, as_pair(left, right), points=points)
        if trust is not None and not facts.know_each_other(left, right):
            points["trust"] += trust.points(left, right)
    return Counter({term: number for term, number in points.items() if number})


def add_member(facts: Facts, rules: MatchingRules, member: str, *, points: Counter[str]) -> None:
    """Add the points of placing one applicant."""
    amount_fen, weights = int(facts.applications[member].amount_fen), rules.weights
    points["member"] += weights.member
    points["amount"] += (2 * amount_fen * weights.amount + 10**7) // (2 * 10**7)


def add_pair(facts: Facts, rules: MatchingRules, pair: Pair, *, points: Counter[str]) -> None:
    """Add the points of having two applicants in one circle, trust among strangers left out."""
    left, right = (facts.members[member] for member in pair)
    if not pd.isna(left.industry) and left.industry == right.industry:
        points["same_industry"] -= rules.weights.same_industry
    if not facts.know_each_other(*pair):
        points["stranger"] -= rules.weights.stranger
        return
    if pair in facts.declared:
        points["acquaintance"] += rules.weights.acquaintance
    if not pd.isna(left.city) and left.city == right.city:
        points["same_town"] += rules.weights.same_town
    if pair in facts.dealings:
        _add_trade(rules, facts.dealings[pair], points)
    sold = [facts.customers.get(member, set()) for member in pair]
    if all(sold):
        share = len(sold[0] & sold[1]) / min(map(len, sold))
        points["common_customers"] -= _rounded(rules.weights.common_customers, share)


def _add_trade(rules: MatchingRules, dealings: Dealings, points: Counter[str]) -> None:
    weights, months = rules.weights, rules.trade_months
    both = dealings.forward_fen + dealings.backward_fen
    full = math.log1p(rules.full_volume_fen / 100)
    smaller = min(dealings.forward_fen, dealings.backward_fen)
    points["trade_volume"] += _rounded(weights.trade_volume, min(math.log1p(both / 100) / full, 1.0))
    points["trade_both_ways"] += _rounded(weights.trade_both_ways, 2 * smaller / both)
    points["trade_months"] += _rounded(weights.trade_months, len(dealings.ages) / months)
    points["trade_recency"] += _rounded(weights.trade_recency, 1 - min(dealings.ages) / months)


def _rounded(weight: int, share: float) -> int:
    return round(round(weight * share, 6))
