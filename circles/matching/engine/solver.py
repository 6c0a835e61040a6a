"""Forming circles: the best plan found, and the proof of how much better any other could be."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.errors import InputError
from circles.matching.engine.board import Field, best_unlisted, build_field, choose_scale
from circles.matching.engine.certificate import start_prices
from circles.matching.engine.clock import Clock
from circles.matching.engine.collect import Collected, collect_circles, has_circle, split_components
from circles.matching.engine.columns import generate_columns
from circles.matching.engine.improve import Drive, Reach, close_components, place_greedily, sweep_blocks
from circles.matching.engine.incumbent import Incumbent, Observer
from circles.matching.engine.master import relax
from circles.matching.engine.mix import mix_strangers
from circles.matching.engine.pieces import no_pieces, price_pieces
from circles.matching.engine.pins import Free, free_members
from circles.matching.engine.pool import Pool, empty_pool, merge_pools
from circles.matching.engine.steps import Steps, acquainted_steps, fitting_steps, listed_steps
from circles.matching.engine.tighten import tighten_prices
from circles.matching.plan import Plan, PlanStatus, Proof

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem

PIECE_ROUNDS = 3
"""How often the charges of pieces are fitted to the pieces in use."""
MOST_FITTING, FITTING_DEGREE = 10_000, 60
"""Where strangers may meet, circles are grown along fitting pairs if there are at most so many, or so many a member."""
QUICK, FULL = Reach(columns=1_000, effort=0.5), Reach(columns=20_000, effort=8.0)
"""Exact search that is always worth its time, and exact search while the gap is not reached."""


def solve(
    problem: MatchingProblem,
    *,
    seed: int = 7,
    gap: float = 0.01,
    time_limit: float | None = None,
    workers: int = 2,
    observer: Observer | None = None,
) -> Plan:
    """Form circles, and prove how much better any other plan could be.

    Parameters
    ----------
    problem
        The integer problem.
    seed
        At least 0. The same seed gives the same plan and prices for any number of workers, unless time ended it.
    gap
        Proven gap that is good enough, as a share of the bound, at least 0.
    time_limit
        Seconds; None for no limit. Plan and bound are valid whenever it ends.
    workers
        Parts worked on at the same time, at least 1.
    observer
        Called with seconds, value and upper bound at every improvement.

    Returns
    -------
    The plan. No admissible circle is an outcome (`PlanStatus.INFEASIBLE`), and so is an interrupt
    (`PlanStatus.STOPPED`, with the best plan so far).

    Raises
    ------
    InputError
        If a parameter is out of its range.

    Examples
    --------
    >>> from circles.matching import MatchingProblem, solve
    >>> problem = MatchingProblem(
    ...     value=[10, 10, 10, 10], pair_first=[0, 1, 2], pair_second=[1, 2, 3], pair_value=[5, 5, 1],
    ...     pair_acquainted=[True, True, True], stranger_value=-2, size_charge={3: 6},
    ... )
    >>> plan = solve(problem)
    >>> plan.circles, plan.value, plan.upper_bound
    (((0, 1, 2),), 32, 32)
    """
    _check_parameters(seed=seed, gap=gap, time_limit=time_limit, workers=workers)
    free = free_members(problem)
    drive = Drive(seed=int(seed), gap=float(gap), clock=Clock(time_limit), workers=int(workers))
    task = _prepare(free, drive, observer)
    is_feasible = True
    interrupted = False
    try:
        is_feasible = _search(task, drive)
    except KeyboardInterrupt:
        interrupted = True
    status = _judge(task.incumbent, drive, is_feasible=is_feasible, interrupted=interrupted)
    return _to_plan(free, task.incumbent, status=status, interrupted=interrupted)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    problem: MatchingProblem
    incumbent: Incumbent
    whole: Field | None
    """Reaches every circle, if there are not too many."""
    priced: Field
    """Reaches every circle, or every circle that hangs together by listed pairs."""


def _check_parameters(*, seed: Any, gap: Any, time_limit: Any, workers: Any) -> None:
    rules = (
        ("seed", seed, _is_whole(seed) and seed >= 0, "a whole number of at least 0"),
        ("gap", gap, gap == 0 or _is_positive(gap), "a number of at least 0"),
        ("time_limit", time_limit, time_limit is None or _is_positive(time_limit), "seconds above 0, or None"),
        ("workers", workers, _is_whole(workers) and workers >= 1, "a whole number of at least 1"),
    )
    for name, value, is_fine, allowed in rules:
        if not is_fine or isinstance(value, bool):
            msg = f"solve, {name}: got {value!r:.60}; allowed: {allowed}"
            raise InputError(msg)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral)


def _is_positive(value: Any) -> bool:
    return isinstance(value, Real) and value > 0  # type: ignore[operator]


def _prepare(free: Free, drive: Drive, observer: Observer | None) -> _Task:
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
    if whole is None:
        component = np.zeros_like(component)
    incumbent = Incumbent(
        component,
        start_prices(priced),
        scale=scale,
        largest=largest,
        fixed_value=free.fixed_value,
        clock=drive.clock,
        observer=observer,
    )
    return _Task(problem=problem, incumbent=incumbent, whole=whole, priced=priced)


def _search(task: _Task, drive: Drive) -> bool:
    """Improve the incumbent until the gap is reached; say whether any circle is admissible."""
    incumbent = task.incumbent
    collected = _collect(task, drive)
    complete, pool = collected.complete, collected.pool
    if complete.all() and len(pool) == 0 and task.whole is not None:
        incumbent.offer_prices(np.zeros_like(incumbent.prices))
        return has_circle(task.whole, clock=drive.clock, workers=drive.workers) is not False
    shares = tighten_prices(pool, incumbent, complete=complete, clock=drive.clock)
    place_greedily(pool, shares, incumbent)
    close_components(pool, incumbent, drive, complete=complete, reach=QUICK)
    if not complete.all() and not incumbent.reaches(drive.gap):
        among = ~complete[incumbent.component]
        found = _generate(task, drive, among)
        place_greedily(found, relax(found, len(among), clock=drive.clock).shares, incumbent)
        pool = merge_pools([pool, found])
        if not task.problem.connected:
            mix_strangers(task.problem, incumbent, drive)
    _finish(pool, incumbent, drive, complete=complete)
    return True


def _generate(task: _Task, drive: Drive, among: NDArray[np.bool_]) -> Pool:
    """Find circles worth something, and good prices."""
    found = [empty_pool(task.problem.sizes[-1])]
    if task.whole is not None:
        found.append(
            generate_columns(task.problem, task.whole, incumbent=task.incumbent, drive=drive, among=among).circles
        )
    if not task.problem.connected:
        found.append(_generate_by_pieces(task, drive, among))
    circles = merge_pools(found)
    return circles.pick(circles.worth > 0)


def _generate_by_pieces(task: _Task, drive: Drive, among: NDArray[np.bool_]) -> Pool:
    """Find circles that hang together by listed pairs, and prices; the charges of pieces fit better each time."""
    problem, incumbent = task.problem, task.incumbent
    found, charges = [empty_pool(problem.sizes[-1])], []
    weight = 0.1 ** np.arange(problem.sizes[-1], dtype=np.float64)
    for _ in range(PIECE_ROUNDS):
        charge = price_pieces(problem.size_charge, best_unlisted(problem), weight=weight, scale=incumbent.scale)
        if charge.tolist() in charges or incumbent.reaches(drive.gap) or drive.clock.is_late:
            break
        charges.append(charge.tolist())
        field = build_field(problem, listed_steps(problem), scale=incumbent.scale, piece_charge=charge)
        columns = generate_columns(problem, field, incumbent=incumbent, drive=drive, among=among)
        found.append(columns.circles)
        weight = columns.piece_use + 0.01
    return merge_pools(found)


def _collect(task: _Task, drive: Drive) -> Collected:
    count = int(task.incumbent.component.max(initial=-1)) + 1
    if task.whole is None:
        pool = empty_pool(task.problem.sizes[-1])
        return Collected(pool=pool, complete=np.zeros(count, dtype=np.bool_))
    return collect_circles(task.whole, task.incumbent.component, clock=drive.clock, workers=drive.workers)


def _finish(pool: Pool, incumbent: Incumbent, drive: Drive, *, complete: NDArray[np.bool_]) -> None:
    if not incumbent.reaches(drive.gap):
        close_components(pool, incumbent, drive, complete=complete, reach=FULL)
    if not incumbent.reaches(drive.gap):
        sweep_blocks(pool, incumbent, drive)
    if not incumbent.reaches(drive.gap):
        close_components(pool, incumbent, drive, complete=complete, reach=FULL)


def _judge(incumbent: Incumbent, drive: Drive, *, is_feasible: bool, interrupted: bool) -> PlanStatus:
    if not is_feasible:
        return PlanStatus.INFEASIBLE
    if incumbent.value == incumbent.bound:
        return PlanStatus.OPTIMAL
    if incumbent.reaches(drive.gap):
        return PlanStatus.WITHIN_GAP
    return PlanStatus.TIME_LIMIT if drive.clock.is_over and not interrupted else PlanStatus.STOPPED


def _to_plan(free: Free, incumbent: Incumbent, *, status: PlanStatus, interrupted: bool) -> Plan:
    prices = np.zeros(free.members, dtype=np.int64)
    prices[free.positions] = incumbent.prices
    prices.setflags(write=False)
    positions = free.positions.tolist()
    circles = incumbent.circles.circles(np.arange(len(incumbent.circles)))
    return Plan(
        circles=tuple(sorted(tuple(positions[i] for i in circle) for circle in circles)),
        value=free.fixed_value + incumbent.value,
        upper_bound=free.fixed_value + incumbent.bound,
        prices=prices,
        price_scale=incumbent.scale,
        fixed_value=free.fixed_value,
        proof=Proof.PRICES if incumbent.bound == incumbent.price_bound else Proof.ENUMERATION,
        status=status,
        interrupted=interrupted,
    )
