"""Checks of one circle's hard rules, judged again from the tables in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from circles.matching.check.facts import Facts, as_pair

if TYPE_CHECKING:
    from circles.matching.rules import MatchingRules

Broken = tuple[str, str]
"""A rule and what breaks it."""


def broken_by_circle(facts: Facts, rules: MatchingRules, members: list[str], *, kind: str) -> Iterator[Broken]:
    """Give every hard rule on a circle that these applicants break together."""
    if not rules.min_members <= len(members) <= rules.max_members:
        yield "size", f"{len(members)} members, allowed are {rules.min_members} to {rules.max_members}"
    if kind == "acquainted" and not _is_connected(facts, members):
        yield "connected", "its members are not connected by acquaintances inside the circle"
    for left, right in combinations(members, 2):
        if as_pair(left, right) in facts.excluded:
            yield "excluded", f"{left} and {right} may never share a circle"
        if rules.related_parties_apart and left in facts.hand and facts.hand[left] == facts.hand.get(right):
            yield "related_parties", f"{left} and {right} are under one control"
    loans = {member: int(facts.applications[member].amount_fen) for member in members}
    yield from _broken_amounts(rules, list(loans.values()))
    cash = {member: facts.members[member].resources_fen for member in members}
    yield from _broken_resources(rules, loans, cash, kind=kind)


def _is_connected(facts: Facts, members: list[str]) -> bool:
    reached, waiting = set(), list(members[:1])
    while waiting:
        member = waiting.pop()
        reached.add(member)
        waiting += [other for other in members if other not in reached and facts.know_each_other(member, other)]
    return len(reached) == len(set(members))


def _broken_amounts(rules: MatchingRules, loans: list[int]) -> Iterator[Broken]:
    if rules.amount_ratio is not None and max(loans) > Fraction(str(rules.amount_ratio)) * min(loans):
        yield "amount_ratio", f"loans of {max(loans):,} and {min(loans):,} fen, allowed is {rules.amount_ratio:g} times"
    if rules.max_circle_loan_fen is not None and sum(loans) > rules.max_circle_loan_fen:
        yield "circle_loan", f"loans of {sum(loans):,} fen together, allowed are {rules.max_circle_loan_fen:,}"


def _broken_resources(
    rules: MatchingRules, loans: dict[str, int], cash: dict[str, object], *, kind: str
) -> Iterator[Broken]:
    share = rules.bearable_strangers if kind == "strangers" else rules.bearable
    unknown = [member for member, funds in cash.items() if pd.isna(funds)]
    if unknown and (rules.coverage or share):
        yield "resources", f"the resources of {', '.join(unknown)} are not stated"
        return
    for borrower, loan in loans.items():
        others = [int(cash[member]) for member in loans if member != borrower]  # type: ignore[call-overload]
        if rules.coverage and Fraction(str(rules.coverage)) * loan > sum(others):
            yield "coverage", f"the others have {sum(others):,} fen for {borrower}'s loan of {loan:,}"
        if share and others and loan > Fraction(str(share)) * len(others) * min(others):
            yield "bearable", f"a co-member with {min(others):,} fen cannot bear its share of {borrower}'s {loan:,}"
