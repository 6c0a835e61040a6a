"""``circles worst-sets``: which pair or triple of a circle costs the bank most by defaulting together."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument, TopOption
from circles.cli.terms import TermOption, TermsOption, build_terms


def worst_sets(
    source: SourceArgument,
    size: Annotated[int, typer.Option("--size", min=2, max=3, help="Members of a set.")] = 2,
    circle: Annotated[str | None, typer.Option("--circle", help="All sets of this circle.")] = None,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show the pair or triple of each circle whose joint default costs the bank most."""
    from circles.cli.screen import show_first, show_table
    from circles.cli.source import open_source
    from circles.contagion import worst_sets

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    found = worst_sets(portfolio, build_terms(terms, term), size=size, circle=circle)
    if form is Format.TEXT:
        show_first(found, top)
    else:
        show_table(found, form)
