"""Node-link JSON, as networkx and D3 read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from circles.portfolio import Column, Kind

if TYPE_CHECKING:
    from circles.graph.export.format import Header

_NUMBERS = {Kind.MONEY, Kind.COUNT, Kind.RATE}


class NodeLink:
    """Writes what ``networkx.node_link_graph(data, edges="edges")`` takes."""

    between = ",\n"

    def begin(self, header: Header) -> str:
        """State the facts."""
        facts = json.dumps(header.facts, ensure_ascii=False)
        return f'{{"directed": true, "multigraph": true, "graph": {facts}, "nodes": [\n'

    def turn(self) -> str:
        """Close the nodes, open the edges."""
        return '\n], "edges": [\n'

    def end(self) -> str:
        """Close everything."""
        return "\n]}\n"

    def spell(self, text: str) -> str:
        """Escape text for a place between quotation marks.

        Raises
        ------
        ValueError
            If it holds half a surrogate pair.
        """
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            msg = "half a surrogate pair, which is no valid Unicode"
            raise ValueError(msg)
        return json.dumps(text, ensure_ascii=False)[1:-1]

    def attribute(self, place: str, column: Column, value: str) -> str:
        """Write one more entry of an object."""
        written = value if column.kind in _NUMBERS else f'"{value}"'
        return f', "{column.frame_name}": {written}'

    def node(self, name: str, label: str, attributes: str) -> str:
        """Write a node."""
        return f'{{"id": "{name}"{attributes}}}'

    def edge(self, number: int, ends: tuple[str, str], attributes: str) -> str:
        """Write an edge."""
        return f'{{"source": "{ends[0]}", "target": "{ends[1]}", "key": "e{number}"{attributes}}}'
