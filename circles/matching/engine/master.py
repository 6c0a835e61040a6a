"""The linear programme over a pool: which circles to take in part, and what each member's place is worth.

Maximise ``Σ worth·x`` so that every member's circles sum to at most 1, x ≥ 0. Its dual prices start the certificate;
whatever their quality, the certificate is made valid afterwards (`certificate.repair_prices`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, hstack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.pool import Pool

SIMPLEX_COLUMNS = 3_000
"""Up to so many circles the simplex method is quick and exact; above, the first-order method (PDLP) is."""
ACCURACY = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relaxed:
    """A solution of the linear programme.

    Parameters
    ----------
    shares
        Shape (m,), 0 to 1. How much of each circle is taken.
    prices
        Shape (n,), at least 0, in 1/scale. Only nearly valid.
    """

    shares: NDArray[np.float64]
    prices: NDArray[np.float64]


def relax(
    pool: Pool, n: int, *, clock: Clock, floor: NDArray[np.float64] | None = None, accuracy: float = ACCURACY
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
    """
    if len(pool) == 0:
        return Relaxed(shares=np.zeros(0), prices=np.zeros(n) if floor is None else floor.copy())
    used = np.unique(pool.members[pool.members >= 0])
    matrix = csc_array(pool.incidence(n).tocsr()[used].tocsc())
    worth = pool.worth.astype(np.float64)
    if floor is not None:
        matrix = csc_array(hstack([matrix, _eye(len(used))]))
        worth = np.concatenate([worth, floor[used]])
    unit = float(max(1.0, np.abs(worth).max()))
    seconds = min(clock.left, 600.0)
    if len(worth) <= SIMPLEX_COLUMNS:
        shares, duals = _solve_simplex(matrix, worth / unit, seconds)
    else:
        shares, duals = _solve_first_order(matrix, worth / unit, seconds, accuracy=accuracy)
    prices = np.zeros(n) if floor is None else floor.copy()
    prices[used] = np.maximum(duals * unit, 0.0 if floor is None else floor[used])
    return Relaxed(shares=np.clip(shares[: len(pool)], 0.0, 1.0), prices=prices)


def _eye(size: int) -> csc_array:
    return csc_array((np.ones(size), np.arange(size, dtype=np.int32), np.arange(size + 1, dtype=np.int32)))


def _solve_simplex(
    matrix: csc_array, worth: NDArray[np.float64], seconds: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from ortools.linear_solver.python import model_builder_helper

    rows, columns = matrix.shape
    model = model_builder_helper.ModelBuilderHelper()
    none, one = np.full(rows, -np.inf), np.ones(rows)
    model.fill_model_from_sparse_data(np.zeros(columns), np.full(columns, np.inf), worth, none, one, matrix.tocsr())  # type: ignore[arg-type]
    model.set_maximize(True)
    solver = model_builder_helper.ModelSolverHelper("glop")
    solver.set_time_limit_in_seconds(seconds)
    solver.solve(model)
    if not solver.has_solution():
        return np.zeros(columns), np.zeros(rows)
    return np.array(solver.variable_values()), np.array(solver.dual_values())


def _solve_first_order(
    matrix: csc_array, worth: NDArray[np.float64], seconds: float, *, accuracy: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from ortools.pdlp import solvers_pb2
    from ortools.pdlp.python import pdlp

    rows, columns = matrix.shape
    programme = pdlp.QuadraticProgram()
    programme.objective_vector = -worth  # it minimises, which also turns the sign of the duals
    programme.constraint_matrix = matrix
    programme.constraint_lower_bounds = np.full(rows, -np.inf)
    programme.constraint_upper_bounds = np.ones(rows)
    programme.variable_lower_bounds = np.zeros(columns)
    programme.variable_upper_bounds = np.full(columns, np.inf)
    parameters = solvers_pb2.PrimalDualHybridGradientParams(num_threads=1, verbosity_level=0)
    criteria = parameters.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = accuracy
    criteria.simple_optimality_criteria.eps_optimal_absolute = accuracy
    criteria.time_sec_limit = seconds
    criteria.iteration_limit = 20_000
    result = pdlp.primal_dual_hybrid_gradient(programme, parameters)
    return np.array(result.primal_solution), -np.array(result.dual_solution)
