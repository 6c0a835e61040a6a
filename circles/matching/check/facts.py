"""What the tables say about applicants, looked up in plain Python: nothing here is shared with the forming."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio

Pair = tuple[str, str]
"""Two member ids, the smaller first."""


def as_pair(left: str, right: str) -> Pair:
    """Order two ids."""
    return (left, right) if left < right else (right, left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealings:
    """Trade of one pair in the window: fen sold each way, and months with trade before the window's last month."""

    forward_fen: int
    backward_fen: int
    ages: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The tables, by member and by pair.

    Attributes
    ----------
    as_of
        The portfolio's date.
    members, applications
        Member id → its row; its newest application's row.
    active_circles, trouble
        Member id → ids of active circles; ids of open loans overdue or badly graded.
    recent
        Pairs that traded in the window up to the date.
    dealings
        Pair → its trade in the window that is old enough to earn points.
    customers
        Seller → buyers in the window.
    declared, excluded
        Pairs of acquaintances and exclusions.
    hand
        Member id → a member that stands for everybody under the same control.
    circle_ids
        Ids of the portfolio's own circles.
    """

    as_of: date
    members: dict[str, Any]
    applications: dict[str, Any]
    active_circles: dict[str, list[str]]
    trouble: dict[str, list[str]]
    recent: set[Pair]
    dealings: dict[Pair, Dealings]
    customers: dict[str, set[str]]
    declared: set[Pair]
    excluded: set[Pair]
    hand: dict[str, str]
    circle_ids: frozenset[str]

    def know_each_other(self, left: str, right: str) -> bool:
        """Say whether two members declared acquaintance or traded in the window."""
        pair = as_pair(left, right)
        return pair in self.declared or pair in self.recent


def gather_facts(portfolio: Portfolio, rules: MatchingRules) -> Facts:
    """Read the tables row by row."""
    applications = _newest(portfolio)
    recent, customers = _recent_trade(portfolio, rules.trade_months)
    return Facts(
        as_of=portfolio.as_of,
        members={row.member_id: row for row in portfolio.members.itertuples(index=False)},
        applications=applications,
        active_circles=_active(portfolio),
        trouble=_trouble(portfolio),
        recent=recent,
        dealings=_old_trade(portfolio, rules, applications),
        customers=customers,
        declared={
            as_pair(row.member_a, row.member_b)
            for row in portfolio.acquaintances.itertuples(index=False)
            if pd.isna(row.since) or row.since.date() <= portfolio.as_of
        },
        excluded={as_pair(row.member_a, row.member_b) for row in portfolio.exclusions.itertuples(index=False)},
        hand=_hands(portfolio, rules),
        circle_ids=frozenset(portfolio.circles["circle_id"]),
    )


def _newest(portfolio: Portfolio) -> dict[str, Any]:
    newest: dict[str, Any] = {}
    age: dict[str, tuple[date, str]] = {}
    for row in portfolio.applications.itertuples(index=False):
        key = (date.min if pd.isna(row.applied_on) else row.applied_on.date(), row.application_id)
        if row.member_id not in age or key > age[row.member_id]:
            newest[row.member_id], age[row.member_id] = row, key
    return newest


def _active(portfolio: Portfolio) -> dict[str, list[str]]:
    alive = {
        row.circle_id
        for row in portfolio.circles.itertuples(index=False)
        if (pd.isna(row.status) or row.status.strip().casefold() not in {"dissolved", "settled", "rejected"})
        and (pd.isna(row.expires_on) or row.expires_on.date() >= portfolio.as_of)
    }
    found = defaultdict(list)
    for row in portfolio.circle_members.itertuples(index=False):
        if row.circle_id in alive:
            found[row.member_id].append(row.circle_id)
    return dict(found)


def _trouble(portfolio: Portfolio) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in portfolio.loans.itertuples(index=False):
        owed = row.balance_fen + (0 if pd.isna(row.accrued_interest_fen) else row.accrued_interest_fen)
        late = not pd.isna(row.days_overdue) and row.days_overdue > 0
        if owed > 0 and (late or row.grade in ("substandard", "doubtful", "loss")):
            found[row.borrower_id].append(row.loan_id)
    return dict(found)


def _recent_trade(portfolio: Portfolio, months: int) -> tuple[set[Pair], dict[str, set[str]]]:
    recent: set[Pair] = set()
    customers: dict[str, set[str]] = defaultdict(set)
    for row in portfolio.trades.itertuples(index=False):
        if 0 <= _months_between(row.period, portfolio.as_of) < months and row.amount_fen > 0:
            recent.add(as_pair(row.seller_id, row.buyer_id))
            customers[row.seller_id].add(row.buyer_id)
    return recent, dict(customers)


def _old_trade(portfolio: Portfolio, rules: MatchingRules, applications: dict[str, Any]) -> dict[Pair, Dealings]:
    """Add up the trade that is old enough: before both members' applications, by the months that the rules ask."""
    amounts: dict[Pair, int] = defaultdict(int)
    ages: dict[Pair, set[int]] = defaultdict(set)
    for row in portfolio.trades.itertuples(index=False):
        waits = [_wait(portfolio, rules, applications.get(member)) for member in (row.seller_id, row.buyer_id)]
        age = _months_between(row.period, portfolio.as_of) - max(waits)
        if 0 <= age < rules.trade_months and row.amount_fen > 0:
            amounts[row.seller_id, row.buyer_id] += row.amount_fen
            ages[as_pair(row.seller_id, row.buyer_id)].add(age)
    return {
        (left, right): Dealings(
            forward_fen=amounts.get((left, right), 0),
            backward_fen=amounts.get((right, left), 0),
            ages=frozenset(met),
        )
        for (left, right), met in ages.items()
    }


def _wait(portfolio: Portfolio, rules: MatchingRules, application: Any) -> int:
    """Say how many months before the portfolio's a member's trade begins to count."""
    if not rules.min_trade_age_months or application is None or pd.isna(application.applied_on):
        return rules.min_trade_age_months
    return rules.min_trade_age_months + max(0, _months_between(application.applied_on, portfolio.as_of))


def _months_between(since: Any, until: Any) -> int:
    return 12 * (until.year - since.year) + until.month - since.month


def _hands(portfolio: Portfolio, rules: MatchingRules) -> dict[str, str]:
    """Follow control groups and links from member to member until nobody new is met."""
    near: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, list[str]] = defaultdict(list)
    for row in portfolio.members.itertuples(index=False):
        if not pd.isna(row.control_group):
            groups[row.control_group].append(row.member_id)
    ties = [(first, other) for first, *others in groups.values() for other in others]
    ties += [
        (row.member_a, row.member_b) for row in portfolio.links.itertuples(index=False) if row.kind in rules.link_kinds
    ]
    for left, right in ties:
        near[left].add(right)
        near[right].add(left)
    hand: dict[str, str] = {}
    for start in near:
        waiting = [] if start in hand else [start]
        while waiting:
            member = waiting.pop()
            if member not in hand:
                hand[member] = start
                waiting.extend(near[member])
    return hand
