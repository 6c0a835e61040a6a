"""``circles estimate``: fill in what members did not state, by a written rule, marked as estimates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, ForceOption, Format, FormatOption, SourceArgument

if TYPE_CHECKING:
    from circles.estimate import Estimate


def estimate(
    source: SourceArgument,
    out: Annotated[Path, typer.Argument(help="The folder to write.", show_default=False)],
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", help="Change one figure of the resource rule: NAME=VALUE, such as buffer_days=10."),
    ] = None,
    default_probabilities: Annotated[
        bool,
        typer.Option("--default-probabilities", help="Fill in these too; the tables cannot mark them as estimates."),
    ] = False,
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Fill in missing resources from sales, capital and debt, mark them, and write the tables.

    What is stated stays as it is. Exit code 1 if something could not be estimated; csv and json list every value.
    """
    from circles.cli.fields import parse_fields
    from circles.cli.screen import tell
    from circles.cli.source import open_source
    from circles.dataset import write_portfolio
    from circles.estimate import ResourceRule, estimate_default_probabilities, estimate_resources
    from circles.output import refuse_existing

    refuse_existing(out, force=force)
    chosen = ResourceRule(**parse_fields(rule or [], ResourceRule))  # type: ignore[arg-type]
    done = [estimate_resources(open_source(source, as_of=as_of, encoding=encoding), chosen)]
    if default_probabilities:
        done.append(estimate_default_probabilities(done[-1].portfolio))
    write_portfolio(done[-1].portfolio, out, force=force)
    _show(done, form)
    tell(f"written to {out}")
    raise typer.Exit(1 if any(len(one.left_empty) for one in done) else 0)


def _show(done: list[Estimate], form: Format) -> None:
    from circles.cli.screen import show, show_table

    if form is Format.TEXT:
        show("\n".join(map(str, done)))
        return
    import pandas as pd

    show_table(pd.concat([one.members for one in done], ignore_index=True), form)
