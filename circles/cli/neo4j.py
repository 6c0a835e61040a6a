"""``circles neo4j``: a Neo4j server of one's own on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from circles.graph.server import Server

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="The server's folder; else CIRCLES_NEO4J_HOME, else one among your own data."),
]

neo4j = typer.Typer(
    name="neo4j", help="Run a Neo4j server of your own on this machine.", no_args_is_help=True, rich_markup_mode=None
)


@neo4j.command("start")
def start(
    home: HomeOption = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65_535, help="The port to listen on.")] = 7687,
    memory: Annotated[str, typer.Option("--memory", help="Memory for its work, such as 512m or 2g.")] = "1g",
) -> None:
    """Start the server, on this machine only, and wait until it answers; the first time it is fetched."""
    from circles.cli.screen import show, tell
    from circles.graph.server import default_home, start_server

    server = start_server(home or default_home(), port=port, heap=memory, tell=tell)
    show(f"{_describe(server)}\n\nUse it:  circles load DIR --graph {server.address}")
    show("Commands on this machine find its password by themselves.")


@neo4j.command("stop")
def stop(home: HomeOption = None) -> None:
    """Stop the server and wait until it has written everything; its data stay."""
    from circles.cli.screen import show
    from circles.graph.server import default_home, stop_server

    place = home or default_home()
    show("stopped; its data stay" if stop_server(place) else f"no server is running in {place}")


@neo4j.command("status")
def status(home: HomeOption = None) -> None:
    """Say whether the server is running, and where; exit code 1 if it is not."""
    from circles.cli.screen import show
    from circles.graph.server import default_home, server_status

    place = home or default_home()
    server = server_status(place)
    show(_describe(server) if server else f"no server is running in {place}; start it: circles neo4j start")
    raise typer.Exit(0 if server else 1)


def _describe(server: Server) -> str:
    from circles.graph.server import NEO4J_VERSION

    return (
        f"Neo4j {NEO4J_VERSION} is running at {server.address}\n"
        f"  process   {server.pid}\n"
        f"  data      {server.home}\n"
        f"  password  in {server.password_file}, which only you can read"
    )
