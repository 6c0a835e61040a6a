"""Rules on a finished circle: each function gives a sentence for everything that breaks it, and nothing when kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.rules.limits import CircleLimits
from circles.money import format_yuan

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleCase:
    """A circle before the rules.

    Attributes
    ----------
    members
        Ids, s of them; the arrays follow their order.
    loans_fen, resources_fen
        Shape (s,), fen. Resources −1: not stated.
    known, related, excluded
        Shape (s, s), symmetric: who knows whom, stands under one control with whom, may not be with whom.
    """

    members: tuple[str, ...]
    loans_fen: NDArray[np.int64]
    resources_fen: NDArray[np.int64]
    known: NDArray[np.bool_]
    related: NDArray[np.bool_]
    excluded: NDArray[np.bool_]


CircleRule = Callable[[CircleCase, CircleLimits], list[str]]
"""A circle and its limits → what breaks the rule, in sentences."""


def have_an_allowed_size(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Hold the number of members between the least and the most."""
    size = len(case.members)
    if limits.min_members <= size <= limits.max_members:
        return []
    return [f"has {size} members; {limits.min_members} to {limits.max_members} are allowed"]


def be_connected(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Connect all members by acquaintances inside the circle; a circle with strangers need not be."""
    if limits.kind == "strangers" or not case.members:
        return []
    reached = np.zeros(len(case.members), dtype=np.bool_)
    reached[0] = True
    for _ in case.members:
        reached |= case.known[reached].any(axis=0)
    return [
        f"{member} is not connected to {case.members[0]} by acquaintances inside the circle"
        for member, found in zip(case.members, reached, strict=True)
        if not found
    ]


def keep_related_parties_apart(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Hold no two members under one control."""
    return [f"{left} and {right} are under one control or linked" for left, right in _pairs(case, case.related)]


def keep_excluded_pairs_apart(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Hold no pair that the exclusions name."""
    return [f"{left} and {right} may never share a circle" for left, right in _pairs(case, case.excluded)]


def cover_each_loan(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Cover coverage × each loan by the resources of the co-members together."""
    if limits.coverage is None:
        return []
    ratio, total = limits.coverage, int(case.resources_fen.sum())
    broken = []
    for member, loan, own in zip(case.members, case.loans_fen, case.resources_fen, strict=True):
        others = total - int(own)
        if ratio * int(loan) > others:
            broken.append(
                f"the co-members of {member} have {format_yuan(others)} yuan; "
                f"{float(ratio):g} × its loan of {format_yuan(int(loan))} is required"
            )
    return broken


def keep_calls_bearable(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Let no single default call more from a co-member than bearable × what it can pay."""
    if limits.bearable is None:
        return []
    ratio, others = limits.bearable, len(case.members) - 1
    return [
        f"an equal share of {borrower}'s loan of {format_yuan(int(loan))} yuan is too much for {guarantor}, "
        f"which has {format_yuan(int(cash))}"
        for borrower, loan in zip(case.members, case.loans_fen, strict=True)
        for guarantor, cash in zip(case.members, case.resources_fen, strict=True)
        if borrower != guarantor and int(loan) > ratio * others * int(cash)
    ]


def keep_loans_comparable(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Hold the largest loan within a multiple of the smallest."""
    if limits.amount_ratio is None or not case.members:
        return []
    largest, smallest = int(case.loans_fen.max()), int(case.loans_fen.min())
    if largest <= limits.amount_ratio * smallest:
        return []
    return [
        f"the largest loan is {format_yuan(largest)} yuan and the smallest {format_yuan(smallest)}; "
        f"at most {float(limits.amount_ratio):g} times is allowed"
    ]


def keep_under_the_circle_limit(case: CircleCase, limits: CircleLimits) -> list[str]:
    """Hold the sum of the loans under the limit of a circle."""
    total, most = int(case.loans_fen.sum()), limits.max_circle_loan_fen
    if most is None or total <= most:
        return []
    return [f"its loans come to {format_yuan(total)} yuan; at most {format_yuan(most)} is allowed"]


CIRCLE_RULES: Mapping[str, CircleRule] = {
    "size": have_an_allowed_size,
    "connected": be_connected,
    "related_parties": keep_related_parties_apart,
    "excluded": keep_excluded_pairs_apart,
    "bearable": keep_calls_bearable,
    "coverage": cover_each_loan,
    "amount_ratio": keep_loans_comparable,
    "circle_loan": keep_under_the_circle_limit,
}
"""The rules on a circle by code."""


def judge_circle(case: CircleCase, limits: CircleLimits) -> dict[str, list[str]]:
    """Apply every rule on a circle, and give the sentences of those that it breaks, by rule."""
    judged = {code: rule(case, limits) for code, rule in CIRCLE_RULES.items()}
    return {code: broken for code, broken in judged.items() if broken}


def _pairs(case: CircleCase, matrix: NDArray[np.bool_]) -> list[tuple[str, str]]:
    left, right = np.nonzero(np.triu(matrix, 1))
    return [(case.members[i], case.members[j]) for i, j in zip(left, right, strict=True)]
