"""Cuts: of all circles that hold two or three of three members, a plan forms at most one.

A relaxed plan may take half of three circles that share one member pairwise; each cut on a triple forbids that. A cut
with a price σ ≥ 0 is paid by every circle that holds at least two of the three, so prices of members may be lower, and
``Σ prices + Σ σ`` proves more (subset-row inequalities; M. Jepsen, B. Petersen, S. Spoorendonk and D. Pisinger,
*Operations Research* 56, 2008). Walks do not know of cuts: what a set pays for them is taken off afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array, csr_array

from circles.matching.engine.cuts_kernel import list_triples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.pool import Pool

FRACTION = 1e-3
"""Circles taken in part, by more than this, make cuts."""
VIOLATED = 0.02
"""A cut is worth having if it is broken by more than this."""
CANDIDATES_EACH, CUTS_EACH, LEAST_CUTS = 20, 0.1, 300
"""Triples looked at for each member; cuts taken in a round for each member, and at least."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cuts:
    """Triples of members, and a price for each.

    Parameters
    ----------
    triples
        Shape (q, 3), ascending in each row.
    prices
        Shape (q,), at least 0, in 1/scale.
    """

    triples: NDArray[np.int64]
    prices: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.prices)

    def pick(self, rows: NDArray[np.bool_]) -> Cuts:
        """Give some of the cuts."""
        return Cuts(triples=self.triples[rows], prices=self.prices[rows])

    def part(self, pool: Pool) -> NDArray[np.int64]:
        """Give what each set pays for cuts; shape (m,), in 1/scale."""
        if len(self) == 0 or len(pool) == 0:
            return np.zeros(len(pool), dtype=np.int64)
        return np.asarray(find_hits(pool, self.triples) @ self.prices)


def no_cuts() -> Cuts:
    """Give none."""
    return Cuts(triples=np.zeros((0, 3), dtype=np.int64), prices=np.zeros(0, dtype=np.int64))


def join_cuts(one: Cuts, other: Cuts) -> Cuts:
    """Put cuts of different members together."""
    return Cuts(triples=np.concatenate([one.triples, other.triples]), prices=np.concatenate([one.prices, other.prices]))


def find_hits(pool: Pool, triples: NDArray[np.int64]) -> csr_array:
    """Give the m × q matrix that is 1 where a set holds at least two of a triple."""
    n = max(int(pool.members.max(initial=0)), int(triples.max(initial=0))) + 1
    begin = np.arange(len(triples) + 1) * 3
    corners = csc_array((np.ones(triples.size, dtype=np.int64), triples.ravel(), begin), shape=(n, len(triples)))
    held = csr_array(pool.incidence(n).astype(np.int64).T @ corners)
    held.data = (held.data >= 2).astype(np.int64)
    held.eliminate_zeros()
    return held


def separate_cuts(pool: Pool, shares: NDArray[np.float64], n: int, *, known: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find triples whose circles a relaxed plan takes more than once, the worst first.

    Parameters
    ----------
    pool
        Circles.
    shares
        Shape (m,). How much of each is taken.
    n
        How many members there are.
    known
        Shape (q, 3). Triples that are cuts already.

    Returns
    -------
    Shape (c, 3).
    """
    taken = np.flatnonzero((shares > FRACTION) & (shares < 1 - FRACTION))
    part, share = pool.pick(taken), shares[taken]
    if len(part) == 0:
        return np.zeros((0, 3), dtype=np.int64)
    incidence = csr_array(part.incidence(n))
    together = csr_array((incidence * share) @ incidence.T)
    together.setdiag(0)
    together.eliminate_zeros()
    together.sort_indices()
    found = np.empty((CANDIDATES_EACH * n, 3), dtype=np.int64)
    count = list_triples(together.indptr, together.indices, together.data, 1 + VIOLATED, found)
    triples = _leave_out(found[:count], known, n)
    if len(triples) == 0:
        return triples
    broken = find_hits(part, triples).T @ share - 1
    order = np.argsort(-broken, kind="stable")[: max(LEAST_CUTS, int(CUTS_EACH * n))]
    return triples[order[broken[order] > VIOLATED]]


def _leave_out(triples: NDArray[np.int64], known: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    def key(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return (rows[:, 0] * n + rows[:, 1]) * n + rows[:, 2]

    return triples[~np.isin(key(triples), key(known))]
