"""Flows between bubbles: trade, and guarantees, summed over the members of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.edges import read_ends
from circles.viz.escape import escape_html
from circles.viz.style import EDGE_STYLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.viz.edges import Ends

MOST_LINES = 60
"""Flows of each kind that are drawn as lines and listed on the page, the strongest first."""

_KINDS = {
    "trade": ("Trade", "of the last twelve months, from seller to buyer"),
    "guarantee": ("Guarantees", "in force, from guarantor to borrower"),
}


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


def write_layers(flows: pd.DataFrame) -> str:
    """Write the choice of lines to draw."""
    return "".join(
        f'<label><input type="checkbox" data-layer="{kind}" data-colour="{EDGE_STYLES[kind].colour}"> {label}</label> '
        for kind, (label, _) in _KINDS.items()
        if kind in set(keep_lines(flows)["kind"])
    )


def write_notes(flows: pd.DataFrame, currency: str) -> str:
    """Write what each kind of line means and what it leaves out."""
    return "".join(
        f"<p><b>{label}</b> {meaning}: {_say_share(flows[flows['kind'] == kind], currency)}</p>"
        for kind, (label, meaning) in _KINDS.items()
        if (flows["kind"] == kind).any()
    )


def _say_share(flows: pd.DataFrame, currency: str) -> str:
    amounts = flows["amount_fen"]
    across = flows["source"] != flows["target"]
    between = int(amounts[across].sum())
    if not between:
        return "all of it stays inside bubbles."
    lines = keep_lines(flows)
    drawn = f"the {len(lines)} strongest of {int(across.sum()):,} flows" if len(lines) < across.sum() else "all flows"
    return (
        f"{drawn} between bubbles, {int(lines['amount_fen'].sum()) / between:.0%} of their amount. "
        f"{int(amounts[~across].sum()) // 100:,} {escape_html(currency)} stays inside bubbles."
    )


def write_flow_rows(flows: pd.DataFrame, names: list[str]) -> str:
    """Write the table of the lines: kind, from, to, amount."""
    return "".join(
        f'<tr><th scope="row">{_KINDS[row.kind][0]}</th><td>{escape_html(names[row.source])}</td>'
        f"<td>{escape_html(names[row.target])}</td><td>{row.amount_fen // 100:,}</td></tr>"
        for row in keep_lines(flows).itertuples(index=False)
    )
