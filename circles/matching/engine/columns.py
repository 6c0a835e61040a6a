"""Finding good circles where there are too many to collect: prices say what to look for, and become the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.beam import beam_all
from circles.matching.engine.board import Field, build_look, order_roots
from circles.matching.engine.certificate import repair_prices
from circles.matching.engine.enumeration import Budget, Walked, walk_deeper, walk_parts
from circles.matching.engine.enumeration_kernel import IS_PIECE
from circles.matching.engine.improve import place_greedily
from circles.matching.engine.master import Relaxed, relax
from circles.matching.engine.pool import Pool, empty_pool, join_pools, merge_pools, sum_over
from circles.matching.worth import circle_worths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.cuts import Cuts
    from circles.matching.engine.enumeration_kernel import Board, Look
    from circles.matching.engine.improve import Drive
    from circles.matching.engine.incumbent import Incumbent
    from circles.matching.problem import MatchingProblem

FINE = 6e-4
"""Accuracy of the linear programme once its prices are to become valid."""
ROUGH = (5e-3, 4e-3, 3e-3, 2e-3)
"""Its accuracy after the first rounds of beam search."""
BEAM_ROUNDS, DONE = 12, 3e-3
"""Rounds of beam search at most; a fine one by which the linear programme gains less than this share is the last."""
WALK_ROUNDS = 8
SMOOTH = 3
"""Tenths of the old prices in the new ones, while these come from beams."""
BEAM_TIME, WALK_TIME = 0.3, 0.6
"""Share of the time after which no further round of beams, or of walks, begins."""
KEEP, VISITS = 2_000, 200_000
"""Sets kept, and looked at, from each root in a walk."""
MORE_VISITS, LEAST_VISITS = 8_000_000, 20_000
"""Sets looked at each time when those roots that have more are walked from again: from all of them, and at least."""
CLOSE = 0.05
"""Prices this close to the linear programme, as a share of the gap asked for, are good enough; and at least …"""
CLOSE_ENOUGH = 3e-4
"""… this close, as a share of the bound."""
SLOW = 2e-4
"""A round of walks that lowers the bound by less than this share of it is the last."""
TRUST = 0.12
"""How far a price may fall in the first round after valid prices, in mean prices; twice as far in each further one."""
LEAST_SHARE = 1e-4
"""Circles are taken in part by a relaxed plan if more than so much of them is."""
WITHIN, MOST_EACH = 2.0, 30
"""Sets that cost more than so many mean prices beyond their worth are forgotten, and the worst beyond so many each."""
NEARLY = 0.35
"""Walks find the sets that cost up to so many mean prices beyond their worth."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """What rounds of pricing found.

    Parameters
    ----------
    circles
        Admissible circles for a plan: taken in part by a relaxed one, or nearly worth their price.
    prices
        Shape (n,). Prices of the last linear programme, in 1/scale; only nearly valid.
    piece_use
        Shape (L,). How many pieces of each size the last relaxed plan uses.
    """

    circles: Pool
    prices: NDArray[np.int64]
    piece_use: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sets:
    """Admissible circles, and pieces of circles with their charge taken off."""

    circles: Pool
    pieces: Pool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Walks:
    """What a walk from every root found.

    Parameters
    ----------
    found
        The sets above the threshold.
    prices
        Shape (n,). The prices walked with, made valid.
    is_tight
        Whether every root was walked to its end, so that no set is missing.
    """

    found: Sets
    prices: NDArray[np.int64]
    is_tight: bool


@dataclass(slots=True, kw_only=True, eq=False)
class _Rounds:
    """What rounds of pricing work with."""

    problem: MatchingProblem
    field: Field
    incumbent: Incumbent
    drive: Drive
    among: NDArray[np.bool_]
    found: Sets
    relaxed: Relaxed
    near: Pool
    """Circles nearly worth their price in the last walk."""
    taken: list[Pool]
    """Circles that each relaxed plan takes in part."""
    reached: float = 0.0
    """The most that a relaxed plan was worth, in 1/scale: no prices can prove less."""


def generate_columns(
    problem: MatchingProblem,
    field: Field,
    *,
    incumbent: Incumbent,
    drive: Drive,
    among: NDArray[np.bool_],
    start: Columns | None = None,
) -> Columns:
    """Find good circles, and prices near the linear programme, in rounds of pricing.

    Each round solves the linear programme over the sets found so far and looks for sets that its prices undercharge:
    first with beams, quickly; then with walks that miss none, so that repairing the prices makes them valid, and a
    trust region around the best valid prices keeps the next ones near.

    Parameters
    ----------
    problem
        The integer problem.
    field
        It, laid out for pricing: with pieces where strangers may meet.
    incumbent
        Takes valid prices, and a first plan.
    drive
        Seed, gap, clock and workers.
    among
        Shape (n,). Members to place.
    start
        What was found with other charges of pieces; beams are then not needed.
    """
    nothing, n = empty_pool(len(field.board.size) - 1), len(among)
    circles, prices = (nothing, np.zeros(n)) if start is None else (start.circles, start.prices.astype(np.float64))
    rounds = _Rounds(
        problem=problem,
        field=field,
        incumbent=incumbent,
        drive=drive,
        among=among,
        found=Sets(circles=circles, pieces=nothing),
        relaxed=Relaxed(shares=np.zeros(len(circles)), prices=prices),
        near=nothing,
        taken=[],
    )
    _search_by_walks(rounds, _begin(rounds, start))
    return Columns(
        circles=merge_pools([*rounds.taken, rounds.near]),
        prices=np.rint(rounds.relaxed.prices).astype(np.int64),
        piece_use=_count_pieces(rounds),
    )


def _begin(rounds: _Rounds, start: Columns | None) -> NDArray[np.int64]:
    """Give prices near the linear programme: known ones, or what beams suggest."""
    if start is not None:
        return start.prices
    guess = rounds.incumbent.guess
    return _search_by_beams(rounds) if guess is None else np.minimum(guess, rounds.incumbent.prices)


def _count_pieces(rounds: _Rounds) -> NDArray[np.float64]:
    largest, pieces = len(rounds.field.board.size) - 1, rounds.found.pieces
    shares = rounds.relaxed.shares[len(rounds.found.circles) :]
    return np.bincount(pieces.sizes, weights=shares, minlength=largest).astype(np.float64)[:largest]


def _search_by_beams(rounds: _Rounds) -> NDArray[np.int64]:
    """Find good sets quickly; give the prices they suggest."""
    field, drive = rounds.field, rounds.drive
    prices, reached = rounds.incumbent.prices // 2, 0.0  # valid prices are about twice as high as needed at first
    for turn in range(BEAM_ROUNDS):
        accuracy = ROUGH[turn] if turn < len(ROUGH) else FINE
        look = order_roots(field, prices, among=rounds.among)
        beamed = beam_all(field.board, look, clock=drive.clock, workers=drive.workers)
        new = _to_sets(rounds, beamed.sets, beamed.excess, beamed.whole, prices=prices)
        _relax(rounds, new, prices, accuracy=accuracy)
        before, reached = reached, rounds.reached
        target = np.rint(rounds.relaxed.prices).astype(np.int64)
        is_last = turn + 1 == BEAM_ROUNDS or drive.clock.used > BEAM_TIME
        is_last |= turn >= len(ROUGH) and reached - before <= DONE * reached
        prices = target if turn == 0 or is_last else ((10 - SMOOTH) * target + SMOOTH * prices) // 10
        if is_last:
            break
    return prices


def _search_by_walks(rounds: _Rounds, prices: NDArray[np.int64]) -> None:
    """Make prices valid, and bring them near the linear programme."""
    incumbent, drive, among = rounds.incumbent, rounds.drive, rounds.among
    proven = float("inf")
    for turn in range(WALK_ROUNDS):
        threshold = -int(NEARLY * mean_price(prices[among]))
        walks = walk_once(rounds.problem, rounds.field, prices, drive=drive, among=among, threshold=threshold)
        rounds.near = walks.found.circles
        incumbent.offer_prices(walks.prices, among)
        before, proven = proven, float(incumbent.prices[among].sum())
        close = max(CLOSE_ENOUGH, CLOSE * drive.gap)
        if proven - rounds.reached <= close * max(1.0, proven) or drive.clock.used > WALK_TIME:
            return
        if turn > 1 and before - proven <= SLOW * proven:
            return
        trust = TRUST * 2**turn * mean_price(incumbent.prices[among])
        floor = np.maximum(0.0, np.where(among, incumbent.prices, 0) - trust)
        _relax(rounds, walks.found, incumbent.prices, accuracy=FINE if turn == 0 else FINE / 3, floor=floor)
        prices = np.rint(rounds.relaxed.prices).astype(np.int64)


def mean_price(prices: NDArray[np.int64]) -> float:
    """Give the mean of the prices above 0: the measure for how far from paying a set is."""
    used = prices[prices > 0]
    return float(used.mean()) if len(used) else 0.0


def _relax(
    rounds: _Rounds,
    new: Sets,
    prices: NDArray[np.int64],
    *,
    accuracy: float,
    floor: NDArray[np.float64] | None = None,
) -> None:
    """Solve the linear programme over the old sets, as far as they nearly pay, and the new ones."""
    old, n = rounds.found, len(rounds.among)
    within, most = WITHIN * mean_price(prices[rounds.among]), MOST_EACH * len(prices)
    circles = merge_pools([_forget(old.circles, prices, within), new.circles])
    pieces = merge_pools([_forget(old.pieces, prices, within), new.pieces])
    rounds.found = Sets(circles=circles.keep_nearest(prices, most), pieces=pieces.keep_nearest(prices, most))
    both = join_pools([rounds.found.circles, rounds.found.pieces])
    rounds.relaxed = relax(both, n, clock=rounds.drive.clock, floor=floor, accuracy=accuracy)
    rounds.reached = max(rounds.reached, float(rounds.relaxed.shares @ both.worth))
    circles, shares = rounds.found.circles, rounds.relaxed.shares
    rounds.taken.append(circles.pick(np.flatnonzero(shares[: len(circles)] > LEAST_SHARE)))
    _place(rounds)


def _place(rounds: _Rounds) -> None:
    """Offer the plan that the relaxed one suggests, so that there is one however early the search ends."""
    circles = rounds.found.circles
    worthy = np.flatnonzero(circles.worth > 0)
    place_greedily(circles.pick(worthy), rounds.relaxed.shares[worthy], rounds.incumbent)


def _forget(sets: Pool, prices: NDArray[np.int64], within: float) -> Pool:
    """Drop the sets far from paying."""
    return sets.pick(np.flatnonzero(sets.excess(prices) >= -within))


def _to_sets(
    rounds: _Rounds,
    sets: NDArray[np.int32],
    excess: NDArray[np.int64],
    whole: NDArray[np.bool_],
    *,
    prices: NDArray[np.int64],
) -> Sets:
    found = Pool(members=sets, worth=excess + sum_over(sets, prices))
    return divide_sets(rounds.problem, rounds.field, found, whole)


def _pick_inside(circles: Pool, among: NDArray[np.bool_]) -> Pool:
    return circles.pick(np.flatnonzero(np.append(among, np.True_)[circles.members].all(axis=1)))


def divide_sets(problem: MatchingProblem, field: Field, found: Pool, whole: NDArray[np.bool_]) -> Sets:
    """Tell circles from pieces; a set may be both, and is then worth what it is worth as either."""
    if not has_pieces(field.board):
        return Sets(circles=found, pieces=empty_pool(found.members.shape[1]))
    members = found.members[whole]
    worth = circle_worths(problem, members) * field.scale - sum_over(members, field.part)
    circles = Pool(members=members, worth=worth)
    is_piece = ~whole
    is_piece[whole] = found.worth[whole] > circles.worth
    return Sets(circles=circles, pieces=found.pick(is_piece))


def has_pieces(board: Board) -> bool:
    """Say whether pieces of circles are priced, too."""
    return bool(board.size[:, IS_PIECE].any())


def walk_once(
    problem: MatchingProblem,
    field: Field,
    prices: NDArray[np.int64],
    *,
    drive: Drive,
    among: NDArray[np.bool_],
    threshold: int = 0,
    cuts: Cuts | None = None,
) -> Walks:
    """Find every set whose worth less its members' prices exceeds a threshold, and prices that are valid.

    Parameters
    ----------
    problem, field
        The integer problem, and it laid out.
    prices
        Shape (n,). Prices to start from.
    drive
        Clock and workers.
    among
        Shape (n,). Members that take part.
    threshold
        At most 0, in 1/scale.
    cuts
        What circles with two or three of a triple pay besides; None for none.
    """
    look, budget = (
        build_look(field, prices, among=among),
        Budget(threshold=threshold, visits=VISITS, keep=KEEP, part_visits=2**62),
    )
    sets = [Sets(circles=_pick_inside(field.known, among), pieces=empty_pool(len(field.board.size) - 1))]
    lift, is_tight = np.zeros(len(prices), dtype=np.int64), True
    for walked in walk_parts(field.board, look, budget=budget, clock=drive.clock, workers=drive.workers):
        sets.append(_price_walk(problem, field, walked, prices))
        lift[walked.roots] = walked.lift
        is_tight &= bool((walked.lift <= threshold).all())
    for root, least, walks in _walk_on(field, look, lift, drive):
        sets += [_price_walk(problem, field, walked, prices) for walked in walks]
        lift[root] = least
    lifted = prices + np.maximum(lift, 0)
    found = Sets(
        circles=merge_pools([part.circles for part in sets]), pieces=merge_pools([part.pieces for part in sets])
    )
    both = join_pools([found.circles, found.pieces])
    paid = np.zeros(len(both), dtype=np.int64) if cuts is None else cuts.part(both)
    valid = repair_prices(lifted, Pool(members=both.members, worth=both.worth - paid))
    return Walks(found=found, prices=valid, is_tight=is_tight)


def _price_walk(problem: MatchingProblem, field: Field, walked: Walked, prices: NDArray[np.int64]) -> Sets:
    together = Pool(members=walked.sets, worth=walked.excess + sum_over(walked.sets, prices))
    return divide_sets(problem, field, together, walked.whole)


def _walk_on(field: Field, look: Look, lift: NDArray[np.int64], drive: Drive) -> list[tuple[int, int, list[Walked]]]:
    """Walk again from the roots whose prices would have to be lifted."""
    roots = look.order[lift[look.order] > 0]
    if len(roots) == 0 or drive.clock.is_over:
        return []
    visits = min(VISITS, max(LEAST_VISITS, MORE_VISITS // len(roots)))
    budget = Budget(visits=visits, keep=KEEP, part_visits=2**62)
    lifts = {int(root): int(lift[root]) for root in roots}
    return walk_deeper(field.board, look, lifts, budget=budget, clock=drive.clock, workers=drive.workers)
