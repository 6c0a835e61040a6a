"""The first-order method for packing programmes: prices near the best, and quickly, where simplex steps are slow.

Primal and dual move in turn (A. Chambolle and T. Pock, *Journal of Mathematical Imaging and Vision* 40, 2011). Restarts
from the mean, the choice of steps and the balance of both sides are those of PDLP (D. Applegate et al., "Practical
large-scale linear programming using primal-dual hybrid gradient", NeurIPS 2021).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.engine.first_order_kernel import move_columns, move_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csc_array

    from circles.matching.engine.clock import Clock

    Floats = NDArray[np.float64]

MOST_TURNS, CHECK_EVERY = 20_000, 40
ENOUGH_BETTER, BETTER, LONG = 0.2, 0.8, 0.36
"""It begins anew when the error is so many times the last one; or so many times, and it rises again; or after so large
a share of all turns."""
MARGIN = 0.03
"""Columns this far from paying, in the largest worth, and not taken are left out of the turns until the next check."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Point:
    """Shares of columns, (m,), prices of rows, (n,), and the sum of the shares in each row, (n,)."""

    share: Floats
    price: Floats
    use: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """A point, each column's worth less its price there, and the point's largest and total relative error."""

    point: _Point
    excess: Floats
    largest: float
    error: float


class _Course:
    """The way to one solution: turn by turn, and from one check to the next."""

    def __init__(self, matrix: csc_array, worth: Floats) -> None:
        rows, columns = matrix.shape
        self._begin, self._rows = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        self._by_column, self._size, self._worth = matrix.T.tocsr(), np.diff(matrix.indptr), worth
        self._weight = np.bincount(self._rows, minlength=rows).astype(np.float64)
        self.now, self._new, self._sum, self._start = (_nowhere(columns, rows) for _ in range(4))
        self._live = np.arange(columns)
        self._step, self._weights, self._pending = 1.0, 0.0, 0.0
        self._balance = _norm(worth) / float(np.sqrt(rows))  # how far prices move for a movement of shares
        self._last, self._before, self._begun = np.inf, np.inf, 0

    def take_turn(self, turn: int) -> None:
        """Move as far as is safe."""
        used, safe = np.inf, 0.0
        while used > safe:
            used = self._step
            safe = self._move(used)
            self._step = min((1.0 - (turn + 1.0) ** -0.3) * safe, (1.0 + (turn + 1.0) ** -0.6) * used)
        self.now, self._new = self._new, self.now
        self._sum.price[:] += used * self.now.price
        self._sum.use[:] += used * self.now.use
        self._weights, self._pending = self._weights + used, used

    def _move(self, step: float) -> float:
        """Move both sides by a step; give the largest that would have been safe."""
        now, new, total = self.now, self._new, self._sum.share
        share_step, price_step = step / self._balance, step * self._balance
        where = (self._begin, self._rows, self._worth, self._live, now.price)
        of_columns = move_columns(*where, now.share, new.share, new.use, total, self._pending, share_step)
        of_rows, together = move_rows(self._weight, now.use, new.use, now.price, new.price, price_step)
        self._pending = 0.0
        moved = self._balance * of_columns + of_rows / self._balance
        return moved / (2.0 * together) if together > 0.0 else np.inf

    def mean(self) -> _Point:
        """Give the mean of the points since the last start."""
        total, weights = self._sum, self._weights
        total.share[:] += self._pending * self.now.share
        self._pending = 0.0
        return _Point(share=total.share / weights, price=total.price / weights, use=total.use / weights)

    def judge(self, point: _Point) -> _Judged:
        """Say how far a point is from solving the programme."""
        excess = self._worth - self._by_column @ point.price
        value, cost = float((self._worth * point.share).sum()), float(point.price.sum())
        short = _norm(np.maximum(point.use - 1.0, 0.0)) / (1.0 + np.sqrt(len(point.price)))
        over = _norm(np.maximum(excess, 0.0)) / (1.0 + _norm(self._worth))
        errors = (abs(value - cost) / (1.0 + abs(value) + cost), short, over)
        return _Judged(point=point, excess=excess, largest=max(errors), error=_norm(np.array(errors)))

    def go_on(self, mean: _Judged, now: _Judged, turn: int) -> None:
        """Begin anew from the better point where it is time to, and choose the columns that take part."""
        error = min(mean.error, now.error)
        is_better = error <= ENOUGH_BETTER * self._last or BETTER * self._last >= error > self._before
        self._before = error
        if is_better or turn - self._begun >= LONG * turn:
            self._begin_anew(mean.point if mean.error <= now.error else now.point)
            self._last, self._before, self._begun = error, np.inf, turn
        taken = (self.now.share > 0.0) | (mean.point.share > 0.0)
        self._live = np.flatnonzero(taken | (np.maximum(mean.excess, now.excess) > -MARGIN))
        self._new.share[:] = 0.0

    def _begin_anew(self, point: _Point) -> None:
        shares = float((self._size * (point.share - self._start.share) ** 2).sum())
        prices = float((self._weight * (point.price - self._start.price) ** 2).sum())
        if min(shares, prices) > 0.0:
            self._balance = float(np.sqrt(np.sqrt(prices / shares) * self._balance))
        self._weights = 0.0
        for name in ("share", "price", "use"):
            reached = getattr(point, name)
            getattr(self._start, name)[:] = reached
            getattr(self.now, name)[:] = reached
            getattr(self._sum, name)[:] = 0.0


def solve_first_order(matrix: csc_array, worth: Floats, *, accuracy: float, clock: Clock) -> tuple[Floats, Floats]:
    """Maximise Σ worth · share so that the shares of the columns in each row sum to at most 1.

    Parameters
    ----------
    matrix
        Shape (n, m), 1 where a column is in a row; each row has a column.
    worth
        Shape (m,), above 0, 1 the largest.
    accuracy
        Relative error at which it ends: of the gap, and of either side's feasibility.
    clock
        Ends it early; the answer is then poorer.

    Returns
    -------
    Shares, shape (m,), and prices, shape (n,), all at least 0; one thread finds them, so that they do not depend on
    the number of workers.
    """
    course = _Course(matrix, worth)
    for turn in range(1, MOST_TURNS + 1):
        course.take_turn(turn)
        if turn % CHECK_EVERY == 0:
            mean, now = course.judge(course.mean()), course.judge(course.now)
            best = mean if mean.largest <= now.largest else now
            if best.largest <= accuracy or clock.is_over:
                break
            course.go_on(mean, now, turn)
    return best.point.share, best.point.price


def _nowhere(columns: int, rows: int) -> _Point:
    return _Point(share=np.zeros(columns), price=np.zeros(rows), use=np.zeros(rows))


def _norm(numbers: Floats) -> float:
    return float(np.sqrt((numbers * numbers).sum()))
