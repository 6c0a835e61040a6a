"""``circles check``: say whether tables are sound."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    FolderArgument,
    ForceRejectsOption,
    Format,
    FormatOption,
    OnError,
    OnErrorOption,
    RejectsOption,
)


def check(
    folder: FolderArgument,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    on_error: OnErrorOption = OnError.REFUSE,
    rejects: RejectsOption = Path("rejects"),
    force: ForceRejectsOption = False,
    form: FormatOption = Format.TEXT,
    shown: Annotated[int, typer.Option("--shown", min=1, help="Problems listed in text; csv and json list all.")] = 50,
) -> None:
    """Check tables and list every problem with its file and line; exit code 2 if there is one, 1 if set aside."""
    from circles.cli.screen import show, show_table, tell
    from circles.dataset import check_dataset

    result = check_dataset(
        folder, as_of=as_of, encoding=encoding, on_error=on_error.value, rejects=rejects, force=force
    )
    findings = result.problems if len(result.problems) else result.warnings
    if form is not Format.TEXT:
        show_table(findings, form)
    else:
        show(str(result))
        for message in findings["message"].head(shown):
            tell(message)
        if len(findings) > shown:
            tell(f"… and {len(findings) - shown:,} more: use --shown, or --format csv for all")
    if result.portfolio is not None and len(result.problems):
        for message in result.warnings.loc[result.warnings["code"] == "rejected", "message"]:
            tell(message)
    raise typer.Exit(0 if result.passed else 2 if result.portfolio is None else 1)
