"""``circles cascade``: what the default of some members does to the others and to the bank."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    DefaultsOption,
    EncodingOption,
    ForceOption,
    Format,
    FormatOption,
    Preset,
    SourceArgument,
    TopOption,
)
from circles.cli.terms import TermOption, TermsOption, build_terms


def cascade(
    source: SourceArgument,
    default: DefaultsOption,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    map_out: Annotated[Path | None, typer.Option("--map", help="Also draw what the cascade touched.")] = None,
    top: TopOption = 20,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Show how the default of one or several members spreads, and what the bank loses, with bounds on both sides."""
    from circles.cli.screen import show, show_first, show_table, tell
    from circles.cli.source import open_source
    from circles.contagion import compare_cascades, run_cascade
    from circles.output import refuse_existing

    if map_out is not None:
        refuse_existing(map_out, force=force)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    result = run_cascade(portfolio, default, build_terms(terms, term))
    touched = result.members[result.members["state"] != "untouched"]
    if form is Format.TEXT:
        show(f"{result}\n\nThe same default under the three presets:")
        show_table(compare_cascades(portfolio, default), form)
        show(f"\nWhom it touched, under {_name_terms(terms, term)} terms, those who fell first:")
        show_first(touched.sort_values("round", kind="stable", na_position="last"), top)
    else:
        show_table(touched, form)
    if map_out is not None:
        from circles.viz import draw_map

        draw_map(portfolio, cascade=result).save(map_out, force=force)
        tell(f"the map is in {map_out}")


def _name_terms(preset: Preset, changes: list[str] | None) -> str:
    return f"the {preset.value}" if not changes else f"the {preset.value} ({', '.join(changes)})"
