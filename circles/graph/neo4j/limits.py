"""What a Neo4j index cannot hold is refused before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.errors import InputError
from circles.portfolio import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from circles.portfolio import Portfolio, Table

LONGEST_INDEXED = 2_000
"""Characters of an id or name: an index entry holds about 8,000 bytes, a character takes up to four."""


def check_portfolio_indexable(portfolio: Portfolio) -> None:
    """Refuse a portfolio with ids of members or circles that an index cannot hold.

    Raises
    ------
    InputError
        If one is longer than `LONGEST_INDEXED` characters.
    """
    for name in ("members", "circles"):
        check_ids_indexable(portfolio.table(name), TABLES[name])


def check_ids_indexable(frame: pd.DataFrame, table: Table) -> None:
    """Refuse a table with an id in its first column that an index cannot hold; see `check_portfolio_indexable`."""
    name = table.columns[0].frame_name
    too_long = (frame[name].str.len() > LONGEST_INDEXED).to_numpy(dtype=bool)
    if too_long.any():
        row = int(too_long.argmax())
        check_indexable(frame[name].iloc[row], what=f"{table.name}:{row}: {name}")


def check_indexable(text: str, *, what: str) -> None:
    """Refuse a text that an index cannot hold; see `check_portfolio_indexable`."""
    if len(text) > LONGEST_INDEXED:
        msg = f"{what} has {len(text):,} characters; a Neo4j database finds at most {LONGEST_INDEXED:,}: {text[:40]!r}…"
        raise InputError(msg)
