"""The verifier's own search for the best plan, where a bound is lower than its prices show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.matching.verify.circles import Rulebook, list_worthwhile

if TYPE_CHECKING:
    from circles.matching.plan import Plan


def search_best(book: Rulebook, plan: Plan) -> tuple[int, tuple[int, ...] | None]:
    """Find what the best plan of free members is worth, and a circle of it if it beats the given plan.

    In every component, a plan is worth the sum of all prices, less what its circles cost beyond their worth and less
    the prices of unplaced members. So a better plan than the given one uses only circles and unplaced members that
    together cost less than the present difference: a search with that budget is exhaustive. It ends early once the
    bound is exceeded.
    """
    prices, scale = [int(price) for price in plan.prices], int(plan.price_scale)
    total, better = sum(book.worth(circle) for circle in plan.circles), None
    groups = _split(book)
    mine = {circle[0]: book.worth(circle) for circle in plan.circles}
    spares = []
    for group in groups:
        value = sum(mine.get(i, 0) for i in group)
        spares.append(sum(prices[i] for i in group) - (value + 1) * scale)
    where = {i: at for at, group in enumerate(groups) for i in group}
    options: list[list[tuple[tuple[int, ...], int]]] = [[] for _ in groups]
    for circle in list_worthwhile(book, prices, scale, spare=max(spares, default=-1)):
        cost = sum(prices[i] for i in circle) - book.worth(circle) * scale
        if cost <= spares[where[circle[0]]]:
            options[where[circle[0]]].append((circle, cost))
    for at, group in enumerate(groups):
        enough = int(plan.upper_bound) - book.fixed_value - total + 1
        search = _Search(book, {i: prices[i] for i in group}, options[at], spare=spares[at], scale=scale, enough=enough)
        search.run()
        total += search.gain
        better = search.circle or better
        if search.gain >= enough:
            break
    return total, better


def _split(book: Rulebook) -> list[list[int]]:
    if not book.connected:
        return [[i for i in range(book.n) if i not in book.pinned]]
    seen, groups = set(book.pinned), []
    for start in range(book.n):
        if start in seen:
            continue
        seen.add(start)
        group = [start]
        for i in group:
            new = book.friends[i] - seen
            seen |= new
            group.extend(new)
        groups.append(group)
    return groups


class _Search:
    """Depth first over the member with the fewest circles left; the budget shrinks with every better plan."""

    def __init__(
        self,
        book: Rulebook,
        prices: dict[int, int],
        options: list[tuple[tuple[int, ...], int]],
        *,
        spare: int,
        scale: int,
        enough: int,
    ) -> None:
        self._book, self._prices, self._scale, self._enough = book, prices, scale, enough
        self._spare, self._start = spare, spare
        self._by_member: dict[int, list[tuple[tuple[int, ...], int]]] = {i: [] for i in prices}
        for circle, cost in sorted(options, key=lambda option: (option[1], option[0])):
            for i in circle:
                self._by_member[i].append((circle, cost))
        self.gain = 0
        self.circle: tuple[int, ...] | None = None

    def run(self) -> None:
        """Search until nothing is left."""
        if self._spare < 0:
            return
        idle = [i for i, options in self._by_member.items() if not options]
        self._place({i for i in self._prices if i not in idle}, sum(self._prices[i] for i in idle), [])

    def _place(self, free: set[int], cost: int, chosen: list[tuple[int, ...]]) -> None:
        self._book.check_time()
        if cost > self._spare or self.gain >= self._enough:
            return
        if not free:
            self.gain = 1 + (self._start - cost) // self._scale
            self._spare = self._start - self.gain * self._scale
            self.circle = chosen[0] if chosen else None
            return
        ways = {
            i: [o for o in self._by_member[i] if cost + o[1] <= self._spare and free.issuperset(o[0])] for i in free
        }
        pick = min(free, key=lambda i: (len(ways[i]) + (cost + self._prices[i] <= self._spare), -self._prices[i], i))
        for circle, extra in ways[pick]:
            self._place(free - set(circle), cost + extra, [*chosen, circle])
        self._place(free - {pick}, cost + self._prices[pick], chosen)
