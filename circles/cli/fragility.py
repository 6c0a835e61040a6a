"""``circles fragility``: which single failures break a circle, and the deposit or the swap that would hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument, TopOption
from circles.cli.terms import TermOption, TermsOption, build_terms

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import CircleFragility


def fragility(
    source: SourceArgument,
    circle: Annotated[str, typer.Option("--circle", help="The circle, by its id.", show_default=False)],
    candidate: Annotated[
        list[str] | None,
        typer.Option("--candidate", help="Who may take a member's place; without it, whoever is in no circle."),
    ] = None,
    swaps: Annotated[int, typer.Option("--swaps", min=0, help="Swaps to try at most.")] = 100,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    top: TopOption = 20,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """List the single failures that break a circle, and the least deposit or the swap that would hold it.

    Exit code 1 if any failure does.
    """
    from circles.cli.screen import show, show_first, show_table
    from circles.cli.source import open_source
    from circles.contagion import find_fragility

    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    found = find_fragility(portfolio, circle, build_terms(terms, term), candidates=candidate or None, swaps=swaps)
    if form is not Format.TEXT:
        show_table(_tabulate(found), form)
    elif len(found.failures):
        show_first(found.failures, top)
        show(found.describe_deposit())
        show(found.describe_swap())
    else:
        show(str(found))
    if len(found.failures):
        raise typer.Exit(1)


def _tabulate(found: CircleFragility) -> pd.DataFrame:
    """Give the failures, with what would hold the circle in every row."""
    swap = found.swap
    return found.failures.assign(
        circle_id=found.circle_id,
        deposit_fen=found.deposit_fen,
        swap_leaves_id=swap.leaves_id if swap else None,
        swap_joins_id=swap.joins_id if swap else None,
        swap_deposit_fen=swap.deposit_fen if swap else None,
        swaps_tried=found.swaps_tried,
        swaps_possible=found.swaps_possible,
    )
