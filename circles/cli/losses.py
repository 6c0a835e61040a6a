"""``circles losses``: what the bank may lose in a year, over thousands of random scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    Format,
    FormatOption,
    SeedOption,
    SourceArgument,
    WorkersOption,
)

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import PresetComparison

TrialsOption = Annotated[int, typer.Option("--trials", min=1, help="How many random scenarios.")]
CorrelationOption = Annotated[
    float, typer.Option("--correlation", min=0, max=0.999, help="How much defaults depend on the common factor (ρ).")
]
SensitivityOption = Annotated[
    float, typer.Option("--resource-sensitivity", min=0, help="How much resources fall with the common factor (β).")
]


def losses(
    source: SourceArgument,
    trials: TrialsOption = 10_000,
    seed: SeedOption = 7,
    correlation: CorrelationOption = 0.12,
    sector_column: Annotated[
        str | None, typer.Option("--sector-column", help="A text column of members, such as industry or region.")
    ] = None,
    sector_correlation: Annotated[
        float | None, typer.Option("--sector-correlation", min=0, max=1, help="How much sectors move together.")
    ] = None,
    resource_sensitivity: SensitivityOption = 0.0,
    workers: WorkersOption = None,
    trials_out: Annotated[
        Path | None,
        typer.Option("--trials-out", help="Write every trial's losses, as Parquet if the file ends so, else as CSV."),
    ] = None,
    defaults_out: Annotated[
        Path | None,
        typer.Option(
            "--defaults-out",
            help="Write who defaults first in every trial, as Parquet if the file ends so, else as CSV.",
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", help="Write everything into a folder (circles.contagion.read_preset_comparison)."),
    ] = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Simulate the bank's loss under the three presets on the same draws, with and without the guarantees."""
    from circles.cli.screen import progress_bar, show, show_table
    from circles.cli.source import choose_workers, open_source
    from circles.contagion import compare_presets, draw_first_defaults
    from circles.output import refuse_existing

    for path in (trials_out, defaults_out, save):
        if path is not None:
            refuse_existing(path, force=force)
            _is_parquet(path)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    with progress_bar("trials") as progress:
        comparison = compare_presets(
            portfolio,
            trials=trials,
            seed=seed,
            correlation=correlation,
            sector_column=sector_column,
            sector_correlation=sector_correlation,
            resource_sensitivity=resource_sensitivity,
            workers=choose_workers(workers),
            progress=progress,
        )
    if form is Format.TEXT:
        show(str(comparison))
    else:
        show_table(comparison.table, form)
    if save is not None:
        _save(comparison, save, force=force)
    if trials_out is not None:
        _write_rows(comparison.trials, trials_out, force=force, what="every trial's losses are")
    if defaults_out is not None:
        first = draw_first_defaults(
            portfolio,
            trials=trials,
            seed=seed,
            correlation=correlation,
            sector_column=sector_column,
            sector_correlation=sector_correlation,
            resource_sensitivity=resource_sensitivity,
        )
        _write_rows(first, defaults_out, force=force, what="who defaults first in every trial is")


def _save(comparison: PresetComparison, folder: Path, *, force: bool) -> None:
    from circles.cli.screen import tell

    comparison.save(folder, force=force)
    tell(f"everything is in {folder}")


def _is_parquet(path: Path) -> bool:
    """Say whether a file is to be Parquet, by its name; without pyarrow that is refused before a long simulation."""
    from circles.dataset.parquet.arrow import import_pyarrow

    wanted = path.suffix.lower() == ".parquet"
    if wanted:
        import_pyarrow()
    return wanted


def _write_rows(rows: pd.DataFrame, path: Path, *, force: bool, what: str) -> None:
    from circles.cli.screen import tell
    from circles.output import new_file

    with new_file(path, force=force) as draft:
        if _is_parquet(path):
            rows.to_parquet(draft, index=False)
        else:
            rows.to_csv(draft, index=False)
    tell(f"{what} in {path}")
