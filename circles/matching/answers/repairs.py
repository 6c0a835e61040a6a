"""The cheapest repair of a circle that a single failure breaks: a deposit that is large enough, or a swap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import is_admissible
from circles.matching.engine.steps import fits_together
from circles.matching.worth import circle_worths
from circles.settlement import find_least_deposit, stands
from circles.settlement.exchange import Exchange, exchange_member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from circles.matching.answers.failures import Book, Break
    from circles.matching.answers.standing import Standing
    from circles.matching.forming.forming import Forming
    from circles.matching.problem import MatchingProblem

_YUAN = 100
_SWAPS_TRIED = 30
"""Admissible swaps settled for one circle, those that cost least first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRepair:
    """A swap after which no single failure breaks the circle: who leaves, who joins, and the change of score."""

    leaves: int
    joins: int
    change: int


def find_deposit(book: Book, breaks: list[Break], members: NDArray[np.int64]) -> int | None:
    """Find the least further deposit of a circle with which none of its breaks happens, in fen, whole yuan.

    More deposit never calls more from anybody, so halving finds it. None: members fall for other reasons than calls on
    the circle, and no deposit of the circle's loans helps.

    Parameters
    ----------
    book
        What is owed.
    breaks
        Of one circle.
    members
        Positions of its members in the obligations.
    """
    return find_least_deposit(
        book.obligations,
        book.terms,
        pool=book.pool[breaks[0].circle_id],
        firsts=np.array([one.first for one in breaks], dtype=np.int64),
        members=members,
        step_fen=_YUAN,
    )


def find_swap(forming: Forming, standing: Standing, book: Book, *, breaks: list[Break]) -> SwapRepair | None:
    """Find the swap of a member for an unplaced candidate that costs least and leaves the circle unbreakable.

    None: no admissible swap was found that no single failure breaks, among those that cost least.
    """
    name = breaks[0].circle_id
    circle, everybody = standing.members[name], np.arange(len(book.obligations.members))
    suspects = np.unique([one.first for one in breaks])
    for repair in _list_swaps(forming, standing, name):
        after = [repair.joins if member == repair.leaves else member for member in circle]
        changed = exchange_member(book.obligations, _exchange(forming, standing, book, name=name, repair=repair))
        members = book.at[after]
        if stands(changed, book.terms, np.union1d(suspects, members), members) and stands(
            changed, book.terms, everybody, members
        ):
            return repair
    return None


def _exchange(forming: Forming, standing: Standing, book: Book, *, name: str, repair: SwapRepair) -> Exchange:
    limits, amounts = forming.rules.limits(standing.kind[name]), forming.candidates.loans_fen
    pool = book.pool[name]
    leaving, joining = int(amounts[repair.leaves]), int(amounts[repair.joins])
    return Exchange(
        pool=pool,
        leaves=int(book.at[repair.leaves]),
        joins=int(book.at[repair.joins]),
        exposure=float(joining),
        deposit=float(book.obligations.pools.deposit[pool]) + limits.deposit_fen(joining) - limits.deposit_fen(leaving),
    )


def _list_swaps(forming: Forming, standing: Standing, name: str) -> list[SwapRepair]:
    """List the admissible swaps of a circle's members for unplaced candidates of its stage, the best scores first."""
    kind, circle = standing.kind[name], standing.members[name]
    stage = next(
        (stage for stage in forming.stages if stage.kind == kind and np.isin(circle, stage.chosen).all()), None
    )
    if stage is None:
        return []
    free = np.array([at for at, member in enumerate(stage.chosen.tolist()) if member not in standing.circle_of])
    local = np.searchsorted(stage.chosen, circle)
    options = [
        (-int(worth), at, int(joins))
        for at in range(len(circle))
        for worth, joins in _score_joins(stage.problem, np.delete(local, at), free=free.astype(np.int64))
    ]
    found: list[SwapRepair] = []
    for worth, at, joins in sorted(options):
        if len(found) == _SWAPS_TRIED:
            break
        if is_admissible(stage.problem, [*np.delete(local, at).tolist(), joins]):
            change = -worth - standing.score[name]
            found.append(SwapRepair(leaves=circle[at], joins=int(stage.chosen[joins]), change=change))
    return found


def _score_joins(
    problem: MatchingProblem, stay: NDArray[np.int64], *, free: NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Score the circle with each free member that no rule keeps from one of those who stay: score and member."""
    fit = free[np.isin(free, _acquaintances(problem, stay))] if problem.connected else free
    for member in stay:
        fit = fit[fits_together(problem, np.full(len(fit), member), fit)]
    worths = circle_worths(problem, np.column_stack([np.tile(stay, (len(fit), 1)), fit]))
    return zip(worths.tolist(), fit.tolist(), strict=True)


def _acquaintances(problem: MatchingProblem, members: NDArray[np.int64]) -> NDArray[np.int64]:
    known, first, second = problem.pair_acquainted, problem.pair_first, problem.pair_second
    return np.concatenate([second[known & np.isin(first, members)], first[known & np.isin(second, members)]])
