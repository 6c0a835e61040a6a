"""``circles import``: somebody else's data set as a folder of tables."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import AsOfOption, ForceOption


class DataSet(StrEnum):
    """Data sets that can be imported."""

    FINBENCH = "finbench"
    KAG = "kag"


def import_(
    kind: Annotated[DataSet, typer.Argument(help="Which data set it is (docs/imports.md).", show_default=False)],
    folder: Annotated[Path, typer.Argument(help="The folder with its files.", show_default=False)],
    out: Annotated[Path, typer.Argument(help="The folder of tables to write.", show_default=False)],
    cap: Annotated[
        str | None,
        typer.Option("--cap", help="finbench: cap of guarantees whose borrower has no loan there; else left out."),
    ] = None,
    force: ForceOption = False,
    as_of: AsOfOption = None,
) -> None:
    """Turn the LDBC FinBench or KAG supply chain files into a folder of tables, and account for every row."""
    from circles.cli.screen import show, tell_warnings
    from circles.dataset import import_finbench, import_kag, write_portfolio
    from circles.errors import InputError
    from circles.money import parse_yuan
    from circles.output import refuse_existing

    if cap is not None and kind is not DataSet.FINBENCH:
        msg = f"--cap is for finbench only, {kind.value} has no guarantees; leave it out"
        raise InputError(msg)
    refuse_existing(out, force=force)
    if kind is DataSet.FINBENCH:
        imported = import_finbench(folder, cap_fen=None if cap is None else parse_yuan(cap), as_of=as_of)
    else:
        imported = import_kag(folder, as_of=as_of)
    tell_warnings(imported.portfolio.warnings)
    write_portfolio(imported.portfolio, out, force=force)
    show(f"{imported}\nwritten to {out}")
