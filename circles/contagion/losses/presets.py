"""The three ready-made terms side by side: they decide the headline, so nobody should see one alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from circles.contagion.losses.break_even import BreakEven, find_break_even
from circles.contagion.losses.side_by_side import SideBySide
from circles.contagion.losses.simulate import DEFAULT_CORRELATION
from circles.contagion.losses.trial_run import TrialRun, prepare_run
from circles.contagion.trials.executor import Progress, tell_part
from circles.contagion.trials.scenarios import Scenarios
from circles.settlement import Terms, change_terms

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circles.contagion.losses.losses import Losses
    from circles.portfolio import Portfolio
    from circles.settlement.terms import Preset

_PRESETS: tuple[Preset, ...] = ("worst", "base", "forbearance")

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
    def side_by_side(self) -> SideBySide:
        """The same three as one table each of measures, members, circles and trials."""
        return SideBySide(losses=dict(self.presets))

    @property
    def table(self) -> pd.DataFrame:
        """One row a preset and distribution: ``preset`` and the columns of `Losses.table`."""
        return self.side_by_side.table

    @property
    def trials(self) -> pd.DataFrame:
        """One row a trial, to export: ``trial``, ``first_defaults``, then for each preset its counts and losses.

        Columns of `Losses.trial_table` with the preset's name before them.
        """
        return self.side_by_side.trials

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
        changed = self._say_changes()
        lines = [
            str(self.side_by_side),
            *([f"all three presets with {changed}"] if changed else []),
            f"under the base terms {self.break_even} ({self.break_even.trials:,} trials)",
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def _say_changes(self) -> str:
        changes = list_changes({name: losses.terms for name, losses in self.presets})
        return ", ".join(f"{name} = {value}" for name, value in changes.items())


def list_changes(terms: Mapping[str, Terms]) -> dict[str, object]:
    """Give the fields in which any of three terms differs from its preset, with the value that the base terms have."""
    return {
        field.name: getattr(terms["base"], field.name)
        for field in fields(Terms)
        if any(getattr(terms[name], field.name) != getattr(Terms.preset(name), field.name) for name in _PRESETS)
    }


def compare_presets(
    portfolio: Portfolio,
    *,
    trials: int = 10_000,
    seed: int,
    changes: Mapping[str, object] | None = None,
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
    changes
        Fields of `Terms` by name, with the value that they have in all three presets, such as ``{"share": "able"}``.
    progress
        Called with (done, total) trials, all three presets counted, from the calling thread.

    Returns
    -------
    The three `Losses` and the contagious recovery at which guarantees stop helping under the base terms otherwise, on
    the first `BREAK_EVEN_TRIALS` of the trials.

    Raises
    ------
    InputError
        As `simulate_losses`, or if `changes` names no field of the terms or gives it a value that is not allowed.
    """
    agreed = {name: change_terms(Terms.preset(name), changes or {}) for name in _PRESETS}
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    run = prepare_run(portfolio, scenarios, workers=workers)
    found = {
        name: run.simulate(terms, progress=tell_part(progress, done=place * trials, total=len(agreed) * trials))
        for place, (name, terms) in enumerate(agreed.items())
    }
    return PresetComparison(**found, break_even=_break_even(run, agreed["base"]))


def _break_even(run: TrialRun, base: Terms) -> BreakEven:
    """Find the break-even on the first trials of a run."""
    trials = min(run.trials, BREAK_EVEN_TRIALS)

    def cost(recovery: float) -> float:
        return run.guarantee_cost(replace(base, contagious_recovery_rate=recovery), trials=trials)

    return find_break_even(cost, trials=trials)
