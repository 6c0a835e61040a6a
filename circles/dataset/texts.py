"""The texts of a column, each different one kept once.

A column of two million references to a quarter of a million members becomes a quarter of a million texts and two
million positions. Short cells are told apart by their bytes, eight at a time, as whole columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.dataset.cells import PADDING, Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = 8
_SHORT = 6 * _WORD
_MASKS = np.array([(1 << (8 * count)) - 1 for count in range(_WORD + 1)], dtype=np.uint64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Shape (rows,) positions, in `distinct`, of the text of each cell."""

    codes: NDArray[np.int64]
    distinct: list[str]


def read_texts(cells: Cells) -> Texts:
    """Read the cells of a column as texts; linear in its bytes."""
    codes = np.empty(len(cells.starts), dtype=np.int64)
    short = (cells.lengths <= _SHORT) & ~cells.escaped
    codes[short], first = _tell_apart(cells.at(short))
    rows = np.flatnonzero(short)[first]
    distinct = cells.read_all(rows)
    found: dict[str, int] = {}
    others = [found.setdefault(text, len(found)) for text in cells.read_all(np.flatnonzero(~short))]
    codes[~short] = np.array(others, dtype=np.int64) + len(distinct)
    return Texts(codes=codes, distinct=distinct + list(found))


def _tell_apart(cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give short cells numbers by their bytes, and the first row that has each number.

    The file has no NUL byte, so a shorter cell filled up with zeros equals no longer one.
    """
    rows = len(cells.starts)
    words = np.ndarray((len(cells.data) - PADDING + 1,), dtype="<u8", buffer=cells.data, strides=(1,))
    codes = np.zeros(rows, dtype=np.int64)
    for offset in range(0, int(cells.lengths.max(initial=0)), _WORD):
        left = np.clip(cells.lengths - offset, 0, _WORD)
        at = np.where(left > 0, cells.starts + offset, 0)
        next_codes, next_words = pd.factorize(words[at] & _MASKS[left])
        codes = next_codes if offset == 0 else pd.factorize(codes * len(next_words) + next_codes)[0]
    first = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(rows)[::-1]
    return codes, first
