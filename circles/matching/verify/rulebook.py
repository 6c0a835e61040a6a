"""The verifier's own reading of a problem: rules, worth and charges in plain Python and exact numbers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from circles.matching.verify.losses import charge_one

if TYPE_CHECKING:
    from circles.matching.problem import MatchingProblem


class UnfinishedError(Exception):
    """A verification cannot be finished: the time given is over, unless it says otherwise."""

    def __init__(self, reason: str = "the time given did not suffice") -> None:
        super().__init__(reason)


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
        self.problem = problem
        self.n = problem.members
        self.value = problem.value.tolist()
        self.charge = {int(size): int(charge) for size, charge in problem.size_charge.items()}
        self.connected = problem.connected
        self.loan, self.resources = problem.loan.tolist(), problem.resources.tolist()
        self.coverage = Fraction(str(problem.coverage or 0))
        self.ratio = Fraction(str(problem.amount_ratio)) if problem.amount_ratio else None
        self.bearable = Fraction(str(problem.bearable)) if problem.bearable else None
        self.most_loan = problem.max_circle_loan
        self._forbidden = {
            frozenset(pair)
            for pair in zip(problem.forbidden_first.tolist(), problem.forbidden_second.tolist(), strict=True)
        }
        self._group = {i: set(group) for group in problem.together for i in group}
        self.previous = {tuple(sorted(circle)) for circle in problem.previous}
        self._read_pairs(problem)
        self.pinned = {i for circle in problem.pinned for i in circle}
        self.fixed_value = sum(self.worth(circle, is_charged=False) for circle in problem.pinned)

    def _read_pairs(self, problem: MatchingProblem) -> None:
        self._stranger = int(problem.stranger_value)
        self._labels = problem.labels.tolist()
        self._label_charges = problem.label_charges.tolist()
        rows = list(zip(problem.pair_first.tolist(), problem.pair_second.tolist(), strict=True))
        self._listed = dict(zip(map(frozenset, rows), problem.pair_value.tolist(), strict=True))
        self.friends = [set[int]() for _ in range(self.n)]
        known = [pair for pair, knows in zip(rows, problem.pair_acquainted.tolist(), strict=True) if knows]
        known += [(i, j) for group in problem.together for i in group for j in group if i < j]
        for i, j in known:
            self.friends[i].add(j)
            self.friends[j].add(i)

    @property
    def seconds_left(self) -> float:
        """Seconds left, infinite without a limit."""
        return float("inf") if self._ends is None else self._ends - time.monotonic()

    def check_time(self) -> None:
        """Raise `UnfinishedError` when the time is over."""
        if self.seconds_left < 0:
            raise UnfinishedError

    def score(self, i: int, j: int) -> int:
        """Score a pair."""
        listed = self._listed.get(frozenset((i, j)))
        if listed is not None:
            return listed
        labels = zip(self._labels[i], self._labels[j], self._label_charges, strict=True)
        return self._stranger - sum(charge for a, b, charge in labels if a == b)

    def worth(self, circle: Sequence[int], *, is_charged: bool = True) -> int:
        """Sum values and pair scores, less the charges of size, joint loss and (if charged) change."""
        pairs = sum(self.score(i, j) for at, i in enumerate(circle) for j in circle[at + 1 :])
        change = 0 if not is_charged or tuple(sorted(circle)) in self.previous else self.problem.change_charge
        loss = charge_one(self.problem, circle)
        return sum(self.value[i] for i in circle) + pairs - self.charge[len(circle)] - change - loss

    def allows(self, circle: Sequence[int]) -> bool:
        """Say whether a circle keeps every rule."""
        size, inside = len(circle), set(circle)
        if size not in self.charge or (
            self.most_loan is not None and sum(self.loan[i] for i in circle) > self.most_loan
        ):
            return False
        if not all(self._group.get(i, inside) <= inside for i in circle):
            return False
        pairs = [(i, j) for at, i in enumerate(circle) for j in circle[at + 1 :]]
        if not all(self._fits(i, j, size) for i, j in pairs):
            return False
        total = sum(self.resources[i] for i in circle)
        if any(self.coverage * self.loan[i] > total - self.resources[i] for i in circle):
            return False
        return not self.connected or self._is_connected(circle)

    def _fits(self, i: int, j: int, size: int) -> bool:
        low, high = sorted((self.loan[i], self.loan[j]))
        if frozenset((i, j)) in self._forbidden or (self.ratio is not None and high > self.ratio * low):
            return False
        share = None if self.bearable is None else self.bearable * (size - 1)
        return share is None or (
            self.loan[i] <= share * self.resources[j] and self.loan[j] <= share * self.resources[i]
        )

    def _is_connected(self, circle: Sequence[int]) -> bool:
        inside, reached, edge = set(circle), {circle[0]}, [circle[0]]
        while edge:
            new = (self.friends[edge.pop()] & inside) - reached
            reached |= new
            edge.extend(new)
        return reached == inside
