"""The part of a report on losses over many trials: what to expect, what to fear, and what the guarantees do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.report.chart import Bar, Curve, draw_bars, draw_exceedance
from circles.report.section import Section, write_list, write_paragraph
from circles.report.verdict import judge_estimates, judge_guarantees
from circles.viz.tables import Shown, write_table
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from circles.contagion import Losses

_CASES = {
    "bare": "bare loans",
    "with_trade": "with trade, no guarantee",
    "with_guarantees": "with the guarantees",
    "optimistic": "at least (bound)",
    "conservative": "at most (bound)",
}
_FILLS = {"bare": "#c9ced3", "with_trade": "#9db2c4", "with_guarantees": "#6aa5c9"}
_MEASURES = {
    "expected_loss": "Expected loss",
    "value_at_risk": "Value at risk 99 %",
    "expected_shortfall": "Expected shortfall 99 %",
}


def write_losing(cases: dict[str, Losses], *, break_even: str = "") -> Section:
    """Write the section on losses.

    Parameters
    ----------
    cases
        Losses by the name of their terms, on the same draws.
    break_even
        A sentence on when the guarantees stop helping.
    """
    first = next(iter(cases.values()))
    judged = tuple(f"{name}: {judge_guarantees(losses)} {judge_estimates(losses)}" for name, losses in cases.items())
    parts = [
        write_paragraph(_describe_draws(first)),
        write_list((*judged, *((break_even,) if break_even else ()))),
        write_table(list_measures(cases), _columns(), caption="Loss in a year, yuan", row_name="loss"),
        write_paragraph(
            "Below each amount: the interval that holds the value of endless trials with 95 % confidence. All cases "
            "are on the same draws. At least: the bank may pursue anybody. At most: whoever cannot pay everything "
            "asked of it pays nothing."
        ),
        "<figure>",
        draw_bars(list_bars(cases), title="Expected loss by terms, bare, with trade and with the guarantees"),
        "<figcaption>Expected loss, with its 95 % interval.</figcaption></figure>",
        "<figure>",
        draw_exceedance(list_curves(first_of(cases)), title="Share of trials with a larger loss"),
        f"<figcaption>Share of trials whose loss is larger, terms “{_name_of(cases)}”.</figcaption></figure>",
    ]
    return Section(name="losing", title="Loss over many trials", body="".join(parts))


def list_measures(cases: dict[str, Losses]) -> pd.DataFrame:
    """Give one row a case: its terms, its name, and each measure as text with its interval."""
    rows: list[dict[str, Any]] = []
    for name, losses in cases.items():
        for row in losses.table.to_dict("records"):
            measures = {name: text for measure in _MEASURES for name, text in _write_measure(row, measure).items()}
            rows.append(
                {"terms": name, "case": _CASES[row["case"]], "rank": list(_CASES).index(row["case"]), **measures}
            )
    order = {name: place for place, name in enumerate(cases)}
    frame = pd.DataFrame(rows)
    return frame.sort_values(["terms", "rank"], key=lambda column: column.replace(order), ignore_index=True)


def list_bars(cases: dict[str, Losses]) -> list[Bar]:
    """Give the bars of the chart of expected losses."""
    return [
        Bar(
            group=name,
            label=_CASES[case],
            value_fen=getattr(losses, case).expected_loss_fen,
            low_fen=getattr(losses, case).interval("expected_loss").low_fen,
            high_fen=getattr(losses, case).interval("expected_loss").high_fen,
            fill=fill,
        )
        for name, losses in cases.items()
        for case, fill in _FILLS.items()
    ]


def list_curves(losses: Losses) -> list[Curve]:
    """Give the lines of the chart of exceeded losses."""
    return [
        Curve(label=_CASES["with_guarantees"], samples_fen=losses.samples_fen, colour="#00618f"),
        Curve(label=_CASES["bare"], samples_fen=losses.bare.samples_fen, colour="#5c6670", dash="7 4"),
        Curve(label=_CASES["with_trade"], samples_fen=losses.with_trade.samples_fen, colour="#8b4c86", dash="2 3"),
    ]


def first_of(cases: dict[str, Losses]) -> Losses:
    """Give the case that the curve shows: the base preset, or the first where there is none."""
    return cases[_name_of(cases)]


def _name_of(cases: dict[str, Losses]) -> str:
    return "base" if "base" in cases else next(iter(cases))


def _columns() -> tuple[Shown, ...]:
    heads = (Shown(name="terms", heading="Terms"), Shown(name="case", heading="Case"))
    measures = (Shown(name=name, heading=label, number=True, note=f"{name}_note") for name, label in _MEASURES.items())
    return (*heads, *measures)


def _write_measure(row: dict[str, Any], measure: str) -> dict[str, str]:
    """Write a measure and its interval, in whole yuan: the interval is wider than a yuan by far."""
    value, low, high = (say_whole_yuan(row[f"{measure}{end}_fen"]) for end in ("", "_low", "_high"))
    return {measure: value, f"{measure}_note": f"{low} – {high}"}


def _describe_draws(losses: Losses) -> str:
    sectors = f", sectors by {losses.sector_column}" if losses.sector_column else ""
    return (
        f"{losses.trials:,} trials of one year each, seed {losses.seed}; correlation {losses.correlation:g}{sectors}; "
        f"sensitivity of resources to the common factor {losses.resource_sensitivity:g}. In each trial some members "
        "default first, and everything they cause is settled."
    )
