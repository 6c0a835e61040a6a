"""``circles load``: put tables into a graph store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circles.cli.options import (
    AsOfOption,
    EncodingOption,
    FolderArgument,
    Format,
    FormatOption,
    OnError,
    OnErrorOption,
    RejectsOption,
)

if TYPE_CHECKING:
    import pandas as pd

    from circles.graph import GraphStore
    from circles.graph.answers import StoreSummary
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
    on_error: OnErrorOption = OnError.REFUSE,
    rejects: RejectsOption = Path("rejects"),
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Load also into a Neo4j database with other data, which stay; replace earlier rejects."
        ),
    ] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Load tables into the graph store; loading again replaces what was there; exit code 1 if rows were set aside."""
    from circles.cli.screen import show, show_table
    from circles.cli.source import exit_code, open_source
    from circles.settings import read_settings

    address = graph or read_settings().graph
    portfolio = open_source(
        str(folder), as_of=as_of, encoding=encoding, on_error=on_error.value, rejects=rejects, force=force
    )
    if bulk:
        _load_in_bulk(portfolio, address)
    else:
        _load(portfolio, address, force)
    if form is Format.TEXT:
        show(f"{portfolio}\nloaded into {address}")
    else:
        show_table(_count_rows(portfolio), form)
    raise typer.Exit(exit_code(portfolio))


def _load(portfolio: Portfolio, address: str, force: bool) -> None:
    from circles.cli.screen import row_progress, tell
    from circles.graph import open_graph

    with open_graph(address, force=force) as store:
        before = _look_into(store)
        with row_progress("Loading") as progress:
            store.save(portfolio, progress=progress)
    if before is not None and before.digest != portfolio.digest():
        rows = int(before.tables["rows"].sum())
        tell(f"replaced what was there: {rows:,} rows, members and all, at {before.as_of}")


def _look_into(store: GraphStore) -> StoreSummary | None:
    """Say what a store holds, None where it holds no whole portfolio yet."""
    from circles.errors import StoreError

    try:
        return store.summary()
    except StoreError:
        return None


def _load_in_bulk(portfolio: Portfolio, address: str) -> None:
    from circles.cli.screen import row_progress, tell
    from circles.graph.bulk import bulk_load

    with row_progress("Preparing") as progress:
        bulk_load(portfolio, address, progress=progress, tell=tell)


def _count_rows(portfolio: Portfolio) -> pd.DataFrame:
    import pandas as pd

    from circles.portfolio import TABLES

    return pd.DataFrame({"table": list(TABLES), "rows": [len(portfolio.table(name)) for name in TABLES]})
