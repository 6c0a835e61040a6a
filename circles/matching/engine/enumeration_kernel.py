"""Walk through all sets of members that hang together, each once, and keep those worth more than their prices.

Every set is reached from its member that comes first in the root order (the ESU scheme of S. Wernicke, "Efficient
detection of network motifs", IEEE/ACM TCBB 2006). All scores are whole numbers in 1/scale of a unit, so nothing is
rounded. A branch is left out only when no set behind it can exceed the threshold: with S chosen and c members to add,
a set's excess is at most ``f(S) + Σ (gain + half) − charge``, where gain is what a member adds to S, exactly, and half
is half of its best c − 1 pair scores.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

from circles.matching.joint_loss_kernel import LossBoard, charge_members
from circles.settlement.kernel import compile_loop, compile_step

NEVER = -(2**58)
"""Below every score; eight of them still fit 64 bits."""

LOAN, RESOURCES, COVER, TOP_LOAN = 0, 1, 2, 3
"""Columns of `Board.member`."""
IS_SIZE, CHARGE, IS_PIECE, PIECE_CHARGE = 0, 1, 2, 3
"""Columns of `Board.size`."""
CHOSEN, SCORE, COUNT, LEAST_TOP, MOST_LOAN, ALL_LOAN, LEAST_RESOURCES, MOST_TO_BEAR, BEST = 0, 1, 2, 3, 4, 5, 6, 7, 8
"""Columns of `Stack.level`; row s speaks of the first s members, except that `CHOSEN` is member s + 1.

From `BEST` on: the best gain of anybody, by how many to add."""
NEAR, BANNED = 0, 1
"""Rows of `Stack.mark`: how many chosen members each member is next to, and is forbidden by."""
NUMBER, VISITS, ADMISSIBLE = 0, 1, 2
"""Entries of `Found.tally`: sets kept, sets looked at, admissible circles met above the threshold."""
ASK_EVERY = 256
"""The flag is looked at once in so many sets; a power of two."""


class Board(NamedTuple):
    """What a walk needs to know: n members, largest size L, scores in 1/scale of a unit."""

    near_from: NDArray[np.int64]  # (n + 1,) where each member's listed partners and neighbours begin
    near_to: NDArray[np.int32]  # ascending in each row
    near_extra: NDArray[np.int64]  # score above that of an unlisted pair
    near_step: NDArray[np.int32]  # 1: a set may grow along it
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
    group: NDArray[np.int64]  # (n, 2) group that belongs together, or -1, and its members; (0, 2) without groups
    loss: LossBoard
    unit: int  # the scale


class Look(NamedTuple):
    """What depends on the prices."""

    own: NDArray[np.int64]  # (n,) value less price
    order: NDArray[np.int64]  # (n,) roots, first to last
    rank: NDArray[np.int64]  # (n,)
    far: NDArray[np.int64]  # (L + 1, 5, n) best gain of a member not next to the set, by set size, to add, start
    top: NDArray[np.int64]  # (L + 1, L + 1) the same, of all members


class Stack(NamedTuple):
    """The set being grown and what may come next, level by level; level s has s members chosen."""

    level: NDArray[np.int64]  # (L + 1, BEST + L + 1)
    next: NDArray[np.int32]  # (L + 1, width)
    plain: NDArray[np.int64]  # (L + 1, width) what each would add if none of its pairs were listed
    gain: NDArray[np.int64]  # (L + 1, width) what each adds to the score
    ahead: NDArray[np.int64]  # (L + 1, L + 1, width) best of those before it, by how many to add
    extra: NDArray[np.int64]  # (n,) what listed pairs with the set add
    mark: NDArray[np.int32]  # (2, n)
    sorted: NDArray[np.int64]  # (L,) members in ascending order
    cash: NDArray[np.int64]  # (L,)


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
    flag: NDArray[np.int64]  # (1,) not 0: whatever is left is only bounded


@compile_step
def score_unlisted(board, i, j):  # type: ignore[no-untyped-def]
    """Score a pair as if it were not listed."""
    score = board.stranger
    for k in range(len(board.label_charges)):
        if board.labels[i, k] == board.labels[j, k]:
            score -= board.label_charges[k]
    return score


@compile_step
def fits(board, stack, s, u):  # type: ignore[no-untyped-def]
    """Say whether u breaks no rule that stays broken however the first s members are completed."""
    if stack.mark[BANNED, u] > 0:
        return False
    loan, resources = board.member[u, LOAN], board.member[u, RESOURCES]
    if loan > stack.level[s, LEAST_TOP] or stack.level[s, MOST_LOAN] > board.member[u, TOP_LOAN]:
        return False
    if stack.level[s, ALL_LOAN] + loan > board.circle_loan:
        return False
    return board.bear[-1, u] <= stack.level[s, LEAST_RESOURCES] and stack.level[s, MOST_TO_BEAR] <= resources


@compile_step
def absent(board, stack, t):  # type: ignore[no-untyped-def]
    """Count who belongs together with one of the first t members and is not among them."""
    count = 0
    if len(board.group) == 0:
        return count
    for a in range(t):
        i = stack.level[a, CHOSEN]
        here, is_first = 0, board.group[i, 0] >= 0
        for b in range(t):
            if board.group[stack.level[b, CHOSEN], 0] == board.group[i, 0]:
                here += 1
                is_first = is_first and b >= a
        if is_first:
            count += board.group[i, 1] - here
    return count


@compile_step
def lose(board, stack, t):  # type: ignore[no-untyped-def]
    """Give the joint-loss charge of the first t members."""
    if board.loss.weight == 0.0:
        return 0
    for a in range(t):
        i, b = stack.level[a, CHOSEN], a
        while b > 0 and stack.sorted[b - 1] > i:
            stack.sorted[b] = stack.sorted[b - 1]
            b -= 1
        stack.sorted[b] = i
    return board.unit * charge_members(board.loss, stack.sorted, t, stack.cash)


@compile_step
def is_whole(board, stack, t):  # type: ignore[no-untyped-def]
    """Say whether the first t members, pairwise fit, are an admissible circle."""
    total = np.int64(0)
    for a in range(t):
        total += board.member[stack.level[a, CHOSEN], RESOURCES]
    if absent(board, stack, t) > 0:
        return False
    for a in range(t):
        i = stack.level[a, CHOSEN]
        if total - board.member[i, RESOURCES] < board.member[i, COVER]:
            return False
        for b in range(t):
            if a != b and board.bear[t, i] > board.member[stack.level[b, CHOSEN], RESOURCES]:
                return False
    return True


@compile_step
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


@compile_step
def judge_set(board, stack, found, effort, t, score, first):  # type: ignore[no-untyped-def]
    """Keep the first t members if, as a circle or as a piece of one, they exceed the threshold."""
    size = board.size[t]
    best, whole = effort.threshold, False
    if size[IS_SIZE] and score - size[CHARGE] > best and is_whole(board, stack, t):
        found.tally[ADMISSIBLE] += 1
        excess = score - size[CHARGE] - lose(board, stack, t)
        if excess > best:
            best, whole = excess, True
    if size[IS_PIECE] and score - size[PIECE_CHARGE] > best and absent(board, stack, t) == 0:
        best = score - size[PIECE_CHARGE]
    if best > effort.threshold:
        row = keep_set(stack, found, effort, t, best, first)
        if row >= 0:
            found.whole[row] = whole


@compile_step
def top_charge(board, t, excess):  # type: ignore[no-untyped-def]
    """Give a set of t members' excess as a circle or as a piece of one, whichever is more."""
    best = np.int64(NEVER)
    if board.size[t, IS_SIZE]:
        best = max(best, excess - board.size[t, CHARGE])
    if board.size[t, IS_PIECE]:
        best = max(best, excess - board.size[t, PIECE_CHARGE])
    return best


@compile_step
def bound_branch(board, look, stack, s, a, least):  # type: ignore[no-untyped-def]
    """Give the most that any set with the first s members, the a-th next one and `least` or more added can exceed."""
    u = stack.next[s, a]
    base, best = stack.level[s, SCORE] + stack.gain[s, a], np.int64(NEVER)
    for c in range(least, len(board.size) - s):
        rest = np.int64(0)
        if c > 1:
            other = stack.ahead[s, c, a]
            if c < look.far.shape[1]:
                other = max(other, look.far[s, c, u])
            rest = (c - 1) * other + board.half[u, c - 1]
        best = max(best, top_charge(board, s + c, base + rest))
    return best


@compile_step
def sort_next(stack, s):  # type: ignore[no-untyped-def]
    """Order what may come next by gain, ascending (Shell's sort)."""
    m = stack.level[s, COUNT]
    nodes, plains, gains = stack.next[s], stack.plain[s], stack.gain[s]
    step = m // 2
    while step > 0:
        for a in range(step, m):
            node, plain, gain, b = nodes[a], plains[a], gains[a], a
            while b >= step and gains[b - step] > gain:
                nodes[b], plains[b], gains[b] = nodes[b - step], plains[b - step], gains[b - step]
                b -= step
            nodes[b], plains[b], gains[b] = node, plain, gain
        step //= 2


@compile_step
def best_far(look, stack, s, c):  # type: ignore[no-untyped-def]
    """Give the best gain, with c to add, of whoever is within reach of the first s members but not next to them."""
    if c >= look.far.shape[1]:
        return look.top[s, c]
    best = np.int64(NEVER)
    if c > 2:  # with two to add, the second is next to the first or to the set
        for b in range(s):
            best = max(best, look.far[s, c, stack.level[b, CHOSEN]])
    return best


@compile_step
def drop_hopeless(board, look, stack, s, threshold):  # type: ignore[no-untyped-def]
    """Drop from what may come next whoever is in no set that exceeds the threshold, whatever else joins."""
    m, kept, score = stack.level[s, COUNT], 0, stack.level[s, SCORE]
    for c in range(2, len(board.size) - s):
        best = best_far(look, stack, s, c)
        for a in range(m):
            best = max(best, stack.gain[s, a] + board.half[stack.next[s, a], c - 1])
        stack.level[s, BEST + c] = best
    for a in range(m):
        u, base = stack.next[s, a], score + stack.gain[s, a]
        hope = top_charge(board, s + 1, base) > threshold
        for c in range(2, len(board.size) - s):
            if hope:
                break
            other = stack.level[s, BEST + c]
            if c < look.far.shape[1]:
                other = max(other, look.far[s, c, u])
            hope = top_charge(board, s + c, base + (c - 1) * other + board.half[u, c - 1]) > threshold
        if hope:
            stack.next[s, kept], stack.plain[s, kept], stack.gain[s, kept] = u, stack.plain[s, a], stack.gain[s, a]
            kept += 1
    stack.level[s, COUNT] = kept


@compile_step
def look_ahead(board, look, stack, s):  # type: ignore[no-untyped-def]
    """Note for each that may come next the best gain before it, by how many to add."""
    for c in range(2, len(board.size) - s):
        best = best_far(look, stack, s, c)
        for a in range(stack.level[s, COUNT]):
            stack.ahead[s, c, a] = best
            best = max(best, stack.gain[s, a] + board.half[stack.next[s, a], c - 1])


@compile_step
def add_next(board, stack, t, w, plain):  # type: ignore[no-untyped-def]
    """Note that w may join the first t members."""
    m = stack.level[t, COUNT]
    stack.next[t, m], stack.plain[t, m], stack.gain[t, m] = w, plain, plain + stack.extra[w]
    stack.level[t, COUNT] = m + 1


@compile_step
def list_next(board, look, stack, s, threshold):  # type: ignore[no-untyped-def]
    """List who may join after member s was chosen: who could before, and its neighbours not yet next to the set.

    Whoever joins last is listed only if the circle then exceeds the threshold.
    """
    t, u, rank = s + 1, stack.level[s, CHOSEN], look.rank[stack.level[0, CHOSEN]]
    need = np.int64(NEVER)
    if t + 2 == len(board.size):
        need = threshold + board.size[t + 1, CHARGE] - stack.level[t, SCORE]
    stack.level[t, COUNT] = 0
    for a in range(stack.level[s, COUNT]):
        w = stack.next[s, a]
        plain = stack.plain[s, a] + score_unlisted(board, u, w)
        if plain + stack.extra[w] > need and fits(board, stack, t, w):
            add_next(board, stack, t, w, plain)
    for k in range(board.near_from[u], board.near_from[u + 1]):
        w = board.near_to[k]
        if board.near_step[k] and stack.mark[NEAR, w] == 0 and look.rank[w] > rank:
            plain = look.own[w]
            for b in range(t):
                plain += score_unlisted(board, stack.level[b, CHOSEN], w)
            if plain + stack.extra[w] > need and fits(board, stack, t, w):
                add_next(board, stack, t, w, plain)


@compile_step
def note_near(board, stack, u, change):  # type: ignore[no-untyped-def]
    """Note with everybody near u that u is chosen (change 1), or no longer (change -1)."""
    for k in range(board.near_from[u], board.near_from[u + 1]):
        stack.mark[NEAR, board.near_to[k]] += change * board.near_step[k]


@compile_step
def note_chosen(board, stack, u, change):  # type: ignore[no-untyped-def]
    """Add what pairs with u score, and who is forbidden by it (change 1), or take it back (change -1)."""
    for k in range(board.near_from[u], board.near_from[u + 1]):
        stack.extra[board.near_to[k]] += change * board.near_extra[k]
    for k in range(board.ban_from[u], board.ban_from[u + 1]):
        stack.mark[BANNED, board.ban_to[k]] += change


@compile_step
def note_limits(board, stack, s):  # type: ignore[no-untyped-def]
    """Note what the first s + 1 members allow whoever joins them."""
    u = stack.level[s, CHOSEN]
    old, new, member = stack.level[s], stack.level[s + 1], board.member[u]
    new[LEAST_TOP], new[MOST_LOAN] = min(old[LEAST_TOP], member[TOP_LOAN]), max(old[MOST_LOAN], member[LOAN])
    new[ALL_LOAN] = old[ALL_LOAN] + member[LOAN]
    new[LEAST_RESOURCES] = min(old[LEAST_RESOURCES], member[RESOURCES])
    new[MOST_TO_BEAR] = max(old[MOST_TO_BEAR], board.bear[-1, u])


@compile_step
def push(board, look, stack, s, gain, threshold):  # type: ignore[no-untyped-def]
    """Go on from the set with member s chosen, and list what may come next."""
    u = stack.level[s, CHOSEN]
    stack.level[s + 1, SCORE] = stack.level[s, SCORE] + gain
    note_limits(board, stack, s)
    note_chosen(board, stack, u, 1)
    list_next(board, look, stack, s, threshold)
    note_near(board, stack, u, 1)
    if s + 3 < len(board.size):
        drop_hopeless(board, look, stack, s + 1, threshold)
        sort_next(stack, s + 1)
        look_ahead(board, look, stack, s + 1)


@compile_step
def pop(board, stack, s):  # type: ignore[no-untyped-def]
    """Take member s + 1 back."""
    note_chosen(board, stack, stack.level[s, CHOSEN], -1)
    note_near(board, stack, stack.level[s, CHOSEN], -1)


@compile_step
def begin_root(board, look, stack, root):  # type: ignore[no-untyped-def]
    """Start from one member."""
    stack.level[0, COUNT] = 1
    stack.next[0, 0], stack.plain[0, 0], stack.gain[0, 0] = root, look.own[root], look.own[root]
    for c in range(2, len(board.size)):
        stack.ahead[0, c, 0] = best_far(look, stack, 0, c)
    stack.mark[NEAR, root] += 1


@compile_step
def walk_root(board, look, stack, found, effort, root):  # type: ignore[no-untyped-def]
    """Grow every set whose first member is the root; what the budget leaves out lifts the root's price."""
    first, s, seen = found.tally[NUMBER], np.int64(0), 0
    one_more, two_more = np.int64(1), np.int64(2)
    most = min(effort.visits, effort.all_visits - found.tally[VISITS])
    begin_root(board, look, stack, root)
    while True:
        a = stack.level[s, COUNT] - 1
        if a < 0:
            s -= 1
            if s < 0:
                break
            pop(board, stack, s)
            continue
        stack.level[s, COUNT] = a
        if seen & (ASK_EVERY - 1) == 0 and effort.flag[0]:
            most = 0
        if seen >= most and s > 0:
            found.lift[root] = max(found.lift[root], bound_branch(board, look, stack, s, a, one_more))
            continue
        seen += 1
        stack.level[s, CHOSEN] = stack.next[s, a]
        gain = stack.gain[s, a]
        judge_set(board, stack, found, effort, s + 1, stack.level[s, SCORE] + gain, first)
        can_grow = s + 2 < len(board.size) and s + 1 + absent(board, stack, s + 1) < len(board.size)
        if can_grow and bound_branch(board, look, stack, s, a, two_more) > effort.threshold:
            push(board, look, stack, s, gain, effort.threshold)
            s += 1
    stack.mark[NEAR, root] -= 1
    found.tally[VISITS] += seen


@compile_loop
def walk(board, look, stack, found, effort):  # type: ignore[no-untyped-def]
    """Grow every set whose first member is one of the roots from start to stop."""
    for at in range(effort.start, effort.stop):
        walk_root(board, look, stack, found, effort, look.order[at])


@compile_loop
def spread(board, gains, steps):  # type: ignore[no-untyped-def]
    """Give each member the best gain of whoever is within that many steps, at least one, of it."""
    reached = gains
    for _ in range(steps):
        wider = np.full_like(gains, NEVER)
        for i in range(len(gains)):
            for k in range(board.near_from[i], board.near_from[i + 1]):
                if board.near_step[k]:
                    wider[i] = max(wider[i], reached[board.near_to[k]], gains[board.near_to[k]])
        reached = wider
    return reached
