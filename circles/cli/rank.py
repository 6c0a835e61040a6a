"""``circles rank``: which members do most harm, and which are hit most often."""

from __future__ import annotations

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument, TopOption
from circles.cli.terms import TermOption, TermsOption, build_terms


def rank(
    source: SourceArgument,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Rank members by the bank's loss that each would cause by its default alone."""
    from circles.cli.screen import show, show_first, show_table
    from circles.cli.source import open_source
    from circles.contagion import rank_members

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    ranking = rank_members(portfolio, build_terms(terms, term))
    if form is Format.TEXT:
        show_first(ranking.members, top)
        show(ranking.describe_estimates())
    else:
        show_table(ranking.members, form)
