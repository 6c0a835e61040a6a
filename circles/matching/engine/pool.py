"""The pool: admissible circles found so far, with their worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array

from circles.matching.worth import NOBODY

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Circles, one a row, in sorted order and each once.

    Parameters
    ----------
    members
        Shape (m, L). Member positions ascending, `NOBODY` behind the last.
    worth
        Shape (m,). In 1/scale of a unit.
    """

    members: NDArray[np.int32]
    worth: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.worth)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Shape (m,). Members of each circle."""
        return (self.members != NOBODY).sum(axis=1)

    def pick(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> Pool:
        """Give some of the circles."""
        return Pool(members=self.members[rows], worth=self.worth[rows])

    def excess(self, prices: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give each circle's worth less its members' prices; shape (m,), in the prices' unit."""
        padded = np.append(prices, 0)
        return self.worth - padded[self.members].sum(axis=1)

    def incidence(self, n: int) -> csc_array:
        """Give the n × m matrix that is 1 where a member is in a circle."""
        taken = self.members != NOBODY
        begin = np.concatenate([[0], np.cumsum(taken.sum(axis=1))]).astype(np.int32)
        rows = self.members[taken].astype(np.int32)
        return csc_array((np.ones(len(rows)), rows, begin), shape=(n, len(self)))

    def circles(self, rows: NDArray[np.integer]) -> list[tuple[int, ...]]:
        """Give some of the circles as tuples of positions."""
        return [tuple(i for i in row if i != NOBODY) for row in self.members[rows].tolist()]


def empty_pool(largest: int) -> Pool:
    """Give a pool without circles, for circles of at most that many members."""
    return Pool(members=np.zeros((0, largest), dtype=np.int32), worth=np.zeros(0, dtype=np.int64))


def merge_pools(pools: list[Pool]) -> Pool:
    """Put pools together, sorted and each circle once; at least one pool is given."""
    members = np.concatenate([pool.members for pool in pools])
    worth = np.concatenate([pool.worth for pool in pools])
    order = np.lexsort(members.T[::-1])
    members, worth = members[order], worth[order]
    new = np.ones(len(worth), dtype=np.bool_)
    new[1:] = (members[1:] != members[:-1]).any(axis=1)
    return Pool(members=members[new], worth=worth[new])


def join_pools(pools: list[Pool]) -> Pool:
    """Put pools one after the other, in their order; at least one pool is given."""
    members = np.concatenate([pool.members for pool in pools])
    return Pool(members=members, worth=np.concatenate([pool.worth for pool in pools]))


def find_rows(pool: Pool, part: Pool) -> NDArray[np.int64]:
    """Find the rows of a pool whose circles are in another one, too; ascending."""
    wanted = {row.tobytes() for row in np.ascontiguousarray(part.members)}
    return np.flatnonzero([row.tobytes() in wanted for row in np.ascontiguousarray(pool.members)])


def best_by_member(pool: Pool, score: NDArray[np.int64] | NDArray[np.float64], *, most: int) -> NDArray[np.int64]:
    """Choose the rows that are among the `most` best of any of their members, ties by row; ascending rows."""
    row, place = np.nonzero(pool.members != NOBODY)
    member = pool.members[row, place]
    order = np.lexsort((row, -score[row], member))
    member, row = member[order], row[order]
    nth = np.arange(len(member)) - np.searchsorted(member, member)
    return np.unique(row[nth < most])
