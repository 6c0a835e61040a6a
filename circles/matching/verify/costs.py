"""What a certificate makes of each member: its price and its parts of the prices of limits across circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circles.matching.plan import Plan
    from circles.matching.problem import MatchingProblem

MOST_WORTH, MOST_COST = 2**57, 2**55
"""Larger amounts, in 1/scale, might not add up in 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One limit across circles: Σ of placed members' amounts ≤ limit."""

    name: str
    amount: Sequence[int]
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """A certificate, ready for comparison.

    Parameters
    ----------
    member
        Price and row parts of each member, in 1/scale.
    price
        Price alone.
    total
        What all plans together cannot exceed, in 1/scale, without pinned circles.
    scale
        Parts of a unit.
    cuts
        Triples of members with their price.
    """

    member: list[int]
    price: list[int]
    total: int
    scale: int
    cuts: list[tuple[frozenset[int], int]]


def read_rows(problem: MatchingProblem) -> list[Row]:
    """Read the limits across circles, as far as pinned circles leave them."""
    pinned, loan = [i for circle in problem.pinned for i in circle], problem.loan.tolist()
    rows = []
    for at, limit in enumerate(problem.cap_limit.tolist()):
        amount = [money if label == at else 0 for money, label in zip(loan, problem.cap_label.tolist(), strict=True)]
        rows.append(Row(name=f"cap {at}", amount=amount, limit=limit - sum(amount[i] for i in pinned)))
    for name, amount, least in (
        ("place_at_least", [1] * problem.members, problem.place_at_least),
        ("lend_at_least", loan, problem.lend_at_least),
    ):
        if least is not None:
            rows.append(Row(name=name, amount=[-each for each in amount], limit=sum(amount[i] for i in pinned) - least))
    return rows


def find_fault(problem: MatchingProblem, plan: Plan) -> str | None:
    """Say what is wrong with the form of a certificate; None if nothing is."""
    if not all(isinstance(each, Integral) for each in (plan.value, plan.upper_bound, plan.fixed_value)):
        return "values and bounds are whole numbers"
    if any(
        len(some) and np.asarray(some).dtype.kind != "i" for some in (plan.prices, plan.row_prices, plan.cut_prices)
    ):
        return "prices are whole numbers"
    prices, rows = [int(price) for price in plan.prices], [int(price) for price in plan.row_prices]
    if len(prices) != problem.members or plan.price_scale < 1 or plan.row_scale < 1 or min(prices, default=0) < 0:
        return "prices are one a member, at least 0, and scales are at least 1"
    if len(rows) not in (0, len(read_rows(problem))) or min(rows, default=0) < 0:
        return "row prices are one a limit across circles, at least 0"
    cuts = [set(cut) for cut in plan.cuts]
    if len(cuts) != len(plan.cut_prices) or min(map(int, plan.cut_prices), default=0) < 0:
        return "cut prices are one a cut, at least 0"
    if any(len(cut) != 3 or not all(0 <= i < problem.members for i in cut) for cut in cuts):
        return "cuts are triples of members"
    return "prices are too large to be added up" if _is_too_large(problem, read_costs(problem, plan)) else None


def _is_too_large(problem: MatchingProblem, costs: Costs) -> bool:
    size, charges = max(problem.size_charge), problem.size_charge.values()
    pair = max(int(np.abs(problem.pair_value).max(initial=0)), abs(problem.stranger_value))
    pair += int(problem.label_charges.sum())
    worth = size * int(np.abs(problem.value).max(initial=0)) + size * size * pair
    worth += max(map(abs, charges)) + problem.change_charge
    paid = max(map(abs, [*costs.member, *costs.price, sum(price for _, price in costs.cuts)]))
    return worth * costs.scale > MOST_WORTH or paid > MOST_COST


def read_costs(problem: MatchingProblem, plan: Plan) -> Costs:
    """Add up a certificate that is well formed, in whole numbers."""
    price = [int(each) for each in plan.prices]
    member, scale = list(price), int(plan.row_scale)
    total = sum(price) + sum(map(int, plan.cut_prices))
    for row, each in zip(read_rows(problem), map(int, plan.row_prices), strict=False):
        total += -(-row.limit * each // scale)
        if each:
            member = [cost + amount * each // scale for cost, amount in zip(member, row.amount, strict=True)]
    cuts = [(frozenset(map(int, cut)), int(each)) for cut, each in zip(plan.cuts, plan.cut_prices, strict=True)]
    return Costs(member=member, price=price, total=total, scale=int(plan.price_scale), cuts=cuts)
