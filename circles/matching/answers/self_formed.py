"""Circles as firms would form them by themselves: the strongest first, with whom is closest and most alike.

Theory and data say so: borrowers who choose each other choose their like in risk, and share the same shocks (M. Ghatak,
"Group lending, local information and peer selection", Journal of Development Economics 60, 1999; C. Ahlin, "Group
formation for microcredit", Journal of Development Economics 143, 2020, on the Thai villages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import build_limits, is_admissible
from circles.matching.answers.redraft import redraft, replan
from circles.matching.engine.steps import acquainted_steps
from circles.matching.forming.pairs import list_neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.forming.proposal import Proposal
    from circles.matching.problem import MatchingProblem

_LIKENESS = 100
"""Points for a partner of the same strength, falling to 0 for one at the other end of the ranking."""
_STRANGERS = 200
"""Among strangers, so many of the nearest in strength are considered."""


def form_themselves(proposal: Proposal) -> Proposal:
    """Form circles as the candidates of a proposal would by themselves, under the same rules.

    The strongest firm left, by resources over loan, chooses; one after the other, whoever may be with all members so
    far, is known to one of them (where circles are connected) and is liked best joins, until the circle is full.
    Members like whom they are close to, and who is as strong; that a shock to the industry hits both is not looked at.
    The largest admissible circle on the way is formed. Then every score is counted as for the proposal, and since every
    rule holds, the bound is the same (except where the rules put members or yuan first and these place or lend less).

    Notes
    -----
    One pass over the candidates, O(n · size · partners).
    """
    forming = proposal.forming
    stages, taken = [], np.zeros(len(forming.candidates), dtype=np.bool_)
    for stage in forming.stages:
        formed = Choosing(stage.problem).form_all(taken[stage.chosen])
        stages.append(replan(stage, formed))
        taken[[int(stage.chosen[member]) for circle in formed for member in circle]] = True
    return redraft(forming, stages)


class Choosing:
    """Members of one problem who choose each other.

    Parameters
    ----------
    problem
        Who may be with whom, and how close they are.
    """

    def __init__(self, problem: MatchingProblem) -> None:
        self._problem, self._limits = problem, build_limits(problem)
        self._apart = list_neighbours(problem.members, problem.forbidden_first, problem.forbidden_second)
        steps = acquainted_steps(problem)
        self._known = list_neighbours(problem.members, steps.first, steps.second)
        self._order = np.lexsort((np.arange(problem.members), -problem.resources / np.maximum(problem.loan, 1)))
        self._rank = np.empty(problem.members, dtype=np.int64)
        self._rank[self._order] = np.arange(problem.members)
        self._closeness = Closeness(problem)

    def form_all(self, taken: NDArray[np.bool_]) -> list[tuple[int, ...]]:
        """Form circles until nobody who is left finds partners; `taken`, shape (n,), marks members left out."""
        left, circles = ~taken, []
        for member in self._order.tolist():
            circle = self._form_one(member, left) if left[member] else None
            if circle is not None:
                circles.append(circle)
                left[list(circle)] = False
        return circles

    def _form_one(self, member: int, left: NDArray[np.bool_]) -> tuple[int, ...] | None:
        """Let one member gather its circle."""
        circle, formed = [member], None
        while len(circle) < self._problem.sizes[-1]:
            options = self._options(circle, left)
            if not len(options):
                break
            liking = sum((self._liking(options, other) for other in circle), start=np.zeros(len(options)))
            circle.append(int(options[int(liking.argmax())]))
            if is_admissible(self._problem, circle):
                formed = tuple(sorted(circle))
        return formed

    def _options(self, circle: list[int], left: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Give who may join, ascending."""
        if self._problem.connected:
            near = np.unique([other for member in circle for other in self._known[member]]).astype(np.int64)
        else:
            near = self._nearest(circle[0], left)
        near = near[left[near]]
        for member in circle:
            near = near[self._fits(near, member)]
        return near

    def _nearest(self, member: int, left: NDArray[np.bool_]) -> NDArray[np.int64]:
        free = self._order[left[self._order]]
        at = int(np.searchsorted(self._rank[free], self._rank[member]))
        return np.sort(free[max(0, at - _STRANGERS // 2) : at + _STRANGERS // 2])

    def _fits(self, others: NDArray[np.int64], member: int) -> NDArray[np.bool_]:
        """Say with whom no rule keeps a member apart."""
        problem, limits = self._problem, self._limits
        loan, cash, bear = problem.loan, problem.resources, limits.bear[problem.sizes[-1]]
        fit = (others != member) & (bear[others] <= cash[member]) & (bear[member] <= cash[others])
        fit &= (loan[others] <= limits.top_loan[member]) & (loan[member] <= limits.top_loan[others])
        return fit & ~np.isin(others, list(self._apart[member]))

    def _liking(self, others: NDArray[np.int64], member: int) -> NDArray[np.float64]:
        """Say how much a member likes others: their scores, what is charged for a common industry left out."""
        close = self._closeness.measure(others, member)
        apart = np.abs(self._rank[others] - self._rank[member]) / max(1, self._problem.members - 1)
        return close + _LIKENESS * (1 - apart)


class Closeness:
    """Scores of pairs, what is charged for common labels left out, laid out to be asked for many times.

    Parameters
    ----------
    problem
        Whose pairs they are.
    """

    def __init__(self, problem: MatchingProblem) -> None:
        self._problem = problem
        low = np.minimum(problem.pair_first, problem.pair_second)
        keys = low * problem.members + np.maximum(problem.pair_first, problem.pair_second)
        order = np.argsort(keys)
        alike = problem.labels[problem.pair_first] == problem.labels[problem.pair_second]
        self._keys = keys[order]
        self._scores = (problem.pair_value + alike @ problem.label_charges)[order]

    def measure(self, others: NDArray[np.int64], member: int) -> NDArray[np.int64]:
        """Say how close members are to one: shape (others,), points."""
        stranger = self._problem.stranger_value
        if not len(self._keys):
            return np.full(len(others), stranger, dtype=np.int64)
        wanted = np.minimum(others, member) * self._problem.members + np.maximum(others, member)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._scores[at], stranger)
