"""Networks and amounts that the published models are given: checked once, kept sparse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from circles.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SLACK = 1e-12
"""Two amounts count as equal when they differ by less than this part of the larger one."""


def read_network(matrix: Any, name: str) -> csr_array:
    """Give a square network of amounts as compressed rows.

    Parameters
    ----------
    matrix
        Shape (members, members), dense or any scipy sparse format; finite, not negative, nothing on the diagonal.
    name
        What the caller calls it; messages say so.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        network = csr_array(matrix, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"{name} must be a matrix of numbers, dense or scipy sparse: {error}"
        raise InputError(msg) from error
    if network.ndim != 2 or network.shape[0] != network.shape[1]:
        msg = f"{name} has shape {network.shape}; give a square matrix, one row and one column a member"
        raise InputError(msg)
    network.sum_duplicates()
    _refuse_bad(network.data, name)
    own = np.flatnonzero(network.diagonal())
    if len(own):
        msg = f"{name}[{own[0]}, {own[0]}] is {network.diagonal()[own[0]]:g}; nobody owes himself, give 0"
        raise InputError(msg)
    return network


def read_amounts(values: ArrayLike, members: int, name: str, *, largest: float = np.inf) -> NDArray[np.float64]:
    """Give one number a member: finite, from 0 to ``largest``; shape (members,).

    Raises
    ------
    InputError
        If there are more or fewer, or one is out of range.
    """
    try:
        amounts = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        msg = f"{name} must be numbers: {error}"
        raise InputError(msg) from error
    if amounts.shape != (members,):
        msg = f"{name} has shape {amounts.shape}; give one number a member, shape ({members},)"
        raise InputError(msg)
    _refuse_bad(amounts, name, largest)
    return amounts


def read_rate(value: float, name: str) -> float:
    """Give a number in [0, 1].

    Raises
    ------
    InputError
        If it is none.
    """
    if not isinstance(value, (int, float, np.number)) or not 0 <= value <= 1:
        msg = f"{name} is {value!r}; give a number from 0 to 1"
        raise InputError(msg)
    return float(value)


def find_exceeding(amounts: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where an amount is more than its limit, rounding apart."""
    return amounts - limits > SLACK * np.maximum(amounts, limits)


def _refuse_bad(amounts: NDArray[np.float64], name: str, largest: float = np.inf) -> None:
    bad = np.flatnonzero(~(np.isfinite(amounts) & (amounts >= 0) & (amounts <= largest)))
    if len(bad):
        allowed = "finite numbers, not negative" if np.isinf(largest) else f"numbers from 0 to {largest:g}"
        msg = f"{name} holds {amounts[bad[0]]:g}; give {allowed}"
        raise InputError(msg)
