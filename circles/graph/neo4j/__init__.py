"""A portfolio as a graph in a Neo4j database, for all who may ask it."""

from circles.graph.neo4j.connection import check_address
from circles.graph.neo4j.store import Neo4jStore

__all__ = ["Neo4jStore", "check_address"]
