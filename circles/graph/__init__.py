"""The trade graph and the stores that keep a portfolio as a graph.

The names listed in ``__all__`` are loaded when they are first used, so that a store costs only what it needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.graph.affinity import measure_affinities
    from circles.graph.answers import GuaranteeChain, Neighbourhood, StoreSummary
    from circles.graph.export import export_graph
    from circles.graph.snapshot import GraphSnapshot, build_snapshot, open_snapshot, write_snapshot
    from circles.graph.store import GraphStore, open_graph


__all__ = [
    "GraphSnapshot",
    "GraphStore",
    "GuaranteeChain",
    "Neighbourhood",
    "StoreSummary",
    "build_snapshot",
    "export_graph",
    "measure_affinities",
    "open_graph",
    "open_snapshot",
    "write_snapshot",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "snapshot": ("GraphSnapshot", "build_snapshot", "open_snapshot", "write_snapshot"),
        "store": ("GraphStore", "open_graph"),
        "answers": ("GuaranteeChain", "Neighbourhood", "StoreSummary"),
        "export": ("export_graph",),
        "affinity": ("measure_affinities",),
    },
)
