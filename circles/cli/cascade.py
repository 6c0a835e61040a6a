"""``circles cascade``: what the default of some members does to the others and to the bank."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from circles.cli.terms import TermOption, TermsOption, build_terms, parse_changes

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Cascade


class Part(StrEnum):
    """The tables of a cascade."""

    MEMBERS = "members"
    CIRCLES = "circles"
    POOLS = "pools"
    PAYMENTS = "payments"
    RECOURSE = "recourse"


_TITLES = {
    Part.MEMBERS: "Whom it touched, under {terms} terms, those who fell first:",
    Part.CIRCLES: "Circles with a shortfall, under {terms} terms:",
    Part.POOLS: "Pools with a shortfall, under {terms} terms:",
    Part.PAYMENTS: "What guarantors pay, under {terms} terms:",
    Part.RECOURSE: "What guarantors may claim afterwards, under {terms} terms:",
}
_WHY = "How {member} was reached, under {terms} terms:"


def cascade(
    source: SourceArgument,
    default: DefaultsOption,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    part: Annotated[Part, typer.Option("--table", help="Which table to show.")] = Part.MEMBERS,
    why: Annotated[str | None, typer.Option(help="Show by which path this member fell instead.")] = None,
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
    rows = _pick_rows(result, part) if why is None else result.why(why)
    if form is Format.TEXT:
        with_them = f", each with {', '.join(term)}" if term else ""
        show(f"{result}\n\nThe same default under the three presets{with_them}:")
        show_table(compare_cascades(portfolio, default, changes=parse_changes(term)), form)
        title = _TITLES[part] if why is None else _WHY
        show("\n" + title.format(terms=_name_terms(terms, term), member=why))
        by_round = part is Part.MEMBERS and why is None
        show_first(rows.sort_values("round", kind="stable", na_position="last") if by_round else rows, top)
    else:
        show_table(rows, form)
    if map_out is not None:
        from circles.viz import draw_map

        draw_map(portfolio, cascade=result).save(map_out, force=force)
        tell(f"the map is in {map_out}")


def _pick_rows(result: Cascade, part: Part) -> pd.DataFrame:
    """Give the rows of a table that the cascade reached."""
    rows: pd.DataFrame = getattr(result, part.value)
    if part is Part.MEMBERS:
        return rows[rows["state"] != "untouched"]
    return rows[rows["shortfall_fen"] > 0] if "shortfall_fen" in rows else rows


def _name_terms(preset: Preset, changes: list[str] | None) -> str:
    return f"the {preset.value}" if not changes else f"the {preset.value} ({', '.join(changes)})"
