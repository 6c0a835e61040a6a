"""What a person should look at before a circle is submitted: signs of arrangement, never a score or a refusal.

Each function takes what is known about one circle and gives a flag for everything it noticed. Honest firms trade both
ways, too; so a flag is a question, and the person who decides has the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from circles.money import format_yuan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.rules.matching_rules import MatchingRules


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleTies:
    """What the members of a circle have to do with each other and with their buyers.

    Attributes
    ----------
    members
        Ids, s of them; the arrays follow their order.
    known
        Shape (s, s), symmetric: who knows whom.
    traded_fen, smaller_fen
        Shape (s, s), symmetric: trade of the window both ways, and in the smaller direction.
    met_on, applied_on
        Shapes (s, s) and (s,), days: first contact and newest application; NaT where not stated.
    sold_fen
        Buyer → what the members together sold to it in the window, in fen.
    sales_fen
        What the members together sold in a window's time: as they stated, or to these buyers if that is more.
    """

    members: tuple[str, ...]
    known: NDArray[np.bool_]
    traded_fen: NDArray[np.int64]
    smaller_fen: NDArray[np.int64]
    met_on: NDArray[np.datetime64]
    applied_on: NDArray[np.datetime64]
    sold_fen: Mapping[str, int]
    sales_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something noticed about members of a circle; none are named where the whole circle is meant."""

    members: tuple[str, ...]
    detail: str


FlagRule = Callable[[CircleTies, "MatchingRules"], list[Flag]]
"""A circle's ties and the rules → what was noticed."""


def notice_reciprocal_flow(ties: CircleTies, rules: MatchingRules) -> list[Flag]:
    """Notice pairs that sell each other nearly the same: twice the smaller direction above the share of both."""
    if rules.flag_reciprocal_share is None:
        return []
    return [
        Flag(
            members=_names(ties, pair),
            detail=f"{_both(ties, pair)} sold each other much the same: {format_yuan(int(ties.smaller_fen[pair]))} of "
            f"{format_yuan(int(ties.traded_fen[pair]))} yuan went the other way",
        )
        for pair in _pairs(ties)
        if 2 * int(ties.smaller_fen[pair]) > rules.flag_reciprocal_share * int(ties.traded_fen[pair])
    ]


def notice_recent_contact(ties: CircleTies, rules: MatchingRules) -> list[Flag]:
    """Notice pairs whose first contact lies less than so many days before the later of their applications."""
    if rules.flag_contact_days is None:
        return []
    recent, latest = _met_within(ties, rules.flag_contact_days), _latest(ties)
    return [
        Flag(
            members=_names(ties, pair),
            detail=f"{_both(ties, pair)} have known each other since {ties.met_on[pair]} only, and the later of their "
            f"applications is of {latest[pair]}",
        )
        for pair in _pairs(ties)
        if recent[pair]
    ]


def notice_new_clique(ties: CircleTies, rules: MatchingRules) -> list[Flag]:
    """Notice three members or more who all met each other less than so many days before they applied."""
    if rules.flag_clique_days is None:
        return []
    met = _met_within(ties, rules.flag_clique_days)
    recent = {pair for pair in _pairs(ties) if met[pair]}
    for size in range(len(ties.members), 2, -1):
        for group in combinations(range(len(ties.members)), size):
            if recent.issuperset(combinations(group, 2)):
                names = _names(ties, group)
                detail = f"{', '.join(names)} all know each other, and none of them for {rules.flag_clique_days} days"
                return [Flag(members=names, detail=detail)]
    return []


def notice_one_buyer(ties: CircleTies, rules: MatchingRules) -> list[Flag]:
    """Notice a circle that sells more than a share of its sales to one buyer."""
    if rules.flag_buyer_share is None or not ties.sold_fen:
        return []
    buyer = min(ties.sold_fen, key=lambda name: (-ties.sold_fen[name], name))
    share = ties.sold_fen[buyer] / ties.sales_fen
    if share <= rules.flag_buyer_share:
        return []
    detail = f"{share:.0%} of the circle's sales of {format_yuan(ties.sales_fen)} yuan go to {buyer}"
    return [Flag(members=(), detail=detail)]


FLAG_RULES: Mapping[str, FlagRule] = {
    "reciprocal_flow": notice_reciprocal_flow,
    "recent_contact": notice_recent_contact,
    "new_clique": notice_new_clique,
    "one_buyer": notice_one_buyer,
}
"""What is looked for, by code."""


def _pairs(ties: CircleTies) -> Iterator[tuple[int, int]]:
    return ((i, j) for i, j in combinations(range(len(ties.members)), 2) if ties.known[i, j])


def _met_within(ties: CircleTies, days: int) -> NDArray[np.bool_]:
    """Say of every two members whether they first met less than so many days before they had both applied."""
    return ties.met_on > _latest(ties) - np.timedelta64(days, "D")


def _latest(ties: CircleTies) -> NDArray[np.datetime64]:
    """Give the day of the later application of every two members, NaT if neither states one."""
    return np.fmax(ties.applied_on[:, None], ties.applied_on[None, :])


def _names(ties: CircleTies, group: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(ties.members[member] for member in group)


def _both(ties: CircleTies, pair: tuple[int, int]) -> str:
    return " and ".join(_names(ties, pair))
