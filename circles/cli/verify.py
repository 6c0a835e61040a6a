"""``circles verify``: judge the audit file of a proposal."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, AuditFileArgument, EncodingOption, Format, FormatOption, SourceArgument

LimitOption = Annotated[
    float | None, typer.Option("--time-limit", min=0, help="Seconds for the bound at most; no limit where not given.")
]


def verify(
    proposal: AuditFileArgument,
    source: SourceArgument,
    time_limit: LimitOption = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Verify a proposal from scratch: every rule and point, and that none scores more; exit code 1 if not proved."""
    from circles.cli.screen import show, show_first, show_table
    from circles.cli.source import open_source
    from circles.matching import BoundStatus, verify_proposal

    checked = verify_proposal(proposal, open_source(source, as_of=as_of, encoding=encoding), time_limit=time_limit)
    if form is Format.TEXT:
        show(str(checked))
        show_first(checked.violations, 50)
    else:
        show_table(checked.violations, form)
    raise typer.Exit(0 if checked.status is BoundStatus.PROVED else 1)
