"""``circles replay``: a cascade round by round, alone or beside the same default after a change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    DefaultsOption,
    EncodingOption,
    ForceOption,
    LanguageOption,
    PageLanguage,
    Preset,
    SizeOption,
    SourceArgument,
)
from circles.cli.terms import TermOption, TermsOption, build_terms


def replay(
    source: SourceArgument,
    default: DefaultsOption,
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("replay.html"),
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    after: Annotated[
        str | None, typer.Option("--after", help="Show the same default in this portfolio beside it.")
    ] = None,
    after_terms: Annotated[
        Preset | None, typer.Option("--after-terms", help="Show the same default on these terms beside it.")
    ] = None,
    after_term: Annotated[
        list[str] | None, typer.Option("--after-term", help="Change one field of the terms beside it: NAME=VALUE.")
    ] = None,
    size: SizeOption = "exposure",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Members drawn at most, 1 to 2,000.")] = 300,
    mask: Annotated[bool, typer.Option("--mask", help="Numbers in place of ids and names.")] = False,
    lang: LanguageOption = PageLanguage.EN,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Draw a default's spread so that one can go through it round by round; a page that opens offline."""
    from circles.cli.screen import show
    from circles.cli.source import open_source
    from circles.contagion import run_cascade
    from circles.output import refuse_existing
    from circles.viz.replay import draw_replay

    refuse_existing(out, force=force)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    cascade = run_cascade(portfolio, default, build_terms(terms, term))
    beside = None
    if after is not None or after_terms is not None or after_term:
        other = portfolio if after is None else open_source(after, as_of=as_of, encoding=encoding)
        changed = build_terms(after_terms or terms, [*(term or []), *(after_term or [])])
        beside = (other, run_cascade(other, default, changed))
    drawn = draw_replay(portfolio, cascade, after=beside, size=size, limit=limit, mask=mask, lang=lang.value)
    drawn.save(out, force=force)
    show(f"{drawn}\nwritten to {out}")
