"""Where a command's portfolio comes from: a folder of tables, a workbook or a graph store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


def open_source(
    source: str,
    *,
    as_of: str | None = None,
    encoding: str | None = None,
    on_error: str = "refuse",
    rejects: Path = Path("rejects"),
    force: bool = False,
) -> Portfolio:
    """Read the portfolio that a command works on, and tell its warnings on stderr.

    Parameters
    ----------
    source
        A folder of tables, a workbook, or the address of a graph store (it has ``://``).
    as_of, encoding, on_error, rejects, force
        As for `circles.read_portfolio`; a store holds nothing that any of them would change.
    """
    from circles.cli.screen import tell_warnings

    if "://" in source:
        from circles.graph import open_graph

        with open_graph(source) as graph:
            return graph.load()
    from circles.dataset import read_portfolio

    portfolio = read_portfolio(source, as_of=as_of, encoding=encoding, on_error=on_error, rejects=rejects, force=force)
    tell_warnings(portfolio.warnings)
    return portfolio


def exit_code(portfolio: Portfolio) -> int:
    """Give 1 if rows were rejected on reading, else 0."""
    return int((portfolio.warnings["code"] == "rejected").any())


def choose_workers(asked: int | None) -> int | None:
    """Give the threads to use: the option's number, else the setting's, else None for one a core."""
    from circles.settings import read_settings

    return asked if asked is not None else read_settings().workers
