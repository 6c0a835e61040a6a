"""``circles fragility``: which single failures break a circle, and the deposit that would hold it."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument, TopOption
from circles.cli.terms import TermOption, TermsOption, build_terms


def fragility(
    source: SourceArgument,
    circle: Annotated[str, typer.Option("--circle", help="The circle, by its id.", show_default=False)],
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """List the single failures that break a circle, and the least deposit that would hold it; exit 1 if any does."""
    from circles.cli.screen import show, show_first, show_table
    from circles.cli.source import open_source
    from circles.contagion import find_fragility

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    found = find_fragility(portfolio, circle, build_terms(terms, term))
    if form is not Format.TEXT:
        show_table(found.failures.assign(circle_id=circle, deposit_fen=found.deposit_fen), form)
    elif len(found.failures):
        show_first(found.failures, top)
        show(found.describe_deposit())
    else:
        show(str(found))
    if len(found.failures):
        raise typer.Exit(1)
