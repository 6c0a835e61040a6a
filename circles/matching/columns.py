"""Finding good circles where there are too many to collect: prices say what to look for, and become the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.board import Field, Steps, build_field, build_look, listed_steps
from circles.matching.certificate import lift_roots, repair_prices
from circles.matching.enumeration import Budget, walk_parts
from circles.matching.master import relax
from circles.matching.pieces import no_pieces
from circles.matching.pool import Pool, best_by_member, empty_pool, merge_pools
from circles.matching.suggest import suggest_strangers
from circles.matching.worth import circle_worths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.improve import Drive
    from circles.matching.incumbent import Incumbent
    from circles.matching.problem import MatchingProblem

KEEP = 30
"""Circles kept from each root in each round."""
VISITS = (2_000, 2_000, 2_000, 4_000, 4_000, 8_000, 8_000, 20_000, 20_000, 20_000)
"""Sets looked at from each root, round by round."""
CLOSE = 0.002
"""Prices this close to the linear programme, as a share of it, are good enough."""
TRUST = 0.08
"""How far a price may fall in a round, as a share of the mean price, once valid prices are near."""
MOST_SETS = 150_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walks:
    """What one round of walks gave.

    Parameters
    ----------
    sets
        Sets worth more than their prices: circles, and pieces of circles with their charge taken off.
    circles
        The admissible circles among them.
    prices
        Shape (n,). The prices, made valid.
    is_tight
        Whether every root was walked to its end.
    """

    sets: Pool
    circles: Pool
    prices: NDArray[np.int64]
    is_tight: bool


def generate_columns(
    problem: MatchingProblem, field: Field, incumbent: Incumbent, drive: Drive, *, among: NDArray[np.bool_]
) -> Pool:
    """Find good circles, and prices near the linear programme, in rounds of pricing.

    Each round solves the linear programme over the sets found so far and walks through the sets that its prices
    undercharge. Repairing these, and lifting the price of every root whose walk was cut short, makes the prices valid.

    Parameters
    ----------
    problem
        The integer problem.
    field
        It, laid out for pricing: with pieces where strangers may meet.
    incumbent
        Takes valid prices.
    drive
        Seed, gap, clock and workers.
    among
        Shape (n,). Members to place.

    Returns
    -------
    Admissible circles worth more than 0.
    """
    sets = circles = empty_pool(len(field.board.size) - 1)
    n, floor = len(among), None
    prices = np.zeros(n, dtype=np.int64)
    for turn, visits in enumerate(VISITS):
        walks = _walk_once(problem, field, prices, drive, budget=_budget(visits), among=among)
        if turn > 0:
            incumbent.offer_prices(np.where(among, walks.prices, incumbent.prices))
        more = _walk_strangers(problem, field, prices, drive, among=among, turn=turn)
        sets, circles = merge_pools([sets, walks.sets, more]), merge_pools([circles, walks.circles, more])
        sets = _forget(sets, prices)
        if walks.is_tight and turn > 0:
            floor = _trust(walks.prices)
        relaxed = relax(sets, n, clock=drive.clock, floor=floor)
        reached = float(relaxed.prices[among].sum())
        target = np.rint(relaxed.prices).astype(np.int64)
        prices = target if turn == 0 or floor is not None else (7 * target + 3 * prices) // 10
        proven = float(incumbent.prices[among].sum())
        if drive.clock.is_over or (turn > 0 and proven - reached <= CLOSE * max(1.0, proven)):
            break
    return circles.pick(circles.worth > 0)


def _budget(visits: int) -> Budget:
    return Budget(visits=visits, keep=KEEP, part_visits=2**62)


def _trust(prices: NDArray[np.int64]) -> NDArray[np.float64]:
    used = prices[prices > 0]
    fall = TRUST * float(used.mean()) if len(used) else 0.0
    return np.maximum(0.0, prices - fall)


def _forget(sets: Pool, prices: NDArray[np.int64]) -> Pool:
    """Drop the sets farthest from paying when there are too many for the linear programme."""
    if len(sets) <= MOST_SETS:
        return sets
    order = np.argsort(-sets.excess(prices), kind="stable")[:MOST_SETS]
    return sets.pick(np.sort(order))


def _walk_once(
    problem: MatchingProblem,
    field: Field,
    prices: NDArray[np.int64],
    drive: Drive,
    *,
    budget: Budget,
    among: NDArray[np.bool_],
) -> Walks:
    look = build_look(field, prices, among=among)
    sets, circles, lifted, is_tight = [], [], prices, True
    empty = empty_pool(len(field.board.size) - 1)
    for walked in walk_parts(field.board, look, budget=budget, clock=drive.clock, workers=drive.workers):
        plain = Pool(members=walked.sets, worth=walked.excess)
        worth = walked.excess - plain.pick(slice(None)).excess(prices) + walked.excess
        sets.append(Pool(members=walked.sets, worth=worth))
        circles.append(_to_circles(problem, walked.sets[walked.whole], field.scale))
        lifted = lift_roots(lifted, walked.roots, walked.lift)
        is_tight &= bool((walked.lift <= 0).all())
    found = merge_pools([empty, *sets])
    valid = repair_prices(lifted, found)
    return Walks(sets=found, circles=merge_pools([empty, *circles]), prices=valid, is_tight=is_tight)


def _to_circles(problem: MatchingProblem, members: NDArray[np.int32], scale: int) -> Pool:
    return Pool(members=members, worth=circle_worths(problem, members) * scale)


def _walk_strangers(
    problem: MatchingProblem,
    field: Field,
    prices: NDArray[np.int64],
    drive: Drive,
    *,
    among: NDArray[np.bool_],
    turn: int,
) -> Pool:
    """Find circles in which strangers meet: grow sets also along pairs suggested by the prices."""
    if problem.connected:
        return empty_pool(len(field.board.size) - 1)
    suggested = suggest_strangers(problem, prices // field.scale, seed=drive.seed, turn=turn)
    listed = listed_steps(problem)
    steps = Steps(
        first=np.concatenate([listed.first, suggested.first]), second=np.concatenate([listed.second, suggested.second])
    )
    wide = build_field(problem, steps, scale=field.scale, piece_charge=no_pieces(problem.sizes[-1]))
    walks = _walk_once(problem, wide, prices, drive, budget=_budget(1_000), among=among)
    return walks.circles.pick(best_by_member(walks.circles, walks.circles.excess(prices), most=KEEP))
