"""Problems for the engine's tests, and the plain way to solve the small ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import combinations

import numpy as np

from circles.matching import MatchingProblem

SIZE_SETS = ([2], [3, 5], [4, 6], [3, 4, 5], [2, 3], [2, 8])


def draw_small_problem(random: np.random.Generator) -> MatchingProblem:
    """Up to nine members and every rule, each on or off; scores of both signs."""
    n = int(random.integers(0, 10))
    pairs = list(combinations(range(n), 2))
    random.shuffle(pairs)
    listed = np.array(pairs[: int(random.integers(0, len(pairs) + 1))], dtype=np.int64).reshape(-1, 2)
    forbidden = np.array(pairs[: int(random.integers(0, 4))] if random.random() < 0.3 else [], dtype=np.int64)
    forbidden = forbidden.reshape(-1, 2)
    columns = int(random.integers(0, 3))
    sizes = SIZE_SETS[int(random.integers(len(SIZE_SETS)))]
    return MatchingProblem(
        value=random.integers(-5, 30, n),
        pair_first=listed[:, 0],
        pair_second=listed[:, 1],
        pair_value=random.integers(-20, 30, len(listed)),
        pair_acquainted=random.random(len(listed)) < 0.8,
        stranger_value=int(random.integers(-10, 6)),
        labels=random.integers(0, 3, (n, columns)),
        label_charges=random.integers(0, 8, columns),
        connected=bool(random.random() < 0.5),
        forbidden_first=forbidden[:, 0],
        forbidden_second=forbidden[:, 1],
        size_charge={size: int(random.integers(-5, 50)) for size in sizes},
        loan=random.integers(2, 20, n),
        resources=random.integers(0, 25, n),
        coverage=[0, 0.8, 0.3, 1.0][int(random.integers(4))],
        amount_ratio=[None, None, 2, 3.5][int(random.integers(4))],
        bearable=[None, None, 1.0, 0.5, 2][int(random.integers(5))],
        max_circle_loan=[None, None, 30, 45][int(random.integers(4))],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BruteForce:
    """Every admissible circle with its worth, and what the best plan is worth."""

    circles: dict[tuple[int, ...], int]
    best: int


class PlainRules:
    """The rules as the design states them, in plain Python; shares nothing with the package."""

    def __init__(self, problem: MatchingProblem) -> None:
        self.problem = problem
        self.loan, self.resources = problem.loan.tolist(), problem.resources.tolist()
        rows = zip(problem.pair_first.tolist(), problem.pair_second.tolist(), strict=True)
        pairs = [frozenset(pair) for pair in rows]
        self.listed = dict(zip(pairs, problem.pair_value.tolist(), strict=True))
        self.known = {pair for pair, known in zip(pairs, problem.pair_acquainted.tolist(), strict=True) if known}
        rows = zip(problem.forbidden_first.tolist(), problem.forbidden_second.tolist(), strict=True)
        self.forbidden = {frozenset(pair) for pair in rows}
        self.labels, self.charges = problem.labels.tolist(), problem.label_charges.tolist()
        ratios = (problem.coverage, problem.amount_ratio, problem.bearable)
        self.coverage, self.ratio, self.bearable = [Fraction(str(ratio or 0)) for ratio in ratios]

    def score(self, pair: frozenset[int]) -> int:
        if pair in self.listed:
            return self.listed[pair]
        i, j = pair
        alike = [a == b for a, b in zip(self.labels[i], self.labels[j], strict=True)]
        return self.problem.stranger_value - sum(c for c, same in zip(self.charges, alike, strict=True) if same)

    def worth(self, circle: tuple[int, ...]) -> int:
        pairs = sum(self.score(frozenset(pair)) for pair in combinations(circle, 2))
        return int(self.problem.value[list(circle)].sum()) + pairs - self.problem.size_charge[len(circle)]

    def allow(self, circle: tuple[int, ...]) -> bool:
        loans, funds = [self.loan[i] for i in circle], [self.resources[i] for i in circle]
        pairs = [frozenset(pair) for pair in combinations(circle, 2)]
        if self.forbidden.intersection(pairs) or (self.problem.connected and not self._hangs_together(circle, pairs)):
            return False
        if self.ratio and max(loans) > self.ratio * min(loans):
            return False
        if self.problem.max_circle_loan is not None and sum(loans) > self.problem.max_circle_loan:
            return False
        most = self.bearable * (len(circle) - 1)
        others = [(loan, fund) for a, loan in enumerate(loans) for b, fund in enumerate(funds) if a != b]
        if self.bearable and any(loan > most * fund for loan, fund in others):
            return False
        return all(self.coverage * loan <= sum(funds) - fund for loan, fund in zip(loans, funds, strict=True))

    def _hangs_together(self, circle: tuple[int, ...], pairs: list[frozenset[int]]) -> bool:
        known, reached = self.known.intersection(pairs), {circle[0]}
        for _ in circle:
            reached.update(*[pair for pair in known if pair & reached])
        return len(reached) == len(circle)


def solve_by_brute_force(problem: MatchingProblem) -> BruteForce:
    """Look at every set of members, then at every way to combine circles."""
    rules = PlainRules(problem)
    circles = {
        circle: rules.worth(circle)
        for size in problem.sizes
        for circle in combinations(range(problem.members), size)
        if rules.allow(circle)
    }
    first: dict[int, list[tuple[frozenset[int], int]]] = {}
    for circle, worth in circles.items():
        first.setdefault(circle[0], []).append((frozenset(circle), worth))

    @cache
    def best_of(free: frozenset[int]) -> int:
        if not free:
            return 0
        lowest = min(free)
        ways = [worth + best_of(free - circle) for circle, worth in first.get(lowest, []) if circle <= free]
        return max([best_of(free - {lowest}), *ways])

    return BruteForce(circles=circles, best=best_of(frozenset(range(problem.members))))


def draw_town(members: int, *, seed: int, connected: bool = True, degree: float = 4.0) -> MatchingProblem:
    """Members in a ring of streets who know some neighbours; loans, resources and labels as in a sample portfolio."""
    random = np.random.default_rng(seed)
    count = int(members * degree / 2)
    first = random.integers(0, members, count)
    second = (first + random.integers(1, 15, count)) % members
    pairs = np.unique(np.column_stack([np.minimum(first, second), np.maximum(first, second)]), axis=0)
    loan = np.clip(random.lognormal(3.9, 0.6, members), 10, 200).astype(np.int64)
    return MatchingProblem(
        value=loan // 2,
        pair_first=pairs[:, 0],
        pair_second=pairs[:, 1],
        pair_value=np.clip(random.gamma(2.5, 18, len(pairs)), 5, 100).astype(np.int64),
        pair_acquainted=np.ones(len(pairs), dtype=np.bool_),
        stranger_value=-12,
        labels=random.integers(0, 12, (members, 1)),
        label_charges=[18],
        connected=connected,
        size_charge={3: 60, 4: 70, 5: 90},
        loan=loan,
        resources=(loan * random.lognormal(-0.3, 0.5, members)).astype(np.int64),
        coverage=0.8,
        bearable=1.0,
        amount_ratio=5,
    )


def draw_tight_town(random: np.random.Generator) -> MatchingProblem:
    """Some two hundred members (fewer among strangers) under a random choice of rules, for walks that prune much."""
    connected = bool(random.random() < 0.7)
    town = draw_town(
        200 if connected else 45,
        seed=int(random.integers(2**31)),
        connected=connected,
        degree=float(random.uniform(3, 6)),
    )
    n, extra = town.members, {}
    sizes = (
        [[3, 4, 5], [2, 3], [2, 5], [3, 5], [4]][int(random.integers(5))]
        if connected
        else [[3], [2, 4], [3, 4]][int(random.integers(3))]
    )
    bans = random.integers(0, n, (40, 2))
    bans = bans[bans[:, 0] != bans[:, 1]]
    order = random.permutation(n).tolist()
    if random.random() < 0.4:
        extra["together"] = [[order.pop() for _ in range(2)] for _ in range(6)]
    return replace(
        town,
        size_charge={size: int(random.integers(-10, 30)) * size for size in sizes},
        value=town.value * int(random.integers(0, 3)),
        pair_value=town.pair_value - int(random.integers(0, 60)),
        pair_acquainted=random.random(len(town.pair_first)) < random.choice([0.8, 1.0]),
        stranger_value=int(random.integers(-20, 15)),
        forbidden_first=bans[:, 0],
        forbidden_second=bans[:, 1],
        coverage=[0, 0.5, 0.8][int(random.integers(3))],
        bearable=[None, 1.0, 2.0][int(random.integers(3))],
        amount_ratio=[None, 3, 5][int(random.integers(3))],
        max_circle_loan=[None, 300][int(random.integers(2))],
        **extra,
    )
