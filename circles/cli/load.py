"""``circles load``: put tables into a graph store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    FolderArgument,
    ForceRejectsOption,
    OnError,
    OnErrorOption,
    RejectsOption,
)


def load(
    folder: FolderArgument,
    graph: Annotated[
        str | None, typer.Option("--graph", help="The graph store; else CIRCLES_GRAPH, else sqlite:///circles.db.")
    ] = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    on_error: OnErrorOption = OnError.REFUSE,
    rejects: RejectsOption = Path("rejects"),
    force: ForceRejectsOption = False,
) -> None:
    """Load tables into the graph store; loading again replaces what was there; exit code 1 if rows were rejected."""
    from circles.cli.screen import show
    from circles.cli.source import exit_code, open_source
    from circles.graph import open_graph
    from circles.settings import read_settings

    address = graph or read_settings().graph
    portfolio = open_source(
        str(folder), as_of=as_of, encoding=encoding, on_error=on_error.value, rejects=rejects, force=force
    )
    with open_graph(address) as store:
        store.save(portfolio)
    show(f"{portfolio}\nloaded into {address}")
    raise typer.Exit(exit_code(portfolio))
