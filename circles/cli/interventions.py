"""``circles interventions``: what could be done, and how much loss each thing avoids by the yuan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Intervention
    from circles.contagion.trials.scenarios import Scenarios
    from circles.portfolio import Portfolio
    from circles.settlement import Terms

TryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--try",
        help="Compare this instead of proposals; give it once for each: bail-out:MEMBER=YUAN, deposit:CIRCLE=YUAN, "
        "guarantor:CIRCLE=MEMBER, split:CIRCLE=MEMBER,MEMBER, standstill:CIRCLE, cut:GUARANTEE, "
        "replace:GUARANTEE=MEMBER, guarantee:MEMBER=BORROWER,YUAN. @YUAN after it states another cost.",
    ),
]
MostOption = Annotated[int, typer.Option("--most", min=1, help="Members, circles and guarantees to propose for.")]


def interventions(
    source: SourceArgument,
    tried: TryOption = None,
    most: MostOption = 5,
    default: Annotated[
        list[str] | None,
        typer.Option("--default", help="Replay the default of this member instead of random scenarios."),
    ] = None,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    trials: TrialsOption = 10_000,
    seed: DrawSeedOption = 7,
    correlation: CorrelationOption = 0.12,
    sector_column: SectorColumnOption = None,
    sector_correlation: SectorCorrelationOption = None,
    resource_sensitivity: SensitivityOption = 0.0,
    workers: WorkersOption = None,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Rank what could be done by the loss that it avoids per yuan, each settled anew on the same defaults."""
    from circles.cli.screen import show, show_first, show_table, tell
    from circles.cli.source import open_source
    from circles.contagion.trials.scenarios import Scenarios

    scenarios = Scenarios(
        trials=trials,
        seed=seed,
        correlation=correlation,
        sector_column=sector_column,
        sector_correlation=sector_correlation,
        resource_sensitivity=resource_sensitivity,
    )
    agreed = build_terms(terms, term)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    chosen = _choose(portfolio, tried, agreed, most=most)
    if not chosen:
        tell("no single default costs the bank anything: there is nothing to propose")
        raise typer.Exit(1)
    if default:
        from circles.contagion import replay_interventions

        head, table = "", replay_interventions(portfolio, default, chosen, agreed)
    else:
        head, table = _simulate(portfolio, chosen, agreed, scenarios, workers=workers)
    if form is not Format.TEXT:
        show_table(table, form)
        return
    if head:
        show(head)
    show_first(table, top)


def _choose(portfolio: Portfolio, tried: list[str] | None, terms: Terms, *, most: int) -> list[Intervention]:
    from circles.cli.tried import parse_intervention
    from circles.contagion import propose_interventions

    if tried:
        return [parse_intervention(text) for text in tried]
    return propose_interventions(portfolio, terms=terms, most=most)


def _simulate(
    portfolio: Portfolio,
    chosen: list[Intervention],
    terms: Terms,
    scenarios: Scenarios,
    *,
    workers: int | None,
) -> tuple[str, pd.DataFrame]:
    """Give the first line of the text, and the table."""
    from circles.cli.screen import progress_bar
    from circles.cli.source import choose_workers
    from circles.contagion import compare_interventions

    with progress_bar("trials") as progress:
        found = compare_interventions(
            portfolio,
            chosen,
            **scenarios,
            terms=terms,
            workers=choose_workers(workers),
            progress=progress,
        )
    return found.describe_base(), found.interventions
