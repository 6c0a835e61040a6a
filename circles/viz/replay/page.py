"""The page of a replay: pictures, a slider, one table a round; without scripts all tables are shown."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.viz.escape import escape_html, escape_json
from circles.viz.page import Policy, read_asset, write_facts, write_figures, write_omitted
from circles.viz.replay.picture import draw_pictures
from circles.viz.tables import Amount, Shown, with_unit, write_table
from circles.viz.wording import say_count

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing
    from circles.viz.headline import Headline
    from circles.viz.replay.panel import Panel

_COLUMNS = (
    Shown(name="member_id", heading="Member"),
    Shown(name="name", heading="Name"),
    Shown(name="circle_id", heading="Circle"),
    Shown(name="cause", heading="Cause"),
    Shown(name="hit_by", heading="Brought down by", write=lambda ids: str(ids).replace(";", "; ")),
    Amount(name="called_fen", heading="Called"),
    Amount(name="paid_fen", heading="Paid"),
    Amount(name="trade_loss_fen", heading="Trade loss"),
    Amount(name="own_shortfall_fen", heading="Own shortfall"),
)
_LEGEND = (
    ("now", "this round", "fails now"),
    ("earlier", "earlier", "failed in an earlier round"),
    ("paid", "paid", "has paid for others and stands"),
    ("hurt", "hurt", "has lost trade money and stands"),
    ("untouched", "untouched", "nothing was asked of it"),
)


def write_replay(drawing: Drawing, panels: list[Panel], headlines: list[Headline], omitted: tuple[str, ...]) -> str:
    """Write the whole page of a replay: HTML that holds everything it needs.

    Parameters
    ----------
    drawing
        Where members and circles stand, and what they are called.
    panels, headlines
        The cascades, one or two, and what is said over each.
    omitted
        What is left out.
    """
    behaviour = read_asset("replay.js")
    return Template(read_asset("replay.html")).substitute(
        policy=escape_html(Policy(scripts=(behaviour,)), longest=1000),
        title=escape_html(drawing.title),
        style=read_asset("page.css") + read_asset("replay.css"),
        sentence=escape_html(drawing.sentence, longest=1000),
        last=max(panel.steps for panel in panels) - 1,
        legend="".join(
            f'<li><svg viewBox="-12 -12 24 24" width="20" height="20" aria-hidden="true"><g class="member {state}">'
            f'<path data-state="{state}"/></g></svg><span>{label}<small>{meaning}</small></span></li>'
            for state, label, meaning in _LEGEND
        ),
        panels="".join(
            _write_panel(drawing, panel, headline, number=number)
            for number, (panel, headline) in enumerate(zip(panels, headlines, strict=True))
        ),
        count=len(panels),
        omitted=write_omitted(omitted),
        facts=write_facts(drawing.facts),
        data=escape_json([_list_data(drawing, panel) for panel in panels]),
        behaviour=behaviour,
    )


def _write_panel(drawing: Drawing, panel: Panel, headline: Headline, *, number: int) -> str:
    title = f"<h2>{escape_html(panel.name)}</h2>" if panel.name else ""
    return (
        f'<section class="panel">{title}{write_figures(headline.figures)}'
        f'<p class="status" data-panel="{number}" aria-live="polite">{escape_html(panel.say_rounds()[0])}</p>'
        f"{draw_pictures(drawing, panel, number=number)}{_write_rounds(drawing, panel, number=number)}</section>"
    )


def _write_rounds(drawing: Drawing, panel: Panel, *, number: int) -> str:
    named = drawing.nodes[["member_id", "name", "circle_id"]]
    columns = with_unit(_COLUMNS, drawing.unit)
    rows = pd.concat([named, panel.members.drop(columns="hit_by"), _name_hitters(drawing, panel)], axis=1)
    parts = []
    for step in range(panel.steps):
        fallen = rows[rows["failed_round"] == step]
        caption = f"Round {step}: {say_count(len(fallen), 'member')} drawn {'fails' if len(fallen) == 1 else 'fail'}"
        table = write_table(fallen, columns, caption=caption, row_name=f"panel-{number}-round-{step}")
        nobody = f'<p class="none">{escape_html(caption)}; payments and deposits only.</p>'
        parts.append(
            f'<div class="round" data-panel="{number}" data-round="{step}">{table if len(fallen) else nobody}</div>'
        )
    return "".join(parts)


def _name_hitters(drawing: Drawing, panel: Panel) -> pd.Series:
    """Name who brought each member drawn down, as the drawing calls them."""
    names = drawing.nodes["member_id"].tolist()
    hits: dict[int, list[str]] = {}
    for row in panel.falls.itertuples():
        hits.setdefault(row.target, []).append(str(names[row.source]))
    joined = [";".join(hits.get(place, [])) for place in range(len(names))]
    return pd.Series(joined, index=drawing.nodes.index, name="hit_by", dtype=object)


def _list_data(drawing: Drawing, panel: Panel) -> dict[str, Any]:
    return {
        "texts": panel.say_rounds(),
        "sizes": [round(float(size), 1) for size in drawing.nodes["size"]],
        **{name: panel.members[f"{name}_round"].astype(int).tolist() for name in ("failed", "paid", "hurt")},
    }
