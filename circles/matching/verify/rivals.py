"""The verifier's own integer model: the best plan made of given circles, or the proof that none is good enough."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circles.matching.verify.rulebook import UnfinishedError

if TYPE_CHECKING:
    from circles.matching.verify.costs import Costs, Row
    from circles.matching.verify.rulebook import Rulebook
    from circles.matching.verify.suspects import Option

MOST_OPTIONS = 1_000_000
"""With more circles to choose from, no model is built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """What is looked for: the best plan of some members that is worth at least `target`, in units.

    Parameters
    ----------
    members
        Who may be placed; everybody of a circle of `options` is among them.
    options
        Every circle that such a plan could hold.
    target
        In units.
    """

    members: Sequence[int]
    options: Sequence[Option]
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """Circles of a plan that reaches the target, and whether none of the contest is worth more."""

    circles: list[tuple[int, ...]]
    is_best: bool


def take_options(options: Iterable[Option]) -> list[Option]:
    """Gather circles to choose from.

    Raises
    ------
    UnfinishedError
        If there are more than a model can hold.
    """
    taken: list[Option] = []
    for option in options:
        if len(taken) == MOST_OPTIONS:
            msg = f"more than {MOST_OPTIONS:,} circles could be part of a better plan"
            raise UnfinishedError(msg)
        taken.append(option)
    return taken


def find_rival(book: Rulebook, costs: Costs, rows: Sequence[Row], contest: Contest) -> Rival | None:
    """Find the best plan of a contest; None is the proof that no plan reaches the target.

    Raises
    ------
    UnfinishedError
        When the book's time is over before either is known.
    """
    from ortools.sat.python import cp_model

    model, chosen = _build_model(costs, rows, contest)
    solver = _prepare_solver(book)
    status = _run(solver, model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise UnfinishedError
    taken = zip(contest.options, chosen, strict=True)
    circles = [option.circle for option, variable in taken if solver.boolean_value(variable)]
    return Rival(circles=circles, is_best=status == cp_model.OPTIMAL)


def _build_model(costs: Costs, rows: Sequence[Row], contest: Contest) -> tuple[Any, list[Any]]:
    """State a contest: every member is left over, or in one circle.

    A circle's worth is split into whole units that its members pay and a small rest, so that sums fit 64 bits.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in contest.options]
    left = {i: model.new_bool_var("") for i in contest.members}
    ways: dict[int, list[Any]] = {i: [variable] for i, variable in left.items()}
    for option, variable in zip(contest.options, chosen, strict=True):
        for i in option.circle:
            ways[i].append(variable)
    for choice in ways.values():
        model.add_exactly_one(choice)
    both, members = [*chosen, *left.values()], list(left)
    weigh = cp_model.LinearExpr.weighted_sum
    for row in rows:
        used = [row.amount[i] for i in members]
        model.add(weigh(list(left.values()), used) >= sum(used) - row.limit)
    units = [costs.member[i] // costs.scale for i in range(len(costs.member))]
    rest = [option.worth - sum(units[i] for i in option.circle) for option in contest.options]
    worth = weigh(both, [*rest, *(-units[i] for i in members)])
    model.add(worth >= contest.target - sum(units[i] for i in members))
    model.maximize(worth)
    return model, chosen


def _prepare_solver(book: Rulebook) -> Any:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.catch_sigint_signal = False
    if book.seconds_left < float("inf"):
        solver.parameters.max_time_in_seconds = max(0.0, book.seconds_left)
    return solver


def _run(solver: Any, model: Any) -> Any:
    """Solve in a thread of its own, so that Ctrl-C is heard and ends it."""
    with ThreadPoolExecutor(max_workers=1) as executor:
        solving = executor.submit(solver.solve, model)
        try:
            return solving.result()
        except BaseException:
            while not solving.done():
                solver.stop_search()
                time.sleep(0.01)
            raise
