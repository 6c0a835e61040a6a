"""Maps: circles, who touches whom, and what a cascade did, as pages that open off line."""

from circles.viz.map import Map, draw_map

__all__ = ["Map", "draw_map"]
