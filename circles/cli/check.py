"""``circles check``: say whether tables are sound, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    Format,
    FormatOption,
    OnError,
    OnErrorOption,
    RejectsOption,
    SourceArgument,
)

if TYPE_CHECKING:
    import pandas as pd

    from circles.dataset import DatasetCheck


def check(
    source: SourceArgument,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    on_error: OnErrorOption = OnError.REFUSE,
    rejects: RejectsOption = Path("rejects"),
    form: FormatOption = Format.TEXT,
    shown: Annotated[int, typer.Option("--shown", min=1, help="Problems listed in text; csv and json list all.")] = 50,
    html: Annotated[Path | None, typer.Option("--html", help="Also write the profile as a page to this file.")] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a page, or rows that were set aside by an earlier run.")
    ] = False,
) -> None:
    """Check tables: every problem with its file and line (exit code 2; 1 if set aside), else a profile of them."""
    from circles.cli.health import show_health
    from circles.cli.screen import show, show_table, tell
    from circles.cli.source import open_source
    from circles.dataset import check_dataset
    from circles.output import refuse_existing

    if html is not None:
        refuse_existing(html, force=force)
    if "://" in source:
        portfolio = open_source(source)
        if form is Format.TEXT:
            show(f"{source}: {portfolio}")
        else:
            show_table(portfolio.warnings, form)
        show_health(portfolio, form, page=html, force=force)
        return
    result = check_dataset(
        source, as_of=as_of, encoding=encoding, on_error=on_error.value, rejects=rejects, force=force
    )
    if form is Format.TEXT:
        _list_findings(result, shown)
    else:
        show_table(_findings(result), form)
    if result.portfolio is not None:
        show_health(result.portfolio, form, page=html, force=force)
    elif html is not None:
        tell(f"{html} was not written: the tables have problems")
    raise typer.Exit(0 if result.passed else 2 if result.portfolio is None else 1)


def _findings(result: DatasetCheck) -> pd.DataFrame:
    return result.problems if len(result.problems) else result.warnings


def _list_findings(result: DatasetCheck, shown: int) -> None:
    """Say what was found, and what became of rows that were set aside."""
    from circles.cli.screen import show, tell

    show(str(result))
    findings = _findings(result)
    for message in findings["message"].head(shown):
        tell(message)
    if len(findings) > shown:
        tell(f"… and {len(findings) - shown:,} more: use --shown, or --format csv for all")
    if result.portfolio is not None and len(result.problems):
        for message in result.warnings.loc[result.warnings["code"] == "rejected", "message"]:
            tell(message)
