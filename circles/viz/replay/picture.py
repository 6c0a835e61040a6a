"""The picture of a replay as SVG: circles, members and who brought down whom, at places that never change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.escape import clean_text, escape_html
from circles.viz.replay.labels import Label, Room, list_sides
from circles.viz.replay.words import say

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing
    from circles.viz.replay.panel import Panel

_MARGIN_ACROSS, _MARGIN_DOWN = 62.0, 42.0
_LABEL, _CIRCLE_LABEL = 16, 20
_BEND = 0.14
_FONT, _CIRCLE_FONT = 11.5, 12.5
"""Letters of members and of circles on the screen, in pixels."""
_ROOM = {
    ("wide", 1): (1200.0, 528.0),
    ("wide", 2): (590.0, 416.0),
    ("narrow", 1): (350.0, np.inf),
    ("narrow", 2): (350.0, np.inf),
}
"""Pixels across and down that a picture has at most, by screen and number of cascades: replay.css on 1280 by 800 and on
a phone. Larger screens show the same picture larger."""
_GROWN, _LATE = 1.45, 10**6
"""How much larger than its disc a member that fails is drawn (see outline in replay.js); a round after all others."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a picture shows, in its own units: left, top, width and height; and the pixels that one unit gets."""

    left: float
    top: float
    width: float
    height: float
    scale: float


def draw_pictures(drawing: Drawing, panel: Panel, *, number: int, panels: int) -> str:
    """Draw one cascade before its first round, for wide and for narrow screens; the page's script moves them on.

    Parameters
    ----------
    drawing
        Where everything stands.
    panel, number
        Whose cascade it is, and which of the page's.
    panels
        How many cascades the page shows.
    """
    narrow = {"x": drawing.nodes["narrow_x"], "y": drawing.nodes["narrow_y"]}
    hulls = {"x": drawing.hulls["narrow_x"], "y": drawing.hulls["narrow_y"]}
    slim = replace(drawing, nodes=drawing.nodes.assign(**narrow), hulls=drawing.hulls.assign(**hulls))
    return "".join(
        _draw_picture(places, panel, number=number, screen=screen, room=_ROOM[screen, panels])
        for screen, places in (("wide", drawing), ("narrow", slim))
    )


def _draw_picture(drawing: Drawing, panel: Panel, *, number: int, screen: str, room: tuple[float, float]) -> str:
    label = escape_html(say("picture", drawing.lang, name=panel.name), longest=300)
    tip, frame = f"tip-{screen}-{number}", _find_frame(drawing, room)
    taken = _take_members(drawing.nodes, frame)
    return (
        f'<svg class="replay {screen}" data-panel="{number}" '
        f'viewBox="{frame.left:.0f} {frame.top:.0f} {frame.width:.0f} {frame.height:.0f}" role="img" '
        f'aria-label="{label}"><defs><marker id="{tip}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        'markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#A63A00"/></marker></defs>'
        f"{_draw_hulls(drawing, taken, _CIRCLE_FONT / frame.scale)}{_draw_falls(drawing.nodes, panel, tip)}"
        f"{_draw_members(drawing.nodes)}{_draw_labels(drawing.nodes, panel, taken, _FONT / frame.scale)}</svg>"
    )


def _find_frame(drawing: Drawing, room: tuple[float, float]) -> _Frame:
    nodes, hulls = drawing.nodes, drawing.hulls
    if not len(nodes):
        return _Frame(0, 0, 100, 40, 1.0)
    spread = [nodes[["x", "y"]].assign(r=0.0), hulls[["x", "y"]].assign(r=hulls["radius"])]
    discs = pd.concat([part for part in spread if len(part)])
    left, right = (discs["x"] - discs["r"]).min() - _MARGIN_ACROSS, (discs["x"] + discs["r"]).max() + _MARGIN_ACROSS
    top, foot = (discs["y"] - discs["r"]).min() - _MARGIN_DOWN, (discs["y"] + discs["r"]).max() + _MARGIN_DOWN
    width, height = right - left, foot - top
    return _Frame(left, top, width, height, min(room[0] / width, room[1] / height))


def _take_members(nodes: pd.DataFrame, frame: _Frame) -> Room:
    """Give the room for labels: what the members of the picture leave."""
    room = Room((frame.left, frame.top, frame.left + frame.width, frame.top + frame.height))
    middle, reach = nodes[["x", "y"]].to_numpy(), nodes[["size"]].to_numpy()
    room.take(np.hstack((middle - reach, middle + reach)))
    return room


def _draw_hulls(drawing: Drawing, room: Room, font: float) -> str:
    parts = []
    for row in drawing.hulls.itertuples():
        parts.append(f'<circle cx="{row.x:.1f}" cy="{row.y:.1f}" r="{row.radius:.1f}" class="hull"/>')
        text = clean_text(row.circle_id, longest=_CIRCLE_LABEL)
        over = list_sides(row.x, row.y, row.radius, font)[1:2]
        parts.append(_write_label(text, room.place(text, over, font), "name"))
    return f'<g font-size="{font:.1f}">{"".join(parts)}</g>'


def _write_label(text: str, label: Label | None, kind: str) -> str:
    if label is None:
        return ""
    return (
        f'<text x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{label.anchor}" class="{kind}">'
        f"{escape_html(text)}</text>"
    )


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


def _draw_members(nodes: pd.DataFrame) -> str:
    parts = []
    for row in nodes.itertuples():
        title = f"{clean_text(row.member_id, longest=40)} {clean_text(row.name, longest=40)}"
        parts.append(
            f'<g class="member" transform="translate({row.x:.1f} {row.y:.1f})">'
            f'<path class="untouched" d="M{-row.size:.1f} 0a{row.size:.1f} {row.size:.1f} 0 1 0 {2 * row.size:.1f} 0'
            f'a{row.size:.1f} {row.size:.1f} 0 1 0 {-2 * row.size:.1f} 0z"/>'
            f"<title>{escape_html(title)}</title></g>"
        )
    return f'<g class="members">{"".join(parts)}</g>'


def _draw_labels(nodes: pd.DataFrame, panel: Panel, room: Room, font: float) -> str:
    """Name who fails, in the order of rounds, then who pays, as long as there is room; notes and tables name all."""
    failed, paid = (panel.members[name].to_numpy(dtype=np.int64) for name in ("failed_round", "paid_round"))
    x, y, size = (nodes[name].to_numpy() for name in ("x", "y", "size"))
    order = np.lexsort((-size, paid, np.where(failed < 0, _LATE, failed)))
    parts = []
    for at in order[(failed >= 0)[order] | (paid >= 0)[order]]:
        text = clean_text(nodes["member_id"].iloc[at], longest=_LABEL)
        sides = list_sides(x[at], y[at], size[at] * (_GROWN if failed[at] >= 0 else 1.0), font)
        parts.append(_write_label(text, room.place(text, sides, font), "label"))
    return f'<g font-size="{font:.1f}">{"".join(parts)}</g>'
