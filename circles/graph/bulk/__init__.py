"""The first load of a whole book into an empty Neo4j server of one's own, by the server's offline importer."""

from circles.graph.bulk.load import bulk_load

__all__ = ["bulk_load"]
