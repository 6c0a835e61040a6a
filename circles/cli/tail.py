"""``circles tail``: how bad the worst years are, further out than plain trials reach."""

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


def tail(
    source: SourceArgument,
    level: Annotated[float, typer.Option("--level", help="Level of the two measures, such as 0.999.")] = 0.999,
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
    """Estimate value at risk and expected shortfall far out by importance sampling, with intervals."""
    from circles.cli.screen import progress_bar, show, show_table
    from circles.cli.source import choose_workers, open_source
    from circles.contagion import simulate_tail

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    with progress_bar("trials") as progress:
        estimate = simulate_tail(
            portfolio,
            level=level,
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
        show(str(estimate))
    else:
        show_table(estimate.table, form)
