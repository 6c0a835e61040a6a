"""From a portfolio to a graph file, row after row, so that a whole platform needs little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, count, repeat
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from circles.errors import InputError
from circles.graph.export.attributes import AttributeWriter
from circles.graph.export.format import GraphFormat, Header
from circles.graph.export.gexf import Gexf
from circles.graph.export.graphml import GraphML
from circles.graph.export.layers import NodeSet, list_attributes, list_layers, list_nodes
from circles.graph.export.node_link import NodeLink
from circles.output import new_file
from circles.portfolio import Column, Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

FORMATS: dict[str, Callable[[], GraphFormat]] = {".graphml": GraphML, ".gexf": Gexf, ".json": NodeLink}
"""Every format by the extension of its files."""
NODE_KIND = Column(name="node_kind", kind=Kind.TEXT)
LAYER = Column(name="layer", kind=Kind.TEXT)
UNDIRECTED = Column(name="undirected", kind=Kind.COUNT)
_CHUNK = 50_000


def export_graph(portfolio: Portfolio, path: str | Path, *, force: bool = False) -> None:
    """Write a portfolio as a graph file that Gephi, networkx, igraph or D3 open.

    Members and circles are nodes; trade (summed over months), acquaintances, guarantees, receivables, exclusions,
    links and memberships are edges, told apart by ``layer``. All edges have a direction because formats and programs
    do not mix; ``undirected`` is 1 where it means nothing. Attributes are the columns of the tables: amounts as whole
    fen in names ending ``_fen``, dates as ISO text, missing ones left out. docs/graph_files.md has all of it.

    Parameters
    ----------
    portfolio
        What to write. Loans are summed up on their borrower; applications and activity are left out.
    path
        The file; its extension decides the format: ``.graphml``, ``.gexf`` or ``.json`` (node-link).
    force
        Replace a file that is there already.

    Returns
    -------
    Nothing; the file is there, whole, when this ends. Time and size grow as rows, memory as members and trading pairs.

    Raises
    ------
    InputError
        If the extension is none of these, the file exists or cannot be written, or a text has a character that the
        format cannot hold (control characters in XML).

    Examples
    --------
    >>> import tempfile
    >>> import networkx as nx
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> firms = pd.DataFrame({"member_id": ["M1", "M2"]})
    >>> known = pd.DataFrame({"member_a": ["M1"], "member_b": ["M2"]})
    >>> portfolio = Portfolio.from_frames(as_of="2007-12-29", members=firms, acquaintances=known)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_graph(portfolio, f"{folder}/book.graphml")
    ...     print(nx.read_graphml(f"{folder}/book.graphml"))
    DiGraph with 2 nodes and 1 edges
    """
    form = choose_format(path)
    with new_file(path, force=force) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
        _write(portfolio, file, form)


def choose_format(path: str | Path) -> GraphFormat:
    """Find the format that a file's extension names.

    Raises
    ------
    InputError
        If it names none.
    """
    suffix = Path(path).suffix.casefold()
    if suffix not in FORMATS:
        msg = f"{path}: the extension decides the format and must be one of {', '.join(FORMATS)}, got {suffix!r}"
        raise InputError(msg)
    return FORMATS[suffix]()


def _write(portfolio: Portfolio, file: TextIO, form: GraphFormat) -> None:
    nodes, edges = list_attributes(portfolio)
    header = Header(facts=_state_facts(portfolio), nodes=(NODE_KIND, *nodes), edges=(LAYER, UNDIRECTED, *edges))
    file.write(form.begin(header))
    parts = list_nodes(portfolio)
    writer = AttributeWriter(form=form, letter="n", columns=header.nodes)
    names = [writer.spell_all(part.ids, table=part.table, column=part.columns[0].name) for part in parts]
    _write_chunks(file, form, chain.from_iterable(map(_write_nodes, parts, names, repeat(writer))))
    file.write(form.turn())
    writer = AttributeWriter(form=form, letter="e", columns=header.edges)
    _write_chunks(file, form, _write_edges(portfolio, np.array(list(chain.from_iterable(names)), dtype=object), writer))
    file.write(form.end())


def _state_facts(portfolio: Portfolio) -> dict[str, str]:
    unit = f"amounts, in names that end in _fen, are whole hundredths of {portfolio.currency}"
    return {"as_of": portfolio.as_of.isoformat(), "currency": portfolio.currency, "unit": unit}


def _write_chunks(file: TextIO, form: GraphFormat, chunks: Iterator[list[str]]) -> None:
    before = ""
    for rows in chunks:
        file.write(before + form.between.join(rows))
        before = form.between


def _write_nodes(part: NodeSet, names: list[str], writer: AttributeWriter) -> Iterator[list[str]]:
    kind = writer.write_same(NODE_KIND, part.kind)
    labels = writer.spell_all(part.labels, table=part.table, column="name")
    for start in range(0, len(names), _CHUNK):
        rows = slice(start, start + _CHUNK)
        cells = writer.write_rows(part.frame.iloc[rows], part.columns, table=part.table)
        each = zip(names[rows], labels[rows], cells, strict=True)
        yield [writer.form.node(name, label, kind + attributes) for name, label, attributes in each]


def _write_edges(portfolio: Portfolio, names: NDArray[np.object_], writer: AttributeWriter) -> Iterator[list[str]]:
    """Write all layers; edges are numbered through."""
    number = count()
    for layer in list_layers(portfolio):
        kind = writer.write_same(LAYER, layer.name)
        kind += "" if layer.directed else writer.write_same(UNDIRECTED, "1")
        for start in range(0, len(layer.source), _CHUNK):
            rows = slice(start, start + _CHUNK)
            cells = writer.write_rows(layer.frame.iloc[rows], layer.columns, table=layer.table)
            ends = zip(names[layer.source[rows]].tolist(), names[layer.target[rows]].tolist(), strict=True)
            each = zip(number, ends, cells, strict=False)
            yield [writer.form.edge(place, pair, kind + attributes) for place, pair, attributes in each]
