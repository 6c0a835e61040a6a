"""A whole book into an empty server of one's own: files, offline import, and the same notes as after any load."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circles.errors import InputError, StoreError
from circles.graph.bulk.csv_files import LOAD, CsvFiles, write_csv_files
from circles.graph.credentials import Credentials
from circles.graph.neo4j import loading
from circles.graph.neo4j.batches import LAYOUT
from circles.graph.neo4j.connection import connect, explain, open_reading, open_writing
from circles.graph.neo4j.limits import check_portfolio_indexable
from circles.graph.neo4j.statements import statement
from circles.graph.progress import RowCount
from circles.graph.server import Server, is_local, server_status, start_server, stop_server
from circles.graph.server.offline import DATABASE, has_database, import_files, import_folder, make_ready
from circles.graph.server.passwords import home_for
from circles.graph.server.process import check_port_free
from circles.graph.server.record import Size, read_record
from circles.graph.snapshot import build_snapshot
from circles.graph.storable import check_portfolio_storable

if TYPE_CHECKING:
    from circles.graph.progress import Progress
    from circles.portfolio import Portfolio


def bulk_load(
    portfolio: Portfolio,
    address: str,
    *,
    progress: Progress | None = None,
    tell: Callable[[str], None] = lambda text: None,
) -> None:
    """Load a portfolio into an empty Neo4j server that circles runs on this machine, several times as fast.

    The server is stopped, filled by Neo4j's offline importer, and started. What is in it then is what `GraphStore.save`
    would have written.

    Parameters
    ----------
    portfolio
        What to keep.
    address
        Of the server, such as ``neo4j://localhost:7687``; if it does not run, its home is found by its port, else it
        is the default one.
    progress
        Called with the rows that are prepared, and all rows.
    tell
        Is told what is being done, a sentence at a time.

    Raises
    ------
    InputError
        If the address is none of this machine, or the portfolio holds what a store cannot keep.
    StoreError
        If the server is not one of circles, or holds anything; if it cannot be stopped, filled or started. It is
        empty then, and nothing of it is lost.
    """
    check_portfolio_storable(portfolio)
    check_portfolio_indexable(portfolio)
    home, port = _find_home(address)
    size = _refuse_filled(home, port, tell)
    digest = portfolio.digest()
    with import_folder(home) as folder, ThreadPoolExecutor(1, thread_name_prefix="circles-bulk") as worker:
        tell("stopping the server if it runs, and writing the files to import …")
        ready = worker.submit(_make_ready, home, port, size)
        files = write_csv_files(portfolio, folder, digest, RowCount(portfolio, progress))
        ready.result()
        tell("importing …")
        import_files(home, folder, files.arguments)
        head = worker.submit(_describe_head, portfolio, digest)  # while the server starts
        server = start_server(home, port=port, heap=size.heap, page_cache=size.page_cache, tell=tell)
        tell("indexing …")
        _finish(server, head.result(), files)


def _find_home(address: str) -> tuple[Path, int]:
    if not is_local(address):
        msg = f"{address}: a bulk load needs a server that circles runs on this machine (circles neo4j start);"
        msg = f"{msg} load without --bulk"
        raise InputError(msg)
    return home_for(address)


def _refuse_filled(home: Path, port: int, tell: Callable[[str], None]) -> Size:
    """Make sure that a server is ours and empty, which one that was never started is; give the memory it is run with.

    Raises
    ------
    StoreError
        If it holds anything, or another program answers at the port.
    """
    record = read_record(home)
    size = record.size if record else Size()
    if record is None:
        check_port_free(port)
        if not has_database(home):
            return size
    server = start_server(home, port=port, heap=size.heap, page_cache=size.page_cache, tell=tell)
    with (
        connect(server.address, _credentials(server)) as driver,
        explain(server.address),
        open_reading(driver, DATABASE) as session,
    ):
        nodes = session.run(statement("read/count_nodes")).single(strict=True)["nodes"]
    if nodes:
        if record is None:
            stop_server(home)
        msg = f"{server.address}: holds {nodes:,} nodes, and a bulk load only fills an empty server;"
        msg = f"{msg} load without --bulk, or start an empty one (circles neo4j start --home NEW --port OTHER)"
        raise StoreError(msg)
    return size


def _make_ready(home: Path, port: int, size: Size) -> None:
    if server_status(home):
        stop_server(home)
    make_ready(home, port=port, page_cache=size.page_cache)


def _describe_head(portfolio: Portfolio, digest: str) -> dict[str, Any]:
    return loading.describe_head(portfolio, digest, build_snapshot(portfolio, digest).describe_layers())


def _finish(server: Server, head: dict[str, Any], files: CsvFiles) -> None:
    """Create the schema, and make the imported load the one that is read while the server fills the indexes."""
    begun = loading.Begun(number=LOAD, batches=files.batches)
    with (
        connect(server.address, _credentials(server)) as driver,
        explain(server.address),
        open_writing(driver, DATABASE) as session,
    ):
        loading.create_schema(session)
        loading.write(session, "load/mark_imported", load=LOAD, layout=LAYOUT)
        loading.end(session, begun, batches=files.batches, head=head)
        loading.await_indexes(session)


def _credentials(server: Server) -> Credentials:
    return Credentials(password=server.password)
