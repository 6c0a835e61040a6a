"""Texts that a spreadsheet would take for a formula, and texts with blanks around them, kept safe by an apostrophe.

A cell that starts with ``= + - @``, a tab or a carriage return can run as a formula in Excel and WPS, so it is written
with an apostrophe before it. Blanks around a cell are noise in the files that people send, so reading drops them, and
a text that has some on purpose is written with an apostrophe too. Reading takes that one apostrophe away again. To be
sure that any text comes back as it was, a text that begins with apostrophes and would go on like that gets one more.
"""

from __future__ import annotations

import re

_MAYBE = re.compile(r"\A['=+\-@\s]|\s\Z")
"""What most texts have not, so that most need no closer look."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guard_text(text: str) -> str:
    """Give the text as it stands in a file.

    Examples
    --------
    >>> guard_text("=1+1"), guard_text("'=1+1"), guard_text("plain")
    ("'=1+1", "''=1+1", 'plain')
    """
    return f"'{text}" if _needs_guard(text) else text


def unguard_text(cell: str) -> str:
    """Give the text that a cell of a file stands for; undoes `guard_text`.

    Examples
    --------
    >>> unguard_text("'=1+1"), unguard_text("  plain "), unguard_text("'tis")
    ('=1+1', 'plain', "'tis")
    """
    if cell.startswith("'"):
        return cell[1:] if _needs_guard(cell) else cell
    return cell.strip()


def _needs_guard(text: str) -> bool:
    if not _MAYBE.search(text):
        return False
    core = text.lstrip("'")
    return core.startswith(FORMULA_STARTS) or core != core.strip()
