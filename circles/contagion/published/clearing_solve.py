"""The linear systems of a clearing: what members in default hand on to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array
from scipy.sparse.linalg import bicgstab, splu

from circles.errors import ConvergenceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIRECT = 2_000
_TURNS = 1_000
_ROUNDING = 1e-14


def solve_payments(within: csr_array, left: NDArray[np.float64], *, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve x = max(0, left + within · x) by its payers: those whose means do not end at their first creditors.

    Parameters
    ----------
    within
        Shape (members, members): the part of column j's payment that row i can hand on; columns add up to at most 1.
    left
        Shape (members,): what each has left for its creditors without the others; may be negative.
    start
        Shape (members,): payments to begin an iterative solution from.

    Returns
    -------
    Shape (members,).

    Raises
    ------
    ConvergenceError
        If the payers do not settle in as many turns as there are members, or their system has no solution.

    Notes
    -----
    From nobody paying upwards: whoever can pay something joins the payers and stays (Howard's policy iteration), so
    that the systems are never singular where defaults are true ones.
    """
    payments, payers = np.zeros(len(left)), np.zeros(len(left), dtype=np.bool_)
    for _ in range(len(left) + 1):
        joined = payers | (left + within @ payments >= 0)
        if (joined == payers).all():
            return payments
        payers = joined
        (places,) = np.nonzero(payers)
        payments[places] = np.maximum(_solve(within[places][:, places], left[places], start[places]), 0.0)
    msg = f"who pays did not settle in {len(left) + 1:,} turns"
    raise ConvergenceError(msg)


def _solve(within: csr_array, left: NDArray[np.float64], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve x = left + within · x: directly if small, else by iteration, and directly again if that does not settle."""
    matrix = csc_array(eye_array(len(left)) - within)
    if within.nnz == 0:
        return left.copy()
    if len(left) > _DIRECT:
        found, failure = bicgstab(csr_array(matrix), left, x0=start, rtol=_ROUNDING, atol=0.0, maxiter=_TURNS)
        if not failure and _is_solved(matrix, found, left):
            return np.asarray(found, dtype=np.float64)
    try:
        return np.asarray(splu(matrix).solve(left), dtype=np.float64)
    except RuntimeError as error:
        msg = f"the debts of {len(left):,} members in default have no unique solution: {error}"
        raise ConvergenceError(msg) from error


def _is_solved(matrix: csc_array, found: NDArray[np.float64], left: NDArray[np.float64]) -> bool:
    return bool(np.abs(matrix @ found - left).max() <= 1e-12 * np.abs(left).max())
