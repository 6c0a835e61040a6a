"""``circles check``: say whether a folder of tables is sound."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, FolderArgument, Format, FormatOption


def check(
    folder: FolderArgument,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
    shown: Annotated[int, typer.Option("--shown", min=1, help="Problems listed in text; csv and json list all.")] = 50,
) -> None:
    """Check a folder of tables and list every problem with its file and line; exit code 2 if there is one."""
    from circles.cli.screen import show, show_table, tell
    from circles.dataset import check_dataset

    result = check_dataset(folder, as_of=as_of, encoding=encoding)
    findings = result.problems if len(result.problems) else result.warnings
    if form is not Format.TEXT:
        show_table(findings, form)
    else:
        show(str(result))
        for message in findings["message"].head(shown):
            tell(message)
        if len(findings) > shown:
            tell(f"… and {len(findings) - shown:,} more: use --shown, or --format csv for all")
    raise typer.Exit(2 if len(result.problems) else 0)
