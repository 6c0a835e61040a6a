"""From a drawing to one page that opens anywhere, off line, and in which data can only ever be text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

from circles.viz.canvas import write_scripts
from circles.viz.escape import clean_text, escape_html, escape_json
from circles.viz.languages import HTML_LANG, Language
from circles.viz.nodes import size_by_measures
from circles.viz.style import EDGE_STYLES, FAINT, NODE_STYLES
from circles.viz.symbols import draw_edge_symbol, draw_node_symbol
from circles.viz.tables import write_circle_table, write_edge_table, write_member_table
from circles.viz.words import say

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing, Figure

_LABEL_CHARACTERS = 18
_BEHAVIOUR = ("view.js", "sifting.js", "sizes.js", "choice.js", "search.js", "address.js", "map.js")
"""What is run once the drawing library is there, in this order."""
_SCRIPT_WORDS = (
    "found",
    "found_one",
    "found_at",
    *(f"told_{what}" for what in ("member", "circle", "edge", "layers", "least", "day", "days", "size", "part")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a page may run: its own scripts by their hash, or none; it may fetch nothing."""

    scripts: tuple[str, ...] = ()

    def __str__(self) -> str:
        hashes = " ".join(hash_source(script) for script in self.scripts) or "'none'"
        return (
            f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )


def hash_source(script: str) -> str:
    """Give the Content-Security-Policy source that admits exactly this script."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def read_asset(name: str, *, package: str = "circles.viz") -> str:
    """Read one of the files that pages are made of, from the ``assets`` of a package."""
    return resources.files(package).joinpath("assets", name).read_text(encoding="utf-8")


def fill_page(name: str, say_word: Callable[[str, Language], str], lang: Language, **parts: str) -> str:
    """Fill one of the files that pages are made of.

    Parameters
    ----------
    name
        The file; its ``$say_KEY`` become words, ``$html_lang`` the language.
    say_word
        Gives the word of a key in a language.
    lang, parts
        The language, and all other parts as HTML.
    """
    page = Template(read_asset(name))
    keys = [key for key in page.get_identifiers() if key.startswith("say_")]
    words = {key: escape_html(say_word(key.removeprefix("say_"), lang)) for key in keys}
    return page.substitute(words, html_lang=HTML_LANG[lang], **parts)


def write_page(drawing: Drawing) -> str:
    """Write the whole page of a drawing: HTML that holds everything it needs.

    Parameters
    ----------
    drawing
        What to show.
    """
    library, picture = write_scripts(drawing.nodes, drawing.edges)
    picture = read_asset("standin.js") + picture + read_asset("labels.js") + read_asset("picture.js")
    late, library = read_asset("tables.js"), library + "".join(map(read_asset, _BEHAVIOUR))
    nothing = say("nothing_to_draw", drawing.lang)
    return fill_page(
        "map.html",
        say,
        drawing.lang,
        policy=escape_html(Policy(scripts=(late, picture, library)), longest=1000),
        title=escape_html(drawing.title),
        style=read_asset("page.css") + read_asset("map.css"),
        back=_write_back(drawing),
        sentence=escape_html(drawing.sentence, longest=1000),
        figures=write_figures(drawing.figures),
        omitted=write_omitted(drawing.omitted, drawing.lang),
        summary=escape_html(_summarise(drawing)),
        empty="" if len(drawing.nodes) else f'<p class="empty">{nothing}</p>',
        legend=_write_legend(drawing),
        measures=_write_measures(drawing),
        unit=escape_html(drawing.unit),
        layers=_write_layers(drawing),
        tables=_write_tables(drawing),
        facts=write_facts(drawing.facts),
        data=escape_json(_list_data(drawing)),
        late=late,
        picture=picture,
        library=library,
    )


def write_figures(figures: tuple[Figure, ...]) -> str:
    """Write headline figures as a list of label, value and note."""
    rows = (
        f'<div class="figure"><dt>{escape_html(figure.label)}</dt><dd><b>{escape_html(figure.value)}</b>'
        f"<small>{escape_html(figure.note)}</small></dd></div>"
        for figure in figures
    )
    return f'<dl class="figures">{"".join(rows)}</dl>'


def write_omitted(omitted: tuple[str, ...], lang: Language) -> str:
    """Write what is left out, or that nothing is."""
    sentences = omitted or (say("nothing_left_out", lang),)
    return " ".join(escape_html(sentence, longest=1000) for sentence in sentences)


def write_facts(facts: tuple[tuple[str, str], ...]) -> str:
    """Write the facts at the foot of a page."""
    rows = (
        f"<div><dt>{escape_html(name)}</dt><dd>{escape_html(value, longest=1000)}</dd></div>" for name, value in facts
    )
    return f'<dl class="facts">{"".join(rows)}</dl>'


def _write_back(drawing: Drawing) -> str:
    if not drawing.back:
        return ""
    return f'<p class="back"><a href="{escape_html(drawing.back)}">{escape_html(say("back", drawing.lang))}</a></p>'


def _summarise(drawing: Drawing) -> str:
    drawn = {"members": drawing.nodes, "circles": drawing.hulls, "edges": drawing.edges}
    return say("summary", drawing.lang, **{name: f"{len(frame):,}" for name, frame in drawn.items()})


def _write_legend(drawing: Drawing) -> str:
    lang, shown = drawing.lang, set(drawing.nodes["state"])
    items = [
        f"<li>{draw_node_symbol(style)}<span>{style.say_label(lang)}<small>{style.say_meaning(lang)}</small></span></li>"
        for state, style in NODE_STYLES.items()
        if state in shown
    ]
    if len(drawing.spokes):
        also = f"{say('also_in', lang)}<small>{say('also_in_means', lang)}</small>"
        items.append(f"<li><i class='spoke'></i><span>{also}</span></li>")
    return f'<ul class="legend">{"".join(items)}</ul>'


def _write_measures(drawing: Drawing) -> str:
    return "".join(
        f'<option value="{name}">{say(f"larger_{name}", drawing.lang)}</option>'
        for name in size_by_measures(drawing.nodes, drawn=drawing.measure)
    )


def _write_layers(drawing: Drawing) -> str:
    kinds, lang = drawing.edges.groupby("kind")["shown"].agg(["size", "any"]), drawing.lang
    items = [
        f'<li><label><input type="checkbox" data-layer="{kind}"{" checked" if kinds.loc[kind, "any"] else ""}>'
        f"{draw_edge_symbol(style)}<span>{style.say_label(lang)} <em>{kinds.loc[kind, 'size']:,}</em>"
        f"<small>{style.say_meaning(lang)}</small></span></label></li>"
        for kind, style in EDGE_STYLES.items()
        if kind in kinds.index
    ]
    if drawing.edges["faint"].any():
        items.append(f"<li><small>{say('faint', lang)}</small></li>")
    return f'<ul class="legend layers">{"".join(items)}</ul>' if items else ""


def _write_tables(drawing: Drawing) -> str:
    parts = [write_member_table(drawing)]
    if len(drawing.hulls):
        parts.append(write_circle_table(drawing))
    if len(drawing.edges):
        summary = say("edges_summary", drawing.lang)
        parts.append(f"<details><summary>{summary}</summary>{write_edge_table(drawing)}</details>")
    return "".join(parts)


def _list_data(drawing: Drawing) -> dict[str, Any]:
    """List what the picture's own script needs: words, labels, hulls and spokes; figures it takes from the tables."""
    nodes = drawing.nodes
    labels = [clean_text(member, longest=_LABEL_CHARACTERS) for member in nodes["member_id"]]
    hulls = [
        {
            "x": float(row.x),
            "y": float(row.y),
            "narrow": [float(row.narrow_x), float(row.narrow_y)],
            "r": float(row.radius),
            "label": clean_text(row.circle_id, longest=_LABEL_CHARACTERS),
            "note": clean_text(row.tag, longest=2 * _LABEL_CHARACTERS),
            "lost": bool(row.lost),
        }
        for row in drawing.hulls.itertuples()
    ]
    return {
        "words": {key: say(key, drawing.lang) for key in _SCRIPT_WORDS},
        "faint": FAINT,
        "labels": labels,
        "narrow": [[int(x), int(y)] for x, y in zip(nodes["narrow_x"], nodes["narrow_y"], strict=True)],
        "sizes": {name: sizes.tolist() for name, sizes in size_by_measures(nodes, drawn=drawing.measure).items()},
        "weights": [float(size) for size in nodes["weight"]],
        "homes": [int(home) for home in nodes["home"]],
        "hulls": hulls,
        "spokes": [[int(row.member), int(row.hull)] for row in drawing.spokes.itertuples()],
    }
