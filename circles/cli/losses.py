"""``circles losses``: what the bank may lose in a year, over thousands of random scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    Format,
    FormatOption,
    Preset,
    SourceArgument,
    WorkersOption,
)
from circles.cli.simulation import (
    CorrelationOption,
    DrawSeedOption,
    SectorColumnOption,
    SectorCorrelationOption,
    SensitivityOption,
    TrialsOption,
)
from circles.cli.terms import TermOption, build_terms, parse_changes

if TYPE_CHECKING:
    from circles.contagion import PresetComparison
    from circles.contagion.losses.side_by_side import SideBySide
    from circles.contagion.trials.scenarios import Scenarios
    from circles.portfolio import Portfolio

_ENDS = "a .csv or .parquet file."


def losses(
    source: SourceArgument,
    terms: Annotated[
        Preset | None,
        typer.Option("--terms", help="Simulate these ready-made terms alone; all three presets if left out."),
    ] = None,
    term: TermOption = None,
    trials: TrialsOption = 10_000,
    seed: DrawSeedOption = 7,
    correlation: CorrelationOption = 0.12,
    sector_column: SectorColumnOption = None,
    sector_correlation: SectorCorrelationOption = None,
    resource_sensitivity: SensitivityOption = 0.0,
    workers: WorkersOption = None,
    trials_out: Annotated[
        Path | None, typer.Option("--trials-out", help=f"Write every trial's losses: {_ENDS}")
    ] = None,
    defaults_out: Annotated[
        Path | None, typer.Option("--defaults-out", help=f"Write who defaults first in every trial: {_ENDS}")
    ] = None,
    members_out: Annotated[
        Path | None,
        typer.Option(
            "--members-out", help=f"Write each member's default probability and part of the expected shortfall: {_ENDS}"
        ),
    ] = None,
    circles_out: Annotated[
        Path | None, typer.Option("--circles-out", help=f"Write the same of each circle and other pool: {_ENDS}")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            help="Write everything into a folder: circles.read_preset_comparison reads it, and circles.read_losses the "
            "single file in it where --terms names one preset.",
        ),
    ] = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Simulate the bank's loss under the three presets on the same draws, with and without the guarantees."""
    from circles.cli.screen import show, show_table
    from circles.cli.source import open_source
    from circles.contagion.trials.scenarios import Scenarios

    files = _Files(
        trials=trials_out, defaults=defaults_out, members=members_out, circles=circles_out, save=save, force=force
    )
    files.refuse_wrong()
    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    text, found, comparison = _simulate(portfolio, scenarios, terms, term, workers=workers)
    if form is Format.TEXT:
        show(text)
    else:
        show_table(found.table, form)
    if save is not None:
        _save(found, comparison, save, force=force)
    files.write(portfolio, scenarios, found)


def _simulate(
    portfolio: Portfolio, scenarios: Scenarios, preset: Preset | None, term: list[str] | None, *, workers: int | None
) -> tuple[str, SideBySide, PresetComparison | None]:
    """Give the text and the losses under one preset, or under all three and then their comparison too."""
    from circles.cli.screen import progress_bar
    from circles.cli.source import choose_workers
    from circles.contagion import compare_presets, simulate_losses
    from circles.contagion.losses.side_by_side import SideBySide

    threads = choose_workers(workers)
    with progress_bar("trials") as progress:
        if preset is None:
            three = compare_presets(
                portfolio, **scenarios, changes=parse_changes(term), workers=threads, progress=progress
            )
            return str(three), three.side_by_side, three
        one = simulate_losses(
            portfolio, **scenarios, terms=build_terms(preset, term), workers=threads, progress=progress
        )
    alone = SideBySide(losses={preset.value: one})
    changed = f" with {', '.join(term)}" if term else ""
    return f"{alone}\nsettled on the {preset.value} terms{changed}", alone, None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What is written besides the result; None for what is not asked for."""

    trials: Path | None
    defaults: Path | None
    members: Path | None
    circles: Path | None
    save: Path | None
    force: bool

    def refuse_wrong(self) -> None:
        """Refuse before the simulation what could not be written after it."""
        from circles.cli.table_files import refuse_wrong_files
        from circles.output import refuse_existing

        tables = (self.trials, self.defaults, self.members, self.circles)
        refuse_wrong_files([path for path in tables if path is not None], force=self.force)
        if self.save is not None:
            refuse_existing(self.save, force=self.force)

    def write(self, portfolio: Portfolio, scenarios: Scenarios, found: SideBySide) -> None:
        """Write everything that was asked for."""
        from circles.cli.table_files import write_table
        from circles.contagion import draw_first_defaults

        if self.trials is not None:
            write_table(found.trials, self.trials, force=self.force, what="every trial's losses are")
        if self.defaults is not None:
            first = draw_first_defaults(portfolio, **scenarios)
            write_table(first, self.defaults, force=self.force, what="who defaults first in every trial is")
        if self.members is not None:
            write_table(found.members, self.members, force=self.force, what="what each member contributes is")
        if self.circles is not None:
            pools = found.circles(portfolio)
            write_table(pools, self.circles, force=self.force, what="what each circle contributes is")


def _save(found: SideBySide, comparison: PresetComparison | None, folder: Path, *, force: bool) -> None:
    """Write a folder with a file for each preset, and with the break-even of a comparison."""
    from circles.cli.screen import tell
    from circles.output import new_folder

    if comparison is not None:
        comparison.save(folder, force=force)
    else:
        with new_folder(folder, owned=lambda name: name.endswith(".npz"), force=force) as draft:
            for name, losses in found.losses.items():
                losses.save(draft / f"{name}.npz")
    tell(f"everything is in {folder}")
