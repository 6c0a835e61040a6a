"""Whom of a cascade to draw where there is no room for all: failures with their cause, and some of each other state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.viz.edges import Ends
    from circles.viz.grouping import Grouping

_FAILED = ("first", "contagious")
_STANDING = ("paid", "hurt")
STATES = ("first", "contagious", "paid", "hurt", "untouched")
"""Of the members of a cascade, the worst first."""


def take_touched(
    grouping: Grouping,
    every: list[Ends],
    states: NDArray[np.object_],
    *,
    harmless: NDArray[np.bool_],
    exposure: NDArray[np.int64],
    limit: int,
) -> NDArray[np.bool_]:
    """Take at most `limit` of those that a cascade touched.

    Half of the room or more is for failures: at least a quarter of it for contagious ones, the most exposed first, each
    with a way of failures from a first default to it. Who paid or was hurt shares the rest in proportion; those beside
    a failure that is drawn go first. What is left over is for whoever follows, and for co-members.

    Parameters
    ----------
    grouping, every
        All circles, and all edges by kind.
    states
        Shape (members of the portfolio,): each one's state in the cascade.
    harmless
        Shape (members of the portfolio,): first defaults that owe nothing and brought nobody down; they go last.
    exposure
        Shape (members of the portfolio,): fen; the larger goes before the smaller of the same state.
    limit
        Members taken at most.

    Returns
    -------
    Shape (members of the portfolio,): True for those taken. Every contagious default among them is a first default's
    doing over failures that are taken too.
    """
    ranks = {state: rank for rank, state in enumerate(STATES)}
    order = np.lexsort((-exposure, np.where(harmless, len(ranks), [ranks[state] for state in states])))
    failing, *standing = _share_room(states, harmless, limit=limit)
    causes = _find_causes(every, states, exposure)
    taken = _take_failures(order[np.isin(states[order], _FAILED) & ~harmless[order]], causes, states, room=failing)
    beside = _find_beside(grouping, every, taken)
    for state, room in zip(_STANDING, standing, strict=True):
        _take_more(taken, order[states[order] == state], first=beside, room=room)
    co_members = grouping.members_of(grouping.circles_with(states != "untouched"), count=len(states))
    left = order[(co_members | (states != "untouched"))[order] & (states[order] != "contagious")]
    _take_more(taken, left, first=states != "untouched", room=limit - int(taken.sum()))
    return taken


def _share_room(states: NDArray[np.object_], harmless: NDArray[np.bool_], *, limit: int) -> tuple[int, int, int]:
    """Share the room among those that failed, paid and were hurt."""
    failed = int((np.isin(states, _FAILED) & ~harmless).sum())
    paid, hurt = (int((states == state).sum()) for state in _STANDING)
    failing = min(failed, max(limit - limit // 2, limit - paid - hurt))
    rest = min(limit - failing, paid + hurt)
    paying = min(paid, max(1, round(rest * paid / max(paid + hurt, 1))), rest)
    return failing, paying, min(hurt, rest - paying)


def _find_causes(every: list[Ends], states: NDArray[np.object_], exposure: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give for every member who brought it down, the one nearest to a first default; −1 where there is none."""
    causes = np.full(len(states), -1, dtype=np.int64)
    failures = [ends for ends in every if ends.kind == "failure"]
    source, target = (
        np.concatenate([getattr(ends, end) for ends in failures] or [np.zeros(0, dtype=np.int32)])
        for end in ("source", "target")
    )
    reached = states == "first"
    while True:
        over = reached[source] & ~reached[target]
        if not over.any():
            return causes
        weakest_first = np.lexsort((source[over], exposure[source[over]]))
        causes[target[over][weakest_first]] = source[over][weakest_first]
        reached[target[over]] = True


def _take_failures(
    order: NDArray[np.int64], causes: NDArray[np.int64], states: NDArray[np.object_], *, room: int
) -> NDArray[np.bool_]:
    """Take first defaults and, in order, contagious ones as whole ways from a first default."""
    taken = np.zeros(len(states), dtype=np.bool_)
    contagious = order[states[order] == "contagious"]
    firsts = order[states[order] == "first"]
    taken[firsts[: max(room - room // 4, room - len(contagious))]] = True
    left = room - int(taken.sum())
    for member in contagious.tolist():
        way = []
        while member >= 0 and not taken[member]:
            way.append(member)
            member = int(causes[member])
        if len(way) <= left:
            taken[way] = True
            left -= len(way)
    _take_more(taken, firsts, first=states == "first", room=left)
    return taken


def _take_more(taken: NDArray[np.bool_], order: NDArray[np.int64], *, first: NDArray[np.bool_], room: int) -> None:
    """Take some more in this order, but those of `first` before the others."""
    free = order[~taken[order]]
    ordered = np.concatenate([free[first[free]], free[~first[free]]])
    taken[ordered[:room]] = True


def _find_beside(grouping: Grouping, every: list[Ends], failed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find the co-members, guarantors and suppliers of members that failed."""
    beside = grouping.members_of(grouping.circles_with(failed), count=len(failed))
    for ends in every:
        if ends.kind == "guarantee":
            beside[ends.source[failed[ends.target]]] = True
        elif ends.kind == "receivable":
            beside[ends.target[failed[ends.source]]] = True
    return beside
