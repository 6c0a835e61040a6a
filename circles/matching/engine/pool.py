"""The pool: admissible circles found so far, with their worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array

from circles.matching.engine.pool_kernel import Choice
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
        return self.worth - sum_over(self.members, prices)

    def keep_nearest(self, prices: NDArray[np.int64], most: int) -> Pool:
        """Drop the circles farthest from paying where there are more than so many."""
        if len(self) <= most:
            return self
        order = np.argsort(-self.excess(prices), kind="stable")[:most]
        return self.pick(np.sort(order))

    def incidence(self, n: int) -> csc_array:
        """Give the n × m matrix that is 1 where a member is in a circle."""
        taken = self.members != NOBODY
        begin = np.concatenate([[0], np.cumsum(taken.sum(axis=1))]).astype(np.int32)
        rows = self.members[taken].astype(np.int32)
        return csc_array((np.ones(len(rows)), rows, begin), shape=(n, len(self)))

    def circles(self, rows: NDArray[np.integer]) -> list[tuple[int, ...]]:
        """Give some of the circles as tuples of positions."""
        return [tuple(i for i in row if i != NOBODY) for row in self.members[rows].tolist()]


def sum_over(members: NDArray[np.integer], amounts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up an amount of every member, shape (n,), over sets of them, shape (m, L) as in a `Pool`; shape (m,)."""
    total: NDArray[np.int64] = np.append(amounts, 0)[members].sum(axis=1)
    return total


def empty_pool(largest: int) -> Pool:
    """Give a pool without circles, for circles of at most that many members."""
    return Pool(members=np.zeros((0, largest), dtype=np.int32), worth=np.zeros(0, dtype=np.int64))


def merge_pools(pools: list[Pool]) -> Pool:
    """Put pools together, sorted and each circle once, for the most it is worth; at least one pool is given."""
    members = np.concatenate([pool.members for pool in pools])
    worth = np.concatenate([pool.worth for pool in pools])
    order = np.lexsort([-worth, *_pack_rows(members)])
    members, worth = members[order], worth[order]
    new = np.ones(len(worth), dtype=np.bool_)
    new[1:] = (members[1:] != members[:-1]).any(axis=1)
    return Pool(members=members[new], worth=worth[new])


def _pack_rows(members: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Put several members into one number, so that sorting needs few keys; the last key sorts first."""
    above = members.astype(np.int64) + 1
    bits = int(above.max(initial=1)).bit_length()
    step = 63 // bits
    keys = []
    for first in range(0, members.shape[1], step):
        key = np.zeros(len(members), dtype=np.int64)
        for column in above[:, first : first + step].T:
            key = (key << bits) | column
        keys.append(key)
    return keys[::-1]


def join_pools(pools: list[Pool]) -> Pool:
    """Put pools one after the other, in their order; at least one pool is given."""
    members = np.concatenate([pool.members for pool in pools])
    return Pool(members=members, worth=np.concatenate([pool.worth for pool in pools]))


def find_rows(pool: Pool, part: Pool) -> NDArray[np.int64]:
    """Find the rows of a pool whose circles are in another one, too; ascending."""
    mine, wanted = _mark_rows(pool.members), _mark_rows(part.members)
    likely = np.flatnonzero(np.isin(mine, wanted))
    rows = {row.tobytes() for row in np.ascontiguousarray(part.members)}
    return likely[[row.tobytes() in rows for row in np.ascontiguousarray(pool.members[likely])]]


def _mark_rows(members: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give each row a number that hardly two rows share."""
    mark = np.zeros(len(members), dtype=np.int64)
    for column in members.T:
        mark = mark * 6364136223846793005 + column  # wraps around
    return mark


def list_choice(pool: Pool, n: int) -> Choice:
    """List the circles of each of n members."""
    row, place = np.nonzero(pool.members != NOBODY)
    member = pool.members[row, place]
    begin = np.concatenate([[0], np.cumsum(np.bincount(member, minlength=n))]).astype(np.int32)
    rows = row[np.argsort(member, kind="stable")].astype(np.int32)
    return Choice(members=pool.members, worth=pool.worth, begin=begin, rows=rows)


def best_by_member(pool: Pool, score: NDArray[np.int64] | NDArray[np.float64], *, most: int) -> NDArray[np.int64]:
    """Choose the rows that are among the `most` best of any of their members, ties by row; ascending rows."""
    row, place = np.nonzero(pool.members != NOBODY)
    member = pool.members[row, place]
    order = np.lexsort((row, -score[row], member))
    member, row = member[order], row[order]
    nth = np.arange(len(member)) - np.searchsorted(member, member)
    return np.unique(row[nth < most])
