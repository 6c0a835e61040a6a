"""``circles compare``: what another portfolio, or other terms, change about the loss."""

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
    TopOption,
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


def compare(
    before: SourceArgument,
    after: Annotated[
        str | None, typer.Argument(help="The portfolio after the change; the same one if left out.", show_default=False)
    ] = None,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    after_terms: Annotated[
        Preset | None, typer.Option("--after-terms", help="Terms after the change; the same if left out.")
    ] = None,
    after_term: Annotated[
        list[str] | None, typer.Option("--after-term", help="Change one field of the terms after: NAME=VALUE.")
    ] = None,
    trials: TrialsOption = 10_000,
    seed: DrawSeedOption = 7,
    correlation: CorrelationOption = 0.12,
    sector_column: SectorColumnOption = None,
    sector_correlation: SectorCorrelationOption = None,
    resource_sensitivity: SensitivityOption = 0.0,
    members: Annotated[bool, typer.Option("--members", help="Show whose contribution changes.")] = False,
    top: TopOption = 10,
    workers: WorkersOption = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Compare the bank's loss before and after a change, on the same random scenarios."""
    from circles.cli.screen import progress_bar, show, show_first, show_table
    from circles.cli.source import choose_workers, open_source
    from circles.contagion import compare_before_after

    agreed = build_terms(terms, term)
    changed = build_terms(after_terms or terms, [*(term or []), *(after_term or [])])
    first = open_source(before, as_of=as_of, encoding=encoding)
    second = None if after is None else open_source(after, as_of=as_of, encoding=encoding)
    with progress_bar("trials") as progress:
        found = compare_before_after(
            first,
            second,
            trials=trials,
            seed=seed,
            terms=agreed,
            terms_after=changed,
            correlation=correlation,
            sector_column=sector_column,
            sector_correlation=sector_correlation,
            resource_sensitivity=resource_sensitivity,
            workers=choose_workers(workers),
            progress=progress,
        )
    if form is Format.TEXT:
        show(str(found))
        if members:
            show_first(found.members, top)
    else:
        show_table(found.members if members else found.table, form)
