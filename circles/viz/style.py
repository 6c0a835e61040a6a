"""How things look: every meaning has a shape, a line or a label of its own, and only then a colour.

Colours are from Okabe and Ito (2008), *Color Universal Design*, darkened where they carry text, so that they stay
apart under the common colour-vision deficiencies.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStyle:
    """How a member in one state is drawn."""

    label: str
    meaning: str
    shape: str
    fill: str
    border: str
    border_width: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeStyle:
    """How one kind of edge is drawn; `dash` is in pixels (drawn, left out, …), empty for a full line."""

    label: str
    meaning: str
    colour: str
    dash: tuple[int, ...] = ()
    arrow: bool = False
    bend: float = 0.0
    widest: float = 4.0


NODE_STYLES: dict[str, NodeStyle] = {
    "first": NodeStyle(
        label="first default", meaning="named as failing", shape="diamond", fill="#A63A00", border="#5C2000"
    ),
    "contagious": NodeStyle(
        label="contagious default",
        meaning="failed because of others",
        shape="triangle",
        fill="#E69F00",
        border="#7A5200",
    ),
    "paid": NodeStyle(
        label="paid", meaning="paid calls in full and stands", shape="square", fill="#0072B2", border="#003F63"
    ),
    "hurt": NodeStyle(
        label="hurt",
        meaning="lost trade money and stands",
        shape="dot",
        fill="#9CCBEA",
        border="#2B6C99",
    ),
    "untouched": NodeStyle(
        label="untouched", meaning="nothing was asked of it", shape="dot", fill="#FFFFFF", border="#6B7280"
    ),
    "proposed": NodeStyle(
        label="proposed", meaning="in a proposed circle", shape="dot", fill="#3F7FA6", border="#1F4A63"
    ),
    "member": NodeStyle(
        label="in a circle", meaning="in a circle today", shape="dot", fill="#5E8C73", border="#2F4E3E"
    ),
    "partner": NodeStyle(
        label="no circle", meaning="in no circle shown", shape="dot", fill="#FFFFFF", border="#6B7280"
    ),
}
"""State → look. The first five are a cascade's states, worst first; the others are of maps without a cascade."""

EDGE_STYLES: dict[str, EdgeStyle] = {
    "failure": EdgeStyle(
        label="carried the failure",
        meaning="from the member that failed to the one it brought down",
        colour="#A63A00",
        arrow=True,
        bend=0.16,
        widest=3.0,
    ),
    "guarantee": EdgeStyle(
        label="guarantee",
        meaning="from guarantor to borrower",
        colour="#00795A",
        dash=(12, 4),
        arrow=True,
        bend=-0.14,
    ),
    "receivable": EdgeStyle(
        label="receivable",
        meaning="from the one who owes to the supplier, the way a loss travels",
        colour="#8B4C86",
        dash=(6, 3, 1, 3),
        arrow=True,
        bend=0.1,
        widest=3.0,
    ),
    "acquaintance": EdgeStyle(
        label="acquaintance", meaning="they know each other", colour="#7C848F", dash=(2, 4), widest=1.2
    ),
    "trade": EdgeStyle(label="trade", meaning="sold to each other, last 12 months", colour="#9DB2C4", bend=-0.06),
}
"""Kind of edge → look, in the order in which edges are kept when there are too many."""

FAINT = 0.28
"""Opacity of an edge over which a cascade asked for nothing."""

SMALLEST_NODE = 6.0
LARGEST_NODE = 15.0
"""Radius of a member in drawing units, by exposure."""
