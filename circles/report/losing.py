"""The part of a report on losses over many trials: what to expect, what to fear, and what the guarantees do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.chart import Bar, draw_bars
from circles.report.section import Section, write_list, write_paragraph
from circles.report.verdict import judge_estimates, judge_guarantees, state_break_even
from circles.report.words import say, say_name
from circles.viz.charts import draw_losses
from circles.viz.escape import escape_html
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Losses, PresetComparison
    from circles.viz.languages import Language

_FILLS = {"with_guarantees": "#6aa5c9", "with_trade": "#9db2c4", "bare": "#c9ced3"}
_HEADLINE = (
    ("expected_loss", "with_guarantees"),
    ("expected_loss", "with_trade"),
    ("value_at_risk", "with_guarantees"),
    ("expected_shortfall", "with_guarantees"),
)


def write_losing(
    cases: dict[str, Losses], *, unit: str, lang: Language, presets: PresetComparison | None = None
) -> Section:
    """Write the section on losses: the headline table and the charts; every other figure is in the last section.

    Parameters
    ----------
    cases
        Losses by the name of their terms, on the same draws.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    presets
        The comparison that the cases are from, to say when the guarantees stop helping.
    """
    first = next(iter(cases.values()))
    turn = () if presets is None else (state_break_even(presets, lang),)
    caption = say("headline_caption", lang, unit=unit)
    parts = [
        write_paragraph(_describe_draws(first, lang)),
        write_list((*(_judge(name, losses, lang) for name, losses in cases.items()), *turn)),
        write_table(list_headline(cases, lang), _columns(cases, lang), caption=caption, row_name="loss"),
        write_paragraph(say("cases_explained", lang)),
        _draw_charts(cases, unit=unit, lang=lang),
    ]
    return Section(name="losing", title=say("losing", lang), body="".join(parts))


def _judge(name: str, losses: Losses, lang: Language) -> str:
    judged, rests = judge_guarantees(losses, lang), judge_estimates(losses, lang)
    return say("judged", lang, name=say_name("terms", name, lang), judged=judged, estimates=rests)


def _draw_charts(cases: dict[str, Losses], *, unit: str, lang: Language) -> str:
    bars = draw_bars(list_bars(cases, lang), title=say("bars_title", lang))
    curve = draw_losses(first_of(cases), unit=unit, lang=lang).inline()
    shown = escape_html(say_name("terms", name_first(cases), lang))
    return (
        f'<div class="charts"><figure>{bars}<figcaption>{say("bars_figure", lang, unit=unit)}</figcaption></figure>'
        f"<figure>{curve}<figcaption>{say('curve_figure', lang, name=shown)}</figcaption></figure></div>"
    )


def list_headline(cases: dict[str, Losses], lang: Language = "en") -> pd.DataFrame:
    """Give the figures to read first: ``measure, note`` and for the k-th terms a column of texts ``case_k``."""
    rows = [
        {
            "measure": say(f"measure_{measure}", lang),
            "note": say(f"case_{case}", lang),
            **{
                f"case_{place}": say_whole_yuan(_measure(losses, case, measure))
                for place, losses in enumerate(cases.values())
            },
        }
        for measure, case in _HEADLINE
    ]
    return pd.DataFrame(rows)


def list_bars(cases: dict[str, Losses], lang: Language = "en") -> list[Bar]:
    """Give the bars of the chart of expected losses."""
    return [
        Bar(
            group=say_name("terms", name, lang),
            label=say(f"case_{case}", lang),
            value_fen=getattr(losses, case).expected_loss_fen,
            low_fen=getattr(losses, case).interval("expected_loss").low_fen,
            high_fen=getattr(losses, case).interval("expected_loss").high_fen,
            fill=fill,
        )
        for name, losses in cases.items()
        for case, fill in _FILLS.items()
    ]


def first_of(cases: dict[str, Losses]) -> Losses:
    """Give the case that the curve shows: the base preset, or the first where there is none."""
    return cases[name_first(cases)]


def name_first(cases: dict[str, Losses]) -> str:
    """Name the case that the curve shows."""
    return "base" if "base" in cases else next(iter(cases))


def _measure(losses: Losses, case: str, measure: str) -> int:
    return int(losses.table.set_index("case").loc[case, f"{measure}_fen"])


def _columns(cases: dict[str, Losses], lang: Language) -> tuple[Shown, ...]:
    named = (
        Shown(name=f"case_{place}", heading=say_name("terms", name, lang), number=True)
        for place, name in enumerate(cases)
    )
    return (Shown(name="measure", heading=say("measure", lang), note="note"), *named)


def _describe_draws(losses: Losses, lang: Language) -> str:
    return say(
        "draws",
        lang,
        trials=f"{losses.trials:,}",
        seed=losses.seed,
        correlation=f"{losses.correlation:g}",
        sectors=say("sectors", lang, column=losses.sector_column) if losses.sector_column else "",
        sensitivity=f"{losses.resource_sensitivity:g}",
    )
