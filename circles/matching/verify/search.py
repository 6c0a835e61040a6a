"""The verifier's own search for a better plan, where a bound is lower than its certificate shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circles.matching.verify.costs import Costs, Row
    from circles.matching.verify.rulebook import Rulebook

Option = tuple[tuple[int, ...], int]
"""A circle and what it costs beyond its worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunt:
    """What is looked for: a plan of some members worth at least `target`, in units.

    What a plan's circles cost beyond their worth, and what the members left over cost, add up to at most `budget`.
    """

    members: list[int]
    options: list[Option]
    budget: int
    target: int


def split_town(book: Rulebook, rows: Sequence[Row]) -> list[list[int]]:
    """Split the free members into parts that share no circle; limits across circles tie all of them together."""
    if not book.connected or rows:
        return [[i for i in range(book.n) if i not in book.pinned]]
    seen, parts = set(book.pinned), []
    for start in range(book.n):
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for i in part:
            new = book.friends[i] - seen
            seen |= new
            part.extend(new)
        parts.append(part)
    return parts


def find_plan(book: Rulebook, costs: Costs, rows: Sequence[Row], hunt: Hunt) -> list[tuple[int, ...]] | None:
    """Find a plan that is worth the target or more, or prove that there is none.

    Raises
    ------
    UnfinishedError
        When the book's time is over.
    """
    return _Search(book, costs, rows, hunt).run()


class _Search:
    """Depth first over the member with the fewest circles left."""

    def __init__(self, book: Rulebook, costs: Costs, rows: Sequence[Row], hunt: Hunt) -> None:
        self._book, self._costs, self._rows, self._hunt = book, costs, rows, hunt
        self._by_member: dict[int, list[Option]] = {i: [] for i in hunt.members}
        for circle, cost in sorted(hunt.options, key=lambda option: (option[1], option[0])):
            for i in circle:
                self._by_member[i].append((circle, cost))
        self._worth = {circle: book.worth(circle) for circle, _ in hunt.options}

    def run(self) -> list[tuple[int, ...]] | None:
        """Search until a plan is found or nothing is left."""
        idle = [i for i, options in self._by_member.items() if not options]
        return self._place(set(self._hunt.members).difference(idle), sum(self._costs.price[i] for i in idle), [])

    def _place(self, free: set[int], cost: int, chosen: list[tuple[int, ...]]) -> list[tuple[int, ...]] | None:
        self._book.check_time()
        budget, price = self._hunt.budget, self._costs.price
        if cost > budget:
            return None
        if not free:
            worth = sum(self._worth[circle] for circle in chosen)
            return chosen if worth >= self._hunt.target and self._keeps_limits(chosen) else None
        ways = {i: [o for o in self._by_member[i] if cost + o[1] <= budget and free.issuperset(o[0])] for i in free}
        pick = min(free, key=lambda i: (len(ways[i]) + (cost + price[i] <= budget), -price[i], i))
        for circle, extra in ways[pick]:
            found = self._place(free.difference(circle), cost + extra, [*chosen, circle])
            if found is not None:
                return found
        return self._place(free - {pick}, cost + price[pick], chosen)

    def _keeps_limits(self, chosen: list[tuple[int, ...]]) -> bool:
        return all(sum(row.amount[i] for circle in chosen for i in circle) <= row.limit for row in self._rows)
