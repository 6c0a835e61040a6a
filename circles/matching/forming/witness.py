"""Looking for any admissible circle through one member: the difference between "impossible" and "outbid"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits
from circles.matching.forming.pairs import list_neighbours

if TYPE_CHECKING:
    from circles.matching.problem import MatchingProblem

_STRANGERS_TRIED = 40
"""Among strangers everybody is a partner; so many of the strongest are tried."""


@dataclass(slots=True, kw_only=True)
class Witness:
    """What a search through one member found.

    Attributes
    ----------
    partners
        How many members it may share a circle with at all: known to it where circles are connected, and not forbidden.
    circle
        An admissible circle, None if none was found.
    tried
        Circles of an allowed size that were judged.
    broken
        Rule → how often it was the first that a circle or a pair in it broke.
    complete
        Whether every circle through the member was looked at.
    """

    partners: int = 0
    circle: tuple[int, ...] | None = None
    tried: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    complete: bool = True


class WitnessSearch:
    """Looks for an admissible circle through any member of one problem, within a budget of circles a member.

    Parameters
    ----------
    problem
        The integer problem.
    budget
        Sets of members looked at for one member, at least 1.
    """

    def __init__(self, problem: MatchingProblem, *, budget: int) -> None:
        self._problem = problem
        self._budget = budget
        self._largest = problem.sizes[-1]
        limits = build_limits(problem)
        self._loan, self._cash = problem.loan.tolist(), problem.resources.tolist()
        self._cover, self._top = limits.cover.tolist(), limits.top_loan.tolist()
        self._bear, self._circle_loan = limits.bear.tolist(), limits.circle_loan
        self._known = list_neighbours(problem.members, problem.pair_first, problem.pair_second)
        self._apart = list_neighbours(problem.members, problem.forbidden_first, problem.forbidden_second)
        self._strongest = np.argsort(-problem.resources, kind="stable")
        self._columns = (problem.loan, problem.resources, limits.bear[self._largest], limits.top_loan)

    def look(self, member: int) -> Witness:
        """Look for an admissible circle through one member."""
        found, left = Witness(), [self._budget]
        frontier = self._partners(member, found)
        self._grow((member,), frontier, {member, *frontier}, found=found, left=left)
        found.complete = found.complete and left[0] > 0
        return found

    def _partners(self, member: int, found: Witness) -> list[int]:
        """Give who may be added next to a member, the strongest first."""
        if self._problem.connected:
            near = self._known[member] - self._apart[member]
            found.partners = max(found.partners, len(near))
            return sorted(near, key=lambda other: (-self._cash[other], other))
        return self._strangers(member, found)

    def _strangers(self, member: int, found: Witness) -> list[int]:
        """Give the strongest of those whom no rule keeps from a member, or note which rules keep everybody away."""
        allowed = np.ones(self._problem.members, dtype=np.bool_)
        allowed[[member, *self._apart[member]]] = False
        others = self._strongest[allowed[self._strongest]]
        found.partners = len(others)
        loan, cash, need, top = self._columns
        kept_away = {
            "own_loan": need[member] > cash[others],
            "own_resources": need[others] > cash[member],
            "amount_ratio": (loan[member] > top[others]) | (loan[others] > top[member]),
            "max_circle_loan": loan[member] + loan[others] > self._circle_loan,
        }
        fits = ~np.logical_or.reduce(list(kept_away.values()))
        if not fits.any():
            first = np.argmax(list(kept_away.values()), axis=0)
            found.broken.update(np.array(list(kept_away))[first].tolist())
        fitting = others[fits]
        found.complete = len(fitting) <= _STRANGERS_TRIED
        return fitting[:_STRANGERS_TRIED].tolist()

    def _grow(
        self, circle: tuple[int, ...], frontier: list[int], seen: set[int], *, found: Witness, left: list[int]
    ) -> None:
        """Try every larger set that starts with the circle; each connected set is met exactly once."""
        for at, other in enumerate(frontier):
            if found.circle is not None or left[0] <= 0:
                return
            left[0] -= 1
            clash = self._clash(circle, other)
            if clash is not None:
                found.broken[clash] += 1
                continue
            larger = (*circle, other)
            self._judge(larger, found)
            if len(larger) < self._largest:
                fresh = self._fresh(other, seen)
                self._grow(larger, frontier[at + 1 :] + fresh, seen.union(fresh), found=found, left=left)

    def _fresh(self, member: int, seen: set[int]) -> list[int]:
        if not self._problem.connected:
            return []
        return sorted(self._known[member] - seen, key=lambda other: (-self._cash[other], other))

    def _judge(self, circle: tuple[int, ...], found: Witness) -> None:
        if len(circle) not in self._problem.size_charge:
            return
        found.tried += 1
        broken = self._break(circle)
        if broken is None:
            found.circle = tuple(sorted(circle))
        else:
            found.broken[broken] += 1

    def _clash(self, circle: tuple[int, ...], other: int) -> str | None:
        """Name the rule that keeps a member from ever joining the circle, whatever else joins it."""
        loan, cash, need = self._loan, self._cash, self._bear[self._largest]
        for member in circle:
            if member in self._apart[other]:
                return "forbidden"
            if need[member] > cash[other]:
                return _unbearable(circle[0], member, other)
            if need[other] > cash[member]:
                return _unbearable(circle[0], other, member)
            if loan[member] > self._top[other] or loan[other] > self._top[member]:
                return "amount_ratio"
        total = loan[other] + sum(loan[member] for member in circle)
        return "max_circle_loan" if total > self._circle_loan else None

    def _break(self, circle: tuple[int, ...]) -> str | None:
        """Name the first rule that a circle of an allowed size breaks; what adding members already saw is left out."""
        need, cash = self._bear[len(circle)], self._cash
        for borrower, guarantor in permutations(circle, 2):
            if need[borrower] > cash[guarantor]:
                return _unbearable(circle[0], borrower, guarantor)
        total = sum(cash[member] for member in circle)
        return "coverage" if any(total - cash[member] < self._cover[member] for member in circle) else None


def _unbearable(member: int, borrower: int, guarantor: int) -> str:
    """Say whose burden is too heavy, seen from one member."""
    if borrower == member:
        return "own_loan"
    return "own_resources" if guarantor == member else "bearable"
