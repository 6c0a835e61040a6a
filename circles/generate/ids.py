"""Ids of generated rows: a letter for the noun and a number of fixed width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def number_ids(letter: str, count: int) -> NDArray[np.object_]:
    """Give ids numbered from 1: shape (count,), text of equal length, so that order as text is order of rows.

    Examples
    --------
    >>> number_ids("M", 2).tolist()
    ['M00001', 'M00002']
    """
    if count == 0:
        return np.empty(0, dtype=np.object_)
    width = max(5, len(str(count)))
    digits = np.char.zfill(np.arange(1, count + 1).astype("U"), width)
    return np.char.add(letter, digits).astype(np.object_)
