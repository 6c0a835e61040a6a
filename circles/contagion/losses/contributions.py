"""Whose loans make the loss: contributions to expected shortfall, and what of it rests on estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.contagion.losses.losses import TAIL_LEVEL
from circles.contagion.trials.executor import run_chunks
from circles.money import split_fen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.losses.estimates import EstimateMarks
    from circles.contagion.losses.measures import LossDistribution
    from circles.contagion.trials.random_trials import RandomTrials
    from circles.settlement import LossParts, Terms

_FINENESS = 1000
"""Parts are rounded at a thousandth of a fen before whole fen are split, so that equal parts tie."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contributions:
    """What each member's and each pool's loans add to an expected shortfall, both adding up to it.

    Attributes
    ----------
    member
        Shape (members,), int64 fen, in the order of the obligations.
    pool
        Shape (pools + 1,), int64 fen; the last one is unsecured loans.
    estimated_share
        Fraction in [0, 1] of the expected shortfall that rests on estimated resources.
    """

    member: NDArray[np.int64]
    pool: NDArray[np.int64]
    estimated_share: float


def attribute_shortfall(
    trials: RandomTrials, terms: Terms, losses: LossDistribution, *, marks: EstimateMarks, workers: int | None
) -> Contributions:
    """Split an expected shortfall over the loans that lose in the trials of its tail (Euler's rule).

    Parameters
    ----------
    trials, terms
        What was drawn and how it is settled.
    losses
        The distribution it gave, trial 0 first.
    marks
        Whose resources are estimated.
    workers
        Threads; the result does not depend on it.

    Notes
    -----
    A loan's contribution is the mean of its loss in the tail at `TAIL_LEVEL`: the derivative of expected shortfall in
    the loan's weight (Tasche 1999, "Risk contributions and performance measurement").
    """
    weights = losses.tail_weights(TAIL_LEVEL)
    chosen = np.flatnonzero((weights > 0) & (losses.samples_fen > 0))
    found: dict[int, NDArray[np.float64]] = {}
    settler = trials.settler(terms)

    def work(chunk: range) -> NDArray[np.float64]:
        numbers = chosen[chunk.start : chunk.stop]
        first = trials.draw(numbers)
        parts = settler.attribute(
            offsets=first.offsets,
            defaulters=first.defaulters,
            trials=np.arange(len(numbers)),
            resource_scale=first.resource_scale,
        )
        amounts = parts.amount * np.repeat(weights[numbers], np.diff(parts.offsets))
        resting = amounts[marks.find_resting(parts, first)].sum()
        return np.concatenate([_sum_amounts(parts, amounts, marks), [resting]])

    def collect(chunk: range, part: NDArray[np.float64]) -> None:
        found[chunk.start] = part

    run_chunks(work, trials.cut(len(chosen)), collect=collect, workers=workers)
    empty = np.zeros(len(marks.member) + len(marks.pool) + 1)
    amounts = sum((found[start] for start in sorted(found)), empty)  # in one order, whoever was first
    total = losses.expected_shortfall(TAIL_LEVEL)
    by_member, by_pool, resting = np.split(amounts, [len(marks.member), -1])
    return Contributions(
        member=_whole_fen(by_member, total),
        pool=_whole_fen(by_pool, total),
        estimated_share=min(1.0, float(resting[0]) / total) if total else 0.0,
    )


def _sum_amounts(parts: LossParts, amounts: NDArray[np.float64], marks: EstimateMarks) -> NDArray[np.float64]:
    """Add up parts by borrower, then by pool, the last one for no pool: shape (members + pools + 1,)."""
    by_member = np.bincount(parts.borrower, weights=amounts, minlength=len(marks.member))
    by_pool = np.bincount(parts.pool % len(marks.pool), weights=amounts, minlength=len(marks.pool))
    return np.concatenate([by_member, by_pool])


def _whole_fen(amounts: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    whole = np.zeros(len(amounts), dtype=np.int64)
    some = np.flatnonzero(amounts > 0)
    if len(some):
        whole[some] = split_fen(total, np.rint(amounts[some] * _FINENESS).astype(np.int64))
    return whole
