"""How things look: every meaning has a shape, a line or a label of its own, and only then a colour.

Colours are from Okabe and Ito (2008), *Color Universal Design*, darkened where they carry text, so that they stay
apart under the common colour-vision deficiencies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circles.viz.words import say

if TYPE_CHECKING:
    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStyle:
    """How a member in one state is drawn."""

    state: str
    shape: str
    fill: str
    border: str
    border_width: float = 1.5

    @property
    def label(self) -> str:
        """The state's name in English."""
        return self.say_label("en")

    def say_label(self, lang: Language) -> str:
        """Give the state's name."""
        return say(f"state_{self.state}", lang)

    def say_meaning(self, lang: Language) -> str:
        """Give what the state means."""
        return say(f"state_{self.state}_means", lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeStyle:
    """How one kind of edge is drawn; `dash` is in pixels (drawn, left out, …), empty for a full line."""

    kind: str
    colour: str
    dash: tuple[int, ...] = ()
    arrow: bool = False
    bend: float = 0.0
    widest: float = 4.0

    def say_label(self, lang: Language) -> str:
        """Give the kind's name."""
        return say(f"edge_{self.kind}", lang)

    def say_meaning(self, lang: Language) -> str:
        """Give what such an edge means."""
        return say(f"edge_{self.kind}_means", lang)


_NODES = (
    NodeStyle(state="first", shape="diamond", fill="#A63A00", border="#5C2000"),
    NodeStyle(state="contagious", shape="triangle", fill="#E69F00", border="#7A5200"),
    NodeStyle(state="paid", shape="square", fill="#0072B2", border="#003F63"),
    NodeStyle(state="hurt", shape="dot", fill="#9CCBEA", border="#2B6C99"),
    NodeStyle(state="untouched", shape="dot", fill="#FFFFFF", border="#6B7280"),
    NodeStyle(state="proposed", shape="dot", fill="#3F7FA6", border="#1F4A63"),
    NodeStyle(state="member", shape="dot", fill="#5E8C73", border="#2F4E3E"),
    NodeStyle(state="partner", shape="dot", fill="#FFFFFF", border="#6B7280"),
)
NODE_STYLES: dict[str, NodeStyle] = {style.state: style for style in _NODES}
"""State → look. The first five are a cascade's states, worst first; the others are of maps without a cascade."""

_EDGES = (
    EdgeStyle(kind="failure", colour="#A63A00", arrow=True, bend=0.16, widest=3.0),
    EdgeStyle(kind="guarantee", colour="#00795A", dash=(12, 4), arrow=True, bend=-0.14),
    EdgeStyle(kind="receivable", colour="#8B4C86", dash=(6, 3, 1, 3), arrow=True, bend=0.1, widest=3.0),
    EdgeStyle(kind="acquaintance", colour="#7C848F", dash=(2, 4), widest=1.2),
    EdgeStyle(kind="trade", colour="#9DB2C4", bend=-0.06),
)
EDGE_STYLES: dict[str, EdgeStyle] = {style.kind: style for style in _EDGES}
"""Kind of edge → look, in the order in which edges are kept when there are too many."""

FAINT = 0.28
"""Opacity of an edge over which a cascade asked for nothing."""

SMALLEST_NODE = 6.0
LARGEST_NODE = 15.0
"""Radius of a member in drawing units, by exposure."""
