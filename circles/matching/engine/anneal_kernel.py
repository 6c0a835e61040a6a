"""Annealing of whole circles: put one of the pool into the plan, take out those in its way, fill what became free.

S. Kirkpatrick, C. D. Gelatt and M. P. Vecchi, "Optimization by simulated annealing", Science 220, 1983.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray  # noqa: TC002 (numba reads the annotations of the tuples)

from circles.settlement.kernel import compile_loop, compile_step


class Course(NamedTuple):
    """How a plan cools: over so many moves from one temperature to another, the last tenth without any loss."""

    moves: int
    hot: float
    cold: float


class Tried(NamedTuple):
    """A plan being changed."""

    row: NDArray[np.int32]  # (n,) circle of each member, or -1
    out: NDArray[np.int32]  # (L,) circles taken out in this move
    put: NDArray[np.int32]  # (L · L + 1,) circles put in


@compile_step
def draw(state):  # type: ignore[no-untyped-def]
    """Give the next random number, 64 bits (G. Marsaglia's xorshift64*)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return x * np.uint64(2685821657736338717)


@compile_step
def draw_below(state, number):  # type: ignore[no-untyped-def]
    """Give a random whole number below another."""
    return np.int64((draw(state) >> np.uint64(33)) % np.uint64(number))


@compile_step
def set_row(choice, row, k, value):  # type: ignore[no-untyped-def]
    """Note with each member of circle k that its circle is `value`."""
    for i in choice.members[k]:
        if i < 0:
            break
        row[i] = value


@compile_step
def take_out(choice, tried, k):  # type: ignore[no-untyped-def]
    """Take out whatever is in the way of circle k; give how many, and their worth."""
    count, worth = 0, np.int64(0)
    for i in choice.members[k]:
        if i < 0:
            break
        old = tried.row[i]
        if old >= 0:
            set_row(choice, tried.row, old, -1)
            tried.out[count] = old
            count += 1
            worth += choice.worth[old]
    return count, worth


@compile_step
def is_free(choice, tried, k):  # type: ignore[no-untyped-def]
    """Say whether no member of circle k is placed."""
    for i in choice.members[k]:
        if i < 0:
            break
        if tried.row[i] >= 0:
            return False
    return True


@compile_step
def fill(choice, tried, u):  # type: ignore[no-untyped-def]
    """Put in the best circle of member u of which everybody is free; give it, or -1."""
    best, worth = -1, np.int64(0)
    for at in range(choice.begin[u], choice.begin[u + 1]):
        k = choice.rows[at]
        if choice.worth[k] > worth and is_free(choice, tried, k):
            best, worth = k, choice.worth[k]
    if best >= 0:
        set_row(choice, tried.row, best, best)
    return best


@compile_step
def move(choice, tried, k):  # type: ignore[no-untyped-def]
    """Put circle k in; give what the plan gains, and how many circles went out and in."""
    out, lost = take_out(choice, tried, k)
    set_row(choice, tried.row, k, k)
    tried.put[0], put, gain = k, 1, choice.worth[k] - lost
    for a in range(out):
        for u in choice.members[tried.out[a]]:
            if u < 0:
                break
            if tried.row[u] < 0:
                new = fill(choice, tried, u)
                if new >= 0:
                    tried.put[put] = new
                    put += 1
                    gain += choice.worth[new]
    return gain, out, put


@compile_step
def take_back(choice, tried, out, put):  # type: ignore[no-untyped-def]
    """Undo a move."""
    for a in range(put):
        set_row(choice, tried.row, tried.put[a], -1)
    for a in range(out):
        set_row(choice, tried.row, tried.out[a], tried.out[a])


@compile_step
def make_moves(choice, tried, state, course, start, stop):  # type: ignore[no-untyped-def]
    """Make the moves of a course from start to stop; give what they gained."""
    value, calm = np.int64(0), course.moves - course.moves // 10
    fall = (course.cold / course.hot) ** (1.0 / max(1, calm))
    temperature = course.hot * fall**start
    for turn in range(start, stop):
        temperature *= fall
        u = draw_below(state, len(tried.row))
        count = choice.begin[u + 1] - choice.begin[u]
        if count == 0:
            continue
        k = choice.rows[choice.begin[u] + draw_below(state, count)]
        if tried.row[u] == k:
            continue
        gain, out, put = move(choice, tried, k)
        luck = np.int64(draw(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)
        if gain >= 0 or (turn < calm and luck < np.exp(gain / temperature)):
            value += gain
        else:
            take_back(choice, tried, out, put)
    return value


@compile_loop
def anneal(choice, tried, state, course, start, stop):  # type: ignore[no-untyped-def]
    """Change the plan in the moves of a course from start to stop; give what they gained."""
    return make_moves(choice, tried, state, course, start, stop)
