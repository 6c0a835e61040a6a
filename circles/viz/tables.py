"""The facts of a drawing as tables: for reading, for keyboards and screen readers, and for the picture's own notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from circles.viz.escape import escape_html
from circles.viz.style import EDGE_STYLES, NODE_STYLES
from circles.viz.wording import say_yuan
from circles.viz.words import say

if TYPE_CHECKING:
    from circles.viz.drawing import Drawing
    from circles.viz.languages import Language


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

    def shown(self, unit: str, lang: Language = "en") -> Shown:
        """Give the column with what its amounts are in."""
        heading = say("with_unit", lang, heading=self.heading, unit=unit)
        return Shown(name=self.name, heading=heading, write=self.write, number=True)


def with_unit(columns: tuple[Shown | Amount, ...], unit: str, lang: Language = "en") -> tuple[Shown, ...]:
    """Give columns as they are shown, amounts with what they are in."""
    return tuple(column.shown(unit, lang) if isinstance(column, Amount) else column for column in columns)


def list_member_columns(lang: Language) -> tuple[Shown | Amount, ...]:
    """Give the columns that say who a member is, how it stands, and what it owes and can pay."""
    head = partial(say, lang=lang)
    return (
        Shown(name="member_id", heading=head("member")),
        Shown(name="name", heading=head("name")),
        Shown(name="circle_id", heading=head("circle")),
        Shown(name="state", heading=head("state"), write=lambda state: NODE_STYLES[state].say_label(lang)),
        Amount(name="exposure_fen", heading=head("exposure")),
        Amount(name="resources_fen", heading=head("resources")),
    )


def list_cascade_columns(lang: Language) -> tuple[Shown | Amount, ...]:
    """Give the columns that say what a cascade did to a member."""
    head = partial(say, lang=lang)
    return (
        Shown(name="round", heading=head("round"), write=_write_round, number=True),
        Shown(name="cause", heading=head("cause"), write=lambda cause: head(f"cause_{cause}")),
        Shown(name="hit_by", heading=head("hit_by"), write=lambda ids: str(ids).replace(";", "; ")),
        Amount(name="called_fen", heading=head("called")),
        Amount(name="paid_fen", heading=head("paid")),
        Amount(name="trade_loss_fen", heading=head("trade_loss")),
        Amount(name="own_shortfall_fen", heading=head("own_shortfall")),
        Amount(name="left_fen", heading=head("left")),
    )


def write_member_table(drawing: Drawing) -> str:
    """Write the table of all members drawn; row k is the member numbered k in the picture."""
    cascade = list_cascade_columns(drawing.lang) if "round" in drawing.nodes else ()
    return _write(drawing, drawing.nodes, (*list_member_columns(drawing.lang), *cascade), row_name="member")


def write_circle_table(drawing: Drawing) -> str:
    """Write the table of all circles drawn."""
    head = partial(say, lang=drawing.lang)
    columns: list[Shown | Amount] = [
        Shown(name="circle_id", heading=head("circle")),
        Shown(name="members", heading=head("members"), number=True),
        Shown(name="members_drawn", heading=head("members_drawn"), number=True),
        Amount(name="amount_fen", heading=head("loans")),
    ]
    if drawing.hulls["loss_fen"].notna().any():
        columns.append(Amount(name="loss_fen", heading=head("bank_loss")))
    if drawing.hulls["note"].any():
        columns.append(Shown(name="note", heading=head("remark")))
    return _write(drawing, drawing.hulls, tuple(columns), row_name="circle")


def write_edge_table(drawing: Drawing) -> str:
    """Write the table of all edges drawn."""
    head = partial(say, lang=drawing.lang)
    dated = [name for name in ("since", "until") if drawing.edges[name].notna().any()]
    columns: list[Shown | Amount] = [
        Shown(name="source_id", heading=head("from")),
        Shown(name="target_id", heading=head("to")),
        Shown(name="kind", heading=head("edge"), write=lambda kind: EDGE_STYLES[kind].say_label(drawing.lang)),
        Amount(name="amount_fen", heading=head("amount"), write=lambda fen: say_yuan(fen) if fen else "–"),
        *(Shown(name=name, heading=head(name), write=_write_day) for name in dated),
    ]
    return _write(drawing, drawing.edges, tuple(columns), row_name="edge")


def _write(drawing: Drawing, frame: pd.DataFrame, columns: tuple[Shown | Amount, ...], *, row_name: str) -> str:
    caption = say(f"{row_name}s_caption", drawing.lang, count=f"{len(frame):,}")
    shown = with_unit(columns, drawing.unit, drawing.lang)
    return write_table(frame, shown, caption=caption, row_name=row_name)


def _write_day(day: Any) -> str:
    return "–" if pd.isna(day) else f"{day:%Y-%m-%d}"


def _write_round(value: Any) -> str:
    return "" if pd.isna(value) or value < 0 else f"{int(value)}"


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
