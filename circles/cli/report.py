"""``circles report``: one page of a run for a committee to read and print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.match import RuleOption, RulesOption, build_rules
from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    LanguageOption,
    PageLanguage,
    Preset,
    SeedOption,
    SourceArgument,
)
from circles.cli.simulation import CorrelationOption, SensitivityOption, TrialsOption
from circles.cli.terms import TermOption, TermsOption, build_terms


def report(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("report.html"),
    default: Annotated[
        list[str] | None, typer.Option("--default", help="Include the cascade of this member's default.")
    ] = None,
    match: Annotated[bool, typer.Option("--match", help="Propose circles first, and report on them too.")] = False,
    rules: RulesOption = None,
    rule: RuleOption = None,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    trials: TrialsOption = 10_000,
    seed: SeedOption = 7,
    correlation: CorrelationOption = 0.12,
    resource_sensitivity: SensitivityOption = 0.0,
    title: Annotated[str | None, typer.Option("--title", help="The page's heading.")] = None,
    lang: LanguageOption = PageLanguage.EN,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Write one self-contained page: proposal, cascade, losses under the three presets, and the limits of it all."""
    from circles.cli.screen import progress_bar, show, stop_on_interrupt, watch_search
    from circles.cli.source import open_source
    from circles.contagion import compare_presets, run_cascade
    from circles.matching import form_circles
    from circles.output import refuse_existing
    from circles.report import build_report

    refuse_existing(out, force=force)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    asked = build_rules(rules, rule)
    with stop_on_interrupt(), watch_search("forming circles") as observer:
        proposal = form_circles(portfolio, asked, seed=seed, observer=observer) if match else None
    book = proposal.portfolio() if proposal else portfolio
    with progress_bar("trials") as progress:
        losses = compare_presets(
            book,
            trials=trials,
            seed=seed,
            correlation=correlation,
            resource_sensitivity=resource_sensitivity,
            progress=progress,
        )
    cascade = run_cascade(book, default, build_terms(terms, term)) if default else None
    page = build_report(book, proposal=proposal, cascade=cascade, losses=losses, title=title, lang=lang.value)
    page.save(out, force=force)
    show(f"{page}\nwritten to {out}")
