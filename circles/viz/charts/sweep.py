"""The chart of a sweep: where the guarantees begin or stop to help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.viz.charts.amounts import AmountScale
from circles.viz.charts.canvas import DARK, INK, MIDDLE, new_canvas, place_legend
from circles.viz.charts.words import say

if TYPE_CHECKING:
    from circles.contagion import Sweep
    from circles.viz.charts.chart import Chart
    from circles.viz.languages import Language


def draw_sweep(sweep: Sweep, *, unit: str = "yuan", lang: Language = "en") -> Chart:
    """Draw the expected loss over a grid, with and without the guarantees, and the tipping points.

    Parameters
    ----------
    sweep
        What `circles.contagion.sweep_losses` found.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.

    Returns
    -------
    The chart; its data are ``value, expected_loss_fen, with_trade_fen``.

    Raises
    ------
    InputError
        If there are no words in that language.
    """
    data = sweep.table[["value", "expected_loss_fen", "with_trade_fen"]]
    scale = AmountScale(data[["expected_loss_fen", "with_trade_fen"]].to_numpy().max(), unit, lang)
    at = ", ".join(f"{point:.4g}" for point in sweep.tipping_points)
    with new_canvas(270) as canvas:
        axes = canvas.axes(left=66, top=64)
        guaranteed, without = data["expected_loss_fen"] / scale.divisor, data["with_trade_fen"] / scale.divisor
        axes.plot(data["value"], guaranteed, color=DARK, marker="o", linewidth=2, label=say("with_guarantees", lang))
        axes.plot(data["value"], without, color=MIDDLE, marker="s", linestyle=(0, (5, 2)), label=say("without", lang))
        for place, point in enumerate(sweep.tipping_points):
            axes.axvline(point, color=INK, linewidth=1, linestyle=":")
            if place < 3:
                text = say("tips", lang, at=f"{point:.3g}")
                axes.text(
                    point, 1.0 - 0.09 * place, f" {text}", transform=axes.get_xaxis_transform(), va="top", fontsize=9
                )
        axes.set_ylim(bottom=0)
        scale.mark(axes.yaxis)
        axes.grid(axis="y")
        axes.set_xlabel(say(sweep.what, lang))
        axes.set_title(say("expected_axis", lang, unit=scale.unit), loc="left", fontsize=9, pad=44, x=-0.16)
        place_legend(axes)
        return canvas.finish(
            "sweep",
            title=say("sweep_title", lang, what=say(sweep.what, lang)),
            description=say("tips_said", lang, at=at) if at else say("no_tip", lang),
            data=data,
        )
