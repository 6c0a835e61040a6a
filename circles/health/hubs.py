"""Hubs: the members through whom most money and most partners run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.graph import GraphSnapshot
    from circles.portfolio import Portfolio

_SHOWN = 10
_STEPS = (1, 10, 100)
_ROLES = {
    "buyer": ("trade", True),
    "seller": ("trade", False),
    "guarantor": ("guarantee", False),
    "guaranteed": ("guarantee", True),
}
"""Role → the kind of edge, and whether it is played at the edge's far end."""


def find_hubs(portfolio: Portfolio, snapshot: GraphSnapshot) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the ten largest of each role, and how much the largest hold together.

    Parameters
    ----------
    portfolio
        For the members' names.
    snapshot
        Its graph.

    Returns
    -------
    Frame ``role, member_id, name, partners, amount_fen, share`` (of the role's money, in [0, 1]), by role and amount,
    and frame ``role, largest, share``: the share of the 1, 10 and 100 largest. Roles without money are left out.
    """
    members = portfolio.table("members")[["member_id", "name"]]
    hubs, shares = [], []
    for role in _ROLES:
        amounts, partners = _sum_role(snapshot, role)
        order = np.lexsort((np.arange(len(amounts)), -amounts))
        total = int(amounts.sum())
        if not total:
            continue
        chosen = order[:_SHOWN][amounts[order[:_SHOWN]] > 0]
        columns = {"partners": partners[chosen], "amount_fen": amounts[chosen], "share": amounts[chosen] / total}
        hubs.append(members.iloc[chosen].assign(role=role, **columns))
        shares += [[role, step, amounts[order[:step]].sum() / total] for step in _STEPS if step < (amounts > 0).sum()]
    return _join(hubs), pd.DataFrame(shares, columns=["role", "largest", "share"])


def _sum_role(snapshot: GraphSnapshot, role: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each member's money and number of partners in a role: shapes (members,)."""
    name, far_end = _ROLES[role]
    layer, count = getattr(snapshot, name), len(snapshot.member_ids)
    member = layer.other if far_end else np.repeat(np.arange(count), np.diff(layer.start))
    amounts = np.zeros(count, dtype=np.int64)
    np.add.at(amounts, member, layer.amount_fen)
    return amounts, np.bincount(member, minlength=count).astype(np.int64)


def _join(parts: list[pd.DataFrame]) -> pd.DataFrame:
    columns = ["role", "member_id", "name", "partners", "amount_fen", "share"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
