"""The verifier's walk: all sets of members that hang together and could be worth more than they cost.

The walk can stop after any set and go on later, since all it knows is in `Walk`. A set T of t members that holds the
s chosen ones is worth at most what these are worth, plus for each of the others its own worth, its scores with the
chosen, and half of its best scores with the t − s − 1 others; so the t − s best of these sums bound the whole branch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

LOW = -(2**59)
ROOT, DEPTH, DONE = 0, 1, 2
"""Entries of `Walk.at`: place of the present root, depth, and whether nothing is left."""


def _compile(function: Any, **options: Any) -> Any:
    try:
        return njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:  # no folder for a cache: compile in every run
        return njit(nogil=True, **options)(function)


def _inner(function: Any) -> Any:
    """Compile what only the walk calls, without a way in from Python: that takes half the time."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


class Town(NamedTuple):
    """Who may meet and what it brings; amounts of score in 1/scale, sizes up to L."""

    order: NDArray[np.int64]  # (n,) roots
    rank: NDArray[np.int64]  # (n,)
    road_from: NDArray[np.int64]  # (n + 1,) along roads sets grow
    road_to: NDArray[np.int64]
    pair_from: NDArray[np.int64]  # (n + 1,)
    pair_to: NDArray[np.int64]  # ascending
    pair_score: NDArray[np.int64]
    labels: NDArray[np.int64]  # (n, k)
    label_charges: NDArray[np.int64]
    stranger: int
    own: NDArray[np.int64]  # (n,) value less cost
    best: NDArray[np.int64]  # (n, L + 1) half of the best k scores, rounded up
    away: NDArray[np.int64]  # (L + 1, L + 1, n) what somebody of a later rank without a road to the chosen may add
    ban_from: NDArray[np.int64]
    ban_to: NDArray[np.int64]
    loan: NDArray[np.int64]
    resources: NDArray[np.int64]
    cover: NDArray[np.int64]  # what the others must have
    top: NDArray[np.int64]  # largest loan beside this one
    need: NDArray[np.int64]  # (L + 1, n) what each other must have, by size
    most_loan: int
    group: NDArray[np.int64]  # (n,) −1 for none
    group_size: NDArray[np.int64]  # (n,) members of one's group, 1 without
    charge: NDArray[np.int64]  # (L + 1,)
    allowed: NDArray[np.bool_]  # (L + 1,)


class Walk(NamedTuple):
    """Where the walk is, and what it found."""

    at: NDArray[np.int64]  # (3,)
    chosen: NDArray[np.int64]  # (L,)
    score: NDArray[np.int64]  # (L + 1,)
    left: NDArray[np.int64]  # (L + 1,) how many followers are left
    node: NDArray[np.int64]  # (L + 1, width)
    gain: NDArray[np.int64]  # (L + 1, width)
    seen: NDArray[np.int64]  # (n,) how many chosen are the member or have a road to it
    piece: NDArray[np.int64]  # (L + 1,) most that a set of each size was worth beyond its cost
    rows: NDArray[np.int64]  # (capacity, L)
    excess: NDArray[np.int64]  # (capacity,)


@_inner
def score_of(town, i, j):  # type: ignore[no-untyped-def]
    """Score a pair."""
    row = town.pair_to[town.pair_from[i] : town.pair_from[i + 1]]
    place = np.searchsorted(row, j)
    if place < len(row) and row[place] == j:
        return town.pair_score[town.pair_from[i] + place]
    score = town.stranger
    for k in range(len(town.label_charges)):
        if town.labels[i, k] == town.labels[j, k]:
            score -= town.label_charges[k]
    return score


@_inner
def may_meet(town, i, j):  # type: ignore[no-untyped-def]
    """Say whether no rule keeps two members apart in every circle."""
    if town.loan[i] > town.top[j] or town.loan[j] > town.top[i]:
        return False
    if town.need[-1, i] > town.resources[j] or town.need[-1, j] > town.resources[i]:
        return False
    banned = False
    for k in range(town.ban_from[i], town.ban_from[i + 1]):
        banned = banned or town.ban_to[k] == j
    return not banned


@_inner
def may_join(town, walk, size, u):  # type: ignore[no-untyped-def]
    """Say whether u keeps every rule that cannot mend with the first `size` chosen ones."""
    total = town.loan[u]
    for a in range(size):
        total += town.loan[walk.chosen[a]]
        if not may_meet(town, walk.chosen[a], u):
            return False
    return total <= town.most_loan


@_inner
def missing(town, walk, size):  # type: ignore[no-untyped-def]
    """Count who is still missing of the groups that were begun."""
    absent = 0
    for a in range(size):
        i, here, first = walk.chosen[a], 0, True
        for b in range(size):
            if town.group[walk.chosen[b]] == town.group[i] and (town.group[i] >= 0 or a == b):
                here += 1
                first = first and b >= a
        if first:
            absent += town.group_size[i] - here
    return absent


@_inner
def keeps_rules(town, walk, size):  # type: ignore[no-untyped-def]
    """Say whether the chosen ones, who may all meet, keep the rules of a finished circle."""
    funds, lent = 0, 0
    for a in range(size):
        funds += town.resources[walk.chosen[a]]
        lent += town.loan[walk.chosen[a]]
    if lent > town.most_loan:
        return False
    for a in range(size):
        i = walk.chosen[a]
        if funds - town.resources[i] < town.cover[i]:
            return False
        for b in range(size):
            if a != b and town.need[size, i] > town.resources[walk.chosen[b]]:
                return False
    return missing(town, walk, size) == 0


@_inner
def note(town, walk, size, score, floor, found):  # type: ignore[no-untyped-def]
    """Note the chosen ones as a piece, and as a suspect if they are a circle worth `floor` or more beyond its cost."""
    if size < len(town.charge) - 1 and score > walk.piece[size] and missing(town, walk, size) == 0:
        walk.piece[size] = score
    if not town.allowed[size] or score - town.charge[size] < floor or not keeps_rules(town, walk, size):
        return found
    walk.rows[found, :size] = walk.chosen[:size]
    walk.rows[found, size:] = -1
    walk.excess[found] = score - town.charge[size]
    return found + 1


@_inner
def can_pay(town, walk, size, score, floor):  # type: ignore[no-untyped-def]
    """Say whether a set of `size` members worth at most `score` could matter."""
    if town.allowed[size] and score - town.charge[size] >= floor:
        return True
    return size < len(town.charge) - 1 and score > walk.piece[size]


@_inner
def is_hopeful(town, walk, size, floor):  # type: ignore[no-untyped-def]
    """Say whether any set that holds the first `size` chosen ones and more could matter."""
    absent, rank = missing(town, walk, size), town.rank[walk.chosen[0]]
    top = np.empty(8, dtype=np.int64)
    for more in range(max(1, absent), len(town.charge) - size):
        top[:more] = town.away[size, more, rank]
        first = LOW
        for a in range(walk.left[size]):
            gain = walk.gain[size, a] + town.best[walk.node[size, a], more - 1]
            first = max(first, gain)
            k = more - 1
            if gain <= top[k]:
                continue
            while k > 0 and top[k - 1] < gain:
                top[k] = top[k - 1]
                k -= 1
            top[k] = gain
        if first == LOW:
            return False
        score = walk.score[size] + top[:more].sum()
        if first < top[0]:
            score += first - top[more - 1]  # one at least has a road to the chosen
        if can_pay(town, walk, size + more, score, floor):
            return True
    return False


@_inner
def list_followers(town, walk, size):  # type: ignore[no-untyped-def]
    """List who may follow the last chosen one: who might have instead of it, and whom only it has a road to."""
    last, rank, count = walk.chosen[size - 1], town.rank[walk.chosen[0]], 0
    for a in range(walk.left[size - 1]):
        w = walk.node[size - 1, a]
        if may_meet(town, last, w):
            walk.node[size, count] = w
            walk.gain[size, count] = walk.gain[size - 1, a] + score_of(town, last, w)
            count += 1
    for k in range(town.road_from[last], town.road_from[last + 1]):
        w = town.road_to[k]
        if walk.seen[w] == 0 and town.rank[w] > rank and may_join(town, walk, size, w):
            walk.node[size, count], walk.gain[size, count] = w, town.own[w]
            for a in range(size):
                walk.gain[size, count] += score_of(town, walk.chosen[a], w)
            count += 1
    walk.left[size] = count


@_inner
def mark_roads(town, walk, u, change):  # type: ignore[no-untyped-def]
    """Note that u is chosen (1), or no longer (−1)."""
    walk.seen[u] += change
    for k in range(town.road_from[u], town.road_from[u + 1]):
        walk.seen[town.road_to[k]] += change


@_inner
def begin_root(town, walk):  # type: ignore[no-untyped-def]
    """Go to the next root; False if there is none."""
    walk.at[ROOT] += 1
    if walk.at[ROOT] >= len(town.order):
        walk.at[DONE] = 1
        return False
    root = town.order[walk.at[ROOT]]
    walk.node[0, 0], walk.gain[0, 0], walk.left[0], walk.score[0] = root, town.own[root], 1, 0
    return town.loan[root] <= town.most_loan


@_compile
def go_on(town, walk, floor, steps):  # type: ignore[no-untyped-def]
    """Look at up to `steps` more sets, or until there is no room for suspects; give how many were noted."""
    found, largest = 0, len(town.charge) - 1
    while steps > 0 and found < len(walk.excess) and walk.at[DONE] == 0:
        depth = walk.at[DEPTH]
        if walk.left[depth] == 0:
            if depth > 0:
                walk.at[DEPTH] = depth - 1
                mark_roads(town, walk, walk.chosen[depth - 1], -1)
            elif not begin_root(town, walk):
                walk.left[0] = 0
            continue
        steps -= 1
        walk.left[depth] -= 1
        last = walk.left[depth]
        walk.chosen[depth] = walk.node[depth, last]
        score = walk.score[depth] + walk.gain[depth, last]
        found = note(town, walk, depth + 1, score, floor, found)
        if depth + 1 == largest or depth + 1 + missing(town, walk, depth + 1) > largest:
            continue
        walk.score[depth + 1] = score
        list_followers(town, walk, depth + 1)
        if is_hopeful(town, walk, depth + 1, floor):
            mark_roads(town, walk, walk.chosen[depth], 1)
            walk.at[DEPTH] = depth + 1
    return found
