"""Walks over a pool, circle by circle: repairing prices, choosing greedily, growing blocks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

from circles.settlement.kernel import compile_loop, compile_step


@compile_loop
def raise_prices(members, worth, order, prices):  # type: ignore[no-untyped-def]
    """Raise the prices of each set's members, in that order, evenly by what the set is still worth more than them.

    The remainder is on the first members.
    """
    for k in order:
        size, missing = 0, worth[k]
        for i in members[k]:
            if i < 0:
                break
            missing -= prices[i]
            size += 1
        if missing > 0:
            for a in range(size):
                prices[members[k, a]] += missing // size + (a < missing % size)


@compile_loop
def choose_free(members, order, taken):  # type: ignore[no-untyped-def]
    """Take circles in that order as long as nobody in them is taken; mark members in `taken`, give a mask of rows."""
    chosen = np.zeros(len(members), dtype=np.bool_)
    for k in order:
        free = True
        for i in members[k]:
            if i >= 0 and taken[i]:
                free = False
                break
        if free:
            chosen[k] = True
            for i in members[k]:
                if i >= 0:
                    taken[i] = True
    return chosen


class Choice(NamedTuple):
    """Circles to choose from: m of them, n members, largest size L."""

    members: NDArray[np.int32]  # (m, L), -1 behind the last
    worth: NDArray[np.int64]  # (m,)
    begin: NDArray[np.int32]  # (n + 1,) where each member's circles begin
    rows: NDArray[np.int32]


class Growth(NamedTuple):
    """Blocks being grown."""

    block: NDArray[np.int64]  # (n,) number of each member's block; -1 none yet, -2 none ever
    near: NDArray[np.int32]  # (n,) members who share a circle with the block, as far as they were met
    pull: NDArray[np.int64]  # (n,) how strongly circles draw each member into the block
    inside: NDArray[np.int32]  # (m,) members of each circle in the block


@compile_step
def join_member(choice, growth, number, j, near):  # type: ignore[no-untyped-def]
    """Put a member into a block; give how many members are near it now."""
    growth.block[j] = number
    for k in choice.rows[choice.begin[j] : choice.begin[j + 1]]:
        growth.inside[k] += 1
        for u in choice.members[k]:
            if u >= 0 and growth.block[u] == -1:
                if growth.pull[u] == 0:
                    growth.near[near] = u
                    near += 1
                growth.pull[u] += growth.inside[k]
    return near


@compile_step
def join_block(choice, circle, growth, number, i, near):  # type: ignore[no-untyped-def]
    """Put a member, and everybody in its circle, into a block; give how many members are near it now."""
    if circle[i] < 0:
        return join_member(choice, growth, number, i, near)
    for j in choice.members[circle[i]]:
        if j >= 0:
            near = join_member(choice, growth, number, np.int64(j), near)
    return near


@compile_step
def next_near(growth, near):  # type: ignore[no-untyped-def]
    """Give the member that is drawn most into the block, or -1; forget those who have joined."""
    best, kept = -1, 0
    for at in range(near):
        u = growth.near[at]
        if growth.block[u] == -1:
            growth.near[kept] = u
            kept += 1
            if best < 0 or growth.pull[u] > growth.pull[best]:
                best = u
    return best, kept


@compile_loop
def grow_blocks(choice, circle, growth, order, size):  # type: ignore[no-untyped-def]
    """Divide members into numbered blocks of about `size`, each grown along circles of the pool; give their number.

    `circle` is the row of each member's circle in the plan, or -1; these stay whole. Who would complete circles of
    which many are in the block already joins first, so that blocks are dense in circles.
    """
    number = np.int64(0)
    for start in order:
        if growth.block[start] != -1:
            continue
        near, count, i = np.int64(0), 0, start
        while i >= 0 and count < size:
            near = join_block(choice, circle, growth, number, i, near)
            count += (choice.members[circle[i]] >= 0).sum() if circle[i] >= 0 else 1
            i, near = next_near(growth, near)
        for at in range(near):
            growth.pull[growth.near[at]] = 0
        number += 1
        growth.inside[:] = 0
    return number
