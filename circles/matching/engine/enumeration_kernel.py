"""Walk through all sets of members that hang together, each once, and keep those worth more than their prices.

Every set is reached from its member that comes first in the root order (the ESU scheme of S. Wernicke, "Efficient
detection of network motifs", IEEE/ACM TCBB 2006). All scores are whole numbers in 1/scale of a unit, so nothing is
rounded. A branch is left out only when no set behind it can exceed the threshold: with S chosen and c members to add,
a set's excess is at most ``f(S) + Σ (gain + half) − charge``, where gain is what a member adds to S, exactly, and half
is half of its best c − 1 pair scores.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

NEVER = -(2**58)
"""Below every score; eight of them still fit 64 bits."""

LOAN, RESOURCES, COVER, TOP_LOAN = 0, 1, 2, 3
"""Columns of `Board.member`."""
IS_SIZE, CHARGE, IS_PIECE, PIECE_CHARGE = 0, 1, 2, 3
"""Columns of `Board.size`."""
CHOSEN, SCORE, COUNT, LEAST_TOP, MOST_LOAN, ALL_LOAN, LEAST_RESOURCES, MOST_TO_BEAR = 0, 1, 2, 3, 4, 5, 6, 7
"""Columns of `Stack.level`; row s speaks of the first s members, except that `CHOSEN` is member s + 1."""
NEAR, BANNED = 0, 1
"""Rows of `Stack.mark`: how many chosen members each member is next to, and is forbidden by."""
NUMBER, VISITS, ADMISSIBLE = 0, 1, 2
"""Entries of `Found.tally`: sets kept, sets looked at, admissible circles met above the threshold."""


def _compile(**options: bool) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        try:
            return njit(nogil=True, cache=True, **options)(function)  # type: ignore[call-overload]
        except RuntimeError:  # neither the package's folder nor the home folder can be written: compile in every run
            return njit(nogil=True, **options)(function)  # type: ignore[call-overload]

    return decorate


kernel = _compile()
inner = _compile(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For functions called from kernels only: without wrappers they compile in half the time."""


class Board(NamedTuple):
    """What a walk needs to know: n members, largest size L, scores in 1/scale of a unit."""

    step_from: NDArray[np.int64]  # (n + 1,) where each member's neighbours begin
    step_to: NDArray[np.int32]  # neighbours a set may grow to
    pair_from: NDArray[np.int64]  # (n + 1,)
    pair_to: NDArray[np.int32]  # listed partners, ascending in each row
    pair_score: NDArray[np.int64]
    ban_from: NDArray[np.int64]  # (n + 1,)
    ban_to: NDArray[np.int32]  # forbidden partners
    labels: NDArray[np.int64]  # (n, k)
    label_charges: NDArray[np.int64]  # (k,)
    stranger: int
    circle_loan: int
    member: NDArray[np.int64]  # (n, 4)
    bear: NDArray[np.int64]  # (L + 1, n) resources a co-member must have, by size
    size: NDArray[np.int64]  # (L + 1, 4)
    half: NDArray[np.int64]  # (n, L + 1) half of the best k pair scores


class Look(NamedTuple):
    """What depends on the prices."""

    own: NDArray[np.int64]  # (n,) value less price
    order: NDArray[np.int64]  # (n,) roots, first to last
    rank: NDArray[np.int64]  # (n,)
    far: NDArray[np.int64]  # (L + 1, L + 1, n) best gain of a member not next to the set, by set size, to add, rank


class Stack(NamedTuple):
    """The set being grown and what may come next, level by level; level s has s members chosen."""

    level: NDArray[np.int64]  # (L + 1, 8)
    next: NDArray[np.int32]  # (L + 1, width)
    gain: NDArray[np.int64]  # (L + 1, width) what each adds to the score
    ahead: NDArray[np.int64]  # (L + 1, L + 1, width) best of those before it, by how many to add
    mark: NDArray[np.int32]  # (2, n)


class Found(NamedTuple):
    """What a walk keeps."""

    sets: NDArray[np.int32]  # (capacity, L)
    excess: NDArray[np.int64]  # (capacity,)
    whole: NDArray[np.bool_]  # (capacity,) True: an admissible circle; False: only a piece of one
    lift: NDArray[np.int64]  # (n,) by root: no set that was not kept exceeds this, if above the threshold
    tally: NDArray[np.int64]  # (3,)


class Effort(NamedTuple):
    """How far to walk."""

    start: int
    stop: int
    threshold: int
    visits: int  # most sets looked at from one root
    keep: int  # most sets kept from one root
    all_visits: int  # most sets looked at altogether


@inner
def score_pair(board, i, j):  # type: ignore[no-untyped-def]
    """Score one pair."""
    low, high = board.pair_from[i], board.pair_from[i + 1]
    while low < high:
        middle = (low + high) >> 1
        if board.pair_to[middle] < j:
            low = middle + 1
        else:
            high = middle
    if low < board.pair_from[i + 1] and board.pair_to[low] == j:
        return board.pair_score[low]
    score = board.stranger
    for k in range(len(board.label_charges)):
        if board.labels[i, k] == board.labels[j, k]:
            score -= board.label_charges[k]
    return score


@inner
def fits(board, stack, s, u):  # type: ignore[no-untyped-def]
    """Say whether u breaks no rule that stays broken however the first s members are completed."""
    if stack.mark[BANNED, u] > 0:
        return False
    level, member = stack.level[s], board.member[u]
    if member[LOAN] > level[LEAST_TOP] or level[MOST_LOAN] > member[TOP_LOAN]:
        return False
    if level[ALL_LOAN] + member[LOAN] > board.circle_loan:
        return False
    return board.bear[-1, u] <= level[LEAST_RESOURCES] and level[MOST_TO_BEAR] <= member[RESOURCES]


@inner
def is_whole(board, stack, t):  # type: ignore[no-untyped-def]
    """Say whether the first t members, pairwise fit, are an admissible circle."""
    total = np.int64(0)
    for a in range(t):
        total += board.member[stack.level[a, CHOSEN], RESOURCES]
    for a in range(t):
        i = stack.level[a, CHOSEN]
        if total - board.member[i, RESOURCES] < board.member[i, COVER]:
            return False
        for b in range(t):
            if a != b and board.bear[t, i] > board.member[stack.level[b, CHOSEN], RESOURCES]:
                return False
    return True


@inner
def keep_set(stack, found, effort, t, excess, first):  # type: ignore[no-untyped-def]
    """Keep the first t members, unless `keep` better ones were seen from this root; give the row, or -1."""
    root, number = stack.level[0, CHOSEN], found.tally[NUMBER]
    row = number
    if number - first >= effort.keep or number >= len(found.excess):
        row = -1
        if number > first:
            row = first + np.argmin(found.excess[first:number]) if effort.keep <= 64 else number - 1
        if row < 0 or found.excess[row] >= excess:
            found.lift[root] = max(found.lift[root], excess)
            return -1
        found.lift[root] = max(found.lift[root], found.excess[row])
    else:
        found.tally[NUMBER] = number + 1
    found.sets[row] = -1
    for a in range(t):
        found.sets[row, a] = stack.level[a, CHOSEN]
    found.excess[row] = excess
    return row


@inner
def judge_set(board, stack, found, effort, t, score, first):  # type: ignore[no-untyped-def]
    """Keep the first t members if, as a circle or as a piece of one, they exceed the threshold."""
    size = board.size[t]
    best, whole = effort.threshold, False
    if size[IS_SIZE] and score - size[CHARGE] > best and is_whole(board, stack, t):
        best, whole = score - size[CHARGE], True
        found.tally[ADMISSIBLE] += 1
    if size[IS_PIECE] and score - size[PIECE_CHARGE] > best:
        best = score - size[PIECE_CHARGE]
    if best > effort.threshold:
        row = keep_set(stack, found, effort, t, best, first)
        if row >= 0:
            found.whole[row] = whole


@inner
def bound_branch(board, look, stack, s, a, least):  # type: ignore[no-untyped-def]
    """Give the most that any set with the first s members, the a-th next one and `least` or more added can exceed."""
    u = stack.next[s, a]
    rank = look.rank[u] if s == 0 else look.rank[stack.level[0, CHOSEN]]
    base, best = stack.level[s, SCORE] + stack.gain[s, a], np.int64(NEVER)
    for c in range(least, len(board.size) - s):
        size = board.size[s + c]
        rest = np.int64(0)
        if c > 1:
            rest = (c - 1) * max(stack.ahead[s, c, a], look.far[s, c, rank]) + board.half[u, c - 1]
        if size[IS_SIZE]:
            best = max(best, base + rest - size[CHARGE])
        if size[IS_PIECE]:
            best = max(best, base + rest - size[PIECE_CHARGE])
    return best


@inner
def look_ahead(board, stack, s):  # type: ignore[no-untyped-def]
    """Order what may come next by gain, ascending (Shell's sort), and note for each the best gain before it."""
    m = stack.level[s, COUNT]
    nodes, gains = stack.next[s], stack.gain[s]
    step = m // 2
    while step > 0:
        for a in range(step, m):
            node, gain, b = nodes[a], gains[a], a
            while b >= step and gains[b - step] > gain:
                nodes[b], gains[b] = nodes[b - step], gains[b - step]
                b -= step
            nodes[b], gains[b] = node, gain
        step //= 2
    for c in range(2, len(board.size) - s):
        best = np.int64(NEVER)
        for a in range(m):
            stack.ahead[s, c, a] = best
            best = max(best, gains[a] + board.half[nodes[a], c - 1])


@inner
def list_next(board, look, stack, s):  # type: ignore[no-untyped-def]
    """List who may join after member s was chosen: who could before, and its neighbours not yet next to the set."""
    t, u, rank, m = s + 1, stack.level[s, CHOSEN], look.rank[stack.level[0, CHOSEN]], 0
    for a in range(stack.level[s, COUNT]):
        w = stack.next[s, a]
        if fits(board, stack, t, w):
            stack.next[t, m], stack.gain[t, m] = w, stack.gain[s, a] + score_pair(board, u, w)
            m += 1
    for k in range(board.step_from[u], board.step_from[u + 1]):
        w = board.step_to[k]
        if stack.mark[NEAR, w] == 0 and look.rank[w] > rank and fits(board, stack, t, w):
            gain = look.own[w]
            for b in range(t):
                gain += score_pair(board, stack.level[b, CHOSEN], w)
            stack.next[t, m], stack.gain[t, m] = w, gain
            m += 1
    stack.level[t, COUNT] = m


@inner
def mark_partners(start, partners, marks, u, change):  # type: ignore[no-untyped-def]
    """Note with each partner of u that u is chosen (change 1), or no longer (change -1)."""
    for k in range(start[u], start[u + 1]):
        marks[partners[k]] += change


@inner
def push(board, look, stack, s, gain):  # type: ignore[no-untyped-def]
    """Go on from the set with member s chosen, and list what may come next."""
    u = stack.level[s, CHOSEN]
    old, new, member = stack.level[s], stack.level[s + 1], board.member[u]
    new[SCORE] = old[SCORE] + gain
    new[LEAST_TOP], new[MOST_LOAN] = min(old[LEAST_TOP], member[TOP_LOAN]), max(old[MOST_LOAN], member[LOAN])
    new[ALL_LOAN] = old[ALL_LOAN] + member[LOAN]
    new[LEAST_RESOURCES] = min(old[LEAST_RESOURCES], member[RESOURCES])
    new[MOST_TO_BEAR] = max(old[MOST_TO_BEAR], board.bear[-1, u])
    mark_partners(board.ban_from, board.ban_to, stack.mark[BANNED], u, 1)
    list_next(board, look, stack, s)
    mark_partners(board.step_from, board.step_to, stack.mark[NEAR], u, 1)
    if s + 2 < len(board.size):
        look_ahead(board, stack, s + 1)


@inner
def pop(board, stack, s):  # type: ignore[no-untyped-def]
    """Take member s + 1 back."""
    u = stack.level[s, CHOSEN]
    mark_partners(board.ban_from, board.ban_to, stack.mark[BANNED], u, -1)
    mark_partners(board.step_from, board.step_to, stack.mark[NEAR], u, -1)


@inner
def walk_root(board, look, stack, found, effort, root):  # type: ignore[no-untyped-def]
    """Grow every set whose first member is the root; what the budget leaves out lifts the root's price."""
    first, s, seen = found.tally[NUMBER], 0, 0
    most = min(effort.visits, effort.all_visits - found.tally[VISITS])
    stack.level[0, COUNT] = 1
    stack.next[0, 0], stack.gain[0, 0] = root, look.own[root]
    stack.mark[NEAR, root] += 1
    while True:
        a = stack.level[s, COUNT] - 1
        if a < 0:
            s -= 1
            if s < 0:
                break
            pop(board, stack, s)
            continue
        stack.level[s, COUNT] = a
        if seen >= most and s > 0:
            found.lift[root] = max(found.lift[root], bound_branch(board, look, stack, s, a, 1))
            continue
        seen += 1
        stack.level[s, CHOSEN] = stack.next[s, a]
        gain = stack.gain[s, a]
        judge_set(board, stack, found, effort, s + 1, stack.level[s, SCORE] + gain, first)
        if s + 2 < len(board.size) and bound_branch(board, look, stack, s, a, 2) > effort.threshold:
            push(board, look, stack, s, gain)
            s += 1
    stack.mark[NEAR, root] -= 1
    found.tally[VISITS] += seen


@kernel
def walk(board, look, stack, found, effort):  # type: ignore[no-untyped-def]
    """Grow every set whose first member is one of the roots from start to stop."""
    for at in range(effort.start, effort.stop):
        walk_root(board, look, stack, found, effort, look.order[at])
