"""Checks of applicants: who may be placed at all, judged again from the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circles.matching.check.facts import Facts
    from circles.matching.rules import MatchingRules


def broken_by_applicant(facts: Facts, rules: MatchingRules, member: str, *, kind: str) -> list[str]:
    """Name the rules that an applicant breaks in a circle of a kind, in the order in which they are reported."""
    return list(_broken(facts, rules, member, kind=kind))


def _broken(facts: Facts, rules: MatchingRules, member: str, *, kind: str) -> Iterator[str]:
    about, application = facts.members[member], facts.applications[member]
    if rules.one_circle_per_member and facts.active_circles.get(member):
        yield "in_circle"
    if not 0 < application.amount_fen <= _largest_amount(rules, kind):
        yield "amount"
    if kind == "strangers" and rules.respect_wishes and application.mode == "acquainted":
        yield "wish"
    if _is_too_young(facts, rules, about.registered_on):
        yield "registered"
    if _is_misplaced(rules, [place for place in (about.region, about.city) if not pd.isna(place)]):
        yield "region"
    if rules.certification_required and _has_run_out(about.certified_until, facts):
        yield "certified"
    if rules.refuse_overdue and facts.trouble.get(member):
        yield "overdue"


def _has_run_out(until: pd.Timestamp, facts: Facts) -> bool:
    return not pd.isna(until) and until.date() < facts.as_of


def _largest_amount(rules: MatchingRules, kind: str) -> float:
    limits = [rules.max_amount_fen]
    if kind == "strangers":
        limits.append(rules.max_amount_strangers_fen)
    return min((limit for limit in limits if limit is not None), default=float("inf"))


def _is_too_young(facts: Facts, rules: MatchingRules, since: pd.Timestamp) -> bool:
    if pd.isna(since) or rules.min_months_registered == 0:
        return False
    months = 12 * (facts.as_of.year - since.year) + facts.as_of.month - since.month
    return months - (since.day > facts.as_of.day) < rules.min_months_registered


def _is_misplaced(rules: MatchingRules, places: list[str]) -> bool:
    found = {_plain(place) for place in places}
    if found & {_plain(name) for name in rules.excluded_regions}:
        return True
    if rules.allowed_regions is None or not found:
        return False
    return not found & {_plain(name) for name in rules.allowed_regions}


def _plain(place: str) -> str:
    return re.sub(r"(省|市|\s+(province|city))$", "", place.strip().casefold())
