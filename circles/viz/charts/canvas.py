"""The only door to the plotting library: figures of one look, written as SVG that may stand in any page.

Letters are measured with the library's own font, so that the same figures give the same text on every machine; a reader
sees them in the fonts of their system. Nothing of the SVG is kept that could reach outside of it: no style sheet, no
metadata, no id that another chart has too.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.figure import Figure

from circles.viz.charts.chart import Chart
from circles.viz.escape import escape_html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WIDTH = 440
"""Width in drawing units (points): about a phone's, so that letters stay readable where a chart fills one."""
INK, SOFT, RULE = "#15202b", "#4a5560", "#d5dae0"
DARK, MIDDLE, LIGHT = "#00527f", "#8b4c86", "#bcd6e6"

_LOOK = {
    "svg.fonttype": "none",
    "svg.hashsalt": "circles",
    "text.parse_math": False,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
    "legend.borderaxespad": 0.0,
}
_FONT = re.compile(r"'DejaVu Sans'(?:, [^;\"]*)?")
_FONTS = "system-ui, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_DRAWING = Lock()
"""The library's look belongs to the whole process, so one chart is drawn at a time."""


class Canvas:
    """One chart while it is drawn."""

    def __init__(self, height: float) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH / 72, height / 72))

    def axes(self, *, left: float = 58, right: float = 14, top: float = 14, bottom: float = 44) -> Axes:
        """Give axes with margins in drawing units."""
        across, up = WIDTH - left - right, self.height - top - bottom
        return self.figure.add_axes((left / WIDTH, bottom / self.height, across / WIDTH, up / self.height))

    def finish(self, name: str, *, title: str, description: str, data: pd.DataFrame) -> Chart:
        """Write the chart; `name` keeps its ids apart from those of other kinds of chart in the same page."""
        out = io.StringIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
        picture = _enclose(out.getvalue(), name, title=title, description=description, height=self.height)
        return Chart(title=title, description=description, data=data, _inline=picture)


@contextmanager
def new_canvas(height: float) -> Iterator[Canvas]:
    """Give a chart to draw, `height` drawing units high, in the look of all charts."""
    with _DRAWING, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_LOOK)  # type: ignore[arg-type]
        yield Canvas(height)


def place_legend(axes: Axes, *, columns: int = 1) -> None:
    """Put the legend above the axes, on the left."""
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.02), ncols=columns, labelcolor=INK)


def _enclose(text: str, name: str, *, title: str, description: str, height: float) -> str:
    """Keep what is drawn and put it under a head of our own."""
    body = text[text.index("<svg") : text.rindex("</svg>")].split(">", 1)[1]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r"<style.*?</style>", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.DOTALL)
    body = _FONT.sub(_FONTS, body)
    body = _rename(body, name)
    head: dict[str, Any] = {
        "class": "chart",
        "viewBox": f"0 0 {WIDTH} {height:g}",
        "role": "img",
        "aria-label": title,
        "style": "stroke-linejoin: round; stroke-linecap: butt",
    }
    attributes = " ".join(f'{key}="{escape_html(value)}"' for key, value in head.items())
    words = f"<title>{escape_html(title)}</title><desc>{escape_html(description, longest=1000)}</desc>"
    return f"<svg {attributes}>{words}{body}</svg>\n"


def _rename(body: str, name: str) -> str:
    """Put the chart's name before every id and every reference to one; what data say never stands inside a tag."""

    def rename(tag: re.Match[str]) -> str:
        renamed = re.sub(r'\bid="', f'id="{name}-', tag.group())
        return re.sub(r'(url\(#|xlink:href="#)', rf"\g<1>{name}-", renamed)

    return re.sub(r"<[a-z][^>]*>", rename, body)
