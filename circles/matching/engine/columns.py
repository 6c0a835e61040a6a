"""Finding good circles where there are too many to collect: prices say what to look for, and become the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.board import Field, build_look
from circles.matching.engine.certificate import lift_roots, repair_prices
from circles.matching.engine.enumeration import Budget, walk_parts
from circles.matching.engine.improve import place_greedily
from circles.matching.engine.master import Relaxed, relax
from circles.matching.engine.pool import Pool, empty_pool, join_pools, merge_pools
from circles.matching.worth import circle_worths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent
    from circles.matching.problem import MatchingProblem

KEEP = 20
"""Sets kept from each root in each round."""
VISITS = (1_000, 1_000, 2_000, 4_000, 8_000, 20_000, 40_000, 80_000, 80_000, 80_000)
"""Sets looked at from each root, round by round."""
CLOSE = 0.002
"""Prices this close to the linear programme, as a share of it, are good enough."""
TRUST = 0.08
"""How far a price may fall in a round, as a share of the mean price, once valid prices are near."""
LEAST_SETS, SETS_EACH = 20_000, 15
"""The linear programme holds at least so many sets, and so many for each member."""
STALL = 0.005
"""Rounds that lower the bound by less than this share of it are not worth their time."""
ROUGH, FINE = 1e-3, 2e-4
"""Accuracy of the linear programme in the first rounds, and afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """What rounds of pricing found.

    Parameters
    ----------
    circles
        Admissible circles.
    pieces
        Pieces of circles, with their charge taken off.
    piece_use
        Shape (L,). How many pieces of each size the last relaxed plan uses.
    """

    circles: Pool
    pieces: Pool
    piece_use: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Walks:
    circles: Pool
    pieces: Pool
    prices: NDArray[np.int64]
    """The prices walked with, made valid."""
    is_tight: bool
    """Whether every root was walked to its end."""


def generate_columns(
    problem: MatchingProblem, field: Field, *, incumbent: Incumbent, drive: Drive, among: NDArray[np.bool_]
) -> Columns:
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
        Takes valid prices, and a first plan from every round.
    drive
        Seed, gap, clock and workers.
    among
        Shape (n,). Members to place.
    """
    circles = pieces = empty_pool(len(field.board.size) - 1)
    floor, proven = None, float(incumbent.prices[among].sum())
    prices = np.zeros(len(among), dtype=np.int64)
    relaxed = Relaxed(shares=np.zeros(0), prices=np.zeros(len(among)))
    for turn, visits in enumerate(VISITS):
        budget = Budget(visits=visits, keep=KEEP, part_visits=2**62)
        walks = _walk_once(problem, field, prices, drive=drive, budget=budget, among=among)
        incumbent.offer_prices(np.where(among, walks.prices, incumbent.prices))
        circles = _forget(merge_pools([circles, walks.circles]), prices)
        pieces = _forget(merge_pools([pieces, walks.pieces]), prices)
        if walks.is_tight and turn > 0:
            floor = _trust(walks.prices)
        relaxed = relax(
            join_pools([circles, pieces]),
            len(among),
            clock=drive.clock,
            floor=floor,
            accuracy=ROUGH if turn < 4 else FINE,
        )
        worthy = np.flatnonzero(circles.worth > 0)
        place_greedily(circles.pick(worthy), relaxed.shares[worthy], incumbent)
        target = np.rint(relaxed.prices).astype(np.int64)
        prices = target if turn == 0 or floor is not None else (7 * target + 3 * prices) // 10
        reached, before, proven = float(relaxed.prices[among].sum()), proven, float(incumbent.prices[among].sum())
        is_near = proven - reached <= CLOSE * max(1.0, proven)
        if drive.clock.is_late or (turn > 0 and is_near) or (turn > 5 and before - proven <= STALL * proven):
            break
    use = np.bincount(pieces.sizes, weights=relaxed.shares[len(circles) :], minlength=len(field.board.size) - 1).astype(
        np.float64
    )
    return Columns(circles=circles, pieces=pieces, piece_use=use[: len(field.board.size) - 1])


def _trust(prices: NDArray[np.int64]) -> NDArray[np.float64]:
    used = prices[prices > 0]
    fall = TRUST * float(used.mean()) if len(used) else 0.0
    return np.maximum(0.0, prices - fall)


def _forget(sets: Pool, prices: NDArray[np.int64]) -> Pool:
    """Drop the sets farthest from paying when there are too many for the linear programme."""
    most = max(LEAST_SETS, SETS_EACH * len(prices))
    if len(sets) <= most:
        return sets
    order = np.argsort(-sets.excess(prices), kind="stable")[:most]
    return sets.pick(np.sort(order))


def _walk_once(
    problem: MatchingProblem,
    field: Field,
    prices: NDArray[np.int64],
    *,
    drive: Drive,
    budget: Budget,
    among: NDArray[np.bool_],
) -> _Walks:
    look = build_look(field, prices, among=among)
    circles = [empty_pool(len(field.board.size) - 1)]
    pieces = [empty_pool(len(field.board.size) - 1)]
    lifted, is_tight = prices, True
    for walked in walk_parts(field.board, look, budget=budget, clock=drive.clock, workers=drive.workers):
        sets = Pool(members=walked.sets, worth=walked.excess + np.append(prices, 0)[walked.sets].sum(axis=1))
        whole = sets.members[walked.whole]
        circles.append(Pool(members=whole, worth=circle_worths(problem, whole) * field.scale))
        is_piece = ~walked.whole
        is_piece[walked.whole] = sets.worth[walked.whole] > circles[-1].worth
        pieces.append(sets.pick(is_piece))
        lifted = lift_roots(lifted, walked.roots, walked.lift)
        is_tight &= bool((walked.lift <= 0).all())
    found = _Walks(circles=merge_pools(circles), pieces=merge_pools(pieces), prices=lifted, is_tight=is_tight)
    valid = repair_prices(lifted, join_pools([found.circles, found.pieces]))
    return _Walks(circles=found.circles, pieces=found.pieces, prices=valid, is_tight=is_tight)
