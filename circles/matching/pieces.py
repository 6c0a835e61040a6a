"""Circles with strangers are judged piece by piece: what a piece is charged, so that no circle is undercharged.

Split a circle T of t members into its k pieces connected by listed pairs. Every pair across pieces is unlisted and
scores at most −u, and there are ``(t² − Σ cᵢ²)/2`` of them, so with h the values and pair scores inside a piece

    worth(T) ≤ Σ h(Cᵢ) − u·(t² − Σ cᵢ²)/2 − charge[t] ≤ Σ (h(Cᵢ) − φ(cᵢ))

whenever ``Σ φ(cᵢ) ≤ charge[t] + u·(t² − Σ cᵢ²)/2``. If no piece is worth more than its members' prices, no circle of
two or more pieces is. Two choices of φ keep the condition for every t and every partition:

* u ≥ 0: ``φ(c) = α·c`` with ``α = min_t (charge[t] + u(t − 1))/t``: t members in two or more pieces have at least
  t − 1 pairs across;
* any u: ``φ(c) = c · min_{t > c} (charge[t]/t + u(t − c)/2)``: sum the bracket at the circle's own t.

Both are linear conditions, so the larger of the two is not valid size by size; α is used for u ≥ 0.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

NO_PIECES = 2**62


def price_pieces(size_charge: Mapping[int, int], unlisted: int, *, scale: int) -> NDArray[np.int64]:
    """Give φ, rounded down, for pieces of every size below the largest.

    Parameters
    ----------
    size_charge
        Allowed sizes and their charges.
    unlisted
        The most an unlisted pair can score, −u.
    scale
        Parts of a unit the charges are given in.

    Returns
    -------
    Shape (largest size + 1,), in 1/scale; `NO_PIECES` at 0 and at the largest size.

    Examples
    --------
    >>> price_pieces({3: 6}, -3, scale=1).tolist()[1:3]  # α = (6 + 3·2)/3
    [4, 8]
    """
    largest, u = max(size_charge), -unlisted
    charge = np.full(largest + 1, NO_PIECES, dtype=np.int64)
    for size in range(1, largest):
        if u >= 0:
            share = min(Fraction(size_charge[t] + u * (t - 1), t) for t in size_charge)
        else:
            share = min(Fraction(size_charge[t], t) + Fraction(u * (t - size), 2) for t in size_charge if t > size)
        charge[size] = size * share * scale // 1
    return charge


def no_pieces(largest: int) -> NDArray[np.int64]:
    """Give the charges where circles are connected, so that pieces are never priced; shape (largest + 1,)."""
    return np.full(largest + 1, NO_PIECES, dtype=np.int64)
