"""The linear programme over a pool: which circles to take in part, and what each member's place is worth.

Maximise ``Σ worth·x`` so that every member's circles sum to at most 1, x ≥ 0. Its dual prices start the certificate;
whatever their quality, the certificate is made valid afterwards (`certificate.repair_prices`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, hstack, vstack

from circles.matching.engine.cuts import find_hits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.pool import Pool
    from circles.matching.rows import Rows

SIMPLEX_COLUMNS = 3_000
"""Up to so many circles the simplex method is quick and exact; above, the first-order method (PDLP) is."""
ACCURACY = 1e-4
MOST_DUAL = 1e3
"""Prices are at most so many times the most that a circle is worth, whatever a solver that went astray says."""
MANY, THREADS = 20_000, 2
"""From so many circles on the first-order method uses so many threads, not as many as there are workers: its answer
depends on the number."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """A solution of the linear programme.

    Parameters
    ----------
    shares
        Shape (m,), 0 to 1. How much of each circle is taken.
    prices
        Shape (n,), at least 0, in 1/scale. Only nearly valid.
    row_prices
        Shape (r,), at least 0, in 1/scale for a unit of each limit across circles, or for each cut, if any were given.
    """

    shares: NDArray[np.float64]
    prices: NDArray[np.float64]
    row_prices: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


def relax(
    pool: Pool,
    n: int,
    *,
    clock: Clock,
    floor: NDArray[np.float64] | None = None,
    accuracy: float = ACCURACY,
    triples: NDArray[np.int64] | None = None,
) -> Relaxed:
    """Solve the linear programme over a pool.

    Parameters
    ----------
    pool
        Circles, and pieces of circles where strangers may meet.
    n
        How many members there are.
    clock
        Ends the solution early; prices are then poorer, and no less safe.
    floor
        Shape (n,). Keeps each price at least so high: the trust region around a price that is known to be valid.
    accuracy
        Of the first-order method, relative and absolute.
    triples
        Shape (q, 3). Cuts: circles with two or three of each triple sum to at most 1; priced in `row_prices`.
    """
    if len(pool) == 0:
        return Relaxed(shares=np.zeros(0), prices=np.zeros(n) if floor is None else floor.copy())
    used = np.unique(pool.members[pool.members >= 0])
    matrix, rows = csc_array(pool.incidence(n).tocsr()[used].tocsc()), len(used)
    worth = pool.worth.astype(np.float64)
    if triples is not None:
        matrix = csc_array(vstack([matrix, find_hits(pool, triples).T.astype(np.float64)]).tocsc())
    if floor is not None:
        matrix = csc_array(hstack([matrix, _unit_columns(rows, matrix.shape[0])]))
        worth = np.concatenate([worth, floor[used]])
    unit = float(max(1.0, np.abs(worth).max()))
    seconds = min(clock.left, 600.0)
    if len(worth) <= SIMPLEX_COLUMNS:
        shares, duals = _solve_simplex(matrix, worth / unit, seconds)
    else:
        shares, duals = _solve_first_order(matrix, worth / unit, seconds, accuracy=accuracy)
    prices = np.zeros(n) if floor is None else floor.copy()
    prices[used] = np.maximum(duals[:rows] * unit, 0.0 if floor is None else floor[used])
    row_prices = np.maximum(duals[rows:] * unit, 0.0)
    return Relaxed(shares=np.clip(shares[: len(pool)], 0.0, 1.0), prices=prices, row_prices=row_prices)


def relax_within(pool: Pool, n: int, rows: Rows, *, clock: Clock) -> Relaxed:
    """Solve the linear programme over a pool within limits across circles; worth is full worth.

    Parameters
    ----------
    pool
        Circles, among them a plan that keeps the limits.
    n
        How many members there are.
    rows
        The limits.
    clock
        Ends the solution early.
    """
    if len(pool) == 0:
        return Relaxed(shares=np.zeros(0), prices=np.zeros(n), row_prices=np.zeros(len(rows)))
    used = np.unique(pool.members[pool.members >= 0])
    use = rows.use(pool.members).astype(np.float64)
    measure = np.maximum(1.0, np.abs(use).max(axis=1, initial=0.0))
    matrix = csc_array(vstack([pool.incidence(n).tocsr()[used], csc_array(use / measure[:, None])]).tocsc())
    top = np.concatenate([np.ones(len(used)), rows.limit / measure])
    worth = pool.worth.astype(np.float64)
    unit = float(max(1.0, np.abs(worth).max()))
    seconds = min(clock.left, 600.0)
    if len(worth) <= SIMPLEX_COLUMNS:
        shares, duals = _solve_simplex(matrix, worth / unit, seconds, top=top)
    else:
        shares, duals = _solve_first_order(matrix, worth / unit, seconds, accuracy=ACCURACY, top=top)
    prices = np.zeros(n)
    prices[used] = np.maximum(duals[: len(used)] * unit, 0.0)
    row_prices = np.maximum(duals[len(used) :] * unit / measure, 0.0)
    return Relaxed(shares=np.clip(shares, 0.0, 1.0), prices=prices, row_prices=row_prices)


def _unit_columns(size: int, rows: int) -> csc_array:
    at = np.arange(size + 1, dtype=np.int32)
    return csc_array((np.ones(size), at[:-1], at), shape=(rows, size))


def _solve_simplex(
    matrix: csc_array, worth: NDArray[np.float64], seconds: float, *, top: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from ortools.linear_solver.python import model_builder_helper

    rows, columns = matrix.shape
    model = model_builder_helper.ModelBuilderHelper()
    none, one = np.full(rows, -np.inf), np.ones(rows) if top is None else top
    model.fill_model_from_sparse_data(np.zeros(columns), np.full(columns, np.inf), worth, none, one, matrix.tocsr())  # type: ignore[arg-type]
    model.set_maximize(True)
    solver = model_builder_helper.ModelSolverHelper("glop")
    solver.set_time_limit_in_seconds(seconds)
    solver.solve(model)
    if not solver.has_solution():
        return np.zeros(columns), np.zeros(rows)
    return _make_finite(solver.variable_values(), solver.dual_values())


def _solve_first_order(
    matrix: csc_array,
    worth: NDArray[np.float64],
    seconds: float,
    *,
    accuracy: float,
    top: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp

    rows, columns = matrix.shape
    programme = pdlp.QuadraticProgram()
    programme.objective_vector = -worth  # it minimises, which also turns the sign of the duals
    programme.constraint_matrix = matrix
    programme.constraint_lower_bounds = np.full(rows, -np.inf)
    programme.constraint_upper_bounds = np.ones(rows) if top is None else top
    programme.variable_lower_bounds = np.zeros(columns)
    programme.variable_upper_bounds = np.full(columns, np.inf)
    threads = THREADS if columns >= MANY else 1
    parameters = solvers_pb2.PrimalDualHybridGradientParams(num_threads=threads, verbosity_level=0)
    criteria = parameters.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = accuracy
    criteria.simple_optimality_criteria.eps_optimal_absolute = accuracy
    criteria.time_sec_limit = seconds
    criteria.iteration_limit = 20_000
    result = pdlp.primal_dual_hybrid_gradient(programme, parameters)
    return _make_finite(result.primal_solution, -np.array(result.dual_solution))


def _make_finite(shares: ArrayLike, duals: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.nan_to_num(np.array(shares)), np.clip(np.nan_to_num(np.array(duals)), -MOST_DUAL, MOST_DUAL)
