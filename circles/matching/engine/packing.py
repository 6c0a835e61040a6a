"""Choosing circles that share no member: set packing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.pool import Pool


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


def pack_greedily(pool: Pool, score: NDArray[np.float64]) -> NDArray[np.int64]:
    """Take circles by score, the highest first, as long as their members are free; ascending rows."""
    taken: set[int] = set()
    rows = []
    order = np.lexsort((np.arange(len(pool)), -score))
    for row, circle in zip(order.tolist(), pool.circles(order), strict=True):
        if taken.isdisjoint(circle):
            taken.update(circle)
            rows.append(row)
    return np.array(sorted(rows), dtype=np.int64)


def pack_exactly(pool: Pool, known: NDArray[np.int64], *, effort: float, seed: int, clock: Clock) -> Packing:
    """Choose the best circles of a pool that share no member, with CP-SAT.

    Parameters
    ----------
    pool
        Circles to choose from; each worth more than 0.
    known
        Rows of a choice that is known already; the answer is never worth less.
    effort
        Deterministic time, in CP-SAT's seconds: the same effort gives the same answer on any machine.
    seed
        Seed of the search.
    clock
        Ends the search early.
    """
    from ortools.sat.python import cp_model

    if len(pool) == 0 or clock.is_over:
        return Packing(rows=known, is_best=len(pool) == 0)
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(pool))]
    by_member = pool.incidence(int(pool.members.max()) + 1).tocsr()
    for start, stop in zip(by_member.indptr[:-1], by_member.indptr[1:], strict=True):
        if stop - start > 1:
            model.add_at_most_one([chosen[row] for row in by_member.indices[start:stop]])
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, (pool.worth // np.gcd.reduce(pool.worth)).tolist()))
    hint = set(known.tolist())
    for row, variable in enumerate(chosen):
        model.add_hint(variable, row in hint)
    solver = _prepare_solver(effort=effort, seed=seed, seconds=clock.left)
    status = solver.solve(model)
    is_best = status == cp_model.OPTIMAL
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Packing(rows=known, is_best=False)
    rows = np.flatnonzero([solver.boolean_value(variable) for variable in chosen])
    if pool.worth[rows].sum() < pool.worth[known].sum():
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
