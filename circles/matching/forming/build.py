"""From candidates and rules to the integer problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.forming.pairs import PairSet
from circles.matching.forming.terms import member_points, pair_points, total, trust_points
from circles.matching.problem import MatchingProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.rules import MatchingRules, Weights


def build_problem(
    candidates: Candidates, rules: MatchingRules, kind: str, *, chosen: NDArray[np.int64]
) -> MatchingProblem:
    """Put the forming of one kind of circle among some candidates as an integer problem.

    Parameters
    ----------
    candidates
        All candidates.
    rules
        Their limits and weights.
    kind
        ``acquainted`` or ``strangers``.
    chosen
        Shape (m,), sorted positions of candidates: member i of the problem is candidate ``chosen[i]``.

    Returns
    -------
    The problem. Known pairs are listed with their complete score, and so are, for circles with strangers, the pairs
    that a path of trust joins; pairs that may never share a circle are forbidden instead.
    """
    limits, weights = rules.limits(kind), rules.weights
    amounts = candidates.loans_fen[chosen]
    never = never_together(candidates).restricted(chosen)
    listed = _list_pairs(candidates, weights, kind, chosen=chosen)
    kept = never.find(listed.first, listed.second) < 0
    return MatchingProblem(
        value=total(member_points(amounts, weights)),
        pair_first=listed.first[kept],
        pair_second=listed.second[kept],
        pair_value=listed.score[kept],
        pair_acquainted=listed.known[kept],
        stranger_value=-weights.stranger,
        labels=candidates.industries[chosen][:, None],
        label_charges=np.array([weights.same_industry], dtype=np.int64),
        connected=kind == "acquainted",
        forbidden_first=never.first,
        forbidden_second=never.second,
        size_charge={size: weights.size_charge[size] for size in rules.sizes},
        loan=amounts,
        resources=np.maximum(candidates.resources_fen[chosen], 0),
        coverage=limits.coverage or 0,
        amount_ratio=limits.amount_ratio,
        bearable=limits.bearable,
        max_circle_loan=limits.max_circle_loan_fen,
        previous=_renumber(candidates.previous or (), chosen),
        change_charge=0 if candidates.previous is None else weights.change,
    )


def _renumber(circles: Iterable[tuple[int, ...]], chosen: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Give the circles of which every member is chosen, by position in the choice."""
    place = {int(member): at for at, member in enumerate(chosen)}
    return [tuple(place[member] for member in circle) for circle in circles if place.keys() >= set(circle)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Listed:
    """Scored pairs, positions in the problem; every array has shape (p,)."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    score: NDArray[np.int64]
    known: NDArray[np.bool_]


def _list_pairs(candidates: Candidates, weights: Weights, kind: str, *, chosen: NDArray[np.int64]) -> _Listed:
    known = candidates.known.restricted(chosen)
    at = candidates.known.find(chosen[known.first], chosen[known.second])
    trusted = candidates.trust.restricted(chosen if kind == "strangers" else chosen[:0])
    path = candidates.trust.find(chosen[trusted.first], chosen[trusted.second])
    alike = candidates.industries[chosen[trusted.first]] == candidates.industries[chosen[trusted.second]]
    by_trust = trust_points(candidates, weights)[path] - weights.stranger - weights.same_industry * alike
    return _Listed(
        first=np.concatenate([known.first, trusted.first]),
        second=np.concatenate([known.second, trusted.second]),
        score=np.concatenate([total(pair_points(candidates.affinities, weights))[at], by_trust]),
        known=np.arange(len(known) + len(trusted)) < len(known),
    )


def never_together(candidates: Candidates) -> PairSet:
    """Collect the pairs that may never share a circle: related parties and exclusions."""
    both = (candidates.related, candidates.excluded)
    first = np.concatenate([pairs.first for pairs in both])
    second = np.concatenate([pairs.second for pairs in both])
    return PairSet.of(len(candidates), first, second)
