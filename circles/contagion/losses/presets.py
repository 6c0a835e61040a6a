"""The three ready-made terms side by side: they decide the headline, so nobody should see one alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from circles.contagion.losses.break_even import BreakEven, find_break_even
from circles.contagion.losses.losses import CASE_TITLES, TAIL_LEVEL, Losses
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.losses.trial_run import TrialRun
from circles.contagion.trials.arguments import check_trials
from circles.contagion.trials.executor import Progress, check_workers
from circles.contagion.trials.random_trials import plan_trials
from circles.money import format_yuan
from circles.settlement import Terms

if TYPE_CHECKING:
    from pathlib import Path

    from circles.portfolio import Portfolio
    from circles.settlement.terms import Preset

_PRESETS: tuple[Preset, ...] = ("worst", "base", "forbearance")
_WIDTH = 42

BREAK_EVEN_TRIALS = 1_000
"""At most so many trials, the first ones, are settled again and again to find the break-even."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PresetComparison:
    """Losses under the three presets of terms on the same draws.

    Attributes
    ----------
    worst, base, forbearance
        The `Losses` under each preset.
    break_even
        The contagious recovery at which guarantees stop helping, under the base terms otherwise.
    """

    worst: Losses
    base: Losses
    forbearance: Losses
    break_even: BreakEven

    @property
    def presets(self) -> Iterator[tuple[str, Losses]]:
        """The losses by the name of the preset."""
        for name in _PRESETS:
            yield name, getattr(self, name)

    @property
    def table(self) -> pd.DataFrame:
        """One row a preset and distribution: ``preset`` and the columns of `Losses.table`."""
        frames = [losses.table.assign(preset=name) for name, losses in self.presets]
        whole = pd.concat(frames, ignore_index=True)
        return whole[["preset", *(column for column in whole.columns if column != "preset")]]

    @property
    def trials(self) -> pd.DataFrame:
        """One row a trial, to export: ``trial``, ``first_defaults``, then for each preset its counts and losses.

        Columns of `Losses.trial_table` with the preset's name before them.
        """
        frames = [losses.trial_table.drop(columns=["trial", "first_defaults"]) for _, losses in self.presets]
        named = [frame.add_prefix(f"{name}_") for name, frame in zip(_PRESETS, frames, strict=True)]
        return pd.concat([self.worst.trial_table[["trial", "first_defaults"]], *named], axis=1)

    def save(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write everything into a folder that `circles.contagion.read_preset_comparison` reads, whole or not at all.

        Parameters
        ----------
        folder
            A new folder; what it lies in must exist. It gets a file for each preset, which
            `circles.contagion.read_losses` reads, and ``break_even.npz``.
        force
            Replace a folder that is there already and holds nothing but such files.

        Returns
        -------
        The folder.

        Raises
        ------
        InputError
            If the folder exists and `force` is not given, holds other files, or cannot be written.
        """
        from circles.contagion.losses.saved_presets import write_presets

        return write_presets(self, folder, force=force)

    def __str__(self) -> str:
        one = self.base
        lines = [
            f"Bank loss over {one.trials:,} trials (seed {one.seed}, correlation {one.correlation:g}), yuan",
            f"{'':<{_WIDTH}}" + "".join(f"{name:>18}" for name in _PRESETS),
            *self._expected_lines(),
            _amount_line("value at risk 99 %", [losses.value_at_risk(TAIL_LEVEL) for _, losses in self.presets]),
            _amount_line(
                "expected shortfall 99 %", [losses.expected_shortfall(TAIL_LEVEL) for _, losses in self.presets]
            ),
            f"{'guarantees multiply expected loss by':<{_WIDTH}}"
            + "".join(f"{_factor(losses):>18}" for _, losses in self.presets),
            f"under the base terms {self.break_even} ({self.break_even.trials:,} trials)",
            f"{one.estimated_share:.0%} of the base expected shortfall rests on estimated resources",
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _expected_lines(self) -> list[str]:
        cases = {name: dict(losses.cases) for name, losses in self.presets}
        return [
            _amount_line(f"expected loss, {title}", [cases[name][case].expected_loss_fen for name in _PRESETS])
            for case, title in CASE_TITLES.items()
        ]


def compare_presets(
    portfolio: Portfolio,
    *,
    trials: int = 10_000,
    seed: int,
    correlation: float = DEFAULT_CORRELATION,
    sector_column: str | None = None,
    sector_correlation: float | None = None,
    resource_sensitivity: float = 0.0,
    workers: int | None = None,
    progress: Progress | None = None,
) -> PresetComparison:
    """Simulate losses under the worst, base and forbearance terms on the same draws, and find the break-even.

    Parameters
    ----------
    portfolio, trials, seed, correlation, sector_column, sector_correlation, resource_sensitivity, workers
        As in `simulate_losses`.
    progress
        Called with (done, total) trials, all three presets counted, from the calling thread.

    Returns
    -------
    The three `Losses` and the contagious recovery at which guarantees stop helping under the base terms otherwise, on
    the first `BREAK_EVEN_TRIALS` of the trials.

    Raises
    ------
    InputError
        As `simulate_losses`.
    """
    check_workers(workers)
    check_trials(trials)
    plan = plan_trials(
        portfolio,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    run = TrialRun(portfolio=portfolio, plan=plan, trials=trials, sector_column=sector_column, workers=workers)
    found = {
        name: run.simulate(
            Terms.preset(name), progress=_after(progress, done=place * trials, total=len(_PRESETS) * trials)
        )
        for place, name in enumerate(_PRESETS)
    }
    return PresetComparison(**found, break_even=_break_even(run))


def _break_even(run: TrialRun) -> BreakEven:
    """Find the break-even on the first trials of a run."""
    trials = min(run.trials, BREAK_EVEN_TRIALS)
    base = Terms.preset("base")

    def cost(recovery: float) -> float:
        return run.guarantee_cost(replace(base, contagious_recovery_rate=recovery), trials=trials)

    return find_break_even(cost, trials=trials)


def _after(progress: Progress | None, *, done: int, total: int) -> Progress | None:
    """Tell the progress of a part as that of the whole."""
    return None if progress is None else lambda part, _: progress(done + part, total)


def _amount_line(title: str, amounts: list[int]) -> str:
    return f"{title:<{_WIDTH}}" + "".join(f"{format_yuan(amount):>18}" for amount in amounts)


def _factor(losses: Losses) -> str:
    without = losses.with_trade.expected_loss_fen
    return f"{losses.expected_loss_fen / without:.2f}" if without else "–"
