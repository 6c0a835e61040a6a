"""Problems with more than pairs in them, and the plain way to solve the small ones: every set, every plan."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil

import numpy as np
from matching_problems import SIZE_SETS, PlainRules

from circles.matching import JointLoss, MatchingProblem, Plan


def draw_beyond_problem(random: np.random.Generator, *, most: int = 10) -> MatchingProblem:
    """Up to `most` members; every rule, charge and limit, each on or off; scores of both signs."""
    n = int(random.integers(2, most + 1))
    sizes = SIZE_SETS[int(random.integers(len(SIZE_SETS)))]
    pairs = np.array(list(combinations(range(n), 2)))[random.permutation(n * (n - 1) // 2)]
    degree = 3.0 if n > 9 else 6.0
    listed = pairs[: int(min(len(pairs), random.integers(0, int(n * degree / 2) + 2)))]
    forbidden = pairs[len(pairs) - int(random.integers(0, 4)) :] if random.random() < 0.3 else pairs[:0]
    columns = int(random.integers(0, 3))
    problem = MatchingProblem(
        value=random.integers(-5, 30, n),
        pair_first=listed[:, 0],
        pair_second=listed[:, 1],
        pair_value=random.integers(-20, 30, len(listed)),
        pair_acquainted=random.random(len(listed)) < 0.85,
        stranger_value=int(random.integers(-10, 6)),
        labels=random.integers(0, 3, (n, columns)),
        label_charges=random.integers(0, 8, columns),
        connected=bool(random.random() < (0.9 if n > 9 else 0.6)),
        forbidden_first=forbidden[:, 0],
        forbidden_second=forbidden[:, 1],
        size_charge={size: int(random.integers(-5, 40)) for size in sizes},
        loan=random.integers(2, 20, n),
        resources=random.integers(0, 40, n),
        coverage=[0, 0, 0.3, 1.0][int(random.integers(4))],
        amount_ratio=[None, None, None, 3.5][int(random.integers(4))],
        bearable=[None, None, 1.0, 2][int(random.integers(4))],
        max_circle_loan=[None, None, None, 45][int(random.integers(4))],
    )
    return _add_beyond(problem, random)


def _add_beyond(problem: MatchingProblem, random: np.random.Generator) -> MatchingProblem:
    n, largest, extra = problem.members, problem.sizes[-1], {}
    order, groups = random.permutation(n).tolist(), []
    for _ in range(int(random.integers(0, 3)) if random.random() < 0.5 else 0):
        size = min(largest, int(random.integers(2, 4)))
        if len(order) >= size:
            groups.append([order.pop() for _ in range(size)])
    if random.random() < 0.5:
        extra["joint_loss"] = JointLoss(
            default_probability=random.choice([0.0, 0.01, 0.05, 0.2, 0.6, 1.0], n),
            exposure=random.integers(0, 20, n),
            correlation=float(random.choice([0.0, 0.15, 0.5])),
            weight=float(random.choice([0.0, 0.3, 1.0, 2.5])),
            outside_guarantees=random.integers(0, 10, n) if random.random() < 0.5 else np.zeros(0, dtype=np.int64),
        )
    if random.random() < 0.4:
        caps = int(random.integers(1, 4))
        extra["cap_label"] = random.integers(-1, caps, n)
        extra["cap_limit"] = random.integers(0, 60, caps) * (1 if random.random() < 0.7 else 10)
    problem = dataclasses.replace(problem, together=groups, **extra)
    circles = list(list_circles(problem))
    if random.random() < 0.4:
        problem = dataclasses.replace(
            problem, previous=_draw_disjoint(circles, n, random), change_charge=int(random.integers(0, 25))
        )
    if circles and random.random() < 0.25:
        problem = _pin_one(problem, circles[int(random.integers(len(circles)))])
    if random.random() < 0.3:
        problem = dataclasses.replace(problem, place_at_least=int(random.integers(0, n + 1) * 2 // 3))
    if random.random() < 0.15:
        problem = dataclasses.replace(problem, lend_at_least=int(random.integers(0, problem.loan.sum()) // 2))
    return problem


def _pin_one(problem: MatchingProblem, circle: tuple[int, ...]) -> MatchingProblem:
    try:
        return dataclasses.replace(problem, pinned=[circle])
    except ValueError:  # more than a cap allows
        return problem


def _draw_disjoint(circles: list[tuple[int, ...]], n: int, random: np.random.Generator) -> list[tuple[int, ...]]:
    """Some circles of an earlier plan, one of which may not be admissible any more."""
    chosen, taken = [], set()
    if random.random() < 0.3 and n >= 4:
        chosen.append(tuple(random.choice(n, 3, replace=False).tolist()))
        taken.update(chosen[0])
    for at in random.permutation(len(circles))[:20]:
        if taken.isdisjoint(circles[at]):
            chosen.append(circles[at])
            taken.update(circles[at])
    return chosen


class BeyondRules(PlainRules):
    """The rules and charges beyond pairs, in plain Python and fractions."""

    def allow(self, circle: tuple[int, ...]) -> bool:
        whole = all(not set(group) & set(circle) or set(group) <= set(circle) for group in self.problem.together)
        return whole and super().allow(circle)

    def _hangs_together(self, circle: tuple[int, ...], pairs: list[frozenset[int]]) -> bool:
        joined = {frozenset(pair) for group in self.problem.together for pair in combinations(group, 2)}
        old, self.known = self.known, self.known | joined
        hangs = super()._hangs_together(circle, pairs)
        self.known = old
        return hangs

    def worth(self, circle: tuple[int, ...], *, is_pinned: bool = False) -> int:
        free = is_pinned or set(circle) in [set(old) for old in self.problem.previous]
        return super().worth(circle) - (0 if free else self.problem.change_charge) - self.joint_loss(circle)

    def joint_loss(self, circle: tuple[int, ...]) -> int:
        loss = self.problem.joint_loss
        if loss is None:
            return 0
        weights = np.polynomial.hermite_e.hermegauss(16)[1]
        weights /= weights.sum()
        expected = 0.0
        for size in range(1, len(circle) + 1):
            for first in combinations(circle, size):
                lost = float(self.settle(circle, set(first)))
                falls = loss.conditional[:, list(circle)]
                chance = np.where([i in first for i in circle], falls, 1 - falls).prod(axis=1)
                expected += lost * float(weights @ chance)
        return max(0, ceil(loss.weight * expected - 1e-6))

    def settle(self, circle: tuple[int, ...], failed: set[int]) -> Fraction:
        """What the bank loses: round by round, the live are called in equal parts and fail if they cannot pay."""
        loss = self.problem.joint_loss
        outside = loss.outside_guarantees
        cash = {i: Fraction(max(0, int(self.resources[i]) - int(outside[i]))) for i in circle if i not in failed}
        outstanding = Fraction(sum(int(loss.exposure[i]) for i in failed))
        while cash and outstanding:
            call = outstanding / len(cash)
            broken = [i for i in cash if cash[i] < call]
            outstanding = sum((call - cash[i] + int(loss.exposure[i]) for i in broken), Fraction(0))
            cash = {i: have - call for i, have in cash.items() if i not in broken}
        return outstanding


def list_circles(problem: MatchingProblem) -> dict[tuple[int, ...], int]:
    """Every admissible circle of free members with its worth."""
    rules, pinned = BeyondRules(problem), {i for circle in problem.pinned for i in circle}
    free = [i for i in range(problem.members) if i not in pinned]
    return {
        circle: rules.worth(circle)
        for size in problem.sizes
        for circle in combinations(free, size)
        if rules.allow(circle)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Every admissible circle with its worth, what pins are worth, and the best plan (None if there is none)."""

    circles: dict[tuple[int, ...], int]
    fixed: int
    best: int | None


def solve_plainly(problem: MatchingProblem) -> Truth:
    """Look at every set of members that a plan may place: what it uses depends on who is placed alone."""
    circles, rules = list_circles(problem), BeyondRules(problem)
    fixed = sum(rules.worth(circle, is_pinned=True) for circle in problem.pinned)
    fine = list_placements(problem, circles).values()
    return Truth(circles=circles, fixed=fixed, best=fixed + max(fine) if fine else None)


def list_placements(problem: MatchingProblem, circles: dict[tuple[int, ...], int]) -> dict[int, int]:
    """The best worth for every set of free members (as bits) that a plan within all limits may place."""
    states = {0: 0}
    for lowest in range(problem.members):
        ways = [(sum(1 << i for i in circle), worth) for circle, worth in circles.items() if circle[0] == lowest]
        for placed, worth in list(states.items()):
            for mask, more in ways:
                if not placed & mask:
                    states[placed | mask] = max(states.get(placed | mask, -(10**9)), worth + more)
    return {placed: worth for placed, worth in states.items() if keeps_limits(problem, placed)}


def keeps_limits(problem: MatchingProblem, placed: int) -> bool:
    inside = {i for i in range(problem.members) if placed >> i & 1} | {i for pin in problem.pinned for i in pin}
    loan, label = problem.loan.tolist(), problem.cap_label.tolist()
    if any(sum(loan[i] for i in inside if label[i] == k) > cap for k, cap in enumerate(problem.cap_limit.tolist())):
        return False
    lent = sum(loan[i] for i in inside)
    return len(inside) >= (problem.place_at_least or 0) and lent >= (problem.lend_at_least or 0)


def draw_certificate(problem: MatchingProblem, truth: Truth, random: np.random.Generator) -> Plan:
    """Prices at random, raised until every circle is paid for: valid, and tight where they were raised."""
    scale, row_scale = int(random.choice([1, 4, 1024])), int(random.choice([1, 16, 2**20]))
    rows = len(problem.cap_limit) + sum(x is not None for x in (problem.place_at_least, problem.lend_at_least))
    triples = list(combinations(range(problem.members), 3))
    chosen = random.permutation(len(triples))[: int(random.integers(0, 5))] if random.random() < 0.5 else []
    plan = Plan(
        circles=(),
        value=truth.fixed,
        upper_bound=0,
        prices=random.integers(0, 12 * scale, problem.members),
        price_scale=scale,
        proof="prices",
        status="STOPPED",
        fixed_value=truth.fixed,
        row_prices=random.integers(0, 2 * scale * row_scale, rows),
        row_scale=row_scale,
        cuts=tuple(triples[at] for at in chosen),
        cut_prices=random.integers(0, 10 * scale, len(chosen)),
    )
    prices = plan.prices.copy()
    for circle, worth in truth.circles.items():
        missing = worth * scale - cost_of(problem, plan, prices, circle)
        if missing > 0:
            prices[list(circle)] += -(-missing // len(circle))
    plan = dataclasses.replace(plan, prices=prices)
    return dataclasses.replace(plan, upper_bound=shown_bound(problem, plan))


def cost_of(problem: MatchingProblem, plan: Plan, prices: np.ndarray, circle: tuple[int, ...]) -> int:
    """A circle's members' prices, their parts of the row prices, and its part of the cut prices."""
    cost = int(prices[list(circle)].sum())
    for _, amount, price in list_rows(problem, plan):
        cost += sum(amount[i] * price // plan.row_scale for i in circle)
    cuts = zip(plan.cuts, plan.cut_prices.tolist(), strict=True)
    return cost + sum(price * (len(set(cut) & set(circle)) // 2) for cut, price in cuts)


def shown_bound(problem: MatchingProblem, plan: Plan) -> int:
    """The pinned formula."""
    total = int(plan.prices.sum()) + int(plan.cut_prices.sum())
    total += sum(ceil(Fraction(limit * price, plan.row_scale)) for limit, _, price in list_rows(problem, plan))
    return plan.fixed_value + total // plan.price_scale


def list_rows(problem: MatchingProblem, plan: Plan) -> list[tuple[int, list[int], int]]:
    """Limit, what each member uses of it, and the price of each row that is priced."""
    loan, label = problem.loan.tolist(), problem.cap_label.tolist()
    pinned = [i for circle in problem.pinned for i in circle]
    rows = [
        (cap, [m if j == k else 0 for m, j in zip(loan, label, strict=True)])
        for k, cap in enumerate(problem.cap_limit.tolist())
    ]
    if problem.place_at_least is not None:
        rows.append((-problem.place_at_least, [-1] * problem.members))
    if problem.lend_at_least is not None:
        rows.append((-problem.lend_at_least, [-m for m in loan]))
    free = [(limit - sum(amount[i] for i in pinned), amount) for limit, amount in rows]
    return [(*row, price) for row, price in zip(free, plan.row_prices.tolist(), strict=False)]


def is_true(problem: MatchingProblem, truth: Truth, plan: Plan) -> bool:
    """Whether everything that a well-formed plan says is true, as far as a certificate can show it."""
    if plan.fixed_value != truth.fixed or plan.upper_bound < plan.value:
        return False
    costs = {circle: cost_of(problem, plan, plan.prices, circle) for circle in truth.circles}
    if plan.status == "INFEASIBLE":
        is_none = (
            not truth.circles
            if keeps_limits(problem, 0)
            else truth.best is None and min(costs.values(), default=0) >= 0
        )
        return is_none and not plan.circles and plan.value == truth.fixed
    placed = [i for circle in plan.circles for i in circle]
    if len(placed) > len(set(placed)) or not truth.circles.keys() >= {tuple(sorted(c)) for c in plan.circles}:
        return False
    worth = truth.fixed + sum(truth.circles[tuple(sorted(circle))] for circle in plan.circles)
    gives_none = plan.reason and not plan.circles and plan.status in ("TIME_LIMIT", "STOPPED")
    if worth != plan.value or not (gives_none or keeps_limits(problem, sum(1 << i for i in placed))):
        return False
    if any(truth.circles[circle] * plan.price_scale > cost for circle, cost in costs.items()):
        return False
    shown = shown_bound(problem, plan)
    is_bound = plan.upper_bound >= (shown if plan.proof == "prices" or truth.best is None else min(shown, truth.best))
    return is_bound and (plan.status != "OPTIMAL" or plan.upper_bound == plan.value)


def spoil(problem: MatchingProblem, truth: Truth, plan: Plan, random: np.random.Generator) -> dict[str, Plan]:
    """Plans that say something else than the given one, by what was changed; some of them are true all the same."""
    change, prices, step = dataclasses.replace, plan.prices.copy(), max(1, plan.price_scale // 2)
    best = plan.value if truth.best is None else truth.best
    bare = change(plan, circles=(), value=truth.fixed, status="STOPPED", proof="enumeration")
    prices[random.integers(problem.members)] = 0
    rows = plan.row_prices + random.integers(-step, step + 1, len(plan.row_prices)) * plan.row_scale
    count = len(list_rows(problem, change(plan, row_prices=np.zeros(99, dtype=np.int64))))
    found = {
        "bound below the best": change(plan, upper_bound=best - 1),
        "bound below the best, no circles": change(bare, upper_bound=best - 1),
        "bound at the best, no circles": change(bare, upper_bound=best),
        "bound one lower": change(plan, upper_bound=plan.upper_bound - 1),
        "bound by prices": change(plan, proof="prices"),
        "value": change(plan, value=plan.value - 1),
        "value and bound": change(plan, value=plan.value + 1, upper_bound=plan.upper_bound + 1),
        "fixed value": change(plan, fixed_value=plan.fixed_value + 1),
        "price gone": change(plan, prices=prices),
        "price lower": change(plan, prices=np.maximum(0, plan.prices - random.integers(0, 2, len(prices)) * step)),
        "scale": change(plan, price_scale=plan.price_scale * 2),
        "row prices": change(plan, row_prices=np.maximum(0, rows)),
        "row prices anew": change(plan, row_prices=random.integers(0, 2 * step * plan.row_scale, count)),
        "row prices, generous bound": change(plan, row_prices=np.maximum(0, rows), upper_bound=10**6),
        "status": change(plan, status="OPTIMAL", upper_bound=plan.upper_bound + 1),
        "nothing is possible": change(bare, status="INFEASIBLE"),
    }
    if len(plan.cuts):
        found["cut prices"] = change(plan, cut_prices=np.zeros_like(plan.cut_prices))
    if problem.members >= 3:
        triple = tuple(random.choice(problem.members, 3, replace=False).tolist())
        lower = prices.copy()
        lower[list(triple)] = np.maximum(0, lower[list(triple)] - step)
        found["cut for prices"] = change(plan, prices=lower, cuts=(triple,), cut_prices=np.array([2 * step]))
    return found | _spoil_circles(problem, truth, plan, random)


def _spoil_circles(problem: MatchingProblem, truth: Truth, plan: Plan, random: np.random.Generator) -> dict[str, Plan]:
    if not plan.circles:
        return {}
    first, *rest = plan.circles
    other = list(truth.circles)[int(random.integers(len(truth.circles)))]
    someone = tuple(sorted({*first[1:], int(random.integers(problem.members))}))

    def put(circle: tuple[int, ...]) -> Plan:
        value = plan.value - truth.circles[first] + truth.circles.get(circle, truth.circles[first])
        top = max(value, plan.upper_bound)
        return dataclasses.replace(
            plan, circles=(circle, *rest), value=value, upper_bound=top, status="STOPPED", proof="enumeration"
        )

    return {
        "circle left out": dataclasses.replace(plan, circles=tuple(rest)),
        "circle twice": dataclasses.replace(plan, circles=(first, *plan.circles)),
        "another circle": put(other),
        "a member swapped": put(someone),
    }
