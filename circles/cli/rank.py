"""``circles rank``: which members do most harm, and which are hit most often."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument, TopOption
from circles.cli.terms import TermOption, TermsOption, build_terms


def rank(
    source: SourceArgument,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    circles: Annotated[bool, typer.Option("--circles", help="Rank circles, not members.")] = False,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Rank members, or circles by their worst member, by the bank's loss that a default alone would cause."""
    from circles.cli.screen import show, show_first, show_table
    from circles.cli.source import open_source
    from circles.contagion import rank_circles, rank_members

    portfolio, agreed = open_source(source, as_of=as_of, encoding=encoding), build_terms(terms, term)
    if circles:
        ranked = rank_circles(portfolio, agreed)
        return show_first(ranked, top) if form is Format.TEXT else show_table(ranked, form)
    ranking = rank_members(portfolio, agreed)
    if form is Format.TEXT:
        show_first(ranking.members, top)
        show(ranking.describe_estimates())
    else:
        show_table(ranking.members, form)
    return None
