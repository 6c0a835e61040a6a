"""Circles with strangers are judged piece by piece: what a piece is charged, so that no circle is undercharged.

Split a circle T of t members into its pieces connected by listed pairs. Every pair across pieces is unlisted and
scores at most −u, and there are ``(t² − Σ cᵢ²)/2`` of them, so with h the values and pair scores inside a piece

    worth(T) ≤ Σ h(Cᵢ) − u·(t² − Σ cᵢ²)/2 − charge[t] ≤ Σ (h(Cᵢ) − φ(cᵢ))

whenever ``Σ φ(cᵢ) ≤ charge[t] + u·(t² − Σ cᵢ²)/2``, for every allowed t and every partition of t into two or more
parts. If then no piece is worth more than its members' prices, no circle of two or more pieces is.

``φ(c) = c · min over allowed t > c of (charge[t]/t + u·(t − c)/2)`` keeps the condition for every sign of u: sum the
bracket at the circle's own t. Among all φ that keep it, the linear programme ``max Σ weight(c)·φ(c)`` gives the one
that fits the pieces which matter; it is checked in whole numbers afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NO_PIECES = 2**62
ROUNDING = (1e-6, -1e-3)
"""What is added before rounding down: the linear programme is nearly exact; if too much, a little is taken off."""


def price_pieces(
    size_charge: Mapping[int, int], unlisted: int, *, weight: NDArray[np.float64], scale: int
) -> NDArray[np.int64]:
    """Give φ, rounded down, for pieces of every size below the largest.

    Parameters
    ----------
    size_charge
        Allowed sizes and their charges.
    unlisted
        The most an unlisted pair can score, −u.
    weight
        Shape (largest size,), above 0. How much pieces of each size matter; entry 0 is not used.
    scale
        Parts of a unit the charges are given in.

    Returns
    -------
    Shape (largest size + 1,), in 1/scale; `NO_PIECES` at 0 and at the largest size.

    Examples
    --------
    >>> price_pieces({3: 6}, -3, weight=np.array([0, 9.0, 1.0]), scale=1).tolist()[1:3]  # 3·φ(1) ≤ 6 + 3·3
    [5, 7]
    """
    largest = max(size_charge)
    charge = np.full(largest + 1, NO_PIECES, dtype=np.int64)
    fitted = _fit_charge(size_charge, unlisted, weight)
    choices = [[int(np.floor(part * scale + slack)) for part in fitted] for slack in ROUNDING]
    choices.append(share_charge(size_charge, unlisted, scale=scale))
    charge[1:largest] = next(choice for choice in choices if _is_kept(choice, size_charge, unlisted, scale=scale))
    return charge


def share_charge(size_charge: Mapping[int, int], unlisted: int, *, scale: int) -> list[int]:
    """Give the φ of the formula, in 1/scale and rounded down, for pieces of 1, 2, … members below the largest size."""
    return [
        int(
            size
            * min(Fraction(size_charge[t], t) - Fraction(unlisted * (t - size), 2) for t in size_charge if t > size)
            * scale
            // 1
        )
        for size in range(1, max(size_charge))
    ]


def no_pieces(largest: int) -> NDArray[np.int64]:
    """Give the charges where circles are connected, so that pieces are never priced; shape (largest + 1,)."""
    return np.full(largest + 1, NO_PIECES, dtype=np.int64)


def _fit_charge(size_charge: Mapping[int, int], unlisted: int, weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve the linear programme, in units."""
    largest = max(size_charge)
    start = np.array(share_charge(size_charge, unlisted, scale=1), dtype=np.float64)
    cases = list(_list_partitions(size_charge, unlisted))
    counts = np.array([np.bincount(parts, minlength=largest)[1:] for parts, _ in cases], dtype=np.float64)
    limits = np.array([limit for _, limit in cases], dtype=np.float64)
    bounds = [(min(low, 0.0), None) for low in start]  # sizes that matter little would pay for the others otherwise
    result = linprog(-weight[1:], A_ub=counts, b_ub=limits, bounds=bounds)
    return np.array(result.x if result.success else start, dtype=np.float64)


def _is_kept(charge: list[int], size_charge: Mapping[int, int], unlisted: int, *, scale: int) -> bool:
    cases = _list_partitions(size_charge, unlisted)
    return all(sum(charge[part - 1] for part in parts) <= limit * scale for parts, limit in cases)


def _list_partitions(size_charge: Mapping[int, int], unlisted: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """List the partitions of every size into two or more parts, each with what its charges may sum to, in units."""
    for size, charge in size_charge.items():
        for parts in _split_number(size, size - 1):
            across = (size * size - sum(part * part for part in parts)) // 2
            yield parts, charge - unlisted * across


def _split_number(number: int, most: int) -> Iterator[tuple[int, ...]]:
    if number == 0:
        yield ()
    for part in range(min(number, most), 0, -1):
        for rest in _split_number(number - part, part):
            yield (part, *rest)
