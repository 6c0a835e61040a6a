"""``circles sweep``: how the loss changes with one thing, and where the guarantees stop helping."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
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
from circles.cli.terms import TermOption, TermsOption, build_terms


def sweep(
    source: SourceArgument,
    over: Annotated[
        str,
        typer.Option(
            "--over",
            help="What changes: resources (a factor), correlation, or a number of the terms, such as recovery_rate, "
            "willingness or risk_pool_fen.",
        ),
    ],
    values: Annotated[list[float], typer.Option("--value", help="A value of it; give it once for each.")],
    trials: TrialsOption = 10_000,
    seed: DrawSeedOption = 7,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    correlation: CorrelationOption = 0.12,
    sector_column: SectorColumnOption = None,
    sector_correlation: SectorCorrelationOption = None,
    resource_sensitivity: SensitivityOption = 0.0,
    workers: WorkersOption = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Simulate the loss over a range of resources, correlation or a number of the terms, on the same draws."""
    from circles.cli.screen import progress_bar, show, show_table
    from circles.cli.source import choose_workers, open_source
    from circles.contagion import sweep_losses

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    with progress_bar("trials") as progress:
        result = sweep_losses(
            portfolio,
            over.replace("-", "_"),
            values,
            trials=trials,
            seed=seed,
            terms=build_terms(terms, term),
            correlation=correlation,
            sector_column=sector_column,
            sector_correlation=sector_correlation,
            resource_sensitivity=resource_sensitivity,
            workers=choose_workers(workers),
            progress=progress,
        )
    if form is Format.TEXT:
        show(str(result))
    else:
        show_table(result.table, form)
