"""Groups that a problem speaks of: members who belong together, pinned circles, circles of an earlier plan."""

from __future__ import annotations

import copy
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from circles.matching.admissible import list_refusals
from circles.matching.fields import read_positions, refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.problem import MatchingProblem


def read_groups(
    name: str, given: Sequence[Sequence[int]], n: int, *, sizes: Collection[int]
) -> tuple[tuple[int, ...], ...]:
    """Read disjoint groups of members, each ascending.

    Raises
    ------
    ProblemError
        If a group is empty or of another size, a position is wrong, or a member is in two groups or twice in one.
    """
    if not _is_list(given):
        refuse(name, f"{given!r:.60}", "a list of groups of members")
    seen: set[int] = set()
    groups = []
    for at, members in enumerate(given):
        if not _is_list(members):
            refuse(name, f"{members!r:.60}", "a list of members", index=at)
        group = tuple(sorted(int(i) for i in read_positions(f"{name}[{at}]", list(members), n)))
        if len(set(group)) != len(group) or seen & set(group):
            refuse(name, f"{group}", "every member in one group, once", index=at)
        if not group or len(group) not in sizes:
            refuse(name, f"size {len(group)}", f"one of the sizes {list(sizes)[:8]}", index=at)
        seen |= set(group)
        groups.append(group)
    return tuple(groups)


def _is_list(given: object) -> bool:
    return isinstance(given, Collection) and not isinstance(given, (str, bytes))


def refuse_broken_pins(problem: MatchingProblem) -> None:
    """Refuse pinned circles that break a rule, or that are more than a cap allows.

    Raises
    ------
    ProblemError
        Naming the first such circle, or the cap.
    """
    near = keep_inner_pairs(problem, problem.pinned)
    for at, circle in enumerate(problem.pinned):
        broken = list_refusals(near, circle)
        if broken:
            refuse("pinned", f"{circle}, which breaks {', '.join(broken)}", "circles that keep every rule", index=at)
    over = np.flatnonzero(pinned_loans(problem) > problem.cap_limit)
    if len(over):
        got = f"{int(problem.cap_limit[over[0]]):,}"
        allowed = f"at least the pinned circles' loans, {int(pinned_loans(problem)[over[0]]):,}"
        refuse("cap_limit", got, allowed, index=int(over[0]))


def pinned_loans(problem: MatchingProblem) -> NDArray[np.int64]:
    """Sum the pinned circles' loans by cap; shape (k,)."""
    members = np.array([i for circle in problem.pinned for i in circle], dtype=np.int64)
    members = members[problem.cap_label[members] >= 0]
    sums = np.zeros(len(problem.cap_limit), dtype=np.int64)
    np.add.at(sums, problem.cap_label[members], problem.loan[members])
    return sums


def group_of(groups: Sequence[Sequence[int]], n: int) -> NDArray[np.int64]:
    """Give the number of the group that each member is in, −1 for none; shape (n,)."""
    number = np.full(n, -1, dtype=np.int64)
    for at, group in enumerate(groups):
        number[list(group)] = at
    return number


def keep_inner_pairs(problem: MatchingProblem, groups: Sequence[Sequence[int]]) -> MatchingProblem:
    """Give the problem with only the pairs inside some disjoint groups, so that judging many of these is quick."""
    home = group_of(groups, problem.members)
    near = copy.copy(problem)
    for kind in ("pair", "forbidden"):
        first, second = getattr(problem, f"{kind}_first"), getattr(problem, f"{kind}_second")
        inside = (home[first] == home[second]) & (home[first] >= 0)
        for name in ("first", "second", *(("value", "acquainted") if kind == "pair" else ())):
            object.__setattr__(near, f"{kind}_{name}", getattr(problem, f"{kind}_{name}")[inside])
    object.__setattr__(near, "together", tuple(group for group in problem.together if (home[list(group)] >= 0).any()))
    return near
