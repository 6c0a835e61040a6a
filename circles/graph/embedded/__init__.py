"""The embedded store: a portfolio in one SQLite file."""

from circles.graph.embedded.store import EmbeddedStore

__all__ = ["EmbeddedStore"]
