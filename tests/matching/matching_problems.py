"""Problems for the engine's tests, and the plain way to solve the small ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from circles.matching import MatchingProblem
from circles.matching.admissible import is_admissible
from circles.matching.worth import circle_worth

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
        label_charges=random.integers(-3, 8, columns),
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


def solve_by_brute_force(problem: MatchingProblem) -> BruteForce:
    """Look at every set of members, then at every way to combine circles."""
    circles = {
        circle: circle_worth(problem, circle)
        for size in problem.sizes
        for circle in combinations(range(problem.members), size)
        if is_admissible(problem, circle)
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
