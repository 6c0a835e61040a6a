"""The verifier's own reading of the rules, and its own enumeration of circles: plain Python, exact numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from circles.matching.problem import MatchingProblem


class UnfinishedError(Exception):
    """The time given to a verification is over."""


class Rulebook:
    """A problem read once into plain Python.

    Parameters
    ----------
    problem
        The integer problem.
    time_limit
        Seconds; None for no limit.
    """

    def __init__(self, problem: MatchingProblem, *, time_limit: float | None) -> None:
        self._ends = None if time_limit is None else time.monotonic() + time_limit
        self.n = problem.members
        self.value = problem.value.tolist()
        self.charge = {int(size): int(charge) for size, charge in problem.size_charge.items()}
        self.connected = problem.connected
        self.loan, self.resources = problem.loan.tolist(), problem.resources.tolist()
        self.coverage = Fraction(str(problem.coverage or 0))
        self.ratio = Fraction(str(problem.amount_ratio)) if problem.amount_ratio else None
        self.bearable = Fraction(str(problem.bearable)) if problem.bearable else None
        self.most_loan = problem.max_circle_loan
        self.forbidden = [set[int]() for _ in range(self.n)]
        for i, j in zip(problem.forbidden_first.tolist(), problem.forbidden_second.tolist(), strict=True):
            self.forbidden[i].add(j)
            self.forbidden[j].add(i)
        self._fits: list[dict[int, bool]] = [{} for _ in range(self.n)]
        self._read_pairs(problem)
        self.pinned = {i for circle in problem.pinned for i in circle}
        self.fixed_value = sum(self.worth(circle) for circle in problem.pinned)

    def _read_pairs(self, problem: MatchingProblem) -> None:
        self._stranger = int(problem.stranger_value)
        self._labels = problem.labels.tolist()
        self._label_charges = problem.label_charges.tolist()
        self._listed: list[dict[int, int]] = [{} for _ in range(self.n)]
        self.friends = [set[int]() for _ in range(self.n)]
        rows = zip(
            problem.pair_first.tolist(),
            problem.pair_second.tolist(),
            problem.pair_value.tolist(),
            problem.pair_acquainted.tolist(),
            strict=True,
        )
        for i, j, score, knows in rows:
            self._listed[i][j] = self._listed[j][i] = score
            if knows:
                self.friends[i].add(j)
                self.friends[j].add(i)

    def check_time(self) -> None:
        """Raise `UnfinishedError` when the time is over."""
        if self._ends is not None and time.monotonic() > self._ends:
            raise UnfinishedError

    def score(self, i: int, j: int) -> int:
        """Score a pair."""
        if j in self._listed[i]:
            return self._listed[i][j]
        labels = zip(self._labels[i], self._labels[j], self._label_charges, strict=True)
        return self._stranger - sum(charge for a, b, charge in labels if a == b)

    def worth(self, circle: Sequence[int]) -> int:
        """Sum values and pair scores, less the charge of the size."""
        pairs = sum(self.score(i, j) for at, i in enumerate(circle) for j in circle[at + 1 :])
        return sum(self.value[i] for i in circle) + pairs - self.charge[len(circle)]

    def fits(self, i: int, j: int) -> bool:
        """Say whether no rule keeps two members apart in every circle."""
        known = self._fits[i].get(j)
        if known is None:
            low, high = sorted((self.loan[i], self.loan[j]))
            known = j not in self.forbidden[i] and (self.ratio is None or high <= self.ratio * low)
            known = known and (self.bearable is None or self._bears(i, j, max(self.charge)))
            self._fits[i][j] = self._fits[j][i] = known
        return known

    def is_bounded(self, circle: Sequence[int]) -> bool:
        """Say whether the loans together keep the limit."""
        return self.most_loan is None or sum(self.loan[i] for i in circle) <= self.most_loan

    def _bears(self, i: int, j: int, size: int) -> bool:
        share = (self.bearable or 0) * (size - 1)
        return self.loan[i] <= share * self.resources[j] and self.loan[j] <= share * self.resources[i]

    def allows(self, circle: Sequence[int]) -> bool:
        """Say whether a circle keeps every rule."""
        size = len(circle)
        if size not in self.charge or not self.is_bounded(circle):
            return False
        pairs = [(i, j) for at, i in enumerate(circle) for j in circle[at + 1 :]]
        if not all(self.fits(i, j) and (self.bearable is None or self._bears(i, j, size)) for i, j in pairs):
            return False
        total = sum(self.resources[i] for i in circle)
        if any(self.coverage * self.loan[i] > total - self.resources[i] for i in circle):
            return False
        return not self.connected or self._is_connected(circle)

    def _is_connected(self, circle: Sequence[int]) -> bool:
        inside, reached, edge = set(circle), {circle[0]}, [circle[0]]
        while edge:
            new = (self.friends[edge.pop()] & inside) - reached
            reached |= new
            edge.extend(new)
        return reached == inside


def list_worthwhile(book: Rulebook, prices: Sequence[int], scale: int, *, spare: int) -> Iterator[tuple[int, ...]]:
    """List the admissible circles of free members whose prices exceed their worth by at most `spare` (in 1/scale).

    Circles are grown one by one from their lowest member: every member passed over stays out, so each is met once.
    Where circles are connected, only acquaintances of those inside may come next.
    """
    free = [i for i in range(book.n) if i not in book.pinned]
    own = [book.value[i] * scale - prices[i] for i in range(book.n)]
    for root in free:
        if book.connected:
            later = sorted(j for j in book.friends[root] if j > root and j not in book.pinned)
        else:
            later = [j for j in free if j > root and book.fits(root, j)]
        for circle in _grow(book, _Grown((root,), own[root], later, frozenset([root, *later])), own, scale=scale):
            if circle.score - book.charge[len(circle.members)] * scale + spare >= 0 and book.allows(circle.members):
                yield tuple(sorted(circle.members))


class _Grown(NamedTuple):
    members: tuple[int, ...]
    score: int
    """Values and pair scores, less prices, in 1/scale."""
    later: list[int]
    met: frozenset[int]


def _grow(book: Rulebook, circle: _Grown, own: Sequence[int], *, scale: int) -> Iterator[_Grown]:
    """Give every set that holds this one and is of an allowed size, and breaks no rule that stays broken."""
    book.check_time()
    if len(circle.members) in book.charge:
        yield circle
    if len(circle.members) == max(book.charge):
        return
    for at, new in enumerate(circle.later):
        members = (*circle.members, new)
        if not all(book.fits(i, new) for i in circle.members) or not book.is_bounded(members):
            continue
        score = circle.score + own[new] + scale * sum(book.score(i, new) for i in circle.members)
        rest, met = [j for j in circle.later[at + 1 :] if book.fits(new, j)], circle.met
        if book.connected:
            fresh = sorted(j for j in book.friends[new] - met if j > members[0] and j not in book.pinned)
            rest, met = rest + fresh, met | book.friends[new]
        yield from _grow(book, _Grown(members, score, rest, met), own, scale=scale)
