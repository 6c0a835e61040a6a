"""``circles load``: put a folder of tables into a graph store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, FolderArgument

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


def load(
    folder: FolderArgument,
    graph: Annotated[
        str | None, typer.Option("--graph", help="The graph store; else CIRCLES_GRAPH, else sqlite:///circles.db.")
    ] = None,
    bulk: Annotated[
        bool, typer.Option("--bulk", help="Fill an empty Neo4j server of circles neo4j start by its offline importer.")
    ] = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Load also into a Neo4j database with other data, which stay as they are.")
    ] = False,
) -> None:
    """Load a folder of tables into the graph store; loading again replaces what was there."""
    from circles.cli.screen import show
    from circles.cli.source import open_source
    from circles.errors import InputError
    from circles.settings import read_settings

    if bulk and force:
        msg = "--bulk fills an empty server, so there is nothing to --force; give one of them"
        raise InputError(msg)
    address = graph or read_settings().graph
    portfolio = open_source(str(folder), as_of=as_of, encoding=encoding)
    if bulk:
        _load_in_bulk(portfolio, address)
    else:
        _load(portfolio, address, force)
    show(f"{portfolio}\nloaded into {address}")


def _load(portfolio: Portfolio, address: str, force: bool) -> None:
    from circles.cli.screen import row_progress
    from circles.graph import open_graph

    with open_graph(address, force=force) as store, row_progress("Loading") as progress:
        store.save(portfolio, progress=progress)


def _load_in_bulk(portfolio: Portfolio, address: str) -> None:
    from circles.cli.screen import row_progress, tell
    from circles.graph.bulk import bulk_load

    with row_progress("Preparing") as progress:
        bulk_load(portfolio, address, progress=progress, tell=tell)
