"""The integer problem of a kind of circle, built again from the tables in plain Python, to hold a bound against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.matching.check.applicants import broken_by_applicant
from circles.matching.check.facts import Facts, Pair, as_pair
from circles.matching.check.scores import add_member, add_pair
from circles.matching.check.trust import TrustPaths
from circles.matching.problem import MatchingProblem

if TYPE_CHECKING:
    from circles.matching.rules import MatchingRules


def list_candidates(facts: Facts, rules: MatchingRules, kind: str) -> list[str]:
    """List the applicants that may be placed in a circle of a kind, by id."""
    kinds = dict.fromkeys((rules.kinds[0], kind))
    return [
        member
        for member in sorted(facts.applications)
        if not any(broken_by_applicant(facts, rules, member, kind=each) for each in kinds)
    ]


def rebuild_problem(
    facts: Facts,
    rules: MatchingRules,
    kind: str,
    *,
    members: Sequence[str],
    previous: Sequence[Sequence[str]] | None = None,
) -> MatchingProblem:
    """Put the forming of one kind of circle among some candidates as an integer problem.

    Parameters
    ----------
    facts, rules
        The tables, and what holds.
    kind
        ``acquainted`` or ``strangers``.
    members
        Candidates; member i of the problem is ``members[i]``.
    previous
        Circles of an earlier plan; None: changes are not charged.
    """
    place = {member: at for at, member in enumerate(members)}
    apart = set(_list_apart(facts, rules, members))
    known = [pair for pair in _list_known(facts, place) if pair not in apart]
    among_strangers = kind == "strangers"
    trust = TrustPaths(facts, rules) if among_strangers else None
    pairs = known + [pair for pair in (trust.list_pairs(members) if trust else ()) if pair not in apart]
    return MatchingProblem(
        value=_whole(_points_of_member(facts, rules, member) for member in members),
        pair_first=_whole(place[left] for left, _ in pairs),
        pair_second=_whole(place[right] for _, right in pairs),
        pair_value=_whole(_points_of_pair(facts, rules, pair, trust) for pair in pairs),
        pair_acquainted=np.arange(len(pairs)) < len(known),
        stranger_value=-rules.weights.stranger,
        labels=_number_industries(facts, members),
        label_charges=_whole([rules.weights.same_industry]),
        connected=not among_strangers,
        forbidden_first=_whole(place[left] for left, _ in sorted(apart)),
        forbidden_second=_whole(place[right] for _, right in sorted(apart)),
        size_charge={size: rules.weights.size_charge[size] for size in rules.sizes},
        loan=_whole(facts.applications[member].amount_fen for member in members),
        resources=_whole(_resources(facts, member) for member in members),
        coverage=rules.coverage or 0,
        amount_ratio=rules.amount_ratio,
        bearable=rules.bearable_strangers if among_strangers else rules.bearable,
        max_circle_loan=rules.max_circle_loan_fen,
        previous=[[place[member] for member in circle] for circle in previous or () if place.keys() >= set(circle)],
        change_charge=0 if previous is None else rules.weights.change,
    )


def _points_of_member(facts: Facts, rules: MatchingRules, member: str) -> int:
    points = Counter[str]()
    add_member(facts, rules, member, points=points)
    return points.total()


def _points_of_pair(facts: Facts, rules: MatchingRules, pair: Pair, trust: TrustPaths | None) -> int:
    points = Counter[str]()
    add_pair(facts, rules, pair, points=points)
    if trust is not None and not facts.know_each_other(*pair):
        points["trust"] += trust.points(*pair)
    return points.total()


def _whole(numbers: Iterable[int]) -> np.ndarray:
    return np.array([int(number) for number in numbers], dtype=np.int64)


def _list_known(facts: Facts, place: dict[str, int]) -> list[Pair]:
    pairs = facts.declared | facts.recent
    return sorted(pair for pair in pairs if pair[0] in place and pair[1] in place)


def _list_apart(facts: Facts, rules: MatchingRules, members: Sequence[str]) -> Iterator[Pair]:
    """List the pairs that the exclusions name, and those under one control where these are kept apart."""
    inside = set(members)
    yield from (pair for pair in facts.excluded if inside.issuperset(pair))
    hands: dict[str, list[str]] = defaultdict(list)
    for member in members:
        if rules.related_parties_apart and member in facts.hand:
            hands[facts.hand[member]].append(member)
    for group in hands.values():
        yield from (as_pair(left, right) for left, right in combinations(group, 2))


def _number_industries(facts: Facts, members: Sequence[str]) -> np.ndarray:
    """Give every industry a number; one that is not stated is like no other."""
    numbers: dict[object, int] = {}
    stated = [facts.members[member].industry for member in members]
    keys = [(at,) if pd.isna(industry) else industry for at, industry in enumerate(stated)]
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64).reshape(-1, 1)


def _resources(facts: Facts, member: str) -> int:
    stated = facts.members[member].resources_fen
    return 0 if pd.isna(stated) else max(0, int(stated))
