"""The overview: the whole book as a folder that opens off line."""

from circles.viz.overview.overview import Overview, draw_overview

__all__ = ["Overview", "draw_overview"]
