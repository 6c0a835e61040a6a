"""Choosing circles that share no member: set packing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.pool_kernel import choose_free

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from ortools.sat.python.cp_model import CpModel, CpSolver

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.pool import Pool


class Halt:
    """Ends searches that run in other threads."""

    def __init__(self) -> None:
        self._running: set[CpSolver] = set()
        self._is_over = False

    @property
    def is_over(self) -> bool:
        """Whether searches have been ended."""
        return self._is_over

    def run(self, solver: CpSolver, model: CpModel) -> int:
        """Search, unless it is over."""
        if self._is_over:
            return 0  # nothing is known
        self._running.add(solver)
        try:
            return int(solver.solve(model))
        finally:
            self._running.discard(solver)

    def stop(self) -> None:
        """End all searches, and begin no other."""
        self._is_over = True
        for solver in list(self._running):
            solver.stop_search()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packing:
    """Rows of a pool that share no member.

    Parameters
    ----------
    rows
        Shape (c,), ascending.
    is_best
        Whether no choice from that pool is worth more.
    """

    rows: NDArray[np.int64]
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Room:
    """Limits that chosen circles keep together.

    Parameters
    ----------
    worth
        Shape (m,). What each circle of the pool is worth in the plan.
    use
        Shape (r, m). What each uses of each limit; negative where a limit says what must be reached.
    limit
        Shape (r,).
    """

    worth: NDArray[np.int64]
    use: NDArray[np.int64]
    limit: NDArray[np.int64]


def pack_greedily(pool: Pool, score: NDArray[np.float64], *, room: Room | None = None) -> NDArray[np.int64]:
    """Take circles by score, the highest first, as long as their members are free; ascending rows.

    What must be reached may be missed; no other limit is broken.
    """
    order = np.lexsort((np.arange(len(pool)), -score))
    if room is not None and len(room.limit):
        return _pack_within(pool, order, room)
    taken = np.zeros(int(pool.members.max(initial=-1)) + 1, dtype=np.bool_)
    return np.flatnonzero(choose_free(pool.members, order, taken))


def _pack_within(pool: Pool, order: NDArray[np.int64], room: Room) -> NDArray[np.int64]:
    taken, spare, rows = np.zeros(int(pool.members.max(initial=-1)) + 2, dtype=np.bool_), room.limit.copy(), []
    for row in order.tolist():
        members, use = pool.members[row], room.use[:, row]
        if not taken[members].any() and ((use <= 0) | (use <= spare)).all():
            taken[members] = True
            taken[-1] = False  # nobody
            spare -= use
            rows.append(row)
    return np.array(sorted(rows), dtype=np.int64)


def pack_exactly(
    pool: Pool,
    known: NDArray[np.int64],
    *,
    effort: float,
    seed: int,
    clock: Clock,
    halt: Halt,
    room: Room | None = None,
) -> Packing:
    """Choose the best circles of a pool that share no member, with CP-SAT.

    Parameters
    ----------
    pool
        Circles to choose from.
    known
        Rows of a choice that is known already; the answer is never worth less.
    effort
        Deterministic time, in CP-SAT's seconds: the same effort gives the same answer on any machine.
    seed
        Seed of the search.
    clock
        Ends the search early.
    halt
        Ends it from another thread.
    room
        Limits to keep, which the known choice keeps, and what circles are worth then.
    """
    from ortools.sat.python import cp_model

    if len(pool) == 0 or clock.is_over:
        return Packing(rows=known, is_best=len(pool) == 0)
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(pool))]
    by_member = pool.incidence(int(pool.members.max()) + 1).tocsr()
    contested = np.flatnonzero(np.diff(by_member.indptr) > 1)
    for start, stop in zip(by_member.indptr[contested].tolist(), by_member.indptr[contested + 1].tolist(), strict=True):
        model.add_at_most_one([chosen[row] for row in by_member.indices[start:stop].tolist()])
    worth = pool.worth if room is None else room.worth
    for use, limit in zip(room.use.tolist(), room.limit.tolist(), strict=True) if room is not None else ():
        model.add(cp_model.LinearExpr.weighted_sum(chosen, use) <= limit)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, (worth // max(1, np.gcd.reduce(worth))).tolist()))
    hint = set(known.tolist())
    for row, variable in enumerate(chosen):
        model.add_hint(variable, row in hint)
    solver = _prepare_solver(effort=effort, seed=seed, seconds=clock.left)
    status = halt.run(solver, model)
    is_best = status == cp_model.OPTIMAL
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Packing(rows=known, is_best=False)
    rows = np.flatnonzero([solver.boolean_value(variable) for variable in chosen])
    if worth[rows].sum() < worth[known].sum():
        rows = known
    return Packing(rows=rows.astype(np.int64), is_best=is_best)


def _prepare_solver(*, effort: float, seed: int, seconds: float):  # type: ignore[no-untyped-def]
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.max_deterministic_time = effort
    solver.parameters.linearization_level = 2
    solver.parameters.catch_sigint_signal = False
    if seconds < float("inf"):
        solver.parameters.max_time_in_seconds = seconds
    return solver
