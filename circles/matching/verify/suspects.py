"""Suspects: the circles that cost at most a given amount more than they are worth, all of them and each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from circles.matching.verify.losses import charge_many
from circles.matching.verify.suspects_kernel import DONE, LOW, ROOT, Town, Walk, go_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.verify.costs import Costs
    from circles.matching.verify.rulebook import Rulebook

ROOM, STEPS = 10_000, 500_000
"""Suspects noted, and sets looked at, before the clock is asked again."""


class Option(NamedTuple):
    """A circle, what it costs beyond its worth, in 1/scale, and its worth, in units."""

    circle: tuple[int, ...]
    beyond: int
    worth: int


def list_suspects(
    book: Rulebook, town: Town, costs: Costs, *, spare: int, piece: NDArray[np.int64] | None = None
) -> Iterator[Option]:
    """List admissible circles that cost at most `spare` beyond their worth.

    Parameters
    ----------
    book
        The rules.
    town
        The problem laid out; circles that its roads do not connect, and those without one of its roots, are not met,
        but the circles of the earlier plan always are.
    costs
        The certificate.
    spare
        In 1/scale; −1 lists the circles that break the certificate.
    piece
        Shape (L + 1,). Takes, for every size below the largest, the most that a set which the roads connect is worth
        beyond its cost, as far as it is more than what is given.

    Raises
    ------
    UnfinishedError
        When the book's time is over.
    """
    book.check_time()  # also where no road is to be walked
    for circle in _list_previous(book):
        extra = cost_beyond(book, costs, circle)
        if extra <= spare:
            yield Option(circle, extra, book.worth(circle))
    walk = _start_walk(town, piece)
    while not walk.at[DONE]:
        book.check_time()
        found = go_on(town, walk, -spare, STEPS)
        members, beyond, worth = _judge_rows(book, costs, walk.rows[:found], walk.excess[:found])
        fine = beyond <= spare
        for row, *both in zip(members[fine].tolist(), beyond[fine].tolist(), worth[fine].tolist(), strict=True):
            circle = tuple(i for i in row if i >= 0)
            if circle not in book.previous and book.allows(circle):
                yield Option(circle, *both)


def cost_beyond(book: Rulebook, costs: Costs, circle: tuple[int, ...]) -> int:
    """Give what one circle costs beyond its worth, in plain Python."""
    shared = sum(price * (len(cut.intersection(circle)) // 2) for cut, price in costs.cuts)
    return sum(costs.member[i] for i in circle) + shared - book.worth(circle) * costs.scale


def _list_previous(book: Rulebook) -> list[tuple[int, ...]]:
    return sorted(circle for circle in book.previous if book.pinned.isdisjoint(circle) and book.allows(circle))


def _start_walk(town: Town, piece: NDArray[np.int64] | None) -> Walk:
    n, largest = len(town.own), len(town.charge) - 1
    width = min(n, int(np.diff(town.road_from).max(initial=0)) * largest) + 1
    at = np.zeros(3, dtype=np.int64)
    at[ROOT] = -1
    return Walk(
        at=at,
        chosen=np.zeros(largest, dtype=np.int64),
        score=np.zeros(largest + 1, dtype=np.int64),
        left=np.zeros(largest + 1, dtype=np.int64),
        node=np.zeros((largest + 1, width), dtype=np.int64),
        gain=np.zeros((largest + 1, width), dtype=np.int64),
        seen=np.zeros(n, dtype=np.int64),
        piece=np.full(largest + 1, -LOW, dtype=np.int64) if piece is None else piece,
        rows=np.full((ROOM, largest), -1, dtype=np.int64),
        excess=np.zeros(ROOM, dtype=np.int64),
    )


def _judge_rows(
    book: Rulebook, costs: Costs, rows: NDArray[np.int64], excess: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Sort the members of each row; give what it costs beyond its worth, and its worth, with joint loss and cuts."""
    size = (rows >= 0).sum(axis=1)
    members = np.sort(np.where(rows < 0, book.n, rows), axis=1)
    worth = (excess + np.array([*costs.member, 0], dtype=np.int64)[members].sum(axis=1)) // costs.scale
    beyond = -excess
    if book.problem.joint_loss is not None:
        for each in book.charge:
            some = np.flatnonzero(size == each)
            loss = charge_many(book.problem, members[some, :each])
            beyond[some] += loss * costs.scale
            worth[some] -= loss
    if costs.cuts:
        beyond += _share_cuts(book, costs, rows, size)
    return np.where(members == book.n, -1, members), beyond, worth


def _share_cuts(book: Rulebook, costs: Costs, rows: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give what each row pays for the cuts that it shares two or three members with."""
    begin = np.concatenate([[0], np.cumsum(size)])
    inside = csr_array((np.ones(int(size.sum()), dtype=np.int64), rows[rows >= 0], begin), shape=(len(rows), book.n))
    cut = np.array([sorted(cut) for cut, _ in costs.cuts])
    triple = csr_array(
        (np.ones(cut.size, dtype=np.int64), (cut.ravel(), np.repeat(np.arange(len(cut)), 3))),
        shape=(book.n, len(cut)),
    )
    shared = (inside @ triple).tocsr()
    shared.data //= 2
    return np.asarray(shared @ np.array([price for _, price in costs.cuts], dtype=np.int64))
