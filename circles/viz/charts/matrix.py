"""The chart of who brings whom down: members, or groups of them where there are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.errors import InputError
from circles.viz.charts.canvas import new_canvas
from circles.viz.charts.words import say
from circles.viz.escape import clean_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from circles.contagion import Cascade
    from circles.portfolio import Portfolio
    from circles.viz.charts.chart import Chart
    from circles.viz.languages import Language

_MOST = 14
_LETTERS = 15
_CELL = 22


def draw_matrix(cascade: Cascade, portfolio: Portfolio, *, by: str = "industry", lang: Language = "en") -> Chart:
    """Draw who brought whom down: a row for each that failed before, a column for each brought down.

    Parameters
    ----------
    cascade
        What some first defaults caused.
    portfolio
        What it was computed on.
    by
        A text column of members; used where more than 14 members stand in rows or columns.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``who, whom, count``.

    Raises
    ------
    InputError
        If members have no such column, the cascade is another portfolio's, or the language has no words.
    """
    if cascade.portfolio_digest != portfolio.digest():
        msg = "the cascade was made from another portfolio than the one given; give that one"
        raise InputError(msg)
    if by not in portfolio.members:
        msg = f"members have no column {by!r}; give one such as industry, region or city"
        raise InputError(msg)
    data = count_pairs(cascade.members, portfolio.members.set_index("member_id")[by], lang=lang)
    counts = data.pivot_table(index="who", columns="whom", values="count", aggfunc="sum", fill_value=0, sort=False)
    with new_canvas(max(110, 96 + _CELL * len(counts))) as canvas:
        axes = canvas.axes(left=122, top=30, bottom=76 if len(counts) else 44, right=14)
        _fill(axes, counts, lang)
        said = say("matrix_said", lang, count=f"{data['count'].sum():,}") if len(data) else say("matrix_none", lang)
        return canvas.finish("matrix", title=say("matrix_title", lang), description=said, data=data)


def count_pairs(members: pd.DataFrame, groups: pd.Series, *, lang: Language = "en") -> pd.DataFrame:
    """Count who hit whom in the round in which it failed: ``who, whom, count``; groups where members are too many.

    Groups beyond the 13 largest are counted as others.
    """
    fallen = members[members["state"] == "contagious"]
    hit = fallen["hit_by"].astype(object).fillna("").str.split(";")
    pairs = pd.DataFrame({"who": hit, "whom": fallen["member_id"].astype(object)}).explode("who")
    pairs = pairs[pairs["who"].astype(bool)]
    if max(pairs["who"].nunique(), pairs["whom"].nunique()) > _MOST:
        named = groups.astype(object).fillna(say("unknown", lang)).astype(str)
        pairs = pairs.apply(lambda side: side.map(named))
        kept = pd.concat([pairs["who"], pairs["whom"]]).value_counts().index[: _MOST - 1]
        pairs = pairs.where(pairs.isin(list(kept)), say("others", lang))
    counted = pairs.groupby(["who", "whom"], sort=True).size().rename("count").reset_index()
    return counted.astype({"count": "int64"})


def _fill(axes: Axes, counts: pd.DataFrame, lang: Language) -> None:
    if not len(counts):
        axes.axis("off")
        axes.text(0.0, 0.5, say("matrix_none", lang), transform=axes.transAxes)
        return
    values = counts.to_numpy()
    axes.pcolormesh(values, cmap="Blues", vmin=0, vmax=1.6 * values.max(), edgecolors="white", linewidth=1.0)
    axes.invert_yaxis()
    for row, column in zip(*values.nonzero(), strict=True):
        axes.text(column + 0.5, row + 0.5, f"{values[row, column]:,}", ha="center", va="center", fontsize=9)
    shown = [[clean_text(name, longest=_LETTERS) for name in names] for names in (counts.columns, counts.index)]
    axes.set_xticks([place + 0.5 for place in range(counts.shape[1])], shown[0], rotation=40, ha="right", fontsize=8.5)
    axes.set_yticks([place + 0.5 for place in range(counts.shape[0])], shown[1], fontsize=8.5)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_title(f"↓ {say('matrix_who', lang)}   → {say('matrix_whom', lang)}", loc="left", fontsize=9, pad=8)
