"""Rows of a portfolio by the id that a caller names, or a message that says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
from circles.portfolio import check_portfolio

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

_NAMED = 5


def find_circle(portfolio: Portfolio, circle_id: str) -> int:
    """Find the row of a circle; `InputError` if the portfolio does not have it."""
    return _find(portfolio, "circles", "circle_id", circle_id)


def find_guarantee(portfolio: Portfolio, guarantee_id: str) -> int:
    """Find the row of a guarantee; `InputError` if the portfolio does not have it."""
    return _find(portfolio, "guarantees", "guarantee_id", guarantee_id)


def find_member(portfolio: Portfolio, member_id: str) -> int:
    """Find the row of a member; `InputError` if the portfolio does not have it."""
    return _find(portfolio, "members", "member_id", member_id)


def _find(portfolio: Portfolio, table: str, column: str, name: str) -> int:
    ids = check_portfolio(portfolio).table(table)[column]
    rows = np.flatnonzero((ids == name).to_numpy())
    if not len(rows):
        shown = ", ".join(ids.head(_NAMED)) + (" …" if len(ids) > _NAMED else "")
        there = f"it has {shown}" if len(ids) else "it has none"
        msg = f"{table.removesuffix('s')} {name!r} is not in the portfolio; {there}"
        raise InputError(msg)
    return int(rows[0])
