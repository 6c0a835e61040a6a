"""GraphML, as networkx, igraph, yEd and Gephi read it (http://graphml.graphdrawing.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.graph.export.xml import spell_xml
from circles.portfolio import Column, Kind

if TYPE_CHECKING:
    from circles.graph.export.format import Header

TYPES = {Kind.MONEY: "long", Kind.COUNT: "long", Kind.RATE: "double"}
"""Types of attributes; what is not here is a string."""


class GraphML:
    """Writes GraphML with directed edges; its keys are typed."""

    between = "\n"

    def begin(self, header: Header) -> str:
        """Declare the keys and state the facts."""
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
            ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">',
        ]
        facts = list(header.facts.items())
        lines += [_declare(f"g{place}", "graph", name, "string") for place, (name, _) in enumerate(facts)]
        for letter, owner, columns in (("n", "node", header.nodes), ("e", "edge", header.edges)):
            for place, column in enumerate(columns):
                kind = TYPES.get(column.kind, "string")
                lines.append(_declare(f"{letter}{place}", owner, column.frame_name, kind))
        lines.append('<graph id="portfolio" edgedefault="directed">')
        lines += [f'<data key="g{place}">{spell_xml(text)}</data>' for place, (_, text) in enumerate(facts)]
        return "\n".join(lines) + "\n"

    def turn(self) -> str:
        """Nothing stands between nodes and edges."""
        return "\n"

    def end(self) -> str:
        """Close the graph."""
        return "\n</graph>\n</graphml>\n"

    def spell(self, text: str) -> str:
        """Escape text."""
        return spell_xml(text)

    def attribute(self, place: str, column: Column, value: str) -> str:
        """Write a data element."""
        return f'<data key="{place}">{value}</data>'

    def node(self, name: str, label: str, attributes: str) -> str:
        """Write a node; its label is its name among the attributes."""
        return f'<node id="{name}">{attributes}</node>'

    def edge(self, number: int, ends: tuple[str, str], attributes: str) -> str:
        """Write an edge."""
        return f'<edge id="e{number}" source="{ends[0]}" target="{ends[1]}">{attributes}</edge>'


def _declare(key: str, owner: str, name: str, kind: str) -> str:
    return f'<key id="{key}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>'
