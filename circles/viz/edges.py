"""Edges between members: who trades with, knows, guarantees or owes whom, and who brought whom down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.style import EDGE_STYLES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.portfolio import Portfolio

_DIRECTED = ("failure", "guarantee", "receivable")
_ENDS = {
    "guarantee": ("guarantees", "guarantor_id", "borrower_id"),
    "receivable": ("receivables", "buyer_id", "supplier_id"),
    "acquaintance": ("acquaintances", "member_a", "member_b"),
    "trade": ("trades", "seller_id", "buyer_id"),
}
_MONTHS = 12

OPEN_SINCE, OPEN_UNTIL = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")
"""First and last day of an edge that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """All edges of one kind: positions of both ends in the portfolio's members, amounts in fen, first and last days."""

    kind: str
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    amount_fen: NDArray[np.int64]
    since: NDArray[np.datetime64]
    until: NDArray[np.datetime64]

    def keep(self, rows: NDArray[np.bool_]) -> Ends:
        """Give some of the edges only."""
        return Ends(
            kind=self.kind,
            source=self.source[rows],
            target=self.target[rows],
            amount_fen=self.amount_fen[rows],
            since=self.since[rows],
            until=self.until[rows],
        )


def read_ends(portfolio: Portfolio) -> list[Ends]:
    """Give all edges that count at the portfolio's date, kind by kind.

    Guarantees are those in force, trades those of the last twelve months.
    """
    in_time = {"guarantee": _in_force(portfolio), "trade": _recent(portfolio)}
    every = [_read_kind(portfolio, kind) for kind in _ENDS]
    return [ends.keep(in_time[ends.kind]) if ends.kind in in_time else ends for ends in every]


def count_expired_guarantees(portfolio: Portfolio, members: NDArray[np.bool_]) -> int:
    """Count guarantees between the members that are not in force at the portfolio's date."""
    ends = _read_kind(portfolio, "guarantee").keep(~_in_force(portfolio))
    return int((members[ends.source] & members[ends.target]).sum())


def join_members(every: list[Ends], positions: NDArray[np.int32], *, count: int) -> pd.DataFrame:
    """Give the edges among some members, one row a pair and kind.

    Parameters
    ----------
    every
        Edges by kind.
    positions
        Shape (n,): the members, as positions in the portfolio, in the order in which they are drawn.
    count
        Members in the portfolio.

    Returns
    -------
    Frame ``source, target, kind, amount_fen, since, until``; source and target are places in `positions`, amounts are
    sums, days the first and the last of all.
    """
    local = np.full(count, -1, dtype=np.int32)
    local[positions] = np.arange(len(positions), dtype=np.int32)
    frames = [_join_kind(ends, local) for ends in every]
    columns = ["source", "target", "kind", "amount_fen", "since", "until"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def read_failures(members: pd.DataFrame, positions: NDArray[np.int32]) -> Ends:
    """Give who brought whom down in a cascade, as the cascade's members say it.

    Parameters
    ----------
    members
        A cascade's members: ``member_id, hit_by``.
    positions
        Shape (rows of `members`,): each one's position in the portfolio.
    """
    place = dict(zip(members["member_id"], positions.tolist(), strict=True))
    fallen = members.loc[members["hit_by"].notna() & (members["hit_by"] != ""), ["member_id", "hit_by"]]
    pairs = [
        (place[hitter], place[member])
        for member, hitters in zip(fallen["member_id"], fallen["hit_by"], strict=True)
        for hitter in str(hitters).split(";")
        if hitter in place and hitter != member
    ]
    ends = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    return Ends(
        kind="failure",
        source=ends[:, 0],
        target=ends[:, 1],
        amount_fen=np.zeros(len(ends), dtype=np.int64),
        since=np.full(len(ends), OPEN_SINCE),
        until=np.full(len(ends), OPEN_UNTIL),
    )


def measure_widths(edges: pd.DataFrame) -> NDArray[np.float64]:
    """Give the width of every edge in pixels: the root of its amount against the largest of its kind."""
    widest = edges["kind"].map({kind: style.widest for kind, style in EDGE_STYLES.items()}).to_numpy(dtype=np.float64)
    amounts = edges["amount_fen"].to_numpy(dtype=np.float64)
    largest = edges.groupby("kind")["amount_fen"].transform("max").to_numpy(dtype=np.float64)
    share = np.where(largest > 0, np.sqrt(amounts / np.maximum(largest, 1.0)), 0.5)
    return np.round(1.0 + (widest - 1.0) * share, 2)


def keep_strongest(edges: pd.DataFrame, *, limit: int) -> pd.DataFrame:
    """Keep the edges that carried a failure, those that hold the picture together, and others up to `limit`.

    Edges over which a cascade asked for nothing go last, trade before them, larger amounts before smaller. Members that
    any edges join, directly or through others, stay joined, over the strongest that do it; the strongest edge of every
    member is among these.

    Parameters
    ----------
    edges
        Frame ``source, target, kind, amount_fen, faint``.
    limit
        Edges kept, unless failures and what holds the picture together are more.
    """
    rank = edges["kind"].map({kind: place for place, kind in enumerate(EDGE_STYLES)})
    ordered = edges.assign(rank=rank).sort_values(
        ["faint", "rank", "amount_fen", "source", "target"],
        ascending=[True, True, False, True, True],
        ignore_index=True,
    )
    ordered = ordered.drop(columns="rank")
    if len(ordered) <= limit:
        return ordered
    needed = (ordered["kind"] == "failure").to_numpy() | _find_joining(ordered)
    others = np.flatnonzero(~needed)[: max(limit - int(needed.sum()), 0)]
    needed[others] = True
    return ordered.loc[needed].reset_index(drop=True)


def _find_joining(ordered: pd.DataFrame) -> NDArray[np.bool_]:
    """Find the first edges that join what all edges join: a spanning forest of least places."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    ends = np.sort(ordered[["source", "target"]].to_numpy(dtype=np.int64), axis=1)
    _, first = np.unique(ends, axis=0, return_index=True)
    count = int(ends.max()) + 1
    places = coo_array((first + 1.0, (ends[first, 0], ends[first, 1])), shape=(count, count))
    joining = np.zeros(len(ordered), dtype=np.bool_)
    joining[minimum_spanning_tree(places.tocsr()).data.astype(np.int64) - 1] = True
    return joining


def _read_kind(portfolio: Portfolio, kind: str) -> Ends:
    table, source, target = _ENDS[kind]
    frame = portfolio.table(table)
    zeros = np.zeros(len(frame), dtype=np.int64)
    amounts = frame["amount_fen"].to_numpy(dtype=np.int64) if "amount_fen" in frame else zeros
    since, until = _read_days(frame, kind)
    return Ends(
        kind=kind,
        source=portfolio.codes(table, source),
        target=portfolio.codes(table, target),
        amount_fen=amounts,
        since=since,
        until=until,
    )


def _read_days(frame: pd.DataFrame, kind: str) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Give the first and the last day on which each edge holds."""
    if kind == "trade":
        month = frame["period"].to_numpy().astype("datetime64[M]")
        return month.astype("datetime64[D]"), (month + 1).astype("datetime64[D]") - 1
    if kind == "guarantee":
        until = frame["claim_until"].fillna(frame["expires_on"])
        return _fill_days(frame["starts_on"], OPEN_SINCE), _fill_days(until, OPEN_UNTIL)
    if kind == "receivable":
        return np.full(len(frame), OPEN_SINCE), _fill_days(frame["due_on"], OPEN_UNTIL)
    return _fill_days(frame["since"], OPEN_SINCE), np.full(len(frame), OPEN_UNTIL)


def _fill_days(days: pd.Series, missing: np.datetime64) -> NDArray[np.datetime64]:
    known = days.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(known), missing, known)


def _join_kind(ends: Ends, local: NDArray[np.int32]) -> pd.DataFrame:
    source, target = local[ends.source], local[ends.target]
    inside = (source >= 0) & (target >= 0)
    frame = pd.DataFrame(
        {
            "source": source[inside],
            "target": target[inside],
            "amount_fen": ends.amount_fen[inside],
            "since": ends.since[inside].astype(np.int64),
            "until": ends.until[inside].astype(np.int64),
        }
    )
    if ends.kind not in _DIRECTED:
        low, high = frame[["source", "target"]].min(axis=1), frame[["source", "target"]].max(axis=1)
        frame = frame.assign(source=low, target=high)
    wanted = {"amount_fen": "sum", "since": "min", "until": "max"}
    return frame.groupby(["source", "target"], as_index=False, sort=True).agg(wanted).assign(kind=ends.kind)


def _in_force(portfolio: Portfolio) -> NDArray[np.bool_]:
    guarantees = portfolio.guarantees
    day = pd.Timestamp(portfolio.as_of)
    ends_on = guarantees["claim_until"].fillna(guarantees["expires_on"])
    begun = guarantees["starts_on"].isna() | (guarantees["starts_on"] <= day)
    return (begun & (ends_on.isna() | (ends_on >= day))).to_numpy(dtype=np.bool_)


def _recent(portfolio: Portfolio) -> NDArray[np.bool_]:
    period = portfolio.trades["period"].to_numpy().astype("datetime64[M]")
    month = np.datetime64(portfolio.as_of, "M")
    return (period > month - _MONTHS) & (period <= month)
