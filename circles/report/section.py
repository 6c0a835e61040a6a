"""One part of a report: a heading and what stands under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circles.report.words import say
from circles.viz.escape import escape_html
from circles.viz.tables import Shown, write_table

if TYPE_CHECKING:
    import pandas as pd

    from circles.viz.languages import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page; `body` is finished HTML in which all text is escaped."""

    name: str
    title: str
    body: str

    def html(self) -> str:
        """Give the section as HTML."""
        heading = f'<h2 id="{self.name}-title">{escape_html(self.title)}</h2>'
        return f'<section id="{self.name}" aria-labelledby="{self.name}-title">{heading}{self.body}</section>'


def write_paragraph(text: str) -> str:
    """Write a paragraph of text."""
    return f"<p>{_write_text(text)}</p>"


def write_list(sentences: tuple[str, ...]) -> str:
    """Write sentences as a list; nothing for none."""
    items = "".join(f"<li>{_write_text(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>" if items else ""


def write_pairs(parts: list[str]) -> str:
    """Put parts side by side where there is room; nothing for none."""
    return f'<div class="pairs">{"".join(f"<div>{part}</div>" for part in parts if part)}</div>' if any(parts) else ""


def write_flow(parts: list[str]) -> str:
    """Let parts flow in columns, one under the other, where there is room for two."""
    return f'<div class="flow">{"".join(f"<div>{part}</div>" for part in parts)}</div>' if parts else ""


def _write_text(text: str) -> str:
    """Escape text, and keep a per cent sign on the line of its number."""
    return escape_html(text, longest=4000).replace(" %", "&nbsp;%")


def write_first_rows(
    frame: pd.DataFrame, columns: tuple[Shown, ...], *, caption: str, row_name: str, limit: int, lang: Language
) -> str:
    """Write the first rows of a table, and how many more there are."""
    cut = say("first_rows", lang, caption=caption, limit=limit, count=f"{len(frame):,}")
    title = caption if len(frame) <= limit else cut
    return write_table(frame.head(limit), columns, caption=title, row_name=row_name)
