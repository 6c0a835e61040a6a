"""Sets of unordered pairs of candidates, as sorted keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSet:
    """Unordered pairs of candidates 0 … n−1, each once.

    Attributes
    ----------
    size
        n, the number of candidates.
    keys
        Shape (p,), sorted: first × n + second with first < second.
    """

    size: int
    keys: NDArray[np.int64]

    @classmethod
    def of(cls, size: int, first: ArrayLike, second: ArrayLike) -> Self:
        """Collect pairs, in any order and however often named; a candidate with itself is no pair."""
        left, right = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
        apart = left != right
        low, high = np.minimum(left, right)[apart], np.maximum(left, right)[apart]
        return cls(size=size, keys=np.unique(low * size + high))

    @property
    def first(self) -> NDArray[np.int64]:
        """Shape (p,): the smaller candidate of each pair."""
        return self.keys // max(self.size, 1)

    @property
    def second(self) -> NDArray[np.int64]:
        """Shape (p,): the greater candidate of each pair."""
        return self.keys % max(self.size, 1)

    def find(self, first: ArrayLike, second: ArrayLike) -> NDArray[np.int64]:
        """Give the position of each pair asked for, −1 where it is not in the set."""
        left, right = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
        wanted = np.minimum(left, right) * self.size + np.maximum(left, right)
        if not len(self.keys):
            return np.full(wanted.shape, -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, at, -1)

    def among(self, members: ArrayLike) -> NDArray[np.bool_]:
        """Give the matrix of a circle: True where two of its members are a pair of the set."""
        row = np.asarray(members, dtype=np.int64)
        return self.find(row[:, None], row[None, :]) >= 0

    def restricted(self, chosen: NDArray[np.int64]) -> Self:
        """Give the pairs among some candidates, renumbered by their position in `chosen` (sorted)."""
        local = np.full(self.size, -1, dtype=np.int64)
        local[chosen] = np.arange(len(chosen))
        left, right = local[self.first], local[self.second]
        inside = (left >= 0) & (right >= 0)
        return type(self).of(len(chosen), left[inside], right[inside])

    def without(self, others: Self) -> Self:
        """Give the pairs that are not in another set."""
        return type(self)(size=self.size, keys=np.setdiff1d(self.keys, others.keys, assume_unique=True))

    def __len__(self) -> int:
        return len(self.keys)


def list_neighbours(count: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> list[set[int]]:
    """List for each of so many members those with whom it makes one of some pairs."""
    near: list[set[int]] = [set() for _ in range(count)]
    for left, right in zip(first.tolist(), second.tolist(), strict=True):
        near[left].add(right)
        near[right].add(left)
    return near
