"""Beam search for sets worth more than their prices: quick, and without any claim to be complete.

From every root the best `width` sets of each size are grown to the next size, as B. T. Lowerre does with phrases ("The
HARPY speech recognition system", 1976). What is found feeds the linear programme; the certificate comes from the walk.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

from circles.matching.engine.enumeration_kernel import (
    CHARGE,
    CHOSEN,
    IS_PIECE,
    IS_SIZE,
    PIECE_CHARGE,
    absent,
    fits,
    is_whole,
    lose,
    note_chosen,
    note_limits,
    score_unlisted,
)
from circles.settlement.kernel import compile_loop, compile_step


class Beam(NamedTuple):
    """The sets being grown from one root: w of them, and the next ones."""

    sets: NDArray[np.int32]  # (2, w, L) this size, next size
    score: NDArray[np.int64]  # (2, w)
    mark: NDArray[np.int64]  # (2, w) sum of the members' marks, equal for equal sets
    seen: NDArray[np.int64]  # (n,) when each member was last met
    least: NDArray[np.int64]  # (1,) lowest score of the next sets
    open: NDArray[np.int32]  # members who may join any set, near it or not


class Caught(NamedTuple):
    """The best sets from each root, of those above the threshold."""

    sets: NDArray[np.int32]  # (r, keep, L)
    excess: NDArray[np.int64]  # (r, keep)
    whole: NDArray[np.bool_]  # (r, keep)


@compile_step
def mark_of(u):  # type: ignore[no-untyped-def]
    """Give a number that hardly two sums of members share (D. Knuth's multiplier)."""
    return np.int64(u + 1) * np.int64(-7046029254386353131) ^ (np.int64(u + 7) * np.int64(2654435761) << 20)


@compile_step
def enter_set(board, stack, members, size):  # type: ignore[no-untyped-def]
    """Choose the members of a set one after the other."""
    for a in range(size):
        stack.level[a, CHOSEN] = members[a]
        note_limits(board, stack, a)
        note_chosen(board, stack, members[a], 1)


@compile_step
def leave_set(board, stack, size):  # type: ignore[no-untyped-def]
    """Take them back."""
    for a in range(size):
        note_chosen(board, stack, stack.level[a, CHOSEN], -1)


@compile_step
def copy(row, to, count):  # type: ignore[no-untyped-def]
    """Copy the first entries of a row; a slice would be copied twice."""
    for k in range(count):
        to[k] = row[k]


@compile_step
def lowest(row, count):  # type: ignore[no-untyped-def]
    """Give the least of the first entries of a row."""
    least = row[0]
    for k in range(1, count):
        least = min(least, row[k])
    return least


@compile_step
def take_next(beam, count, size):  # type: ignore[no-untyped-def]
    """Make the next sets, all of that size, those of this size."""
    copy(beam.score[1], beam.score[0], count)
    copy(beam.mark[1], beam.mark[0], count)
    for b in range(count):
        copy(beam.sets[1, b], beam.sets[0, b], size)


@compile_step
def find_place(beam, count, score, mark):  # type: ignore[no-untyped-def]
    """Say where a next set goes: behind the last, in place of the worst, or nowhere (-1)."""
    scores, marks = beam.score[1], beam.mark[1]
    worst = 0
    for b in range(count):
        if marks[b] == mark:
            return -1
        if scores[b] < scores[worst]:
            worst = b
    if count < len(scores):
        return count
    return worst if score > scores[worst] else -1


@compile_step
def offer_member(board, look, stack, beam, b, size, u, count):  # type: ignore[no-untyped-def]
    """Offer the set b with member u added; give the number of next sets."""
    if look.rank[u] < 0 or not fits(board, stack, size, u):
        return count
    score = beam.score[0, b] + look.own[u] + stack.extra[u]
    for c in range(size):
        score += score_unlisted(board, beam.sets[0, b, c], u)
    if count == beam.score.shape[1] and score <= beam.least[0]:
        return count
    mark = beam.mark[0, b] + mark_of(u)
    place = find_place(beam, count, score, mark)
    if place >= 0:
        copy(beam.sets[0, b], beam.sets[1, place], size)
        beam.sets[1, place, size] = u
        beam.score[1, place], beam.mark[1, place] = score, mark
        count = max(count, place + 1)
        beam.least[0] = lowest(beam.score[1], count)
    return count


@compile_step
def grow_set(board, look, stack, beam, b, size, turn, count):  # type: ignore[no-untyped-def]
    """Offer every way to add a neighbour, or an open member, to set b; give the number of next sets."""
    members = beam.sets[0, b]
    enter_set(board, stack, members, size)
    for a in range(size):
        beam.seen[members[a]] = turn
    for a in range(size):
        for k in range(board.near_from[members[a]], board.near_from[members[a] + 1]):
            u = board.near_to[k]
            if board.near_step[k] and beam.seen[u] != turn:
                beam.seen[u] = turn
                count = offer_member(board, look, stack, beam, b, size, u, count)
    for u in beam.open:
        if beam.seen[u] != turn:
            beam.seen[u] = turn
            count = offer_member(board, look, stack, beam, b, size, u, count)
    leave_set(board, stack, size)
    return count


@compile_step
def catch_set(board, stack, beam, caught, b, t, at, threshold):  # type: ignore[no-untyped-def]
    """Keep next set b of t members, as a circle or as a piece of one, if it is among the best of its root."""
    size, score = board.size[t], beam.score[1, b]
    worst = np.argmin(caught.excess[at])
    least = max(threshold, caught.excess[at, worst])
    best, whole = least, False
    for a in range(t):
        stack.level[a, CHOSEN] = beam.sets[1, b, a]
    if size[IS_SIZE] and score - size[CHARGE] > best and is_whole(board, stack, t):
        excess = score - size[CHARGE] - lose(board, stack, t)
        if excess > best:
            best, whole = excess, True
    if size[IS_PIECE] and score - size[PIECE_CHARGE] > best and absent(board, stack, t) == 0:
        best = score - size[PIECE_CHARGE]
    if best > least:
        caught.excess[at, worst], caught.whole[at, worst] = best, whole
        copy(beam.sets[1, b], caught.sets[at, worst], t)
        caught.sets[at, worst, t:] = -1


@compile_step
def search_root(board, look, stack, beam, caught, root, at, turn, threshold):  # type: ignore[no-untyped-def]
    """Grow sets from one root, size by size."""
    beam.sets[0, 0, 0], beam.score[0, 0], beam.mark[0, 0] = root, look.own[root], mark_of(root)
    beam.sets[1, 0, 0], beam.score[1, 0] = root, look.own[root]
    catch_set(board, stack, beam, caught, np.int64(0), np.int64(1), at, threshold)
    count = np.int64(1)
    for size in range(1, len(board.size) - 1):
        found = np.int64(0)
        for b in range(count):
            turn += 1
            found = grow_set(board, look, stack, beam, b, size, turn, found)
        for b in range(found):
            catch_set(board, stack, beam, caught, b, size + 1, at, threshold)
        take_next(beam, found, size + 1)
        count = found
    return turn


@compile_loop
def search(board, look, stack, beam, caught, start, threshold):  # type: ignore[no-untyped-def]
    """Grow sets from every root of the order, from start on, as many as are caught from."""
    turn = np.int64(0)
    for at in range(len(caught.excess)):
        turn = search_root(board, look, stack, beam, caught, look.order[start + at], at, turn, threshold)
