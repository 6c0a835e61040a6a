"""Tipping points: how the loss changes with one thing, and where the guarantees stop helping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.losses import TAIL_LEVEL
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.losses.trial_run import TrialRun
from circles.contagion.trials.arguments import check_trials
from circles.contagion.trials.executor import Progress, check_workers
from circles.contagion.trials.random_trials import RandomTrials, plan_trials
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import check_terms

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

RATES = ("recovery_rate", "contagious_recovery_rate", "receivable_recovery_rate")
SWEPT = ("resources", "correlation", *RATES)
"""What may be swept: a factor on everybody's resources, ρ, or a rate of the terms."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sweep:
    """The loss over a grid; prints as a short text.

    Attributes
    ----------
    what
        One of `SWEPT`.
    table
        One row a value: ``value``; ``expected_loss_fen`` and ``expected_shortfall_fen`` (level .99) with the
        guarantees; ``with_trade_fen`` (expected loss with trade contagion and no guarantee); ``added_fen`` (the mean
        of the differences trial by trial: what the guarantees add, below 0 where they help) and ``added_error_fen``
        (its standard error); ``contagious_defaults`` (mean a trial).
    tipping_points
        Values at which guarantees begin or stop to help: where `added_fen` changes its sign, by linear interpolation
        between neighbours on the grid; empty where it never does.
    trials, seed
        The same draws at every value.
    """

    what: str
    table: pd.DataFrame
    tipping_points: tuple[float, ...]
    trials: int
    seed: int

    def __str__(self) -> str:
        lines = [f"the same {self.trials:,} trials at every {self.what} (seed {self.seed}), yuan:"]
        lines += [
            f"  {row.value:<8g} expected loss {format_yuan(row.expected_loss_fen):>18}, guarantees add "
            f"{format_yuan(row.added_fen):>18} ± {format_yuan(row.added_error_fen)}"
            for row in self.table.itertuples()
        ]
        at = ", ".join(f"{point:.4g}" for point in self.tipping_points)
        return "\n".join([*lines, f"guarantees begin or stop to help at: {at or 'no value between these'}"])

    __repr__ = __str__


def sweep_losses(
    portfolio: Portfolio,
    what: str,
    values: Sequence[float],
    *,
    trials: int = 10_000,
    seed: int,
    terms: Terms | None = None,
    correlation: float = DEFAULT_CORRELATION,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate the loss for each value of one thing, all else and all draws being the same.

    Parameters
    ----------
    portfolio, trials, seed, terms, correlation, resource_sensitivity, workers
        As in `simulate_losses`.
    what
        ``resources``: everybody's are multiplied by the value, at least 0; ``correlation``; or a rate of the terms:
        ``recovery_rate``, ``contagious_recovery_rate`` or ``receivable_recovery_rate``.
    values
        At least one, each once; in ascending order in the result.
    progress
        Called with (done, total) trials, all values counted.

    Raises
    ------
    InputError
        If `what` is unknown, values are missing, doubled or out of range, or as for `simulate_losses`.
    """
    if what not in SWEPT:
        msg = f"what to sweep must be one of {', '.join(SWEPT)}, got {what!r}"
        raise InputError(msg)
    grid, agreed = _check_values(what, values), check_terms(terms)
    check_trials(trials)
    check_workers(workers)
    plan = plan_trials(portfolio, seed=seed, correlation=correlation, resource_sensitivity=resource_sensitivity)
    rows = []
    for place, value in enumerate(grid):
        case = _CHANGES[what](_Case(portfolio=portfolio, plan=plan, terms=agreed), value, what)
        run = TrialRun(portfolio=portfolio, plan=case.plan, trials=trials, sector_column=None, workers=workers)
        rows.append({"value": value, **_measure(run, case.terms, _after(progress, place, trials, len(grid)))})
    table = pd.DataFrame(rows)
    return Sweep(what=what, table=table, tipping_points=_find_crossings(table), trials=trials, seed=plan.seed)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    portfolio: Portfolio
    plan: RandomTrials
    terms: Terms


def _check_values(what: str, values: Sequence[float]) -> list[float]:
    grid = sorted(float(value) for value in values)
    most = {"resources": float("inf"), "correlation": 0.999}.get(what, 1.0)
    if not grid or len(set(grid)) < len(grid) or not all(0 <= value <= most for value in grid) or grid[-1] == np.inf:
        msg = f"values of {what} must be different numbers from 0 to {most:g}, at least one, got {list(values)!r:.200}"
        raise InputError(msg)
    return grid


def _scale_resources(case: _Case, factor: float, what: str) -> _Case:
    obligations = case.plan.obligations
    scaled = replace(obligations, resources=np.rint(obligations.resources * factor))
    return replace(case, plan=replace(case.plan, obligations=scaled))


def _set_correlation(case: _Case, correlation: float, what: str) -> _Case:
    plan = plan_trials(
        case.portfolio,
        seed=case.plan.seed,
        correlation=correlation,
        resource_sensitivity=case.plan.resource_sensitivity,
    )
    return replace(case, plan=plan)


def _set_rate(case: _Case, rate: float, what: str) -> _Case:
    return replace(case, terms=check_terms(replace(case.terms, **{what: rate})))  # type: ignore[arg-type]


_CHANGES = MappingProxyType[str, Callable[[_Case, float, str], _Case]](
    {"resources": _scale_resources, "correlation": _set_correlation, **dict.fromkeys(RATES, _set_rate)}
)


def _measure(run: TrialRun, terms: Terms, progress: Progress | None) -> dict[str, float]:
    totals = run.settle_all(terms, progress)
    whole = totals.distribution("bank_loss", run.largest_fen)
    added = totals.samples["bank_loss"] - totals.samples["with_trade"]
    error = float(added.std(ddof=1)) / np.sqrt(run.trials) if run.trials > 1 else 0.0
    return {
        "expected_loss_fen": whole.expected_loss_fen,
        "expected_shortfall_fen": whole.expected_shortfall(TAIL_LEVEL),
        "with_trade_fen": totals.distribution("with_trade", run.largest_fen).expected_loss_fen,
        "added_fen": round(float(added.mean())),
        "added_error_fen": round(error),
        "contagious_defaults": float(totals.contagious.mean()),
    }


def _after(progress: Progress | None, place: int, trials: int, count: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(place * trials + done, count * trials)


def _find_crossings(table: pd.DataFrame) -> tuple[float, ...]:
    value, added = table["value"].to_numpy(np.float64), table["added_fen"].to_numpy(np.float64)
    at = np.flatnonzero(added[:-1] * added[1:] < 0)
    between = value[at] + (value[at + 1] - value[at]) * added[at] / (added[at] - added[at + 1])
    inner = np.flatnonzero(added == 0) if (added != 0).any() else np.zeros(0, dtype=np.int64)
    return tuple(sorted([*between.tolist(), *value[inner].tolist()]))
