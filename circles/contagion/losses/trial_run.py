"""One run over all trials of a portfolio: chunks settled side by side, collected into a loss distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.contributions import Contributions, attribute_shortfall
from circles.contagion.losses.estimates import mark_estimates
from circles.contagion.losses.losses import Losses
from circles.contagion.losses.measures import LossDistribution
from circles.contagion.trials.arguments import check_trials
from circles.contagion.trials.executor import Progress, check_workers, run_chunks
from circles.contagion.trials.random_trials import plan_trials

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.contagion.trials.random_trials import RandomTrials
    from circles.contagion.trials.scenarios import Scenarios
    from circles.portfolio import Portfolio
    from circles.settlement import Terms, TrialLosses, TrialSettler

_CASES = ("bank_loss", "bare", "with_trade", "optimistic", "conservative")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChunkLosses:
    """What a chunk of trials lost, and who defaulted first in it.

    Attributes
    ----------
    losses
        What each trial cost, in several ways.
    defaulters
        First defaulters of all its trials, positions in the obligations.
    """

    losses: TrialLosses
    defaulters: NDArray[np.int32]


class RunTotals:
    """Collects chunks: every trial in its own place, counts added up.

    Nothing in it depends on the order in which chunks arrive.
    """

    def __init__(self, *, trials: int, members: int) -> None:
        self.samples = {case: np.zeros(trials, dtype=np.float64) for case in _CASES}
        self.first = np.zeros(trials, dtype=np.int32)
        self.contagious = np.zeros(trials, dtype=np.int32)
        self.fallen_count = np.zeros(members, dtype=np.int64)
        self.first_count = np.zeros(members, dtype=np.int64)

    def add(self, chunk: range, part: ChunkLosses) -> None:
        """Take over the chunk's trials."""
        place = slice(chunk.start, chunk.stop)
        for case, samples in self.samples.items():
            samples[place] = getattr(part.losses, case)
        self.first[place] = part.losses.first_count
        self.contagious[place] = part.losses.contagious_count
        self.fallen_count += part.losses.contagious_by_member
        self.first_count += np.bincount(part.defaulters, minlength=len(self.first_count))

    def distribution(self, case: str, largest_fen: int) -> LossDistribution:
        """Give a case in whole fen."""
        return LossDistribution(samples_fen=np.rint(self.samples[case]).astype(np.int64), largest_fen=largest_fen)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialRun:
    """A portfolio, its trials and the threads to work on them; settles the same trials on any terms.

    Attributes
    ----------
    portfolio, plan
        The portfolio and its random trials.
    trials
        How many: numbers 0 … trials − 1.
    sector_column
        What `plan` took for sectors, to be told in the result.
    workers
        Threads; None means one a processor.
    """

    portfolio: Portfolio
    plan: RandomTrials
    trials: int
    sector_column: str | None
    workers: int | None

    def simulate(self, terms: Terms, *, progress: Progress | None = None) -> Losses:
        """Settle all trials on these terms and say what they lose."""
        totals = self.settle_all(terms, progress)
        marks = mark_estimates(self.portfolio, self.plan.obligations)
        largest = self.largest_fen
        whole = totals.distribution("bank_loss", largest)
        parts = attribute_shortfall(self.plan, terms, whole, marks=marks, workers=self.workers)
        return Losses(
            with_guarantees=whole,
            bare=totals.distribution("bare", largest),
            with_trade=totals.distribution("with_trade", largest),
            optimistic=totals.distribution("optimistic", largest),
            conservative=totals.distribution("conservative", largest) if terms.share == "equal" else None,
            first_defaults=_read_only(totals.first),
            contagious_defaults=_read_only(totals.contagious),
            trials=self.trials,
            seed=self.plan.seed,
            terms=terms,
            correlation=self.plan.model.correlation,
            sector_column=self.sector_column,
            sector_correlation=self.plan.model.sector_correlation,
            resource_sensitivity=self.plan.resource_sensitivity,
            portfolio_digest=self.portfolio.digest(),
            estimated_share=parts.estimated_share,
            _members=self._member_frame(totals, parts),
            _pools=self._pool_frame(parts),
        )

    def sample_losses(self, terms: Terms, *, progress: Progress | None = None) -> NDArray[np.int64]:
        """Settle all trials on these terms and give the bank's loss in each, shape (trials,), whole fen."""
        return np.rint(self.settle_all(terms, progress, besides=False).samples["bank_loss"]).astype(np.int64)

    @property
    def largest_fen(self) -> int:
        """The most that can be lost: everything owed to the bank."""
        return round(float(self.plan.obligations.loans.exposure.sum()))

    def guarantee_cost(self, terms: Terms, *, trials: int) -> float:
        """Give, in fen, the mean loss of the first trials with guarantees less that without, trade in both."""
        found: dict[int, float] = {}

        settler = self.plan.settler(terms)

        def work(chunk: range) -> float:
            losses = self._settle_chunk(chunk, settler).losses
            return float((losses.bank_loss - losses.with_trade).sum())

        def collect(chunk: range, part: float) -> None:
            found[chunk.start] = part

        run_chunks(work, self.plan.cut(trials), collect=collect, workers=self.workers)
        return sum(found[start] for start in sorted(found)) / trials

    def settle_all(self, terms: Terms, progress: Progress | None, *, besides: bool = True) -> RunTotals:
        """Settle all trials on these terms and collect what each of them lost; in every case unless not `besides`."""
        totals = RunTotals(trials=self.trials, members=self.plan.model.member_count)
        settler = self.plan.settler(terms)
        run_chunks(
            lambda chunk: self._settle_chunk(chunk, settler, besides=besides),
            self.plan.cut(self.trials),
            collect=totals.add,
            workers=self.workers,
            progress=progress,
        )
        return totals

    def _settle_chunk(self, chunk: range, settler: TrialSettler, *, besides: bool = True) -> ChunkLosses:
        first = self.plan.draw(np.arange(chunk.start, chunk.stop))
        losses = settler.settle(
            offsets=first.offsets,
            defaulters=first.defaulters,
            resource_scale=first.resource_scale,
            besides=besides,
        )
        return ChunkLosses(losses=losses, defaulters=first.defaulters)

    def _member_frame(self, totals: RunTotals, parts: Contributions) -> pd.DataFrame:
        """Give the members' frame, in the portfolio's order."""
        obligations = self.plan.obligations
        columns = {
            "member_id": obligations.members,
            "default_probability": (totals.first_count + totals.fallen_count) / self.trials,
            "first_probability": totals.first_count / self.trials,
            "contribution_fen": parts.member,
        }
        frame = pd.DataFrame(columns).astype({"member_id": "str"})
        return frame.iloc[np.argsort(obligations.rows)].reset_index(drop=True)

    def _pool_frame(self, parts: Contributions) -> pd.DataFrame:
        columns = {"pool_id": [*self.plan.obligations.pools.ids, "unsecured"], "contribution_fen": parts.pool}
        return pd.DataFrame(columns).astype({"pool_id": "str"})


def prepare_run(portfolio: Portfolio, scenarios: Scenarios, *, workers: int | None) -> TrialRun:
    """Prepare a portfolio's trials and the threads to work on them.

    Raises
    ------
    InputError
        If members lack resources, a default probability or their sector, or a number is out of its range.
    """
    check_workers(workers)
    check_trials(scenarios["trials"])
    plan = plan_trials(
        portfolio,
        seed=scenarios["seed"],
        correlation=scenarios["correlation"],
        sector_column=scenarios["sector_column"],
        sector_correlation=scenarios["sector_correlation"],
        resource_sensitivity=scenarios["resource_sensitivity"],
    )
    return TrialRun(
        portfolio=portfolio,
        plan=plan,
        trials=scenarios["trials"],
        sector_column=scenarios["sector_column"],
        workers=workers,
    )


def _read_only(counts: NDArray[np.int32]) -> NDArray[np.int32]:
    counts.setflags(write=False)
    return counts
