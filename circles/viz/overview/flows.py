"""Flows between bubbles: trade, and guarantees, summed over the members of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.edges import read_ends
from circles.viz.escape import escape_html
from circles.viz.overview.words import say
from circles.viz.style import EDGE_STYLES
from circles.viz.wording import say_whole_yuan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.viz.edges import Ends
    from circles.viz.languages import Language

MOST_LINES = 60
"""Flows of each kind that are drawn as lines and listed on the page, the strongest first."""

_KINDS = ("trade", "guarantee")


def list_flows(portfolio: Portfolio, home: NDArray[np.int32], *, bubbles: int) -> pd.DataFrame:
    """Give ``kind, source, target, amount_fen``, a row a kind and ordered pair of bubbles, strongest first.

    Parameters
    ----------
    portfolio
        The book.
    home
        Shape (members,): the bubble of each member.
    bubbles
        How many bubbles there are.

    Returns
    -------
    Source and target are positions of bubbles and are equal where an amount stays inside one; only positive amounts.
    """
    every = {ends.kind: ends for ends in read_ends(portfolio)}
    return pd.concat([_sum_flows(every[kind], home, bubbles) for kind in _KINDS], ignore_index=True)


def _sum_flows(ends: Ends, home: NDArray[np.int32], bubbles: int) -> pd.DataFrame:
    sums = np.zeros(bubbles * bubbles, dtype=np.int64)
    np.add.at(sums, home[ends.source].astype(np.int64) * bubbles + home[ends.target], ends.amount_fen)
    pairs = np.flatnonzero(sums > 0)
    pairs = pairs[np.argsort(-sums[pairs], kind="stable")]
    source, target = np.divmod(pairs, max(bubbles, 1))
    return pd.DataFrame({"kind": ends.kind, "source": source, "target": target, "amount_fen": sums[pairs]})


def keep_lines(flows: pd.DataFrame) -> pd.DataFrame:
    """Give the flows that are drawn: of each kind the strongest between two bubbles, trade first."""
    between = flows[flows["source"] != flows["target"]]
    return between.groupby("kind", sort=False).head(MOST_LINES)


def list_lines(flows: pd.DataFrame) -> list[list[object]]:
    """Give ``[kind, source, target, part of the strongest]`` for the page."""
    lines = keep_lines(flows)
    most = lines.groupby("kind")["amount_fen"].transform("max")
    parts = (lines["amount_fen"] / most).round(4)
    return [list(row) for row in zip(lines["kind"], lines["source"], lines["target"], parts, strict=True)]


def write_layers(flows: pd.DataFrame, lang: Language) -> str:
    """Write the choice of lines to draw."""
    return "".join(
        f'<label><input type="checkbox" data-layer="{kind}" data-colour="{EDGE_STYLES[kind].colour}"> '
        f"{say(kind, lang)}</label> "
        for kind in _KINDS
        if kind in set(keep_lines(flows)["kind"])
    )


def write_notes(flows: pd.DataFrame, unit: str, lang: Language) -> str:
    """Write what each kind of line means and what it leaves out."""
    return "".join(
        f"<p><b>{say(kind, lang)}</b> {_say_note(kind, flows[flows['kind'] == kind], unit, lang)}</p>"
        for kind in _KINDS
        if (flows["kind"] == kind).any()
    )


def _say_note(kind: str, flows: pd.DataFrame, unit: str, lang: Language) -> str:
    said = say("line_note", lang, meaning=say(f"{kind}_means", lang), share=_say_share(flows, unit, lang))
    return escape_html(said, longest=1000)


def _say_share(flows: pd.DataFrame, unit: str, lang: Language) -> str:
    amounts = flows["amount_fen"]
    across = flows["source"] != flows["target"]
    between = int(amounts[across].sum())
    if not between:
        return say("inside_only", lang)
    lines = keep_lines(flows)
    drawn, every = f"{len(lines):,}", f"{int(across.sum()):,}"
    return say(
        "line_share",
        lang,
        drawn=say("some_flows", lang, drawn=drawn, all=every) if drawn != every else say("all_flows", lang),
        part=f"{int(lines['amount_fen'].sum()) / between:.0%}",
        inside=say_whole_yuan(amounts[~across].sum()),
        unit=unit,
    )


def write_flow_rows(flows: pd.DataFrame, names: list[str], lang: Language) -> str:
    """Write the table of the lines: kind, from, to, amount."""
    return "".join(
        f'<tr><th scope="row">{say(row.kind, lang)}</th><td>{escape_html(names[row.source])}</td>'
        f"<td>{escape_html(names[row.target])}</td><td>{say_whole_yuan(row.amount_fen)}</td></tr>"
        for row in keep_lines(flows).itertuples(index=False)
    )
