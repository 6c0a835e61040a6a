"""The chart of a ranking: whose default costs the bank most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.errors import InputError
from circles.viz.charts.amounts import AmountScale
from circles.viz.charts.canvas import DARK, LIGHT, new_canvas
from circles.viz.charts.words import say
from circles.viz.escape import clean_text
from circles.viz.languages import Language, say_unit
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Ranking
    from circles.viz.charts.chart import Chart

_LETTERS = 16
_BAR = 20


def draw_ranking(ranking: Ranking | pd.DataFrame, *, top: int = 12, unit: str = "yuan", lang: Language = "en") -> Chart:
    """Draw the first members or circles of a ranking as bars.

    Parameters
    ----------
    ranking
        What `circles.rank_members` or `circles.contagion.rank_circles` gave.
    top
        How many bars, 1 to 40.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``label, amount_fen``.

    Raises
    ------
    InputError
        If the frame is no ranking, `top` is out of range, or the language has no words.
    """
    if not 1 <= top <= 40:
        msg = f"top must be 1 to 40 bars, got {top!r}"
        raise InputError(msg)
    key, data = list_ranking(ranking, top)
    largest = int(data["amount_fen"].max()) if len(data) else 0
    scale = AmountScale(largest, unit, lang)
    with new_canvas(66 + _BAR * max(len(data), 1)) as canvas:
        axes = canvas.axes(left=126, right=92, top=8)
        labels = [f"{place}. {clean_text(label, longest=_LETTERS)}" for place, label in enumerate(data["label"], 1)]
        widths = data["amount_fen"] / scale.divisor
        axes.barh(range(len(data)), widths, height=0.66, color=LIGHT, edgecolor=DARK, hatch="///")
        axes.set_yticks(range(len(data)), labels, fontsize=9)
        axes.set_xlim(0, max(largest / scale.divisor, 1))
        axes.set_ylim(max(len(data), 1) - 0.4, -0.6)
        for place, fen in enumerate(data["amount_fen"]):
            axes.annotate(
                say_whole_yuan(fen),
                (fen / scale.divisor, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                fontsize=9,
            )
        scale.mark(axes.xaxis, most=4)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel(say("ranking_axis", lang, unit=scale.unit))
        return canvas.finish("ranking", title=say(key, lang), description=_describe(data, unit, lang), data=data)


def list_ranking(ranking: Ranking | pd.DataFrame, top: int) -> tuple[str, pd.DataFrame]:
    """Give the key of the title and the bars, ``label, amount_fen``, in the order of the ranking."""
    frame = ranking if isinstance(ranking, pd.DataFrame) else ranking.members
    kinds = (
        ("circle_id", "contribution_fen", "ranking_tail"),
        ("circle_id", "worst_member_fen", "ranking_circles"),
        ("member_id", "bank_loss_fen", "ranking_title"),
    )
    for label, amount, key in kinds:
        if label in frame and amount in frame:
            shown = frame[[label, amount]].head(top).set_axis(["label", "amount_fen"], axis=1)
            return key, shown.reset_index(drop=True)
    msg = f"a ranking of members or circles is needed, got a frame with {', '.join(map(str, frame.columns)):.200}"
    raise InputError(msg)


def _describe(data: pd.DataFrame, unit: str, lang: Language) -> str:
    if not len(data):
        return say("nothing", lang)
    label, fen = data.iloc[0]
    named = clean_text(label)
    return say("ranking_said", lang, label=named, amount=say_whole_yuan(fen), unit=say_unit(unit, lang))
