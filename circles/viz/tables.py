"""The facts of a drawing as tables: for reading, for keyboards and screen readers, and for the picture's own notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.viz.escape import escape_html
from circles.viz.style import EDGE_STYLES, NODE_STYLES
from circles.viz.wording import say_yuan

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One column of a table: its heading, and how its values are written; numbers stand on the right.

    `note` names a column whose text stands under the value in small letters, `meter` a column of fractions in [0, 1]
    that are drawn as a bar under it.
    """

    name: str
    heading: str
    write: Callable[[Any], str] = str
    number: bool = False
    note: str = ""
    meter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """One column of amounts, before it is known what they are in."""

    name: str
    heading: str
    write: Callable[[Any], str] = say_yuan

    def shown(self, unit: str) -> Shown:
        """Give the column with what its amounts are in."""
        return Shown(name=self.name, heading=f"{self.heading} ({unit})", write=self.write, number=True)


def with_unit(columns: tuple[Shown | Amount, ...], unit: str) -> tuple[Shown, ...]:
    """Give columns as they are shown, amounts with what they are in."""
    return tuple(column.shown(unit) if isinstance(column, Amount) else column for column in columns)


def _state_label(state: str) -> str:
    return NODE_STYLES[state].label


def _round_text(value: Any) -> str:
    return "" if pd.isna(value) or value < 0 else f"{int(value)}"


_MEMBER = (
    Shown(name="member_id", heading="Member"),
    Shown(name="name", heading="Name"),
    Shown(name="circle_id", heading="Circle"),
    Shown(name="state", heading="State", write=_state_label),
)
_MEANS = (Amount(name="exposure_fen", heading="Owes"), Amount(name="resources_fen", heading="Can pay"))
_CASCADE = (
    Shown(name="round", heading="Failed in round", write=_round_text, number=True),
    Shown(name="cause", heading="Cause"),
    Shown(name="hit_by", heading="Brought down by", write=lambda ids: str(ids).replace(";", "; ")),
    Amount(name="called_fen", heading="Called"),
    Amount(name="paid_fen", heading="Paid"),
    Amount(name="trade_loss_fen", heading="Trade loss"),
    Amount(name="own_shortfall_fen", heading="Own shortfall"),
    Amount(name="left_fen", heading="Left"),
)
_CIRCLE = (
    Shown(name="circle_id", heading="Circle"),
    Shown(name="members", heading="Members", number=True),
    Shown(name="members_drawn", heading="Drawn", number=True),
    Amount(name="amount_fen", heading="Loans"),
)
_CIRCLE_LOSS = (Amount(name="loss_fen", heading="Bank loss"),)
_NOTE = (Shown(name="note", heading="Remark"),)
_EDGE = (
    Shown(name="source_id", heading="From"),
    Shown(name="target_id", heading="To"),
    Shown(name="kind", heading="Edge", write=lambda kind: EDGE_STYLES[kind].label),
    Amount(name="amount_fen", heading="Amount", write=lambda fen: say_yuan(fen) if fen else "–"),
)


def write_member_table(drawing: Drawing) -> str:
    """Write the table of all members drawn; row k is the member numbered k in the picture."""
    columns = with_unit((*_MEMBER, *_MEANS, *(_CASCADE if "round" in drawing.nodes else ())), drawing.unit)
    return write_table(drawing.nodes, columns, caption=f"Members drawn: {len(drawing.nodes):,}", row_name="member")


def write_circle_table(drawing: Drawing) -> str:
    """Write the table of all circles drawn."""
    losses = _CIRCLE_LOSS if drawing.hulls["loss_fen"].notna().any() else ()
    columns = with_unit((*_CIRCLE, *losses, *(_NOTE if drawing.hulls["note"].any() else ())), drawing.unit)
    return write_table(drawing.hulls, columns, caption=f"Circles drawn: {len(drawing.hulls):,}", row_name="circle")


def write_edge_table(drawing: Drawing) -> str:
    """Write the table of all edges drawn."""
    return write_table(
        drawing.edges, with_unit(_EDGE, drawing.unit), caption=f"Edges drawn: {len(drawing.edges):,}", row_name="edge"
    )


def write_table(frame: pd.DataFrame, columns: tuple[Shown, ...], *, caption: str, row_name: str) -> str:
    """Write a frame as an HTML table in which every value is text.

    Parameters
    ----------
    frame
        One row a table row.
    columns
        What is shown, in order; the first names the row.
    caption
        The table's title.
    row_name
        Rows get the ids ``{row_name}-0``, ``{row_name}-1``, …
    """
    heads = "".join(f'<th scope="col"{_aligned(column)}>{escape_html(column.heading)}</th>' for column in columns)
    cells = [
        [
            _write_cell(value, column, tag="td" if place else "th", under=under)
            for value, under in zip(frame[column.name], _list_notes(frame, column), strict=True)
        ]
        for place, column in enumerate(columns)
    ]
    rows = [f'<tr id="{row_name}-{row}">{"".join(parts)}</tr>' for row, parts in enumerate(zip(*cells, strict=True))]
    return (
        f'<div class="scroll" role="region" aria-label="{escape_html(caption)}" tabindex="0"><table>'
        f"<caption>{escape_html(caption)}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _list_notes(frame: pd.DataFrame, column: Shown) -> list[str]:
    """Give what stands under each value, as HTML."""
    if column.meter:
        return [_draw_meter(share) for share in frame[column.meter]]
    notes = frame[column.note] if column.note else [""] * len(frame)
    return [f"<br><small>{escape_html(note)}</small>" if note else "" for note in notes]


def _draw_meter(share: float) -> str:
    """Draw a fraction in [0, 1] as a bar; one that is not nothing is seen."""
    width = 0.0 if pd.isna(share) or share <= 0 else min(max(100.0 * float(share), 0.75), 100.0)
    return (
        '<svg class="meter" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="100" height="5" class="track"/><rect width="{width:.4g}" height="5"/></svg>'
    )


def _write_cell(value: Any, column: Shown, *, tag: str, under: str) -> str:
    text = "" if pd.isna(value) and not column.number else escape_html(column.write(value))
    scope = ' scope="row"' if tag == "th" else ""
    return f"<{tag}{scope}{_aligned(column)}>{f'<bdi>{text}</bdi>' if text else ''}{under}</{tag}>"


def _aligned(column: Shown) -> str:
    return ' class="n"' if column.number else ""
