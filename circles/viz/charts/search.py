"""The chart of a search: how the best proposal and the bound come together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from circles.errors import InputError
from circles.viz.charts.canvas import DARK, MIDDLE, new_canvas, place_legend
from circles.viz.charts.words import say

if TYPE_CHECKING:
    from circles.viz.charts.chart import Chart
    from circles.viz.languages import Language


def draw_search(steps: Sequence[tuple[float, int, int]], *, lang: Language = "en") -> Chart:
    """Draw value and bound over time of a matching run.

    Parameters
    ----------
    steps
        What the observer of `circles.form_circles` was told: (seconds, value, bound), in order, at least one.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``seconds, value, bound``.

    Raises
    ------
    InputError
        If there is no step, or the language has no words.

    Examples
    --------
    >>> steps = []
    >>> observe = lambda *step: steps.append(step)  # form_circles(…, observer=observe)
    >>> observe(0.1, 80, 120), observe(0.4, 97, 100)
    (None, None)
    >>> draw_search(steps).description
    'After 0.4 seconds the best proposal has 97 points and none has more than 100.'
    """
    if not steps:
        msg = "steps must hold at least one (seconds, value, bound), got none"
        raise InputError(msg)
    data = pd.DataFrame(list(steps), columns=["seconds", "value", "bound"])
    with new_canvas(250) as canvas:
        axes = canvas.axes(left=70, top=48)
        style: dict[str, Any] = {"drawstyle": "steps-post", "markersize": 3.5}
        axes.plot(
            data["seconds"],
            data["bound"],
            color=MIDDLE,
            linestyle=(0, (5, 2)),
            marker="s",
            label=say("bound", lang),
            **style,
        )
        axes.plot(
            data["seconds"], data["value"], color=DARK, linewidth=2, marker="o", label=say("value", lang), **style
        )
        axes.set_xlim(left=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(MaxNLocator(nbins=5))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
        axes.grid(axis="y")
        axes.set_xlabel(say("seconds", lang))
        axes.set_ylabel(say("points", lang))
        place_legend(axes, columns=2)
        return canvas.finish("search", title=say("search_title", lang), description=_describe(data, lang), data=data)


def _describe(data: pd.DataFrame, lang: Language) -> str:
    last = data.iloc[-1]
    shown = {"value": f"{last['value']:,.0f}", "bound": f"{last['bound']:,.0f}"}
    return say("search_said", lang, seconds=f"{last['seconds']:,.3g}", **shown)
