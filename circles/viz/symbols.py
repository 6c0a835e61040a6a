"""The small pictures of a legend, drawn as the map draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.viz.style import EdgeStyle, NodeStyle

_SHAPES = {
    "dot": '<circle cx="9" cy="9" r="6.5"/>',
    "square": '<rect x="3" y="3" width="12" height="12"/>',
    "triangle": '<path d="M9 2 16 15H2Z"/>',
    "diamond": '<path d="M9 1 17 9 9 17 1 9Z"/>',
}


def draw_node_symbol(style: NodeStyle) -> str:
    """Draw a member's symbol as inline SVG; it says nothing to a screen reader, the label beside it does."""
    paint = f'fill="{style.fill}" stroke="{style.border}" stroke-width="{style.border_width}"'
    return f'<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" {paint}>{_SHAPES[style.shape]}</svg>'


def draw_edge_symbol(style: EdgeStyle) -> str:
    """Draw an edge's symbol as inline SVG, with its dash and its arrow."""
    dash = f' stroke-dasharray="{" ".join(map(str, style.dash))}"' if style.dash else ""
    width = min(style.widest, 2.5)
    line = f'<path d="M1 6H{26 if style.arrow else 33}" stroke="{style.colour}" stroke-width="{width}"{dash}/>'
    head = f'<path d="M25 1.5 33 6 25 10.5Z" fill="{style.colour}"/>' if style.arrow else ""
    return f'<svg width="34" height="12" viewBox="0 0 34 12" aria-hidden="true">{line}{head}</svg>'
