"""The part of a report on losses over many trials: what to expect, what to fear, and what the guarantees do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.case_names import CASE_NAMES, CASES_EXPLAINED, MEASURES
from circles.report.chart import Bar, draw_bars
from circles.report.section import Section, write_list, write_paragraph
from circles.report.verdict import judge_estimates, judge_guarantees
from circles.viz.charts import draw_losses
from circles.viz.escape import escape_html
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Losses

_FILLS = {"with_guarantees": "#6aa5c9", "with_trade": "#9db2c4", "bare": "#c9ced3"}
_HEADLINE = (
    ("expected_loss", "with_guarantees"),
    ("expected_loss", "with_trade"),
    ("value_at_risk", "with_guarantees"),
    ("expected_shortfall", "with_guarantees"),
)


def write_losing(cases: dict[str, Losses], *, unit: str, break_even: str = "") -> Section:
    """Write the section on losses: the headline table and the charts; every other figure is in the last section.

    Parameters
    ----------
    cases
        Losses by the name of their terms, on the same draws.
    unit
        What amounts are in.
    break_even
        A sentence on when the guarantees stop helping.
    """
    first = next(iter(cases.values()))
    judged = tuple(f"{name}: {judge_guarantees(losses)} {judge_estimates(losses)}" for name, losses in cases.items())
    parts = [
        write_paragraph(_describe_draws(first)),
        write_list((*judged, *((break_even,) if break_even else ()))),
        write_table(list_headline(cases), _columns(cases), caption=f"Loss in a year by terms, {unit}", row_name="loss"),
        write_paragraph(CASES_EXPLAINED),
        '<div class="charts"><figure>',
        draw_bars(list_bars(cases), title="Expected loss by terms, with and without guarantees"),
        f"<figcaption>Expected loss, {unit}, with its 95 % interval.</figcaption></figure><figure>",
        draw_losses(first_of(cases), unit=unit).inline(),
        f"<figcaption>Share of trials whose loss is larger, terms “{escape_html(name_first(cases))}”.</figcaption>",
        "</figure></div>",
    ]
    return Section(name="losing", title="Loss over many trials", body="".join(parts))


def list_headline(cases: dict[str, Losses]) -> pd.DataFrame:
    """Give the figures to read first: ``measure, note`` and for the k-th terms a column of texts ``case_k``."""
    rows = [
        {
            "measure": MEASURES[measure],
            "note": CASE_NAMES[case],
            **{
                f"case_{place}": say_whole_yuan(_measure(losses, case, measure))
                for place, losses in enumerate(cases.values())
            },
        }
        for measure, case in _HEADLINE
    ]
    return pd.DataFrame(rows)


def list_bars(cases: dict[str, Losses]) -> list[Bar]:
    """Give the bars of the chart of expected losses."""
    return [
        Bar(
            group=name,
            label=CASE_NAMES[case],
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


def _columns(cases: dict[str, Losses]) -> tuple[Shown, ...]:
    named = (Shown(name=f"case_{place}", heading=name, number=True) for place, name in enumerate(cases))
    return (Shown(name="measure", heading="Measure", note="note"), *named)


def _describe_draws(losses: Losses) -> str:
    sectors = f", sectors by {losses.sector_column}" if losses.sector_column else ""
    return (
        f"{losses.trials:,} trials of one year each, seed {losses.seed}; correlation {losses.correlation:g}{sectors}; "
        f"sensitivity of resources to the common factor {losses.resource_sensitivity:g}. In each trial some members "
        "default first, and everything they cause is settled."
    )
