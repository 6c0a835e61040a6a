"""One thing that looks odd."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that looks odd, in a sentence.

    Attributes
    ----------
    code
        What kind of thing.
    table, column
        Where; the column by its name in files, empty for a whole table.
    rows
        How many rows it concerns.
    text
        What was found and what to do about it.
    """

    code: str
    table: str
    column: str
    rows: int
    text: str
