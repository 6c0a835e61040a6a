"""Rounding to whole fen inside groups, so that every group adds up to its total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sum_by(groups: NDArray[Any], amounts: NDArray[Any], count: int) -> NDArray[Any]:
    """Add up amounts by group.

    Parameters
    ----------
    groups
        Shape (rows,), below `count`; a row with a group below 0 is left out.
    amounts
        Shape (rows,), fen; the sums keep their type.
    count
        Number of groups.
    """
    sums = np.zeros(count, dtype=amounts.dtype)
    inside = groups >= 0
    np.add.at(sums, groups[inside], amounts[inside])
    return sums


def round_groups(
    amounts: NDArray[np.float64], groups: NDArray[np.int64], totals: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Round amounts to whole fen by largest remainder inside each group.

    Parameters
    ----------
    amounts
        Shape (rows,), fen, at least 0. Ties go to the earlier row.
    groups
        Shape (rows,): the group of each row.
    totals
        Shape (groups,): what each group adds up to. Where it lies farther from the amounts' sum than rounding can
        reach, the rest goes to the group's largest amounts.

    Returns
    -------
    Shape (rows,), whole fen, at least 0, adding up to `totals` in every group that has rows (a negative rest is
    taken as far as amounts go).

    Examples
    --------
    >>> round_groups(np.array([33.4, 33.3, 33.3, 0.5]), np.array([0, 0, 0, 1]), np.array([100, 1])).tolist()
    [34, 33, 33, 1]
    """
    blur = np.minimum(1e-6 + 1e-14 * amounts, 0.01)
    whole = np.floor(amounts + blur).astype(np.int64)
    missing = totals - sum_by(groups, whole, len(totals))
    remainder = np.round(np.maximum(amounts - whole, 0.0), 6)
    order = np.lexsort((-remainder, groups))
    place = np.arange(len(order)) - np.searchsorted(groups[order], groups[order])
    whole[order[place < missing[groups[order]]]] += 1
    _spread_rest(whole, groups, totals)
    return whole


def _spread_rest(whole: NDArray[np.int64], groups: NDArray[np.int64], totals: NDArray[np.int64]) -> None:
    rest = totals - sum_by(groups, whole, len(totals))
    rest[np.bincount(groups, minlength=len(totals)) == 0] = 0
    for group in np.flatnonzero(rest):
        rows = np.flatnonzero(groups == group)
        for row in rows[np.argsort(-whole[rows], kind="stable")]:
            step = max(int(rest[group]), -int(whole[row]))
            whole[row] += step
            rest[group] -= step
