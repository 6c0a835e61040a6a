"""``circles overview``: the whole book as a folder that opens offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, ForceOption, LanguageOption, PageLanguage, SourceArgument


def overview(
    source: SourceArgument,
    out: Annotated[Path, typer.Option("--out", help="The folder to write.")] = Path("overview"),
    maps: Annotated[int, typer.Option("--maps", min=0, max=200, help="Circles with a map of their own.")] = 5,
    mask: Annotated[bool, typer.Option("--mask", help="Numbers in place of ids and names.")] = False,
    lang: LanguageOption = PageLanguage.EN,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Draw the whole book by region and industry, with search and circle maps, as a folder that opens offline."""
    from circles.cli.screen import show
    from circles.cli.source import open_source
    from circles.output import refuse_existing
    from circles.viz.overview import draw_overview

    refuse_existing(out, force=force)
    drawn = draw_overview(open_source(source, as_of=as_of, encoding=encoding), maps=maps, mask=mask, lang=lang.value)
    drawn.save(out, force=force)
    show(f"{drawn}\nwritten to {out / 'index.html'}")
