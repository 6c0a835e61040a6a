"""The search: from the first bound to plan and bound within the gap, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.anneal import anneal_plan
from circles.matching.engine.blocks import sweep_blocks
from circles.matching.engine.board import (
    Field,
    best_unlisted,
    build_field,
    charged_sizes,
    choose_scale,
    price_parts,
)
from circles.matching.engine.certificate import start_prices
from circles.matching.engine.collect import Collected, collect_circles, has_circle, split_components
from circles.matching.engine.columns import generate_columns, mean_price, walk_once
from circles.matching.engine.cutting import cut_bound
from circles.matching.engine.improve import Drive, Reach, close_components, place_greedily, run_jobs, to_job
from circles.matching.engine.incumbent import Incumbent, Observer
from circles.matching.engine.ledger import open_ledger
from circles.matching.engine.limits import find_limit_prices
from circles.matching.engine.mix import mix_strangers
from circles.matching.engine.pieces import no_pieces, price_pieces
from circles.matching.engine.pool import Pool, empty_pool, merge_pools
from circles.matching.engine.steps import Steps, acquainted_steps, fitting_steps, listed_steps
from circles.matching.engine.strangers import find_strangers
from circles.matching.engine.tighten import tighten_prices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.pins import Free
    from circles.matching.problem import MatchingProblem

PIECE_ROUNDS = 3
"""How often the charges of pieces are fitted to the pieces in use."""
MOST_FITTING, FITTING_DEGREE = 10_000, 60
"""Where strangers may meet, circles are grown along fitting pairs if there are at most so many, or so many a member."""
MOST_GUESSED = 1e12
"""Prices to begin with are taken as at most so high, in units."""
NEARLY = 0.35
"""Circles with strangers cost at most so many mean prices beyond their worth."""
MIX_FIRST = 2_000
"""Up to so many members, strangers are mixed block by block before all else is tried, and above, afterwards."""
PIECE_TIME = 0.4
"""Share of the time after which no further charges are fitted."""
QUICK, FULL = Reach(columns=1_000, effort=0.5), Reach(columns=20_000, effort=8.0)
"""Exact search that is always worth its time, and exact search while the gap is not reached."""
CLOSED = Reach(columns=60_000, effort=60.0)
"""Exact search over every circle that could be part of a better plan."""
FEW = 40
"""Among so few members every circle is looked at anyway."""
MOST_ROOM = 1.5
"""It is tried when a better plan's circles cost at most so many mean prices beyond their worth."""
TURNS = 2
"""How often plan and bound are improved in turn."""
MOST_MEETINGS = 2_000_000
"""Where no circle was found among strangers, all circles are tried if at most so many pairs fit together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """What is searched: the problem, laid out, and the best so far.

    Parameters
    ----------
    problem
        The integer problem of the free members.
    incumbent
        Plan and prices so far.
    whole
        Reaches every circle; None where there are too many ways to grow one.
    priced
        Reaches every circle, or every circle that hangs together by listed pairs.
    """

    problem: MatchingProblem
    incumbent: Incumbent
    whole: Field | None
    priced: Field


def prepare_task(free: Free, drive: Drive, *, start: Pool, observer: Observer | None, enough: int | None) -> Task:
    """Lay out what is free, with a first plan and first prices."""
    problem, scale, largest = free.problem, choose_scale(free.problem), free.problem.sizes[-1]

    def lay_out(steps: Steps) -> Field:
        return build_field(problem, steps, scale=scale, piece_charge=no_pieces(largest))

    reaching = acquainted_steps(problem)
    priced = lay_out(reaching if problem.connected else listed_steps(problem))
    if problem.connected:
        whole: Field | None = priced
    else:
        steps = fitting_steps(problem, most=max(MOST_FITTING, FITTING_DEGREE * problem.members))
        whole = None if steps is None else lay_out(steps)
        reaching = steps or reaching
    component = split_components(problem.members, reaching)
    if whole is None or len(free.rows):
        component = np.zeros_like(component)
    incumbent = Incumbent(
        component,
        start_prices(priced),
        scale=scale,
        largest=largest,
        fixed_value=free.fixed_value,
        ledger=open_ledger(free.rows),
        enough=enough,
        clock=drive.clock,
        observer=observer,
    )
    incumbent.begin_with(Pool(members=start.members, worth=start.worth * scale))
    return Task(problem=problem, incumbent=incumbent, whole=whole, priced=priced)


def price_task(task: Task, drive: Drive) -> Task:
    """Put prices on the limits across circles, if there are any; afterwards they stay as they are."""
    problem, incumbent, field = task.problem, task.incumbent, task.whole or task.priced
    rows = incumbent.ledger.rows
    if len(rows) == 0:
        return task
    ledger = find_limit_prices(problem, field, rows, start=incumbent.circles, drive=drive)
    whole = None if task.whole is None else price_parts(problem, task.whole, ledger.part)
    priced = price_parts(problem, task.priced, ledger.part)
    incumbent.reprice(ledger, start_prices(priced))
    return replace(task, whole=whole, priced=priced)


def take_up(task: Task, free: Free, guess: NDArray[np.float64] | None) -> None:
    """Begin with the circles of an earlier plan, as far as they are admissible, and with its prices."""
    incumbent, known = task.incumbent, (task.whole or task.priced).known
    incumbent.offer_circles(known.pick(np.flatnonzero(known.worth > 0)), np.ones(task.problem.members, dtype=np.bool_))
    if guess is not None:
        incumbent.guess = np.rint(np.minimum(guess[free.positions], MOST_GUESSED) * incumbent.scale).astype(np.int64)


def search(task: Task, drive: Drive) -> bool:
    """Improve the incumbent until the gap is reached; say whether any circle is admissible."""
    incumbent = task.incumbent
    collected = _collect(task, drive)
    complete, pool = collected.complete, collected.pool
    if complete.all() and len(pool) == 0 and task.whole is not None:
        incumbent.offer_prices(np.zeros_like(incumbent.prices), np.ones(task.problem.members, dtype=np.bool_))
        _close_within(task, drive)
        return _may_have_circle(task, drive)
    shares = tighten_prices(pool, incumbent, complete=complete, clock=drive.clock)
    place_greedily(pool, shares, incumbent)
    close_components(pool, incumbent, drive, complete=complete, reach=QUICK)
    if not complete.all() and not incumbent.reaches(drive.gap):
        pool = merge_pools([pool, _generate(task, drive, ~complete[incumbent.component])])
    _finish(task, pool, drive, complete=complete)
    return len(incumbent.circles) > 0 or _may_have_circle(task, drive)


def _may_have_circle(task: Task, drive: Drive) -> bool:
    """Say whether any circle is admissible, or may be."""
    whole = task.whole
    if whole is None:
        steps = fitting_steps(task.problem, most=MOST_MEETINGS)
        if steps is None:
            return True
        charge = no_pieces(task.problem.sizes[-1])
        whole = build_field(task.problem, steps, scale=task.incumbent.scale, piece_charge=charge)
    return has_circle(whole, clock=drive.clock, workers=drive.workers) is not False


def _close_within(task: Task, drive: Drive) -> None:
    """Look at every circle that a better plan could hold, if they are few."""
    incumbent = task.incumbent
    among = (incumbent.bounds() > incumbent.values())[incumbent.component]
    if task.whole is None or incumbent.reaches(drive.gap) or drive.clock.is_over or not among.any():
        return
    room = max(0, int(incumbent.room().max()))
    measure = mean_price((incumbent.prices + np.abs(incumbent.ledger.part))[among])
    if task.problem.members > FEW and room > MOST_ROOM * measure:
        return
    walks = walk_once(task.problem, task.whole, incumbent.prices, drive=drive, among=among, threshold=-room - 1)
    circles = walks.found.circles
    matters = circles.pick(np.flatnonzero(incumbent.excess(circles) >= -room))
    if walks.is_tight and len(matters) <= CLOSED.columns:
        if len(incumbent.ledger.rows):
            run_jobs([to_job(matters, incumbent, among, component=0)], incumbent, drive, effort=CLOSED.effort)
        else:
            everywhere = np.ones(len(incumbent.bounds()), dtype=np.bool_)
            close_components(matters, incumbent, drive, complete=everywhere, reach=CLOSED)


def _generate(task: Task, drive: Drive, among: NDArray[np.bool_]) -> Pool:
    """Find circles worth something, and good prices; improve the plan by them."""
    problem, incumbent = task.problem, task.incumbent
    found = [empty_pool(problem.sizes[-1])]
    if task.whole is not None:
        found.append(generate_columns(problem, task.whole, incumbent=incumbent, drive=drive, among=among).circles)
    if not problem.connected and not incumbent.reaches(drive.gap):
        found.append(_generate_by_pieces(task, drive, among))
        threshold = -int(NEARLY * mean_price(incumbent.prices[among]))
        found.append(find_strangers(task.priced, incumbent.prices, drive=drive, among=among, threshold=threshold))
    pool = merge_pools(found)
    pool = pool.pick(np.flatnonzero(pool.worth > 0))
    if not incumbent.reaches(drive.gap):
        anneal_plan(pool, incumbent, drive, measure=mean_price(incumbent.prices[among]))
    if not problem.connected and problem.members <= MIX_FIRST:
        mix_strangers(problem, incumbent, drive)
    return pool


def _generate_by_pieces(task: Task, drive: Drive, among: NDArray[np.bool_]) -> Pool:
    """Find circles that hang together by listed pairs, and prices; the charges of pieces fit better each time."""
    problem, incumbent, steps = task.problem, task.incumbent, listed_steps(task.problem)
    columns, charges = None, []
    weight = 0.1 ** np.arange(problem.sizes[-1], dtype=np.float64)
    for _ in range(PIECE_ROUNDS):
        charge = price_pieces(charged_sizes(problem), best_unlisted(problem), weight=weight, scale=incumbent.scale)
        is_late = columns is not None and drive.clock.used > PIECE_TIME
        if charge.tolist() in charges or incumbent.reaches(drive.gap) or is_late:
            break
        charges.append(charge.tolist())
        part = incumbent.ledger.part
        field = build_field(problem, steps, scale=incumbent.scale, piece_charge=charge, part=part)
        columns = generate_columns(problem, field, incumbent=incumbent, drive=drive, among=among, start=columns)
        weight = columns.piece_use + 0.01
    return empty_pool(problem.sizes[-1]) if columns is None else columns.circles


def _collect(task: Task, drive: Drive) -> Collected:
    count = int(task.incumbent.component.max(initial=-1)) + 1
    if task.whole is None:
        pool = empty_pool(task.problem.sizes[-1])
        return Collected(pool=pool, complete=np.zeros(count, dtype=np.bool_))
    return collect_circles(task.whole, task.incumbent.component, clock=drive.clock, workers=drive.workers)


def _finish(task: Task, pool: Pool, drive: Drive, *, complete: NDArray[np.bool_]) -> None:
    """Improve the plan, then the bound, then the plan, until nothing helps or the gap is reached."""
    incumbent = task.incumbent
    if not incumbent.reaches(drive.gap):
        close_components(pool, incumbent, drive, complete=complete, reach=FULL)
    for turn in range(TURNS):
        is_last = turn + 1 == TURNS
        if not incumbent.reaches(drive.gap):
            sweep_blocks(pool, incumbent, drive, measure=mean_price(incumbent.prices), brief=not is_last)
        if not incumbent.reaches(drive.gap):
            close_components(pool, incumbent, drive, complete=complete, reach=FULL)
        _close_within(task, drive)
        if not is_last and not incumbent.reaches(drive.gap) and task.whole is not None:
            among = (incumbent.bounds() > incumbent.values())[incumbent.component]
            pool = cut_bound(task.problem, task.whole, pool, incumbent=incumbent, drive=drive, among=among)
    if not task.problem.connected and task.problem.members > MIX_FIRST:
        mix_strangers(task.problem, incumbent, drive)
