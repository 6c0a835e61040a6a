"""``circles check``: say whether a folder of tables is sound, and what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, ForceOption, Format, FormatOption, SourceArgument


def check(
    source: SourceArgument,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
    shown: Annotated[int, typer.Option("--shown", min=1, help="Problems listed in text; csv and json list all.")] = 50,
    html: Annotated[Path | None, typer.Option("--html", help="Also write the profile as a page to this file.")] = None,
    force: ForceOption = False,
) -> None:
    """Check tables: every problem with its file and line (exit code 2), else a profile of what they hold."""
    from circles.cli.health import show_health
    from circles.cli.screen import show, show_table, tell
    from circles.cli.source import open_source
    from circles.dataset import check_dataset
    from circles.output import refuse_existing

    if html is not None:
        refuse_existing(html, force=force)
    if "://" in source:
        show_health(open_source(source), form, page=html, force=force)
        return
    result = check_dataset(source, as_of=as_of, encoding=encoding)
    findings = result.problems if len(result.problems) else result.warnings
    if form is not Format.TEXT:
        show_table(findings, form)
    else:
        show(str(result))
        for message in findings["message"].head(shown):
            tell(message)
        if len(findings) > shown:
            tell(f"… and {len(findings) - shown:,} more: use --shown, or --format csv for all")
    if result.portfolio is not None:
        show_health(result.portfolio, form, page=html, force=force)
    elif html is not None:
        tell(f"{html} was not written: the tables have problems")
    raise typer.Exit(2 if len(result.problems) else 0)
