"""Portfolios as files that graph programs open: GraphML, GEXF and node-link JSON."""

from circles.graph.export.export import export_graph

__all__ = ["export_graph"]
