"""``circles load``: put a folder of tables into a graph store."""

from __future__ import annotations

from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, FolderArgument


def load(
    folder: FolderArgument,
    graph: Annotated[
        str | None, typer.Option("--graph", help="The graph store; else CIRCLES_GRAPH, else sqlite:///circles.db.")
    ] = None,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Load also into a Neo4j database with other data, which stay as they are.")
    ] = False,
) -> None:
    """Load a folder of tables into the graph store; loading again replaces what was there."""
    from circles.cli.screen import row_progress, show
    from circles.cli.source import open_source
    from circles.graph import open_graph
    from circles.settings import read_settings

    address = graph or read_settings().graph
    portfolio = open_source(str(folder), as_of=as_of, encoding=encoding)
    with open_graph(address, force=force) as store, row_progress("Loading") as progress:
        store.save(portfolio, progress=progress)
    show(f"{portfolio}\nloaded into {address}")
