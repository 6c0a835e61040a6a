"""``circles pack``: what the members of proposed circles must know before they sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    AuditFileArgument,
    EncodingOption,
    ForceOption,
    LanguageOption,
    PageLanguage,
    Preset,
    SourceArgument,
)
from circles.cli.terms import TermOption, TermsOption, build_terms


def pack(
    proposal: AuditFileArgument,
    source: SourceArgument,
    circle: Annotated[
        str | None, typer.Option("--circle", help="Write this circle's pack, a file; all, a folder, where not given.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file (pack.html) or folder (packs).", show_default=False)
    ] = None,
    terms: TermsOption = Preset.WORST,
    term: TermOption = None,
    lang: LanguageOption = PageLanguage.EN,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Write what members must know before they sign: what each may owe, an example, terms to agree on, signatures."""
    from circles.cli.screen import show
    from circles.cli.source import open_source
    from circles.matching import read_proposal
    from circles.output import refuse_existing
    from circles.report.pack import build_pack, write_packs

    target = out or Path("packs" if circle is None else "pack.html")
    refuse_existing(target, force=force)
    agreed, found = build_terms(terms, term), read_proposal(proposal)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    if circle is None:
        write_packs(portfolio, found, target, terms=agreed, lang=lang.value, force=force)
        show(f"{found.circles['circle_id'].nunique():,} packs written to {target}; begin with index.html")
    else:
        made = build_pack(portfolio, found, circle, terms=agreed, lang=lang.value)
        made.save(target, force=force)
        show(f"{made}\nwritten to {target}")
