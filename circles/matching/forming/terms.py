"""The named terms of a circle's score: whole points that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.rules import Weights

PAIR_TERMS = (
    "trade_volume",
    "trade_both_ways",
    "trade_months",
    "trade_recency",
    "acquaintance",
    "same_town",
    "same_industry",
    "common_customers",
)
"""Terms of a known pair, named as the columns of its affinities and as the weights."""

CHARGES = ("same_industry", "common_customers")
"""Pair terms that are subtracted."""

TERMS = ("member", "amount", *PAIR_TERMS, "stranger", "trust", "size", "change")
"""All terms, in the order of a breakdown."""

WHOLE_TRUST = 10**9
"""The strength of a path of whole ties, in the unit of `Candidates.trust_strength`."""

_AMOUNT_STEP_FEN = 10_000_000


def member_points(amounts_fen: NDArray[np.int64], weights: Weights) -> dict[str, NDArray[np.int64]]:
    """Score every member placed: shape (n,) points for ``member`` and ``amount`` (per 100,000 yuan, half up)."""
    steps = amounts_fen // _AMOUNT_STEP_FEN * weights.amount
    rest = (amounts_fen % _AMOUNT_STEP_FEN * weights.amount + _AMOUNT_STEP_FEN // 2) // _AMOUNT_STEP_FEN
    return {"member": np.full(len(amounts_fen), weights.member, dtype=np.int64), "amount": steps + rest}


def pair_points(affinities: pd.DataFrame, weights: Weights) -> dict[str, NDArray[np.int64]]:
    """Score every known pair: shape (p,) points by pair term, charges negative.

    A share is rounded to a point after six decimals, so that every machine rounds alike.
    """
    return {
        term: (-1 if term in CHARGES else 1) * _points(getattr(weights, term), affinities[term]) for term in PAIR_TERMS
    }


def total(points: dict[str, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Add up the terms of each member or pair."""
    return np.stack(list(points.values())).sum(axis=0)


def trust_points(candidates: Candidates, weights: Weights) -> NDArray[np.int64]:
    """Score every pair of strangers that a path joins: shape (pairs of `Candidates.trust`,), half a point up."""
    return (2 * weights.trust * candidates.trust_strength + WHOLE_TRUST) // (2 * WHOLE_TRUST)


def break_down(
    candidates: Candidates, weights: Weights, circles: Sequence[tuple[int, ...]], *, kinds: Sequence[str]
) -> pd.DataFrame:
    """Take the score of circles of candidates apart into its terms.

    Parameters
    ----------
    candidates, weights
        What the circles are made of, and the points of every term.
    circles, kinds
        The circles, and the kind of each: ``acquainted`` or ``strangers``.

    Returns
    -------
    Frame ``circle`` (position), ``term``, ``points``: terms of 0 points are left out; a circle's points add up to
    its score.
    """
    points = {term: np.zeros(len(circles), dtype=np.int64) for term in TERMS}
    pairwise = pair_points(candidates.affinities, weights)
    single = member_points(candidates.loans_fen, weights)
    alike = sorted({(len(circle), kind) for circle, kind in zip(circles, kinds, strict=True)})
    for size, kind in alike:
        at = np.array([k for k in range(len(circles)) if (len(circles[k]), kinds[k]) == (size, kind)], dtype=np.int64)
        rows = np.array([circles[k] for k in at], dtype=np.int64)
        for term in ("member", "amount"):
            points[term][at] = single[term][rows].sum(axis=1)
        for term, sums in _sum_pairs(candidates, weights, pairwise, rows=rows).items():
            points[term][at] = sums
        if kind == "strangers":
            points["trust"][at] = _sum_trust(candidates, weights, rows)
        points["size"][at] = -weights.size_charge[size]
    if candidates.previous is not None:
        is_new = [tuple(sorted(circle)) not in candidates.previous for circle in circles]
        points["change"] = -weights.change * np.array(is_new, dtype=np.int64)
    wide = pd.DataFrame({"circle": np.arange(len(circles)), **points})
    long = wide.melt(id_vars="circle", var_name="term", value_name="points")
    return long[long["points"] != 0].sort_values("circle", kind="stable", ignore_index=True)


def _sum_pairs(
    candidates: Candidates, weights: Weights, pairwise: dict[str, NDArray[np.int64]], *, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    left, right = np.triu_indices(rows.shape[1], 1)
    first, second = rows[:, left], rows[:, right]
    at = candidates.known.find(first, second)
    known = at >= 0
    sums = {term: np.where(known, np.append(points, 0)[at], 0).sum(axis=1) for term, points in pairwise.items()}
    alike = ~known & (candidates.industries[first] == candidates.industries[second])
    sums["same_industry"] = sums["same_industry"] - weights.same_industry * alike.sum(axis=1)
    sums["stranger"] = -weights.stranger * (~known).sum(axis=1)
    return sums


def _sum_trust(candidates: Candidates, weights: Weights, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    left, right = np.triu_indices(rows.shape[1], 1)
    at = candidates.trust.find(rows[:, left], rows[:, right])
    return np.where(at >= 0, np.append(trust_points(candidates, weights), 0)[at], 0).sum(axis=1)


def _points(weight: int, shares: pd.Series) -> NDArray[np.int64]:
    exact = weight * shares.to_numpy(dtype=np.float64)
    return np.rint(np.round(exact, 6)).astype(np.int64)
