"""Tipping points: how the loss changes with one thing, and where the guarantees stop helping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.contagion.losses.losses import TAIL_LEVEL
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.losses.trial_run import TrialRun, prepare_run
from circles.contagion.trials.executor import Progress, tell_part
from circles.contagion.trials.scenarios import Scenarios
from circles.errors import InputError
from circles.money import format_yuan
from circles.settlement import NUMBERS, change_terms, check_terms

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

SWEPT = ("resources", "correlation", *NUMBERS)
"""What may be swept: a factor on everybody's resources, ρ, or a number of the terms."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Sweep:
    """The loss over a grid; prints as a short text.

    Attributes
    ----------
    what
        One of `SWEPT`.
    tipping_points
        Values at which guarantees begin or stop to help: where `added_fen` changes its sign, by linear interpolation
        between neighbours on the grid; empty where it never does.
    trials, seed
        The same draws at every value.
    """

    what: str
    tipping_points: tuple[float, ...]
    trials: int
    seed: int
    _table: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """One row a value, in ascending order.

        ``value``; ``expected_loss_fen`` and ``expected_shortfall_fen`` (level .99) with the guarantees;
        ``with_trade_fen`` (expected loss with trade contagion and no guarantee); ``added_fen`` (the mean of the
        differences trial by trial: what the guarantees add, below 0 where they help) and ``added_error_fen`` (its
        standard error); ``contagious_defaults`` (mean a trial).
        """
        return self._table.copy(deep=False)

    def __str__(self) -> str:
        lines = [f"the same {self.trials:,} trials at every {self.what} (seed {self.seed}), yuan:"]
        lines += [
            f"  {row.value:<14,.10g} expected loss {format_yuan(row.expected_loss_fen):>18}, guarantees add "
            f"{format_yuan(row.added_fen):>18} ± {format_yuan(row.added_error_fen)}"
            for row in self._table.itertuples()
        ]
        at = ", ".join(f"{float(f'{point:.4g}'):,.10g}" for point in self.tipping_points)
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
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate the loss for each value of one thing, all else and all draws being the same.

    Parameters
    ----------
    portfolio, trials, seed, terms, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As in `simulate_losses`.
    what
        ``resources``: everybody's are multiplied by the value, at least 0; ``correlation``; or a number of the terms,
        in the range that `Terms` allows: ``recovery_rate``, ``contagious_recovery_rate``,
        ``receivable_recovery_rate``, ``risk_pool_fen`` or ``willingness``.
    values
        At least one, each once; in ascending order in the result.
    progress
        Called with (done, total) trials, all values counted.

    Returns
    -------
    The loss at each value, and the values at which guarantees begin or stop to help.

    Raises
    ------
    InputError
        If `what` is unknown, values are missing, doubled or out of range, or as for `simulate_losses`.
    """
    if what not in SWEPT:
        msg = f"what to sweep must be one of {', '.join(SWEPT)}, got {what!r}"
        raise InputError(msg)
    grid, agreed = _check_values(what, values), check_terms(terms)
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    cases = _list_cases(what, grid, agreed)
    runs = _prepare_runs(portfolio, what, grid, scenarios, workers=workers)
    rows = []
    for place, (value, case, run) in enumerate(zip(grid, cases, runs, strict=True)):
        part = tell_part(progress, done=place * trials, total=len(grid) * trials)
        rows.append({"value": value, **_measure(run, case, part)})
    table = pd.DataFrame(rows)
    return Sweep(what=what, tipping_points=_find_crossings(table), trials=trials, seed=runs[0].plan.seed, _table=table)


def _check_values(what: str, values: Sequence[float]) -> list[float]:
    grid = sorted(float(value) for value in values)
    if not grid or len(set(grid)) < len(grid) or not np.isfinite(grid).all():
        msg = f"values of {what} must be different numbers, at least one, got {list(values)!r:.200}"
        raise InputError(msg)
    if what == "resources" and grid[0] < 0:
        msg = f"values of resources must be at least 0, got {grid[0]!r}"
        raise InputError(msg)
    return grid


def _list_cases(what: str, grid: list[float], terms: Terms) -> list[Terms]:
    """Give the terms at each value; the ranges are those of `Terms`."""
    if what not in NUMBERS:
        return [terms] * len(grid)
    return [change_terms(terms, {what: int(value) if value.is_integer() else value}) for value in grid]


def _prepare_runs(
    portfolio: Portfolio, what: str, grid: list[float], scenarios: Scenarios, *, workers: int | None
) -> list[TrialRun]:
    """Give the trials at each value."""
    if what == "correlation":
        return [prepare_run(portfolio, {**scenarios, "correlation": value}, workers=workers) for value in grid]
    run = prepare_run(portfolio, scenarios, workers=workers)
    return [_scale_resources(run, value) for value in grid] if what == "resources" else [run] * len(grid)


def _scale_resources(run: TrialRun, factor: float) -> TrialRun:
    obligations = run.plan.obligations
    scaled = replace(obligations, resources=np.rint(obligations.resources * factor))
    return replace(run, plan=replace(run.plan, obligations=scaled))


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


def _find_crossings(table: pd.DataFrame) -> tuple[float, ...]:
    value, added = table["value"].to_numpy(np.float64), table["added_fen"].to_numpy(np.float64)
    at = np.flatnonzero(added[:-1] * added[1:] < 0)
    between = value[at] + (value[at + 1] - value[at]) * added[at] / (added[at] - added[at + 1])
    inner = np.flatnonzero(added == 0) if (added != 0).any() else np.zeros(0, dtype=np.int64)
    return tuple(sorted([*between.tolist(), *value[inner].tolist()]))
