"""What a format of graph files decides; everything else is the same for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from circles.portfolio import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a file says before its first node.

    Attributes
    ----------
    facts
        Date, currency and unit of the amounts, by name.
    nodes, edges
        The attributes that nodes and edges can have; an attribute's number is its place here.
    """

    facts: dict[str, str]
    nodes: tuple[Column, ...]
    edges: tuple[Column, ...]


class GraphFormat(Protocol):
    """One format: how a file begins and ends, and how a node, an edge and an attribute are written.

    `spell` makes text safe; whatever else takes text takes it spelled.
    """

    between: str
    """What stands between two nodes or two edges."""

    def begin(self, header: Header) -> str:
        """Write everything before the first node."""
        ...

    def turn(self) -> str:
        """Write what stands between the last node and the first edge."""
        ...

    def end(self) -> str:
        """Write everything after the last edge."""
        ...

    def spell(self, text: str) -> str:
        """Make text safe.

        Raises
        ------
        ValueError
            If the format cannot hold it.
        """
        ...

    def attribute(self, place: str, column: Column, value: str) -> str:
        """Write one attribute of a node or an edge; `place` is ``n`` or ``e`` with the attribute's number."""
        ...

    def node(self, name: str, label: str, attributes: str) -> str:
        """Write a node."""
        ...

    def edge(self, number: int, ends: tuple[str, str], attributes: str) -> str:
        """Write an edge from the first end to the second."""
        ...
