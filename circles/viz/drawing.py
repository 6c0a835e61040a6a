"""The drawing: everything a map shows, as plain frames, before any page is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One headline figure: what it is, its value as text, and a note that explains it."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What a map shows; the page and its tables are written from this and nothing else.

    Attributes
    ----------
    kind
        ``cascade``, ``proposal``, ``circles`` or ``surroundings``.
    title, sentence
        The headline, and one sentence that says what happened.
    figures
        The headline figures, the most important first.
    nodes
        Frame with one row a member drawn, by id: ``member_id, name, circle_id, state, focus, x, y`` (on a wide screen),
        ``narrow_x, narrow_y`` (on a phone), ``size, home`` (position of its circle in `hulls`, −1 for none), ``weight``
        (labels of larger weight come first), ``exposure_fen, resources_fen``, and for a cascade ``round, cause,
        hit_by, called_fen, paid_fen, trade_loss_fen, own_shortfall_fen, left_fen``.
    edges
        Frame with one row an edge drawn: ``source, target`` (positions in `nodes`), ``source_id, target_id, kind,
        amount_fen, since, until, width``, ``faint`` (a cascade asked for nothing over it),
        ``shown`` (before the reader chooses).
    hulls
        Frame with one row a circle drawn: ``circle_id, members, members_drawn, x, y, narrow_x, narrow_y, radius,
        amount_fen, loss_fen, note, tag`` (the short text under its id), ``lost`` (the bank loses money in it).
    spokes
        Frame ``member, hull`` (positions): members that stand elsewhere and belong to the circle too.
    omitted
        One sentence for each thing that was left out, with its count.
    facts
        (label, value) pairs of the footer: data date, terms, digest.
    unit
        What amounts are in: yuan, or the code of another currency.
    lang
        What the page is written in; all texts above are in it.
    measure
        What members are sized by, a name of `circles.viz.nodes.MEASURES`.
    back
        File beside the page that it belongs to, such as ``index.html``; empty for none.
    """

    kind: str
    title: str
    sentence: str
    figures: tuple[Figure, ...]
    nodes: pd.DataFrame
    edges: pd.DataFrame
    hulls: pd.DataFrame
    spokes: pd.DataFrame
    omitted: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    unit: str
    lang: Language
    measure: str = "exposure"
    back: str = ""
