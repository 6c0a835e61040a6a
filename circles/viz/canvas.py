"""The only door to pyvis: members and edges as the picture's scripts.

pyvis 0.3.2 is used as a writer of the picture only: its page fetches two files from other hosts whatever one asks for,
and runs parts of its input as HTML. So nothing of its page is kept but two scripts: the drawing library, and the one
that hands it members and edges, in which every text was escaped. Members carry numbers there, never their names.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from circles.money import FEN_PER_YUAN
from circles.viz.style import EDGE_STYLES, FAINT, NODE_STYLES

if TYPE_CHECKING:
    import pandas as pd

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_LIBRARY_MARK = "vis-network"
_DRAWING_MARK = "drawGraph();"
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "nodes": {"chosen": False, "shapeProperties": {"interpolation": False}},
    "edges": {
        "arrows": {"to": {"enabled": False, "scaleFactor": 0.55}},
        "smooth": False,
        "chosen": False,
        "arrowStrikethrough": False,
        "selectionWidth": 0,
        "hoverWidth": 0,
    },
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "hideEdgesOnDrag": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "tooltipDelay": 120,
    },
}


def write_scripts(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[str, str]:
    """Write the scripts that draw members and edges.

    Parameters
    ----------
    nodes, edges
        Frames of a `Drawing`.

    Returns
    -------
    The drawing library, and the script that draws with it; neither fetches anything.
    """
    from pyvis.network import Network

    network = Network(cdn_resources="in_line")
    network.templateEnv = _templates()
    network.options = _OPTIONS
    network.nodes = [_node(row) for row in nodes.itertuples()]
    network.edges = [_edge(row) for row in edges.itertuples()]
    return _take_scripts(network.generate_html(notebook=False))


@cache
def _templates() -> Any:
    """Give what pyvis writes pages with, made once: each network would compile its page anew."""
    from pyvis.network import Network

    templates = Network(cdn_resources="in_line").templateEnv
    templates.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}  # a page holds much of it
    return templates


def _take_scripts(page: str) -> tuple[str, str]:
    found = [match["body"] for match in _SCRIPT.finditer(page) if "src=" not in match["attributes"]]
    library = next(body for body in found if _LIBRARY_MARK in body[:400])
    drawing = next(body for body in found if _DRAWING_MARK in body)
    library = re.sub(r"\n?//# sourceMappingURL=.*", "", library)
    return _plain_lines(library), _plain_lines(drawing)


def _plain_lines(script: str) -> str:
    """Write line ends as a browser reads them, so that the script's hash is the one that the browser computes."""
    return script.replace("\r\n", "\n").replace("\r", "\n")


def _node(row: Any) -> dict[str, Any]:
    style = NODE_STYLES[row.state]
    return {
        "id": int(row.Index),
        "x": int(row.x),  # the library cuts decimals off; cut here, all that is painted of a member stands at one place
        "y": int(row.y),
        "size": float(row.size),
        "shape": style.shape,
        "borderWidth": 4.0 if row.focus else style.border_width,
        "color": {"background": style.fill, "border": "#111827" if row.focus else style.border},
    }


def _edge(row: Any) -> dict[str, Any]:
    style = EDGE_STYLES[row.kind]
    bend = {"enabled": True, "type": "curvedCW" if style.bend > 0 else "curvedCCW", "roundness": abs(style.bend)}
    looks: dict[str, Any] = {  # what is as the library has it anyway is left out: a page holds a thousand of them
        "faint": bool(row.faint),
        "dashes": list(style.dash),
        "arrows": "to" if style.arrow else None,
        "smooth": bend if style.bend else None,
        "hidden": not row.shown,
    }
    return {
        "id": int(row.Index),
        "from": int(row.source),
        "to": int(row.target),
        "width": round(float(row.width), 2),
        "color": {"color": style.colour, **({"opacity": FAINT} if row.faint else {})},
        "kind": row.kind,
        **(
            {"amount": int(row.amount_fen) / FEN_PER_YUAN}
            if row.amount_fen == row.amount_fen and row.amount_fen
            else {}
        ),
        **{name: f"{day:%Y-%m-%d}" for name, day in (("since", row.since), ("until", row.until)) if day == day},
        **{name: value for name, value in looks.items() if value},
    }
