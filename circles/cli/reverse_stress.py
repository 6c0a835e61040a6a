"""``circles reverse-stress``: a small set of defaults that costs the bank as much as a given loss."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, Format, FormatOption, Preset, SourceArgument
from circles.cli.terms import TermOption, TermsOption, build_terms


def reverse_stress(
    source: SourceArgument,
    loss: Annotated[str, typer.Option("--loss", help="The loss to reach, in yuan.")],
    most: Annotated[int, typer.Option("--most", min=1, help="Defaults at most.")] = 50,
    candidates: Annotated[
        int, typer.Option("--candidates", min=1, help="Members to choose from: those that cost most.")
    ] = 300,
    terms: TermsOption = Preset.BASE,
    term: TermOption = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Look for a small set of defaults that reaches a loss: a heuristic, beside a proven number that it takes.

    Exit code 1 if none was found.
    """
    from circles.cli.screen import show, show_table, tell
    from circles.cli.source import open_source
    from circles.contagion import reverse_stress
    from circles.errors import InputError
    from circles.money import parse_yuan

    target = parse_yuan(loss)
    if target < 1:
        msg = f"--loss must be more than 0, got {loss}"
        raise InputError(msg)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    result = reverse_stress(portfolio, target, build_terms(terms, term), most=most, candidates=candidates)
    if form is Format.TEXT:
        show(str(result))
    elif not result.is_reached:
        tell(str(result))
    if form is not Format.TEXT or len(result.steps):
        show_table(result.steps, form)
    if not result.is_reached:
        raise typer.Exit(1)
