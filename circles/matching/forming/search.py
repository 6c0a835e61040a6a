"""How long and how far to search, and the running of the engine on one kind of circle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import TYPE_CHECKING, Self

from circles.errors import InputError
from circles.matching.engine.solver import solve
from circles.matching.forming.build import build_problem
from circles.matching.forming.filling import fill_up
from circles.matching.forming.priority import count_only, put_first
from circles.matching.forming.stage import Stage
from circles.matching.plan import PlanStatus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem
    from circles.matching.rules import MatchingRules

Observer = Callable[[float, int, int], None]
"""Told of progress: seconds, value of the plan so far, upper bound."""

_DEFAULT_WORKERS = 2
_NO_TIME = 1e-3
_TIME_FOR_FIRST = 0.4
"""Share of the time for placing the most members, or yuan, where these come first."""
_TIME_TO_FILL = 0.1
"""Share of the time kept for each further run among strangers that are left over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The arguments of `form_circles` that go to the engine, checked.

    Raises
    ------
    InputError
        If one is out of its range.
    """

    seed: int
    gap: float
    time_limit: float | None
    workers: int | None
    observer: Observer | None
    start: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    """By kind, a price for every candidate, in points, to begin with; see `solve`."""
    is_interrupted: bool = False
    """Whether Ctrl-C ended the search before it, so that its plan is one of an interrupted search, too."""

    def __post_init__(self) -> None:
        _check_whole("seed", self.seed, least=0)
        if self.workers is not None:
            _check_whole("workers", self.workers, least=1)
        if not _is_number(self.gap) or not 0 <= self.gap < 1:
            msg = f"gap must be a fraction of at least 0 and below 1, got {self.gap!r}"
            raise InputError(msg)
        if self.time_limit is not None and (not _is_number(self.time_limit) or not self.time_limit > 0):
            msg = f"time_limit must be more than 0 seconds, or None for no limit, got {self.time_limit!r}"
            raise InputError(msg)

    def shortened(self, share: float) -> Self:
        """Give the same search with a share of the time."""
        return self if self.time_limit is None else replace(self, time_limit=self.time_limit * share)

    def after(self, plan: Plan) -> Self:
        """Give the same search, or none to speak of if Ctrl-C ended the one before; its bound is valid all the same."""
        return replace(self, time_limit=_NO_TIME, is_interrupted=True) if plan.interrupted else self

    def put_first(self, problem: MatchingProblem, rules: MatchingRules) -> tuple[MatchingProblem, Self]:
        """Find out how many members, or how much, circles can hold, where the rules put that first.

        Returns
        -------
        The problem that asks for as much, and the search for its best plan: none to speak of after Ctrl-C.
        """
        if rules.first == "score":
            return problem, self
        short = replace(self.shortened(_TIME_FOR_FIRST), gap=0.0, observer=None)
        most = run_engine(short, count_only(problem, rules.first))
        return put_first(problem, rules.first, most), self.shortened(1 - _TIME_FOR_FIRST).after(most)

    def run(self, candidates: Candidates, rules: MatchingRules, kind: str, *, chosen: NDArray[np.int64]) -> Stage:
        """Form circles of one kind among some candidates (sorted positions)."""
        problem, search = self.put_first(build_problem(candidates, rules, kind, chosen=chosen), rules)
        start = search.start[kind][chosen] if kind in search.start else None
        if kind == "acquainted":
            return Stage(kind=kind, chosen=chosen, problem=problem, plan=run_engine(search, problem, start))
        plan = run_engine(search.shortened(1 - 2 * _TIME_TO_FILL), problem, start)
        rest_of_time = self.shortened(_TIME_TO_FILL).after(plan)

        def again(rest: NDArray[np.int64]) -> Plan:
            more = build_problem(candidates, rules, kind, chosen=chosen[rest])
            asked, rest_of_search = rest_of_time.put_first(more, rules)
            return run_engine(rest_of_search, asked)

        return Stage(
            kind=kind, chosen=chosen, problem=problem, plan=fill_up(plan, again, members=len(chosen), gap=self.gap)
        )


def run_engine(search: Search, problem: MatchingProblem, start: NDArray[np.float64] | None = None) -> Plan:
    """Run the engine as a search says, with prices to begin with, shape (n,), in points."""
    plan = solve(
        problem,
        seed=int(search.seed),
        gap=search.gap,
        time_limit=search.time_limit,
        workers=search.workers or _DEFAULT_WORKERS,
        observer=search.observer,
        start_prices=start,
    )
    if search.is_interrupted and plan.status is PlanStatus.TIME_LIMIT:
        return replace(plan, status=PlanStatus.STOPPED, interrupted=True)
    return plan


def _check_whole(name: str, value: object, *, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        msg = f"{name} must be a whole number of at least {least}, got {value!r}"
        raise InputError(msg)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
