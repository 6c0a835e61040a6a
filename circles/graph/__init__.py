"""The trade graph and the stores that keep a portfolio as a graph.

The names listed in ``__all__`` are loaded when they are first used, so that a store costs only what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.graph.affinity import measure_affinities
    from circles.graph.answers import GuaranteeChain, Neighbourhood, StoreSummary
    from circles.graph.snapshot import GraphSnapshot, build_snapshot, open_snapshot, write_snapshot
    from circles.graph.store import GraphStore, open_graph

_HOME_OF = {
    "GraphSnapshot": "snapshot",
    "GraphStore": "store",
    "GuaranteeChain": "answers",
    "Neighbourhood": "answers",
    "StoreSummary": "answers",
    "build_snapshot": "snapshot",
    "measure_affinities": "affinity",
    "open_graph": "store",
    "open_snapshot": "snapshot",
    "write_snapshot": "snapshot",
}

__all__ = [
    "GraphSnapshot",
    "GraphStore",
    "GuaranteeChain",
    "Neighbourhood",
    "StoreSummary",
    "build_snapshot",
    "measure_affinities",
    "open_graph",
    "open_snapshot",
    "write_snapshot",
]


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOME_OF:
        msg = f"module 'circles.graph' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"circles.graph.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
