"""GEXF 1.2, Gephi's own format (https://gexf.net)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.graph.export.graphml import TYPES
from circles.graph.export.xml import spell_xml

if TYPE_CHECKING:
    from circles.graph.export.format import Header
    from circles.portfolio import Column


class Gexf:
    """Writes a static GEXF graph with directed edges."""

    between = "\n"

    def begin(self, header: Header) -> str:
        """State the facts and declare the attributes."""
        facts = "; ".join(f"{name}: {text}" for name, text in header.facts.items())
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">',
            f'<meta lastmodifieddate="{header.facts["as_of"]}"><creator>circles</creator>'
            f"<description>{spell_xml(facts)}</description></meta>",
            '<graph mode="static" defaultedgetype="directed">',
        ]
        for letter, owner, columns in (("n", "node", header.nodes), ("e", "edge", header.edges)):
            lines.append(f'<attributes class="{owner}" mode="static">')
            for place, column in enumerate(columns):
                kind = TYPES.get(column.kind, "string")
                lines.append(f'<attribute id="{letter}{place}" title="{column.frame_name}" type="{kind}"/>')
            lines.append("</attributes>")
        return "\n".join([*lines, "<nodes>\n"])

    def turn(self) -> str:
        """Close the nodes, open the edges."""
        return "\n</nodes>\n<edges>\n"

    def end(self) -> str:
        """Close everything."""
        return "\n</edges>\n</graph>\n</gexf>\n"

    def spell(self, text: str) -> str:
        """Escape text."""
        return spell_xml(text)

    def attribute(self, place: str, column: Column, value: str) -> str:
        """Write an attvalue element."""
        return f'<attvalue for="{place}" value="{value}"/>'

    def node(self, name: str, label: str, attributes: str) -> str:
        """Write a node with what Gephi shows as its label."""
        return f'<node id="{name}" label="{label}"><attvalues>{attributes}</attvalues></node>'

    def edge(self, number: int, ends: tuple[str, str], attributes: str) -> str:
        """Write an edge."""
        places = f'id="e{number}" source="{ends[0]}" target="{ends[1]}" type="directed"'
        return f"<edge {places}><attvalues>{attributes}</attvalues></edge>"
