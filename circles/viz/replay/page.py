"""The page of a replay: pictures, a slider, one table a round; without scripts all tables are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.viz.escape import clean_text, escape_html, escape_json
from circles.viz.page import Policy, fill_page, read_asset, write_facts, write_figures, write_omitted
from circles.viz.replay.picture import draw_pictures
from circles.viz.replay.words import say, say_counted
from circles.viz.tables import Shown, list_cascade_columns, list_member_columns, with_unit, write_table

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing
    from circles.viz.headline import Headline
    from circles.viz.languages import Language
    from circles.viz.replay.panel import Panel

_COLUMNS = (
    "member_id",
    "name",
    "circle_id",
    "cause",
    "hit_by",
    "called_fen",
    "paid_fen",
    "trade_loss_fen",
    "own_shortfall_fen",
)
_STATES = ("now", "earlier", "paid", "hurt", "untouched")
_SCRIPT_WORDS = (
    "play",
    "pause",
    "shown",
    "ended",
    "keys",
    "show_row",
    "colon",
    "semicolon",
    *(f"told_{what}" for what in ("failed", "paid", "hurt", "untouched", "round", "member")),
)
_LABEL_CHARACTERS = 40


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
    behaviour, lang = read_asset("replay.js"), drawing.lang
    return fill_page(
        "replay.html",
        say,
        lang,
        policy=escape_html(Policy(scripts=(behaviour,)), longest=1000),
        title=escape_html(drawing.title),
        style=read_asset("page.css") + read_asset("replay.css"),
        sentence=escape_html(drawing.sentence, longest=1000),
        last=str(max(panel.steps for panel in panels) - 1),
        legend="".join(_write_state(state, lang) for state in _STATES),
        panels="".join(
            _write_panel(drawing, panel, headline, number=number, panels=len(panels))
            for number, (panel, headline) in enumerate(zip(panels, headlines, strict=True))
        ),
        count=str(len(panels)),
        omitted=write_omitted(omitted, lang),
        facts=write_facts(drawing.facts),
        data=escape_json(
            {
                "words": {key: say(key, lang) for key in _SCRIPT_WORDS},
                "labels": [clean_text(member, longest=_LABEL_CHARACTERS) for member in drawing.nodes["member_id"]],
                "panels": [_list_data(drawing, panel) for panel in panels],
            }
        ),
        behaviour=behaviour,
    )


def _write_state(state: str, lang: Language) -> str:
    return (
        f'<li><svg viewBox="-12 -12 24 24" width="20" height="20" aria-hidden="true"><g class="member">'
        f'<path class="{state}" data-state="{state}"/></g></svg><span>{say(f"state_{state}", lang)}'
        f"<small>{say(f'state_{state}_means', lang)}</small></span></li>"
    )


def _list_columns(drawing: Drawing, *, panels: int) -> tuple[Shown, ...]:
    """Give the columns of a round; where two tables stand side by side, names stand under ids."""
    every = (*list_member_columns(drawing.lang), *list_cascade_columns(drawing.lang))
    shown = with_unit(tuple(column for column in every if column.name in _COLUMNS), drawing.unit, drawing.lang)
    if panels == 1:
        return shown
    member, _, *others = shown
    return (replace(member, note="name"), *others)


def _write_panel(drawing: Drawing, panel: Panel, headline: Headline, *, number: int, panels: int) -> str:
    title = f"<h2>{escape_html(panel.name)}</h2>" if panel.name else ""
    status = escape_html(panel.say_rounds(drawing.lang)[0])
    return (
        f'<section class="panel">{title}'
        f'<p class="status" data-panel="{number}" aria-live="polite">{status}</p>'
        f"{draw_pictures(drawing, panel, number=number, panels=panels)}{write_figures(headline.figures)}"
        f"{_write_rounds(drawing, panel, number=number, panels=panels)}</section>"
    )


def _write_rounds(drawing: Drawing, panel: Panel, *, number: int, panels: int) -> str:
    named = drawing.nodes[["member_id", "circle_id"]].assign(name=drawing.nodes["name"].map(clean_text))
    columns, lang = _list_columns(drawing, panels=panels), drawing.lang
    rows = pd.concat([named, panel.members.drop(columns="hit_by"), _name_hitters(drawing, panel)], axis=1)
    parts = []
    for step in range(panel.steps):
        fallen = rows[rows["failed_round"] == step]
        caption = say_counted("round_caption_drawn" if panel.missed else "round_caption", len(fallen), lang, turn=step)
        table = write_table(fallen, columns, caption=caption, row_name=f"panel-{number}-round-{step}")
        nobody = f'<p class="none">{escape_html(say("payments_only", lang, caption=caption))}</p>'
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
        "name": clean_text(panel.name),
        "texts": panel.say_rounds(drawing.lang),
        "sizes": [round(float(size), 1) for size in drawing.nodes["size"]],
        **{name: panel.members[f"{name}_round"].astype(int).tolist() for name in ("failed", "paid", "hurt")},
    }
