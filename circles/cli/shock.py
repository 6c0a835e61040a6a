"""``circles shock``: what a shock to one sector or region does to the loss."""

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


def shock(
    source: SourceArgument,
    column: Annotated[str, typer.Option("--column", help="A text column of members, such as industry or region.")],
    value: Annotated[str, typer.Option("--hit", help="The value of that column whose members are hit.")],
    multiplier: Annotated[
        float | None, typer.Option("--times", min=0, help="What their default probability is multiplied with.")
    ] = None,
    probability: Annotated[
        float | None, typer.Option("--probability", min=0, max=1, help="What it becomes; 1: all of them default.")
    ] = None,
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
    """Simulate the loss with and without a shock to all members of one sector, on the same draws."""
    from circles.cli.screen import progress_bar, show, show_table
    from circles.cli.source import choose_workers, open_source
    from circles.contagion import shock_sector
    from circles.errors import InputError

    if (multiplier is None) == (probability is None):
        msg = "shock: give either --times or --probability"
        raise InputError(msg)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    with progress_bar("trials") as progress:
        result = shock_sector(
            portfolio,
            column,
            value,
            multiplier=multiplier,
            default_probability=probability,
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
