"""Forming circles: the best plan found, and the proof of how much better any other could be."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.errors import InputError
from circles.matching.engine.clock import Clock
from circles.matching.engine.improve import Drive
from circles.matching.engine.pins import Free, free_members
from circles.matching.engine.pool import empty_pool
from circles.matching.engine.reach import Unreached, find_start
from circles.matching.engine.search import Task, prepare_task, price_task, search, take_up
from circles.matching.plan import Plan, PlanStatus, Proof

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circles.matching.engine.incumbent import Incumbent, Observer
    from circles.matching.problem import MatchingProblem

INTERRUPTED = Unreached(
    status=PlanStatus.STOPPED, interrupted=True, reason="the search was interrupted before a first plan was known"
)


def solve(
    problem: MatchingProblem,
    *,
    seed: int = 7,
    gap: float = 0.01,
    time_limit: float | None = None,
    workers: int = 2,
    observer: Observer | None = None,
    start_prices: ArrayLike | None = None,
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
        Seconds, those of compiling kernels not counted; None for no limit. Plan and bound are valid whenever it ends.
    workers
        Parts worked on at the same time, at least 1.
    observer
        Called with seconds, value and upper bound at every improvement.
    start_prices
        Shape (n,), at least 0, in units: prices that proved a bound of a similar problem, whatever they prove of this
        one. The search for prices begins there; circles of an earlier plan are `MatchingProblem.previous`.

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
    drive = Drive(seed=int(seed), gap=float(gap), clock=Clock(time_limit), workers=int(workers))
    guess = None if start_prices is None else _read_prices(start_prices, problem.members)
    return _form(problem, drive, observer=observer, guess=guess)


def _form(
    problem: MatchingProblem,
    drive: Drive,
    *,
    observer: Observer | None = None,
    enough: int | None = None,
    guess: NDArray[np.float64] | None = None,
) -> Plan:
    task: Task | None = None
    is_feasible, interrupted = True, False
    try:
        free = free_members(problem)
        start = find_start(problem, free, lambda goal, required: _form(goal, _half_of(drive), enough=required))
        if isinstance(start, Plan):
            return start
        if isinstance(start, Unreached):
            return _bound_anyhow(problem, drive, start)
        task = prepare_task(free, drive, start=start, observer=observer, enough=enough)
        if drive.halt.is_over:  # while a first plan was looked for
            raise KeyboardInterrupt
        task = price_task(task, drive)
        take_up(task, free, guess)
        is_feasible = search(task, drive)
    except KeyboardInterrupt:
        drive.halt.stop()
        interrupted = True
    if task is None:
        return _bound_anyhow(problem, drive, INTERRUPTED)
    status = _judge(task.incumbent, drive, is_feasible=is_feasible, interrupted=interrupted)
    return _to_plan(free, task.incumbent, status=status, interrupted=interrupted)


def _bound_anyhow(problem: MatchingProblem, drive: Drive, unreached: Unreached) -> Plan:
    """Give an answer without circles, because there was no time for any, the bound that holds from the first second."""
    free = free_members(problem)
    nothing = empty_pool(free.problem.sizes[-1])
    first = prepare_task(free, drive, start=nothing, observer=None, enough=None).incumbent
    plan = _to_plan(free, first, status=unreached.status, interrupted=unreached.interrupted)
    return replace(plan, reason=unreached.reason)


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


def _read_prices(given: ArrayLike, n: int) -> NDArray[np.float64]:
    prices = np.asarray(given, dtype=np.float64)
    if prices.shape != (n,) or not (np.isfinite(prices) & (prices >= 0)).all():
        msg = f"solve, start_prices: got shape {prices.shape}; allowed: {n} finite numbers of at least 0"
        raise InputError(msg)
    return prices


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral)


def _is_positive(value: Any) -> bool:
    return isinstance(value, Real) and value > 0  # type: ignore[operator]


def _half_of(drive: Drive) -> Drive:
    """Give half of the time to reaching what must be reached; no gap is near enough for that."""
    left = drive.clock.left
    return replace(drive, gap=0.0, clock=Clock(None if left == float("inf") else max(left / 2, 1e-9)))


def _judge(incumbent: Incumbent, drive: Drive, *, is_feasible: bool, interrupted: bool) -> PlanStatus:
    if not is_feasible:
        return PlanStatus.INFEASIBLE
    if incumbent.value == incumbent.bound:
        return PlanStatus.OPTIMAL
    if incumbent.reaches(drive.gap):
        return PlanStatus.WITHIN_GAP
    return PlanStatus.TIME_LIMIT if drive.clock.is_over and not interrupted else PlanStatus.STOPPED


def _to_plan(free: Free, incumbent: Incumbent, *, status: PlanStatus, interrupted: bool) -> Plan:
    proof = incumbent.certificate
    prices = np.zeros(free.members, dtype=np.int64)
    prices[free.positions] = proof.prices
    prices.setflags(write=False)
    positions = free.positions.tolist()
    circles = incumbent.circles.circles(np.arange(len(incumbent.circles)))
    return Plan(
        circles=tuple(sorted(tuple(positions[i] for i in circle) for circle in circles)),
        value=free.fixed_value + incumbent.value,
        upper_bound=free.fixed_value + incumbent.bound,
        prices=prices,
        price_scale=incumbent.scale,
        cuts=tuple(tuple(positions[i] for i in triple) for triple in proof.cuts.triples.tolist()),
        cut_prices=proof.cuts.prices,
        row_prices=proof.ledger.prices,
        row_scale=proof.ledger.row_scale,
        fixed_value=free.fixed_value,
        proof=Proof.PRICES if incumbent.bound == proof.bound else Proof.ENUMERATION,
        status=status,
        interrupted=interrupted,
    )
