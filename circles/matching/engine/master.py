"""The linear programme over a pool: which circles to take in part, and what each member's place is worth.

Maximise ``Σ worth·x`` so that every member's circles sum to at most 1, x ≥ 0. Its dual prices start the certificate;
whatever their quality, the certificate is made valid afterwards (`certificate.repair_prices`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, vstack

from circles.matching.engine.cuts import find_hits
from circles.matching.engine.first_order import solve_first_order

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.pool import Pool
    from circles.matching.rows import Rows

SIMPLEX_COLUMNS = 3_000
"""Up to so many circles the simplex method is quick and exact; above, a first-order method is: with limits, PDLP."""
ACCURACY = 1e-4
LONGEST = 600.0
"""Seconds that one linear programme may take at most."""
MOST_DUAL = 1e3
"""Prices are at most so many times the most that a circle is worth, whatever a solver that went astray says."""
MANY, THREADS = 20_000, 2
"""From so many circles on PDLP uses so many threads, not as many as there are workers: its answer
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
    least = np.zeros(n) if floor is None else floor
    worth = pool.worth - np.append(least, 0.0)[pool.members].sum(axis=1)
    paying = np.flatnonzero(worth > 0)  # others pay whatever the prices are
    shares, prices = np.zeros(len(pool)), least.copy()
    row_prices = np.zeros(0 if triples is None else len(triples))
    if len(paying) == 0:
        return Relaxed(shares=shares, prices=prices, row_prices=row_prices)
    matrix, used = _lay_out(pool.pick(paying), n)
    if triples is not None:
        hits = find_hits(pool.pick(paying), triples).T.tocsr()
        hit = np.flatnonzero(np.diff(hits.indptr))
        matrix = csc_array(vstack([matrix, hits[hit].astype(np.float64)]).tocsc())
    unit = float(worth.max())
    if len(paying) <= SIMPLEX_COLUMNS:
        taken, duals = _solve_simplex(matrix, worth[paying] / unit, min(clock.left, LONGEST))
    else:
        taken, duals = solve_first_order(matrix, worth[paying] / unit, accuracy=accuracy, clock=clock)
    shares[paying], duals = np.clip(taken, 0.0, 1.0), np.maximum(duals * unit, 0.0)
    prices[used] += duals[: len(used)]
    if triples is not None:
        row_prices[hit] = duals[len(used) :]
    return Relaxed(shares=shares, prices=prices, row_prices=row_prices)


def _lay_out(pool: Pool, n: int) -> tuple[csc_array, NDArray[np.int64]]:
    """Give the matrix of who is in which circle, a row for everybody in any, and who that is."""
    whole = pool.incidence(n)
    is_used = np.zeros(n, dtype=np.bool_)
    is_used[whole.indices] = True
    place = (np.cumsum(is_used) - 1).astype(np.int32)
    used = np.flatnonzero(is_used)
    return csc_array((whole.data, place[whole.indices], whole.indptr), shape=(len(used), len(pool))), used


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
    solver = _solve_simplex if len(worth) <= SIMPLEX_COLUMNS else _solve_pdlp
    shares, duals = solver(matrix, worth / unit, min(clock.left, LONGEST), top=top)
    prices = np.zeros(n)
    prices[used] = np.maximum(duals[: len(used)] * unit, 0.0)
    row_prices = np.maximum(duals[len(used) :] * unit / measure, 0.0)
    return Relaxed(shares=np.clip(shares, 0.0, 1.0), prices=prices, row_prices=row_prices)


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


def _solve_pdlp(
    matrix: csc_array, worth: NDArray[np.float64], seconds: float, *, top: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp

    rows, columns = matrix.shape
    programme = pdlp.QuadraticProgram()
    programme.objective_vector = -worth  # it minimises, which also turns the sign of the duals
    programme.constraint_matrix = matrix
    programme.constraint_lower_bounds = np.full(rows, -np.inf)
    programme.constraint_upper_bounds = top
    programme.variable_lower_bounds = np.zeros(columns)
    programme.variable_upper_bounds = np.full(columns, np.inf)
    threads = THREADS if columns >= MANY else 1
    parameters = solvers_pb2.PrimalDualHybridGradientParams(num_threads=threads, verbosity_level=0)
    criteria = parameters.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = ACCURACY
    criteria.simple_optimality_criteria.eps_optimal_absolute = ACCURACY
    criteria.time_sec_limit = seconds
    criteria.iteration_limit = 20_000
    result = pdlp.primal_dual_hybrid_gradient(programme, parameters)
    return _make_finite(result.primal_solution, -np.array(result.dual_solution))


def _make_finite(shares: ArrayLike, duals: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.nan_to_num(np.array(shares)), np.clip(np.nan_to_num(np.array(duals)), -MOST_DUAL, MOST_DUAL)
