"""``circles doctor``: say whether everything is there that circles needs, and what to do if not."""

from __future__ import annotations

from typing import Annotated

import typer


def doctor(
    graph: Annotated[
        str | None, typer.Option("--graph", help="The graph store; else CIRCLES_GRAPH, else sqlite:///circles.db.")
    ] = None,
) -> None:
    """Check Python, packages, settings, the graph store, Neo4j, Java, Maven and disk; say what to do about each."""
    from circles.cli.findings import State, examine
    from circles.cli.screen import show

    findings = examine(graph)
    for finding in findings:
        first, *more = finding.text.splitlines()
        show("\n".join([f"{finding.state:9}{first}", *(f"{'':9}{line}" for line in more)]))
    raise typer.Exit(1 if any(finding.state is State.MISSING for finding in findings) else 0)
