"""Checks of rules as data: every value in its range, and no two in contradiction."""

from __future__ import annotations

import math
from numbers import Integral
from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.matching.rules.weights import MAX_SIZE, MIN_SIZE, Weights

if TYPE_CHECKING:
    from circles.matching.rules.matching_rules import MatchingRules

MODES = ("acquainted", "strangers", "any")
PRIORITIES = ("score", "members", "amount")
LINK_KINDS = ("phone", "device", "address", "account", "legal_representative")


def check_rules(rules: MatchingRules) -> None:
    """Refuse rules of which a value is out of its range, or two contradict each other.

    Raises
    ------
    InputError
        At the first; the message names the fields, what was found and what is allowed.
    """
    _check_sizes(rules)
    _check_choices(rules)
    _check_numbers(rules)
    _check_flags(rules)
    _check_regions(rules)


def _check_sizes(rules: MatchingRules) -> None:
    for name in ("min_members", "max_members"):
        _check_whole(rules, name, least=MIN_SIZE, most=MAX_SIZE)
    if rules.min_members > rules.max_members:
        msg = f"min_members must not exceed max_members, got {rules.min_members} and {rules.max_members}"
        raise InputError(msg)
    if not isinstance(rules.weights, Weights):
        msg = f"weights must be circles.matching.Weights, got {rules.weights!r}"
        raise InputError(msg)
    missing = [size for size in rules.sizes if size not in rules.weights.size_charge]
    if missing:
        msg = (
            f"weights.size_charge has no charge for size {missing[0]}, "
            f"which min_members {rules.min_members} and max_members {rules.max_members} allow"
        )
        raise InputError(msg)


def _check_choices(rules: MatchingRules) -> None:
    if rules.mode not in MODES:
        msg = f"mode must be one of {', '.join(MODES)}, got {rules.mode!r}"
        raise InputError(msg)
    if rules.first not in PRIORITIES:
        msg = f"first must be one of {', '.join(PRIORITIES)}, got {rules.first!r}"
        raise InputError(msg)
    switches = ("certification_required", "refuse_overdue", "one_circle_per_member", "respect_wishes")
    for name in (*switches, "related_parties_apart"):
        if not isinstance(getattr(rules, name), bool):
            msg = f"{name} must be True or False, got {getattr(rules, name)!r}"
            raise InputError(msg)
    _check_names(rules, "link_kinds")
    unknown = [kind for kind in rules.link_kinds if kind not in LINK_KINDS]
    if unknown:
        msg = f"link_kinds must be of {', '.join(LINK_KINDS)}, got {unknown[0]!r}"
        raise InputError(msg)


def _check_numbers(rules: MatchingRules) -> None:
    _check_whole(rules, "min_months_registered", least=0, most=1_200)
    _check_whole(rules, "trade_months", least=1, most=120)
    _check_whole(rules, "full_volume_fen", least=1, most=10**15)
    _check_whole(rules, "min_trade_age_months", least=0, most=120)
    _check_whole(rules, "trust_pairs", least=0, most=1_000)
    _check_whole(rules, "trust_ties", least=0, most=1_000)
    for name in ("max_amount_fen", "max_amount_strangers_fen", "max_circle_loan_fen"):
        if getattr(rules, name) is not None:
            _check_whole(rules, name, least=1, most=10**15)
    for name in ("coverage", "bearable", "bearable_strangers"):
        if getattr(rules, name) is not None:
            _check_fraction(rules, name, least=0.0, most=1_000.0)
    if rules.amount_ratio is not None:
        _check_fraction(rules, "amount_ratio", least=1.0, most=1_000_000.0)
    for name in ("deposit_share", "deposit_share_strangers"):
        _check_fraction(rules, name, least=0.0, most=1.0)


def _check_flags(rules: MatchingRules) -> None:
    for name in ("flag_contact_days", "flag_clique_days"):
        if getattr(rules, name) is not None:
            _check_whole(rules, name, least=1, most=36_500)
    for name in ("flag_reciprocal_share", "flag_buyer_share"):
        if getattr(rules, name) is not None:
            _check_fraction(rules, name, least=0.0, most=1.0)


def _check_regions(rules: MatchingRules) -> None:
    _check_names(rules, "excluded_regions")
    if rules.allowed_regions is None:
        return
    _check_names(rules, "allowed_regions")
    if not rules.allowed_regions:
        msg = "allowed_regions is empty, so nobody could be placed; give None for everywhere"
        raise InputError(msg)
    both = sorted(set(rules.allowed_regions) & set(rules.excluded_regions))
    if both:
        msg = f"allowed_regions and excluded_regions contradict each other: both name {both[0]!r}"
        raise InputError(msg)


def _check_whole(rules: MatchingRules, name: str, *, least: int, most: int) -> None:
    value = getattr(rules, name)
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        msg = f"{name} must be a whole number from {least:,} to {most:,}, got {value!r}"
        raise InputError(msg)


def _check_fraction(rules: MatchingRules, name: str, *, least: float, most: float) -> None:
    value = getattr(rules, name)
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not least <= value <= most:
        msg = f"{name} must be a number from {least:g} to {most:g}, got {value!r}"
        raise InputError(msg)


def _check_names(rules: MatchingRules, name: str) -> None:
    names = getattr(rules, name)
    if not isinstance(names, tuple) or not all(isinstance(entry, str) and entry.strip() for entry in names):
        msg = f"{name} must be a tuple of names, got {names!r}"
        raise InputError(msg)
