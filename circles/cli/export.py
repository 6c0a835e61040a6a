"""``circles export``: the portfolio as a graph file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from circles.cli.options import AsOfOption, EncodingOption, ForceOption, SourceArgument


def export(
    source: SourceArgument,
    out: Annotated[
        Path, typer.Argument(help="The file to write: NAME.graphml, NAME.gexf or NAME.json.", show_default=False)
    ],
    force: ForceOption = False,
    as_of: AsOfOption = None,
    encoding: EncodingOption = None,
) -> None:
    """Write members, circles and every layer of edges as GraphML, GEXF (Gephi) or node-link JSON."""
    from circles.cli.screen import show, tell
    from circles.cli.source import open_source
    from circles.graph import export_graph
    from circles.graph.export.export import choose_format
    from circles.output import refuse_existing

    choose_format(out)
    refuse_existing(out, force=force)
    portfolio = open_source(source, as_of=as_of, encoding=encoding)
    tell(f"writing {out} …")
    export_graph(portfolio, out, force=force)
    show(f"{portfolio}\nwritten to {out}")
