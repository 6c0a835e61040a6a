"""The joint-loss charge of one circle: its default sets settled in whole numbers, and weighed with their probabilities.

A circle is one pool without deposit, so the waterfall of `circles.settlement` comes to this: what is outstanding is
called in equal parts from the live; who has less than its part pays all it has, fails, and its own loan falls due.
The number of the live falls in every round, so amounts in 1/5040 (7!) stay whole.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuple)

from circles.matching.joint_loss import node_weights
from circles.settlement.kernel import compile_loop, compile_step

if TYPE_CHECKING:
    from circles.matching.problem import MatchingProblem

PARTS = 5040
SLACK = 1e-6
"""Taken off before rounding up, so that float blur does not charge a unit more."""


class LossBoard(NamedTuple):
    """What the charge needs to know of n members; weight 0 stands for no charge."""

    weight: float
    exposure: NDArray[np.int64]  # (n,) in 1/5040
    cash: NDArray[np.int64]  # (n,) resources less outside guarantees, in 1/5040
    conditional: NDArray[np.float64]  # (n, 16) default probability at each node of the common factor
    node_weight: NDArray[np.float64]  # (16,)


def lay_out_losses(problem: MatchingProblem) -> LossBoard:
    """Lay out the joint loss of a problem, if it has any."""
    loss = problem.joint_loss
    if loss is None:
        none = np.zeros(0, dtype=np.int64)
        return LossBoard(0.0, none, none, np.zeros((0, 0)), node_weights())
    cash = np.maximum(0, problem.resources - loss.outside_guarantees)
    most = 8 * int(loss.exposure.max(initial=0))  # more than that is never called
    return LossBoard(
        loss.weight,
        loss.exposure * PARTS,
        np.minimum(cash, most) * PARTS,
        np.array(loss.conditional.T, order="C"),
        node_weights(),
    )


@compile_step
def settle_circle(board: LossBoard, members: NDArray[np.int64], size: int, first: int, cash: NDArray[np.int64]) -> int:
    """Give what the bank loses in the end if the members in the bit set `first` default, in 1/5040; uses `cash`."""
    live, count, outstanding = (1 << size) - 1 - first, 0, 0
    for a in range(size):
        if first >> a & 1:
            outstanding += board.exposure[members[a]]
        else:
            cash[a] = board.cash[members[a]]
            count += 1
    while outstanding > 0 and count > 0:
        part, outstanding = outstanding // count, 0
        for a in range(size):
            if live >> a & 1:
                if cash[a] < part:
                    outstanding += part - cash[a] + board.exposure[members[a]]
                    live -= 1 << a
                    count -= 1
                else:
                    cash[a] -= part
    return outstanding


@compile_step
def charge_members(board: LossBoard, members: NDArray[np.int64], size: int, cash: NDArray[np.int64]) -> int:
    """Give the joint-loss charge of one circle: its `members` ascending, of which `size` count; uses `cash`.

    Floats are added and multiplied in one order, by set, node and member, so that anybody can do it again bit by bit.
    """
    expected = 0.0
    for first in range(1, 1 << size):
        lost = settle_circle(board, members, size, first, cash)
        if lost > 0:
            mixed = 0.0
            for k in range(len(board.node_weight)):
                chance = board.node_weight[k]
                for a in range(size):
                    given = board.conditional[members[a], k]
                    chance *= given if first >> a & 1 else 1.0 - given
                mixed += chance
            expected += mixed * lost
    return max(0, ceil(board.weight * (expected / PARTS) - SLACK))


@compile_loop
def charge_circles(
    board: LossBoard, circles: NDArray[np.int64], charge: NDArray[np.int64], cash: NDArray[np.int64]
) -> None:
    """Charge many circles: rows of ascending members, −1 behind the last."""
    for row in range(len(circles)):
        size = 0
        while size < circles.shape[1] and circles[row, size] >= 0:
            size += 1
        charge[row] = charge_members(board, circles[row], size, cash)
