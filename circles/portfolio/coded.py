"""A column of texts that repeat: each different text once, and for each row which of them it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What reading a file knows of a column anyway, so that checks look at each different text once.

    Attributes
    ----------
    codes
        Shape (rows,): position in `distinct` of the text of each row.
    distinct
        Shape (k,): texts, NaN for a missing one.
    """

    codes: NDArray[np.int64]
    distinct: NDArray[np.object_]

    def find_missing(self) -> NDArray[np.bool_]:
        """Give shape (rows,): True where there is no text."""
        return np.asarray(pd.isna(self.distinct))[self.codes]

    def find_others(self, allowed: Sequence[str]) -> NDArray[np.bool_]:
        """Give shape (rows,): True where there is a text and it is not one of these."""
        known = {*allowed}
        other = np.array([isinstance(text, str) and text not in known for text in self.distinct], dtype=np.bool_)
        return other[self.codes]

    def find_in(self, ids: pd.Index) -> NDArray[np.int64]:
        """Give shape (rows,): the position of each text in an index, −1 where it is not."""
        return np.asarray(ids.get_indexer(pd.Index(self.distinct, dtype=ids.dtype)))[self.codes]
