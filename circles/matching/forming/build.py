"""From candidates and rules to the integer problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.forming.pairs import PairSet
from circles.matching.forming.terms import member_points, pair_points, total
from circles.matching.problem import MatchingProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.rules import MatchingRules


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
    The problem. Known pairs are listed with their complete score, pairs that may never share a circle are forbidden
    instead.
    """
    limits, weights = rules.limits(kind), rules.weights
    amounts = candidates.loans_fen[chosen]
    worth, scores = member_points(amounts, weights), pair_points(candidates.affinities, weights)
    never = never_together(candidates).restricted(chosen)
    listed = candidates.known.restricted(chosen).without(never)
    at = candidates.known.find(chosen[listed.first], chosen[listed.second])
    return MatchingProblem(
        value=total(worth),
        pair_first=listed.first,
        pair_second=listed.second,
        pair_value=total(scores)[at],
        pair_acquainted=np.ones(len(listed), dtype=np.bool_),
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
    )


def never_together(candidates: Candidates) -> PairSet:
    """Collect the pairs that may never share a circle: related parties and exclusions."""
    both = (candidates.related, candidates.excluded)
    first = np.concatenate([pairs.first for pairs in both])
    second = np.concatenate([pairs.second for pairs in both])
    return PairSet.of(len(candidates), first, second)
