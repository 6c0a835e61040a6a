"""The best circles through one member, by what they are worth beyond their members' prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.board import build_field, build_look
from circles.matching.engine.enumeration import Budget, walk_first
from circles.matching.engine.pieces import no_pieces
from circles.matching.engine.restrict import restrict_problem
from circles.matching.engine.steps import acquainted_steps, fits_together, fitting_steps
from circles.matching.rows import build_rows
from circles.matching.worth import pair_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.enumeration import Walked
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem

_SETS = 400_000
"""Sets looked at in one walk."""
_ROOM = (20, 80, 320, 1_280, 5_120)
"""How far below their members' prices circles are looked for, in points, one walk after the other."""
_BOTTOM = 2**50
_SPARE = 10
_STRANGERS = 80
"""Among strangers everybody is a partner; so many of the most promising are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CirclesThrough:
    """The admissible circles through one member that come nearest to their members' prices.

    Attributes
    ----------
    circles
        Positions in the problem, ascending; the nearest first.
    short
        Shape (circles,): the members' prices less what the circle is worth, in 1/price_scale of a point.
    complete
        Whether no other circle is nearer than these.
    """

    circles: list[tuple[int, ...]]
    short: NDArray[np.int64]
    complete: bool


def find_through(problem: MatchingProblem, plan: Plan, member: int, *, count: int) -> CirclesThrough:
    """Find the admissible circles through one member that come nearest to their members' prices.

    Parameters
    ----------
    problem, plan
        The integer problem, and the plan with its prices: of members, of limits across circles, of cuts.
    member
        Position of the member.
    count
        How many circles, 1 to 50.

    Notes
    -----
    One walk of the engine from the member as first root, first among circles within 20 points of their prices, then
    farther down until enough are found. It looks at the members within reach only, so its time does not grow with n.
    Cuts are added afterwards, to a few circles more than are asked for.
    """
    prices = member_prices(problem, plan)
    near, everybody = _reach(problem, member, prices, scale=plan.price_scale)
    kept, wanted = np.flatnonzero(near), count + _SPARE if plan.cuts else count
    at, local = int(np.searchsorted(kept, member)), restrict_problem(problem, near)
    walked = _walk(local, prices[kept], at=at, count=wanted, scale=plan.price_scale)
    sets = [tuple(int(kept[i]) for i in row if i >= 0) for row in walked.sets.tolist()]
    bare = -walked.excess
    short = bare + np.array([_price_cuts(plan, circle) for circle in sets], dtype=np.int64)
    best = sorted(range(len(sets)), key=lambda row: (int(short[row]), sets[row]))[:count]
    unseen = int(bare.max()) if len(sets) == wanted else _BOTTOM
    return CirclesThrough(
        circles=[sets[row] for row in best],
        short=short[np.array(best, dtype=np.int64)],
        complete=everybody and walked.visits < _SETS and all(int(short[row]) <= unseen for row in best),
    )


def member_prices(problem: MatchingProblem, plan: Plan) -> NDArray[np.int64]:
    """Give what each member costs, its part of the prices of limits across circles included, in 1/price_scale."""
    if not len(plan.row_prices):
        return plan.prices
    return plan.prices + build_rows(problem).parts(plan.row_prices, plan.row_scale)


def _price_cuts(plan: Plan, circle: tuple[int, ...]) -> int:
    shared = (len(set(cut).intersection(circle)) // 2 for cut in plan.cuts)
    return sum(held * price for held, price in zip(shared, plan.cut_prices.tolist(), strict=True))


def _walk(problem: MatchingProblem, prices: NDArray[np.int64], *, at: int, count: int, scale: int) -> Walked:
    steps = acquainted_steps(problem) if problem.connected else fitting_steps(problem, most=problem.members**2)
    assert steps is not None, "no more pairs than all"
    field = build_field(problem, steps, scale=scale, piece_charge=no_pieces(problem.sizes[-1]))
    look = build_look(field, prices, turn=(np.arange(problem.members) != at).astype(np.int64))
    for room in (*(points * scale for points in _ROOM), _BOTTOM):
        budget = Budget(threshold=-room, visits=_SETS, keep=count, part_visits=_SETS)
        walked = walk_first(field.board, look, budget=budget)
        if len(walked.excess) >= count or walked.visits >= _SETS:
            break
    return walked


def _reach(
    problem: MatchingProblem, member: int, prices: NDArray[np.int64], *, scale: int
) -> tuple[NDArray[np.bool_], bool]:
    """Mark the members that may share a circle with one, and say whether nobody else might."""
    if problem.connected:
        return _within_steps(problem, member), True
    others = np.delete(np.arange(problem.members), member)
    fit = others[fits_together(problem, np.full(len(others), member), others)]
    promise = problem.value[fit] * scale - prices[fit]
    promise += pair_scores(problem, np.full(len(fit), member), fit) * scale
    best = fit[np.argsort(-promise, kind="stable")[:_STRANGERS]]
    near = np.zeros(problem.members, dtype=np.bool_)
    near[best] = near[member] = True
    return near, len(fit) <= _STRANGERS


def _within_steps(problem: MatchingProblem, member: int) -> NDArray[np.bool_]:
    steps = acquainted_steps(problem)
    near = np.zeros(problem.members, dtype=np.bool_)
    near[member] = True
    for _ in range(problem.sizes[-1] - 1):
        reached = near.copy()
        reached[steps.second[near[steps.first]]] = True
        reached[steps.first[near[steps.second]]] = True
        near = reached
    return near
