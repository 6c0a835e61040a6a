"""Proving a bound that is lower than its certificate shows: part by part, those nearest to their proof first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circles.matching.verify.rivals import Contest, Rival, find_rival, take_options
from circles.matching.verify.rulebook import UnfinishedError
from circles.matching.verify.suspects import list_suspects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.verify.costs import Costs, Row
    from circles.matching.verify.rulebook import Rulebook
    from circles.matching.verify.suspects_kernel import Town


@dataclass(slots=True, kw_only=True)
class Part:
    """Members who share circles with each other only.

    Parameters
    ----------
    members
        Shape (m,), in the town's order.
    cost
        What all their circles together cannot exceed, in 1/scale.
    circles
        The best plan known.
    value
        What it is worth, in units.
    """

    members: NDArray[np.int64]
    cost: int
    circles: list[tuple[int, ...]]
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A problem read and laid out, with its certificate."""

    book: Rulebook
    town: Town
    costs: Costs
    rows: Sequence[Row]


def find_better(case: Case, plan: Iterable[Sequence[int]], *, most: int) -> list[tuple[int, ...]] | None:
    """Find a plan worth more than `most` beside pinned circles, or prove that there is none.

    A part cannot be worth more than its prices. What these sum to beyond `most` must be shown not to exist, in whatever
    part that is least work.

    Parameters
    ----------
    case
        Problem and certificate; the certificate holds.
    plan
        A plan that is known.
    most
        In units.

    Raises
    ------
    UnfinishedError
        When the book's time is over, or there are too many circles to choose from.
    """
    scale, parts = case.costs.scale, split_town(case, plan)
    surplus = sum(part.cost // scale for part in parts) - most
    for part in sorted(parts, key=lambda part: part.cost // scale - part.value):
        if surplus <= 0:
            return None
        bound = max(part.value, part.cost // scale - surplus)
        rival = _challenge(case, part, target=bound + 1)
        if rival is not None:
            part.circles, part.value = rival.circles, sum(map(case.book.worth, rival.circles))
            if sum(each.value for each in parts) > most:
                return [circle for each in parts for circle in each.circles]
            if not rival.is_best:
                raise UnfinishedError
            bound = part.value
        surplus -= part.cost // scale - bound
    return None


def _challenge(case: Case, part: Part, *, target: int) -> Rival | None:
    """Find the best plan of a part that is worth the target or more; None is the proof that there is none."""
    budget = part.cost - target * case.costs.scale
    if budget < 0:
        return None
    among, inside = case.town._replace(order=part.members), set(part.members.tolist())
    listed = list_suspects(case.book, among, case.costs, spare=budget)
    options = take_options(option for option in listed if inside.issuperset(option.circle))
    contest = Contest(members=part.members.tolist(), options=options, target=target)
    return find_rival(case.book, case.costs, case.rows, contest)


def split_town(case: Case, plan: Iterable[Sequence[int]]) -> list[Part]:
    """Split the free members into parts that share no circle; limits across circles tie all of them together."""
    town = case.town
    is_one = case.rows or len(town.order) == 0
    group = np.zeros(len(town.order), dtype=np.int64) if is_one else _number_parts(town)
    order = np.argsort(group, kind="stable")
    shares = np.split(town.order[order], np.flatnonzero(np.diff(group[order])) + 1) if len(order) else []
    sums = [case.costs.total] if len(shares) == 1 else [_sum_costs(case.costs, share.tolist()) for share in shares]
    parts = [Part(members=share, cost=cost, circles=[], value=0) for share, cost in zip(shares, sums, strict=True)]
    where = {i: part for part in parts for i in part.members.tolist()}
    for circle in plan:
        part = where[circle[0]]
        part.circles.append(tuple(circle))
        part.value += case.book.worth(circle)
    return parts


def _number_parts(town: Town) -> NDArray[np.int64]:
    """Give the number of each root's part, in the order of roots."""
    n = len(town.own)
    roads = csr_array((np.ones(len(town.road_to), dtype=np.int8), town.road_to, town.road_from), shape=(n, n))
    return connected_components(roads[town.order][:, town.order], directed=False)[1].astype(np.int64)


def _sum_costs(costs: Costs, members: Iterable[int]) -> int:
    inside = set(members)
    cuts = sum(price for cut, price in costs.cuts if len(cut & inside) > 1)
    return sum(costs.price[i] for i in inside) + cuts
