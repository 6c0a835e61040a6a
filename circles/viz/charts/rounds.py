"""The chart of an infection: how many fail in each round of a cascade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.ticker import MaxNLocator

from circles.viz.charts.canvas import DARK, LIGHT, new_canvas, place_legend
from circles.viz.charts.words import say

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.viz.charts.chart import Chart
    from circles.viz.languages import Language

_LABELLED = 20


def draw_rounds(cascade: Cascade, *, lang: Language = "en") -> Chart:
    """Draw how many members fail in each round.

    Parameters
    ----------
    cascade
        What some first defaults caused.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``round, first, contagious``.

    Raises
    ------
    InputError
        If there are no words in that language.
    """
    data = count_rounds(cascade.members)
    with new_canvas(230) as canvas:
        axes = canvas.axes(left=46, top=44)
        first, contagious = data["first"], data["contagious"]
        axes.bar(data["round"], first, color=DARK, edgecolor=DARK, width=0.7, label=say("first", lang))
        axes.bar(
            data["round"],
            contagious,
            bottom=first,
            color=LIGHT,
            edgecolor=DARK,
            hatch="///",
            width=0.7,
            label=say("contagious", lang),
        )
        if len(data) <= _LABELLED:
            for row in data.itertuples():
                count = row.first + row.contagious
                axes.annotate(
                    f"{count:,}", (row.round, count), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=9
                )
        axes.set_xlim(-0.6, max(data["round"].max(), 1) + 0.6 if len(data) else 1.6)
        axes.set_ylim(0, max((first + contagious).max(), 1) * 1.12 if len(data) else 1)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
        axes.grid(axis="y")
        axes.set_xlabel(say("round", lang))
        axes.set_ylabel(say("failed", lang))
        place_legend(axes, columns=2)
        said = say("rounds_said", lang, first=first.sum(), contagious=contagious.sum(), rounds=_count_turns(data))
        return canvas.finish("rounds", title=say("rounds_title", lang), description=said, data=data)


def count_rounds(members: pd.DataFrame) -> pd.DataFrame:
    """Count who fails in each round, those without a failure too: ``round, first, contagious``."""
    failed = members[members["state"].isin(("first", "contagious"))]
    counts = pd.crosstab(failed["round"].astype("int64"), failed["state"].astype(object))
    turns = range(int(counts.index.max()) + 1) if len(counts) else range(0)
    counts = counts.reindex(index=turns, columns=["first", "contagious"], fill_value=0)
    return counts.rename_axis(index="round", columns=None).reset_index()


def _count_turns(data: pd.DataFrame) -> int:
    return int((data["contagious"] > 0).sum())
