"""``circles convert``: write a portfolio as files of another kind."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    ForceOption,
    OnError,
    OnErrorOption,
    RejectsOption,
    SourceArgument,
)


class Files(StrEnum):
    """What a folder of tables holds."""

    CSV = "csv"
    PARQUET = "parquet"


def convert(
    source: SourceArgument,
    out: Annotated[
        Path, typer.Argument(help="The folder to write, or a workbook: a name that ends in .xlsx.", show_default=False)
    ],
    files: Annotated[Files, typer.Option("--files", help="What a folder holds.")] = Files.CSV,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    on_error: OnErrorOption = OnError.REFUSE,
    rejects: RejectsOption = Path("rejects"),
    force: ForceOption = False,
) -> None:
    """Write tables as CSV, as one XLSX workbook or as Parquet; exit code 1 if rows were rejected."""
    from circles.cli.screen import show
    from circles.cli.source import exit_code, open_source
    from circles.dataset import write_portfolio
    from circles.output import refuse_existing

    refuse_existing(out, force=force)
    portfolio = open_source(
        source, as_of=as_of, encoding=encoding, on_error=on_error.value, rejects=rejects, force=force
    )
    write_portfolio(portfolio, out, files=files.value, force=force)
    show(f"{portfolio}\nwritten to {out}")
    raise typer.Exit(exit_code(portfolio))
