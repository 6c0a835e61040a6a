"""Charts of results as SVG: they print in black and white, read aloud, and hold their figures as data.

Names are loaded when they are first used, so that the plotting library is loaded with the first chart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.lazy import load_on_first_use

if TYPE_CHECKING:
    from circles.viz.charts.chart import Chart
    from circles.viz.charts.flows import draw_flows
    from circles.viz.charts.losses import draw_losses
    from circles.viz.charts.matrix import draw_matrix
    from circles.viz.charts.ranking import draw_ranking
    from circles.viz.charts.rounds import draw_rounds
    from circles.viz.charts.search import draw_search
    from circles.viz.charts.sweep import draw_sweep

__all__ = [
    "Chart",
    "draw_flows",
    "draw_losses",
    "draw_matrix",
    "draw_ranking",
    "draw_rounds",
    "draw_search",
    "draw_sweep",
]

__getattr__ = load_on_first_use(
    __name__,
    {
        "chart": ("Chart",),
        "flows": ("draw_flows",),
        "losses": ("draw_losses",),
        "matrix": ("draw_matrix",),
        "ranking": ("draw_ranking",),
        "rounds": ("draw_rounds",),
        "search": ("draw_search",),
        "sweep": ("draw_sweep",),
    },
)
