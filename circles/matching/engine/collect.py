"""Collecting every admissible circle that is worth something, component by component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from circles.matching.engine.board import Field, build_look
from circles.matching.engine.enumeration import Budget, Walked, walk_parts
from circles.matching.engine.enumeration_kernel import COVER, RESOURCES
from circles.matching.engine.pool import Pool, merge_pools

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.engine.clock import Clock
    from circles.matching.engine.steps import Steps

MOST_COLUMNS = 500_000
"""A component with more circles than this is not collected whole."""
MOST_VISITS, MOST_VISITS_EACH = 300_000, 100
"""Sets looked at altogether, and for each member, before the rest is left to prices."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collected:
    """Circles by component.

    Parameters
    ----------
    pool
        Every admissible circle worth more than 0 of the complete components.
    complete
        Shape (k,). Components whose circles are all there.
    """

    pool: Pool
    complete: NDArray[np.bool_]


def split_components(n: int, steps: Steps) -> NDArray[np.int64]:
    """Give each member the number of its component, in order of the first members; shape (n,)."""
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    ones = np.ones(len(steps.first), dtype=np.int8)
    graph = csr_array((ones, (steps.first, steps.second)), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def collect_circles(field: Field, component: NDArray[np.int64], *, clock: Clock, workers: int) -> Collected:
    """Walk through all circles, the small components first, and give up on those that have too many.

    Parameters
    ----------
    field
        The problem laid out; sets grow along pairs inside components.
    component
        Shape (n,). Component of each member.
    clock, workers
        When to end, and how many parts to walk at the same time.
    """
    n, count = len(component), int(component.max(initial=-1)) + 1
    members = np.bincount(component, minlength=count)
    look = build_look(field, np.zeros(n, dtype=np.int64), turn=members[component] * (n + 1) + component)
    complete, columns, visits = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.int64), 0
    answered = np.zeros(n, dtype=np.bool_)
    found = [field.known.pick(field.known.worth > 0)]
    for walked in walk_parts(
        field.board, look, budget=Budget(visits=2_000_000, part_visits=100_000), clock=clock, workers=workers
    ):
        answered[walked.roots] = True
        complete[component[walked.roots[walked.lift > 0]]] = False
        columns += np.bincount(component[walked.sets[:, 0]], minlength=count)
        complete &= columns <= MOST_COLUMNS
        visits += walked.visits
        found.append(_to_pool(walked))
        if (
            visits > MOST_VISITS + n * MOST_VISITS_EACH
            or not complete[component[look.order[~answered[look.order]]]].any()
        ):
            break
    complete[component[~answered]] = False
    pool = merge_pools(found)
    return Collected(pool=pool.pick(complete[component[pool.members[:, 0]]]), complete=complete)


def _to_pool(walked: Walked) -> Pool:
    return Pool(members=walked.sets, worth=walked.excess)  # at prices of 0 the excess is the worth


def has_circle(field: Field, *, clock: Clock, workers: int) -> bool | None:
    """Say whether any circle is admissible, whatever it is worth; None if that was not settled.

    Every member that others could cover is tried as the first of a circle until one is found.
    """
    n, may = len(field.value), _may_be_covered(field)
    if not may.any():
        return False
    look = build_look(field, np.zeros(n, dtype=np.int64), among=may)
    lowest = -(2**57)
    unsettled, visits = False, 0
    budget = Budget(threshold=lowest, keep=1, part_visits=100_000)
    for walked in walk_parts(field.board, look, budget=budget, clock=clock, workers=workers):
        if walked.admissible:
            return True
        visits += walked.visits
        unsettled |= bool((walked.lift > lowest).any())
        if visits > MOST_VISITS + n * MOST_VISITS_EACH:
            return None
    return None if unsettled else False


def _may_be_covered(field: Field) -> NDArray[np.bool_]:
    """Say whom the richest of those who may be covered themselves could cover; shape (n,)."""
    cover, resources = field.board.member[:, COVER], field.board.member[:, RESOURCES]
    others = len(field.board.size) - 2
    may = np.ones(len(cover), dtype=np.bool_)
    while may.any():
        richest = np.sort(resources[may])[::-1][: others + 1]
        is_rich = resources >= richest[-1]
        best = np.where(is_rich, richest.sum() - resources, richest[:others].sum())
        fewer = may & (best >= cover)
        if (fewer == may).all():
            break
        may = fewer
    return may
