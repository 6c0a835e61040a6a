"""The picture of a replay as SVG: circles, members and who brought down whom, at places that never change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from circles.viz.escape import clean_text, escape_html
from circles.viz.replay.words import say

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing
    from circles.viz.replay.panel import Panel

_MARGIN_ACROSS, _MARGIN_DOWN = 62.0, 34.0
_LABEL = 16
_BEND = 0.14
_CIRCLE_LABEL = 20


def draw_pictures(drawing: Drawing, panel: Panel, *, number: int) -> str:
    """Draw one cascade before its first round, for wide and for narrow screens; the page's script moves them on.

    Parameters
    ----------
    drawing
        Where everything stands.
    panel, number
        Whose cascade it is, and which of the page's.
    """
    narrow = {"x": drawing.nodes["narrow_x"], "y": drawing.nodes["narrow_y"]}
    hulls = {"x": drawing.hulls["narrow_x"], "y": drawing.hulls["narrow_y"]}
    slim = replace(drawing, nodes=drawing.nodes.assign(**narrow), hulls=drawing.hulls.assign(**hulls))
    return "".join(
        _draw_picture(places, panel, number=number, screen=screen)
        for screen, places in (("wide", drawing), ("narrow", slim))
    )


def _draw_picture(drawing: Drawing, panel: Panel, *, number: int, screen: str) -> str:
    label = escape_html(say("picture", drawing.lang, name=panel.name), longest=300)
    tip = f"tip-{screen}-{number}"
    return (
        f'<svg class="replay {screen}" data-panel="{number}" viewBox="{_frame(drawing)}" role="img" '
        f'aria-label="{label}"><defs><marker id="{tip}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#A63A00"/></marker></defs>'
        f"{_draw_hulls(drawing)}{_draw_falls(drawing.nodes, panel, tip)}{_draw_members(drawing, panel)}</svg>"
    )


def _frame(drawing: Drawing) -> str:
    nodes, hulls = drawing.nodes, drawing.hulls
    if not len(nodes):
        return "0 0 100 40"
    spread = [nodes[["x", "y"]].assign(r=0.0), hulls[["x", "y"]].assign(r=hulls["radius"])]
    discs = pd.concat([part for part in spread if len(part)])
    left, right = (discs["x"] - discs["r"]).min() - _MARGIN_ACROSS, (discs["x"] + discs["r"]).max() + _MARGIN_ACROSS
    top, foot = (discs["y"] - discs["r"]).min() - _MARGIN_DOWN, (discs["y"] + discs["r"]).max() + _MARGIN_DOWN
    return f"{left:.0f} {top:.0f} {right - left:.0f} {foot - top:.0f}"


def _draw_hulls(drawing: Drawing) -> str:
    parts = [
        f'<circle cx="{row.x:.1f}" cy="{row.y:.1f}" r="{row.radius:.1f}" class="hull"/>'
        f'<text x="{row.x:.1f}" y="{row.y - row.radius - 6:.1f}" class="name">'
        f"{escape_html(row.circle_id, longest=_CIRCLE_LABEL)}</text>"
        for row in drawing.hulls.itertuples()
    ]
    return f"<g>{''.join(parts)}</g>"


def _draw_falls(nodes: pd.DataFrame, panel: Panel, tip: str) -> str:
    x, y, size = (nodes[name].to_numpy() for name in ("x", "y", "size"))
    parts = []
    for row in panel.falls.itertuples():
        across, down = x[row.target] - x[row.source], y[row.target] - y[row.source]
        length = max((across**2 + down**2) ** 0.5, 1.0)
        reach = (length - size[row.target] - 4) / length
        middle = (x[row.source] + across / 2 - _BEND * down, y[row.source] + down / 2 + _BEND * across)
        parts.append(
            f'<path d="M{x[row.source]:.1f} {y[row.source]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} '
            f'{x[row.source] + across * reach:.1f} {y[row.source] + down * reach:.1f}" class="fall" '
            f'data-round="{row.round}" marker-end="url(#{tip})"/>'
        )
    return f"<g>{''.join(parts)}</g>"


def _draw_members(drawing: Drawing, panel: Panel) -> str:
    parts = []
    named = (panel.members["failed_round"] >= 0) | (panel.members["paid_round"] >= 0)
    for row, is_named in zip(drawing.nodes.itertuples(), named, strict=True):
        label = (
            f'<text y="{row.size + 13:.1f}" class="label">{escape_html(row.member_id, longest=_LABEL)}</text>'
            if is_named
            else ""
        )
        title = f"{clean_text(row.member_id, longest=40)} {clean_text(row.name, longest=40)}"
        parts.append(
            f'<g class="member" transform="translate({row.x:.1f} {row.y:.1f})">'
            f'<path class="untouched" d="M{-row.size:.1f} 0a{row.size:.1f} {row.size:.1f} 0 1 0 {2 * row.size:.1f} 0'
            f'a{row.size:.1f} {row.size:.1f} 0 1 0 {-2 * row.size:.1f} 0z"/>'
            f"<title>{escape_html(title)}</title>{label}</g>"
        )
    return f'<g class="members">{"".join(parts)}</g>'
