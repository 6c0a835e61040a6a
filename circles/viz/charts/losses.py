"""The chart of a loss distribution: how often more is lost, with and without the guarantees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter, NullLocator

from circles.viz.charts.amounts import AmountScale
from circles.viz.charts.canvas import DARK, INK, MIDDLE, SOFT, new_canvas, place_legend
from circles.viz.charts.words import say
from circles.viz.languages import Language, say_unit
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from circles.contagion import LossDistribution, Losses
    from circles.viz.charts.chart import Chart

_LEVEL = 0.99
_STEPS = 160
_LINES = {"with_guarantees": ("-", DARK, 2.0), "with_trade": ((0, (5, 2)), MIDDLE, 1.7), "bare": (":", SOFT, 1.7)}


def draw_losses(losses: Losses, *, unit: str = "yuan", lang: Language = "en") -> Chart:
    """Draw the share of trials that lose more than each amount, with value at risk and expected shortfall marked.

    Parameters
    ----------
    losses
        What many trials found.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``case, loss_fen, share``.

    Raises
    ------
    InputError
        If there are no words in that language.
    """
    data = list_exceedance(losses)
    scale = AmountScale(data["loss_fen"].max(), unit, lang)
    with new_canvas(318) as canvas:
        axes = canvas.axes(top=80)
        for case, (dash, colour, width) in _LINES.items():
            line = data[data["case"] == case]
            axes.plot(
                line["loss_fen"] / scale.divisor,
                line["share"],
                linestyle=dash,
                color=colour,
                linewidth=width,
                label=say(case, lang),
            )
        _set_axes(axes, losses, scale, lang)
        _mark(axes, losses, scale, lang)
        place_legend(axes)
        return canvas.finish(
            "losses", title=say("loss_title", lang), description=_describe(losses, unit, lang), data=data
        )


def list_exceedance(losses: Losses) -> pd.DataFrame:
    """Give the lines: ``case, loss_fen, share``; the share of trials that lose more than the amount, where not 0.

    Lines end where a single trial would decide: at the loss that only the rarest share of trials exceeds.
    """
    cases = {case: getattr(losses, case) for case in _LINES}
    rarest = _rarest(losses.trials)
    last = max(_find_last(distribution, rarest) for distribution in cases.values())
    last = max(last, losses.expected_shortfall(_LEVEL))
    amounts = np.unique(np.linspace(0, last, _STEPS).astype(np.int64))
    frames = []
    for case, distribution in cases.items():
        ordered = np.sort(distribution.samples_fen)
        share = 1.0 - np.searchsorted(ordered, amounts, side="right") / len(ordered)
        frames.append(pd.DataFrame({"case": case, "loss_fen": amounts, "share": share})[share >= rarest])
    return pd.concat(frames, ignore_index=True)


def _rarest(trials: int) -> float:
    return float(10.0 ** -min(4, max(2, int(np.floor(np.log10(trials))))))


def _find_last(distribution: LossDistribution, rarest: float) -> int:
    ordered = np.sort(distribution.samples_fen)
    return int(ordered[max(0, int(np.ceil(len(ordered) * (1 - rarest))) - 1)])


def _set_axes(axes: Axes, losses: Losses, scale: AmountScale, lang: Language) -> None:
    axes.set_yscale("log")
    axes.set_ylim(_rarest(losses.trials), 1.0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_xlim(left=0)
    scale.mark(axes.xaxis)
    axes.grid(axis="y")
    axes.set_xlabel(say("loss_axis", lang, unit=scale.unit))
    axes.set_title(say("share_axis", lang), loc="left", fontsize=9, color=SOFT, pad=60, x=-0.13)


def _mark(axes: Axes, losses: Losses, scale: AmountScale, lang: Language) -> None:
    """Mark value at risk and expected shortfall of the case with guarantees, where the line passes them."""
    most = axes.get_xlim()[1]
    marks = (("var", losses.value_at_risk(_LEVEL), "o", 0.92), ("es", losses.expected_shortfall(_LEVEL), "D", 0.74))
    for key, fen, shape, height in marks:
        across = fen / scale.divisor
        axes.axvline(across, color=INK, linewidth=0.8, linestyle=(0, (1, 2)))
        exceeded = max(_rarest(losses.trials), float((losses.samples_fen > fen).mean()))
        axes.plot([across], [exceeded], marker=shape, color=DARK, markersize=6, markeredgecolor="white")
        left = across > 0.68 * most
        text = f"{say(key, lang)}\n{say_whole_yuan(fen)}"
        axes.annotate(
            text,
            (across, height),
            xycoords=axes.get_xaxis_transform(),
            xytext=(-5 if left else 5, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )


def _describe(losses: Losses, unit: str, lang: Language) -> str:
    return say(
        "loss_said",
        lang,
        mean=say_whole_yuan(losses.expected_loss_fen),
        var=say_whole_yuan(losses.value_at_risk(_LEVEL)),
        es=say_whole_yuan(losses.expected_shortfall(_LEVEL)),
        without=say_whole_yuan(losses.with_trade.expected_loss_fen),
        unit=say_unit(unit, lang),
    )
