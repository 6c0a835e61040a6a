"""Interventions on the same random scenarios: what each avoids, and what that costs by the yuan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.interventions.intervention import (
    Intervention,
    apply_to_terms,
    check_interventions,
    frame_ranked,
    name_kind,
)
from circles.contagion.losses.differences import estimate_difference
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.losses.trial_run import TrialRun
from circles.contagion.trials.arguments import check_trials
from circles.contagion.trials.executor import Progress, check_workers
from circles.contagion.trials.random_trials import plan_trials
from circles.money import format_yuan
from circles.settlement import check_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.settlement import Terms

_COLUMNS = [
    "intervention",
    "kind",
    "cost_fen",
    "expected_loss_fen",
    "avoided_fen",
    "avoided_low_fen",
    "avoided_high_fen",
    "avoided_per_yuan",
    "worse_share",
]
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InterventionComparison:
    """What interventions avoid of the expected loss, each by itself; prints as a short text.

    Attributes
    ----------
    expected_loss_fen
        Mean bank loss without any of them.
    trials, seed, terms, correlation
        What the scenarios are drawn from, and how they are settled.
    """

    expected_loss_fen: int
    trials: int
    seed: int
    terms: Terms
    correlation: float
    _interventions: pd.DataFrame

    @property
    def interventions(self) -> pd.DataFrame:
        """One row an intervention, the most loss avoided per yuan first.

        ``intervention`` (in words), ``kind``; ``cost_fen`` (as stated); ``expected_loss_fen`` (with it);
        ``avoided_fen`` (the mean of the differences trial by trial; negative where it adds to the loss), with the ends
        of its 95 % interval ``avoided_low_fen, avoided_high_fen``; ``avoided_per_yuan`` (avoided / cost; NaN where it
        costs nothing: these stand first if they avoid a loss, last if they add to it); ``worse_share`` (fraction of
        the trials in which the bank loses more with it).
        """
        return self._interventions.copy(deep=False)

    def __str__(self) -> str:
        lines = [
            f"  {row.intervention}: {format_yuan(row.avoided_fen)} ({format_yuan(row.avoided_low_fen)} to "
            f"{format_yuan(row.avoided_high_fen)}), {_say_price(row)}"
            for row in self._interventions.head(_SHOWN).itertuples()
        ]
        more = len(self._interventions) - len(lines)
        return "\n".join([self.describe_base(), *lines, *([f"  … and {more:,} more"] if more else [])])

    __repr__ = __str__

    def describe_base(self) -> str:
        """Say in a sentence what is lost without any of them."""
        return (
            f"Expected loss {format_yuan(self.expected_loss_fen)} over {self.trials:,} trials (seed {self.seed}, "
            f"correlation {self.correlation:g}); avoided by each alone, with 95 % intervals, yuan:"
        )


def compare_interventions(
    portfolio: Portfolio,
    interventions: Iterable[Intervention],
    *,
    trials: int = 10_000,
    seed: int,
    terms: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> InterventionComparison:
    """Apply each intervention by itself, simulate anew on the same scenarios, and rank by loss avoided per yuan.

    Draws belong to members, so the same members default first in the same trials, but for those that are bailed out.

    Parameters
    ----------
    portfolio
        Members need resources and a default probability.
    interventions
        At least one, such as `BailOut` or those of `propose_interventions`.
    trials, seed, terms, correlation, sector_column, workers
        As for `simulate_losses`.
    progress
        Called with (done, total) trials, all interventions counted, from the calling thread.

    Returns
    -------
    The `InterventionComparison`: a frame with a row each, with intervals of what is avoided.

    Raises
    ------
    InputError
        If there are no interventions, one does not fit the portfolio, or an argument is refused by `simulate_losses`.

    Examples
    --------
    >>> from circles.contagion import BailOut
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["A"], "resources_fen": [0], "default_probability": [1.0]})
    >>> loans = pd.DataFrame({"loan_id": ["L1"], "borrower_id": ["A"], "balance_fen": [100_00]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members, loans=loans)
    >>> found = compare_interventions(portfolio, [BailOut(member_id="A", cost_fen=50_00)], trials=10, seed=7)
    >>> found.interventions["avoided_per_yuan"].tolist()
    [2.0]
    """
    agreed, listed = check_terms(terms), check_interventions(interventions)
    check_workers(workers)
    check_trials(trials)
    changed = [one.apply(portfolio) for one in listed]
    total = (len(listed) + 1) * trials

    def prepare(book: Portfolio) -> TrialRun:
        plan = plan_trials(book, seed=seed, correlation=correlation, sector_column=sector_column)
        return TrialRun(portfolio=book, plan=plan, trials=trials, sector_column=sector_column, workers=workers)

    before = prepare(portfolio)
    base = before.sample_losses(agreed, progress=_after(progress, 0, total))
    rows: list[dict[str, object]] = []
    for place, (one, book) in enumerate(zip(listed, changed, strict=True), start=1):
        run = before if book is portfolio else prepare(book)
        tell = _after(progress, place * trials, total)
        losses = run.sample_losses(apply_to_terms(one, agreed), progress=tell)
        rows.append(_describe(one, base, losses, largest_fen=max(before.largest_fen, run.largest_fen)))
    return InterventionComparison(
        expected_loss_fen=round(float(base.mean())),
        trials=trials,
        seed=before.plan.seed,
        terms=agreed,
        correlation=before.plan.model.correlation,
        _interventions=frame_ranked(rows)[_COLUMNS],
    )


def _describe(
    intervention: Intervention, base: NDArray[np.int64], losses: NDArray[np.int64], *, largest_fen: int
) -> dict[str, object]:
    avoided = estimate_difference(base - losses, largest_fen=largest_fen)
    return {
        "intervention": str(intervention),
        "kind": name_kind(intervention),
        "cost_fen": int(intervention.cost_fen),
        "expected_loss_fen": round(float(losses.mean())),
        "avoided_fen": avoided.fen,
        "avoided_low_fen": avoided.low_fen,
        "avoided_high_fen": avoided.high_fen,
        "worse_share": float((losses > base).mean()),
    }


def _after(progress: Progress | None, done: int, total: int) -> Progress | None:
    """Tell the progress of a part as that of the whole."""
    return None if progress is None else lambda part, _: progress(done + part, total)


def _say_price(row: pd.Series) -> str:
    return (
        "for nothing"
        if pd.isna(row.avoided_per_yuan)
        else f"{row.avoided_per_yuan:.4f} a yuan of {format_yuan(row.cost_fen)}"
    )
