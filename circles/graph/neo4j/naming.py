"""How columns are called in a database, and how a null is marked in a list, which cannot hold one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circles.portfolio import Kind

if TYPE_CHECKING:
    from circles.portfolio import Column

NO_NUMBER, NO_SIGNED_NUMBER, NO_TEXT = -1, -(2**63), ""
"""Marks of a null in a list: no count or amount is below 0, and an empty text is a null anyway."""


def property_name(column: Column) -> str:
    """Give a column's name in a database: ``registered_capital_fen`` is ``registeredCapitalFen``."""
    first, *others = column.frame_name.split("_")
    return first + "".join(part.capitalize() for part in others)


def null_mark(column: Column) -> Any:
    """Give what stands for a null of a column in a list."""
    if column.kind in (Kind.MONEY, Kind.COUNT):
        return NO_SIGNED_NUMBER if column.signed else NO_NUMBER
    return NO_TEXT
