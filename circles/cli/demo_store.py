"""Where the demo keeps its graph: a file of its own, the Neo4j server of this machine, or any store by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.graph import GraphStore
    from circles.portfolio import Portfolio

LOCAL_NEO4J = "neo4j"


@contextmanager
def demo_address(graph: str | None, place: Path) -> Iterator[str]:
    """Give the address of the demo's store; a server that is started for it is stopped again.

    Parameters
    ----------
    graph
        None for a file in the demo's folder, ``neo4j`` for the server of this machine, or an address.
    place
        The demo's folder.
    """
    if graph == LOCAL_NEO4J:
        with _local_server() as address:
            yield address
    else:
        yield graph or f"sqlite:///{place / 'circles.db'}"


@contextmanager
def _local_server() -> Iterator[str]:
    from circles.cli.screen import tell
    from circles.graph.server import default_home, server_status, start_server, stop_server

    running = server_status(default_home())
    if running:
        yield running.address
        return
    tell("No Neo4j server is running here, so one is started for the demo.")
    server = start_server(default_home(), tell=tell)
    try:
        yield server.address
    finally:
        stop_server(server.home)
        tell("The Neo4j server was stopped again; its data stay (circles neo4j start).")


def save_kept(store: GraphStore, portfolio: Portfolio, address: str) -> None:
    """Save the demo's portfolio, unless the store holds another one, which somebody may still want.

    Raises
    ------
    InputError
        If it does.
    """
    from circles.errors import InputError, StoreError

    try:
        held = store.summary().digest
    except StoreError:  # nothing was saved yet; whatever else it is, saving says it too
        held = None
    if held not in (None, portfolio.digest()):
        msg = f"{address}: holds another portfolio, which the demo would replace; give an empty store"
        raise InputError(msg)
    store.save(portfolio)
