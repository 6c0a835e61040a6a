"""The far tail of the loss by importance sampling: trials are drawn where the factors are bad, and weighted back.

The independent normals that make the factors are drawn as Z − θ instead of Z, so a trial counts exp(θ·Z − θ·θ/2):
weights have mean 1, and every weighted mean is without bias whatever θ is (Glasserman and Li 2005, "Importance sampling
for portfolio credit risk", Management Science 51(11)). θ is chosen on trials of its own by the cross-entropy rule:
minus the mean of the normals where the loss is in the tail (Rubinstein and Kroese 2004, "The Cross-Entropy Method").
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.contagion.losses.intervals import Interval, bound_means, bound_shortfall, make_interval
from circles.contagion.losses.measures import exact_level
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.trials.arguments import check_number, check_trials
from circles.contagion.trials.executor import Progress, check_workers, run_chunks
from circles.contagion.trials.random_trials import plan_trials
from circles.money import format_yuan
from circles.settlement import check_terms

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from circles.contagion.trials.random_trials import RandomTrials
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

PILOT_TRIALS, PILOT_ROUNDS = 1_000, 2
"""Trials and rounds in which the shift is found; their numbers follow those of the estimate."""
PILOT_SHARE = 0.05
"""The worst share of a pilot round that stands for the tail where the tail itself has fewer trials."""
MOST_SHIFT = 6.0
LEAST_TRIALS = 300
"""With fewer trials, nothing is known of how much those not drawn would count: intervals hold all that is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TailEstimate:
    """Value at risk and expected shortfall far out, with intervals.

    Attributes
    ----------
    level
        In (0, 1).
    value_at_risk_fen, expected_shortfall_fen
        As `LossDistribution` defines them, whole fen.
    value_at_risk_interval, expected_shortfall_interval
        Confidence intervals by gamma bounds of the weighted shares and excesses; what no trial reached goes up to all
        that is owed, and with fewer than `LEAST_TRIALS` trials they hold everything from 0 to that.
    gain
        How many times as many plain trials give the expected shortfall as surely, estimated on the same trials; 1
        without a shift, and NaN where no trial exceeds the value at risk.
    shift
        θ: by how many standard deviations the common factor and, after it, each sector's own were moved.
    trials, seed
        How many trials the estimate rests on, and from what they were drawn.
    terms
        The terms of settlement.
    """

    level: float
    value_at_risk_fen: int
    expected_shortfall_fen: int
    value_at_risk_interval: Interval
    expected_shortfall_interval: Interval
    gain: float
    shift: tuple[float, ...]
    trials: int
    seed: int
    terms: Terms

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: ``measure, level, value_fen, low_fen, high_fen, gain``."""
        measures = {
            "value_at_risk": (self.value_at_risk_fen, self.value_at_risk_interval),
            "expected_shortfall": (self.expected_shortfall_fen, self.expected_shortfall_interval),
        }
        rows = [(name, self.level, value, *interval, self.gain) for name, (value, interval) in measures.items()]
        return pd.DataFrame(rows, columns=["measure", "level", "value_fen", "low_fen", "high_fen", "gain"])

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the estimate to a file that `circles.contagion.read_tail_estimate` reads, whole or not at all.

        Parameters
        ----------
        path
            The file, such as ``tail.npz``; its folder must exist.
        force
            Replace a file that is there already.

        Raises
        ------
        InputError
            If the file exists and `force` is not given, or it cannot be written.
        """
        from circles.contagion.losses.saved_tail import write_tail

        return write_tail(self, path, force=force)

    def __str__(self) -> str:
        is_known = not math.isnan(self.gain) and self.trials >= LEAST_TRIALS
        gain = "" if not is_known else f", worth {self.gain:.1f} times as many plain ones"
        return "\n".join(
            [
                f"Tail of the bank's loss at {self.level:.6g}, {self.trials:,} trials (seed {self.seed}, "
                f"common factor moved by {self.shift[0]:.2f}){gain}, yuan",
                f"value at risk       {format_yuan(self.value_at_risk_fen):>19}   {self.value_at_risk_interval}",
                f"expected shortfall  {format_yuan(self.expected_shortfall_fen):>19}   "
                f"{self.expected_shortfall_interval}",
            ]
        )


def simulate_tail(
    portfolio: Portfolio,
    *,
    trials: int = 10_000,
    seed: int,
    level: float = 0.999,
    terms: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    shift: float | None = None,
    confidence: float = 0.95,
    workers: int | None = None,
    progress: Progress | None = None,
) -> TailEstimate:
    """Estimate how bad the worst years are, further out than plain trials reach.

    Parameters
    ----------
    portfolio, trials, seed, terms, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As in `simulate_losses`.
    level, confidence
        In (0, 1): of the two measures, and of their intervals.
    shift
        θ ≥ 0: by how much the common factor is moved, and no other; 0 gives plain trials, those of `simulate_losses`.
        None: θ is chosen, for sectors' own factors too, on `PILOT_ROUNDS` times `PILOT_TRIALS` trials more.
    progress
        Called with (done, total) trials of the estimate.

    Returns
    -------
    The estimate: value at risk and expected shortfall at `level`, each with its interval, and how it was found.

    Raises
    ------
    InputError
        As `simulate_losses`, or if the level, the confidence or the shift is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A"], "resources_fen": [0], "default_probability": [0.01]})
    >>> loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["A"], "balance_fen": [100_00]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    >>> simulate_tail(portfolio, trials=2_000, seed=7, level=0.995).value_at_risk_fen
    10000
    """
    agreed, share = check_terms(terms), float(1 - exact_level(level))
    outside = float(1 - exact_level(confidence, what="confidence")) / 2
    check_workers(workers)
    check_trials(trials)
    if shift is not None:
        check_number("shift", shift, most=MOST_SHIFT)
    plan = plan_trials(
        portfolio,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    work = _Work(plan=plan, terms=agreed, workers=workers)
    chosen = work.find_shift(share, begin=trials) if shift is None else work.move_common(float(shift))
    losses, weights = work.settle(range(trials), chosen, progress=progress)
    largest = round(float(plan.obligations.loans.exposure.sum()))
    tail = _Tail(losses=losses, weights=weights, share=share)
    edge = tail.find_edge()
    shortfall, gain = tail.measure_shortfall(edge)
    at_risk, beyond = tail.bound(edge, outside=outside, largest=largest)
    return TailEstimate(
        level=float(level),
        value_at_risk_fen=edge,
        expected_shortfall_fen=min(largest, round(shortfall)),
        value_at_risk_interval=make_interval(*at_risk, largest=largest, confidence=confidence),
        expected_shortfall_interval=make_interval(*beyond, largest=largest, confidence=confidence),
        gain=gain,
        shift=tuple(chosen.tolist()),
        trials=trials,
        seed=plan.seed,
        terms=agreed,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Work:
    """Settles trials with the factor moved."""

    plan: RandomTrials
    terms: Terms
    workers: int | None

    def settle(
        self, numbers: range, shift: NDArray[np.float64], *, progress: Progress | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give the loss in whole fen and the weight of each of these trials."""
        plan = replace(self.plan, shift=shift)
        settler, losses = plan.settler(self.terms), np.zeros(len(numbers), dtype=np.int64)

        def work(chunk: range) -> NDArray[np.float64]:
            first = plan.draw(np.asarray(numbers[chunk.start : chunk.stop], dtype=np.int64))
            return settler.settle(
                offsets=first.offsets,
                defaulters=first.defaulters,
                resource_scale=first.resource_scale,
                besides=False,
            ).bank_loss

        def collect(chunk: range, lost: NDArray[np.float64]) -> None:
            losses[chunk.start : chunk.stop] = np.rint(lost)

        chunks = plan.cut(len(numbers))
        run_chunks(work, chunks, collect=collect, workers=self.workers, progress=progress)
        return losses, plan.weigh(np.asarray(numbers, dtype=np.int64))

    def move_common(self, shift: float) -> NDArray[np.float64]:
        """Give the shift that moves the common factor only."""
        moved = np.zeros(self.plan.draw_normals(np.zeros(1, dtype=np.int64)).shape[1])
        moved[0] = shift
        return moved

    def find_shift(self, share: float, *, begin: int) -> NDArray[np.float64]:
        """Choose the shift by the cross-entropy rule, on trials numbered from `begin`."""
        shift = self.move_common(0.0)
        for turn in range(PILOT_ROUNDS):
            numbers = range(begin + turn * PILOT_TRIALS, begin + (turn + 1) * PILOT_TRIALS)
            losses, weights = self.settle(numbers, shift)
            edge = _Tail(losses=losses, weights=weights, share=share).find_edge()
            far = losses >= min(edge, int(np.quantile(losses, 1 - PILOT_SHARE, method="higher")))
            normals = self.plan.draw_normals(np.asarray(numbers, dtype=np.int64)) - shift
            shift = np.clip(-np.average(normals[far], axis=0, weights=weights[far]), 0.0, MOST_SHIFT)
        return shift


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tail:
    """Weighted losses, and the share of the tail."""

    losses: NDArray[np.int64]
    weights: NDArray[np.float64]
    share: float

    def find_edge(self) -> int:
        """Give the value at risk: the smallest loss that is exceeded in at most `share` of all trials."""
        values, exceeded, _, _ = self._count_exceeded()
        return int(values[_first_within(exceeded, self.share)])

    def bound(self, edge: int, *, outside: float, largest: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Bound the value at risk and the expected shortfall, in fen; from 0 to all that is owed with few trials."""
        count = len(self.losses)
        if count < LEAST_TRIALS:
            return (0.0, largest), (0.0, largest)
        values, exceeded, spread, most = self._count_exceeded()
        low, high = bound_means(exceeded, spread, largest=most, count=count, outside=outside)
        lowest, highest = _first_within(low, self.share), _first_within(high, self.share)
        edges = float(values[lowest]), float(values[highest] if highest < len(values) else largest)
        return edges, bound_shortfall(
            self.losses, self.weights, edge=edge, edges=edges, share=self.share, outside=outside, largest=largest
        )

    def _count_exceeded(
        self,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Say how often each loss drawn, and 0, is exceeded.

        Returns
        -------
        The losses, ascending; the mean over the trials of what those beyond count, and its variance in one trial; and
        the largest weight of a trial with that loss or more: what a trial beyond it that was not drawn may count.
        """
        values, place = np.unique(np.append(self.losses, 0), return_inverse=True)
        place, count = place[:-1], len(self.losses)
        above, square = (
            _sum_beyond(np.bincount(place, weights=self.weights**power, minlength=len(values))) / count
            for power in (1, 2)
        )
        most = np.zeros(len(values))
        np.maximum.at(most, place, self.weights)
        most = np.maximum.accumulate(most[::-1])[::-1]
        return values, above, np.maximum(0.0, square - above**2), most

    def measure_shortfall(self, edge: int) -> tuple[float, float]:
        """Give the expected shortfall in fen, and the gain over plain trials."""
        beyond = np.maximum(self.losses - float(edge), 0.0)
        weighted = self.weights * beyond
        mean = float(weighted.mean())
        spread = float((weighted**2).mean()) - mean**2
        plain = float((self.weights * beyond**2).mean()) - mean**2
        return edge + mean / self.share, plain / spread if spread > 0.0 else math.nan


def _sum_beyond(weights: NDArray[Any]) -> NDArray[np.float64]:
    """Add up what comes after each place, from the end: small weights are beyond, and large ones would blur them."""
    return np.append(np.cumsum(weights[:0:-1])[::-1], 0.0)


def _first_within(shares: NDArray[np.float64], most: float) -> int:
    """Give the first place from which on no share is above `most`; one after the last where the last is."""
    over = np.flatnonzero(shares > most)
    return int(over[-1]) + 1 if len(over) else 0
