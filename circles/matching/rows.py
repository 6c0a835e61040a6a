"""Limits across circles: caps on loans by label, and how much must be placed or lent at least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.groups import pinned_loans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows ``Σ of placed members' amounts ≤ limit``: caps in their order, then what must be placed, then lent.

    Parameters
    ----------
    amount
        Shape (r, n). What each member uses of each row; negative in the rows of what must be reached.
    limit
        Shape (r,). What pinned circles leave.
    """

    amount: NDArray[np.int64]
    limit: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.limit)

    def pick(self, members: NDArray[np.integer]) -> Rows:
        """Give the same limits for some of the members."""
        return Rows(amount=self.amount[:, members], limit=self.limit)

    def use(self, circles: NDArray[np.integer]) -> NDArray[np.int64]:
        """Give what circles, −1 behind the last member, use of each row; shape (r, m)."""
        padded = np.column_stack([self.amount, np.zeros(len(self), dtype=np.int64)])
        return padded[:, circles].sum(axis=2)

    def parts(self, prices: NDArray[np.int64], scale: int) -> NDArray[np.int64]:
        """Give each member's part of the row prices, each rounded down, in 1/price_scale; shape (n,)."""
        parts = np.zeros(self.amount.shape[1], dtype=np.int64)
        for amount, price in zip(self.amount, prices.tolist(), strict=True):
            if price:
                used = np.flatnonzero(amount)
                parts[used] += [each * price // scale for each in amount[used].tolist()]
        return parts

    def offset(self, prices: NDArray[np.int64], scale: int) -> int:
        """Give ``Σ ⌈limit · price / scale⌉``, which the bound adds to the members' prices."""
        pairs = zip(self.limit.tolist(), prices.tolist(), strict=True)
        return sum(-(-limit * price // scale) for limit, price in pairs)


def has_rows(problem: MatchingProblem) -> bool:
    """Say whether there is any limit across circles."""
    return bool(len(problem.cap_limit)) or problem.place_at_least is not None or problem.lend_at_least is not None


def build_rows(problem: MatchingProblem) -> Rows:
    """Lay out the limits across circles; none is common."""
    pinned = [i for circle in problem.pinned for i in circle]
    caps, n = len(problem.cap_limit), problem.members
    least = [
        (amount, floor)
        for amount, floor in (
            (np.ones(n, dtype=np.int64), problem.place_at_least),
            (problem.loan, problem.lend_at_least),
        )
        if floor is not None
    ]
    amount = np.zeros((caps + len(least), n), dtype=np.int64)
    capped = np.flatnonzero(problem.cap_label >= 0)
    amount[problem.cap_label[capped], capped] = problem.loan[capped]
    limit = [*(problem.cap_limit - pinned_loans(problem)).tolist()]
    for row, (each, floor) in enumerate(least, start=caps):
        amount[row] = -each
        limit.append(int(each[pinned].sum()) - floor)
    return Rows(amount=amount, limit=np.array(limit, dtype=np.int64))
