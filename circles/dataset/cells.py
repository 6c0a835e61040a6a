"""The cells of one column of text, as bytes: nothing here makes an object for a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PADDING = 8
"""Bytes after the text that may be read, so that eight bytes can be taken from anywhere in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one column.

    Attributes
    ----------
    data
        All text in UTF-8, and `PADDING` zero bytes.
    starts, lengths
        Shape (rows,): where each cell is, without its quote marks.
    escaped
        Shape (rows,): True where the cell has doubled quote marks inside.
    """

    data: bytes
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    escaped: NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Give texts as cells."""
        encoded = [text.encode() for text in texts]
        lengths = np.array([len(text) for text in encoded], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        data = b"".join(encoded) + bytes(PADDING)
        return cls(data=data, starts=starts, lengths=lengths, escaped=np.zeros(len(encoded), dtype=np.bool_))

    def at(self, rows: NDArray[Any]) -> Cells:
        """Give the cells of some rows, by position or mask."""
        return Cells(data=self.data, starts=self.starts[rows], lengths=self.lengths[rows], escaped=self.escaped[rows])

    def read_all(self, rows: NDArray[Any]) -> list[str]:
        """Give the cells of some rows as texts."""
        starts, ends = self.starts[rows].tolist(), (self.starts[rows] + self.lengths[rows]).tolist()
        texts = [self.data[start:end].decode() for start, end in zip(starts, ends, strict=True)]
        for position in np.flatnonzero(self.escaped[rows]).tolist():
            texts[position] = texts[position].replace('""', '"')
        return texts
