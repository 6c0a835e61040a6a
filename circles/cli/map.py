"""``circles map``: a picture of circles, of a member's surroundings, or of what a cascade touched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    LanguageOption,
    PageLanguage,
    Preset,
    SizeOption,
    SourceArgument,
)
from circles.cli.terms import TermOption, TermsOption, build_terms


def map_(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The page to write.")] = Path("map.html"),
    default: Annotated[
        list[str] | None, typer.Option("--default", help="Draw what the default of this member touches.")
    ] = None,
    member: Annotated[str | None, typer.Option("--member", help="Draw the surroundings of this member.")] = None,
    circle: Annotated[str | None, typer.Option("--circle", help="Draw this circle and its surroundings.")] = None,
    chain: Annotated[
        str | None, typer.Option("--chain", help="Draw who guarantees for this member, and whom it guarantees for.")
    ] = None,
    proposal: Annotated[
        Path | None,
        typer.Option("--proposal", help="Draw the circles of this audit file (circles match --proposal-out)."),
    ] = None,
    hops: Annotated[int, typer.Option("--hops", min=1, max=3, help="How far around the member or circle.")] = 1,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    size: SizeOption = "exposure",
    limit: Annotated[int, typer.Option("--limit", min=1, help="Members drawn at most, 1 to 2,000.")] = 300,
    mask: Annotated[bool, typer.Option("--mask", help="Numbers in place of ids and names.")] = False,
    lang: LanguageOption = PageLanguage.EN,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Draw existing or proposed circles, a member's surroundings, or a cascade, as one page that opens offline."""
    from circles.cli.screen import show
    from circles.cli.source import open_source
    from circles.contagion import run_cascade
    from circles.errors import InputError
    from circles.matching import read_proposal
    from circles.output import refuse_existing
    from circles.viz import draw_map
    from circles.viz.map import check_limit

    refuse_existing(out, force=force)
    check_limit(limit)
    if proposal is not None and default:
        msg = "give --proposal or --default; for a default in proposed circles take what match --portfolio-out wrote"
        raise InputError(msg)
    proposed = None if proposal is None else read_proposal(proposal)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    cascade = run_cascade(portfolio, default, build_terms(terms, term)) if default else None
    drawn = draw_map(
        portfolio,
        cascade=cascade,
        proposal=proposed,
        member=member,
        circle=circle,
        chain=chain,
        hops=hops,
        size=size,
        limit=limit,
        mask=mask,
        lang=lang.value,
    )
    drawn.save(out, force=force)
    show(f"{drawn}\nwritten to {out}")
