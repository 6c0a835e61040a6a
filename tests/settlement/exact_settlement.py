"""A second, slow settlement in exact fractions, written from the rules in words and sharing no code with the package.

It follows docs/methods/settlement.md sentence by sentence; nothing is clever here on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from settlement.exact_books import Book, Pool

    from circles import Terms

ZERO = Fraction(0)


@dataclass(kw_only=True)
class Outcome:
    """What the exact settlement found."""

    rounds: list[set[str]]
    true_round: dict[str, int] = field(default_factory=dict)
    cause: dict[str, str] = field(default_factory=dict)
    payments: dict[tuple[str, str, int], Fraction] = field(default_factory=dict)
    called: dict[str, Fraction] = field(default_factory=dict)
    trade_loss: dict[str, Fraction] = field(default_factory=dict)
    cash: dict[str, Fraction] = field(default_factory=dict)
    deposit_used: dict[str, Fraction] = field(default_factory=dict)
    pool_loss: dict[str, Fraction] = field(default_factory=dict)
    recovered: Fraction = ZERO
    bank_loss: Fraction = ZERO

    @property
    def failed(self) -> set[str]:
        return set(self.true_round)


def recovery_of(book: Book, terms: Terms, member: str, *, first: bool) -> Fraction:
    if member in book.recovery:
        return book.recovery[member]
    if first or terms.contagious_recovery_rate is None:
        return Fraction(terms.recovery_rate)
    return Fraction(terms.contagious_recovery_rate)


def falls_due(book: Book, terms: Terms, member: str) -> bool:
    """Whether a member's loans fall due when it fails by contagion."""
    halted = [book.pools[f"circle:{name}"].guarantors for name in terms.standstill]
    return terms.cross_default and not any(member in guarantors for guarantors in halted)


def settle_waterfall_exactly(book: Book, first: list[str], terms: Terms) -> Outcome:
    out = Outcome(rounds=[set(first)])
    cash = {m: ZERO if m in first else Fraction(r) for m, r in book.resources.items()}
    deposit = {p: Fraction(pool.deposit) for p, pool in book.pools.items()}
    outstanding = dict.fromkeys(book.pools, ZERO)
    paid_total: dict[tuple[str, str], Fraction] = {}
    unsecured = ZERO
    for m in first:
        out.true_round[m] = 0
    previous, now = set(first), 0
    while True:
        now += 1
        # 1. shortfalls
        for m in previous:
            if m not in first and not falls_due(book, terms, m):
                continue
            for _, borrower, pool, exposure in book.loans:
                if borrower == m:
                    rate = recovery_of(book, terms, m, first=m in first)
                    out.recovered += exposure * rate
                    if pool is None:
                        unsecured += exposure * (1 - rate)
                    else:
                        outstanding[pool] += exposure * (1 - rate)
        # 2. deposits
        for p in book.pools:
            drawn = min(deposit[p], outstanding[p])
            deposit[p] -= drawn
            outstanding[p] -= drawn
            out.deposit_used[p] = out.deposit_used.get(p, ZERO) + drawn
        # 3. receivables
        newly: set[str] = set()
        for supplier in book.resources:
            if supplier in out.true_round:
                continue
            owed = sum((a for s, b, a in book.receivables if s == supplier and b in previous), 0)
            loss = owed * (1 - Fraction(terms.receivable_recovery_rate))
            out.trade_loss[supplier] = out.trade_loss.get(supplier, ZERO) + min(loss, cash[supplier])
            if loss > cash[supplier]:
                newly.add(supplier)
                out.cause[supplier] = "receivable"
                cash[supplier] = ZERO
            else:
                cash[supplier] -= loss
        for m in newly:
            out.true_round[m] = now
        # 4. calls
        calls: dict[tuple[str, str], Fraction] = {}
        for p, pool in book.pools.items():
            room = {
                m: None if cap is None else cap - paid_total.get((m, p), ZERO)
                for m, cap in pool.guarantors.items()
                if m not in out.true_round
            }
            room = {m: left for m, left in room.items() if left is None or left > 0}
            if outstanding[p] <= 0 or not room:
                continue
            weights = {m: weight_of(book, terms, m, p, cash) for m in room}
            whole = sum(weights.values())
            for m, left in room.items():
                part = weights[m] / whole if whole > 0 else Fraction(1, len(room))
                call = outstanding[p] * part
                calls[m, p] = call if left is None else min(call, left)
        # 5. payments
        total: dict[str, Fraction] = {}
        for (m, _), call in calls.items():
            total[m] = total.get(m, ZERO) + call
        unwilling = {
            m
            for m, called in total.items()
            if called <= cash[m] and is_unwilling(book, terms, m, paid_before(paid_total, m) + called)
        }
        paid_something = False
        for (m, p), call in calls.items():
            pays = call if total[m] <= cash[m] else cash[m] * call / total[m]
            pays = ZERO if m in unwilling else pays
            outstanding[p] -= pays
            paid_total[m, p] = paid_total.get((m, p), ZERO) + pays
            out.payments[m, p, now] = pays
            out.called[m] = out.called.get(m, ZERO) + call
            paid_something = paid_something or pays > 0
        for m, called in total.items():
            if m in unwilling:
                newly.add(m)
                out.cause[m] = "refusal"
                out.true_round[m] = now
            elif called <= cash[m]:
                cash[m] -= called
            else:
                cash[m] = ZERO
                newly.add(m)
                out.cause[m] = "call"
                out.true_round[m] = now
        if newly:
            out.rounds.append(newly)
        if not newly and not paid_something:
            break
        previous = newly
    out.cash = cash
    out.pool_loss = outstanding
    gross = sum(outstanding.values(), ZERO) + unsecured
    out.bank_loss = max(ZERO, gross - terms.risk_pool_fen)
    return out


def is_unwilling(book: Book, terms: Terms, member: str, amount: Fraction) -> bool:
    """Whether paying so much in all costs a member more than failing does."""
    return terms.willingness is not None and amount > Fraction(terms.willingness) * book.resources[member]


def paid_before(paid_total: dict[tuple[str, str], Fraction], member: str) -> Fraction:
    return sum((amount for (m, _), amount in paid_total.items() if m == member), ZERO)


def weight_of(book: Book, terms: Terms, member: str, pool: str, cash: dict[str, Fraction]) -> Fraction:
    if terms.share == "equal":
        return Fraction(1)
    if terms.share == "loan":
        return Fraction(sum(x for _, b, p, x in book.loans if b == member and p == pool))
    if terms.share == "resources":
        return Fraction(book.resources[member])
    return cash[member]


def fill_level(caps: list[int | None], due: Fraction) -> Fraction | None:
    """The level at which Σ min(cap, level) = due; None where the caps do not reach."""
    fixed, rest = ZERO, sorted(Fraction(c) for c in caps if c is not None)
    uncapped = len(caps) - len(rest)
    while uncapped + len(rest):
        level = (due - fixed) / (uncapped + len(rest))
        if not rest or rest[0] >= level:
            return level
        fixed += rest.pop(0)
    return None


def pool_due(book: Book, terms: Terms, pool: str, failed: set[str], first: set[str]) -> Fraction:
    due = ZERO
    for _, borrower, p, exposure in book.loans:
        if p == pool and borrower in failed and (borrower in first or falls_due(book, terms, borrower)):
            due += exposure * (1 - recovery_of(book, terms, borrower, first=borrower in first))
    return due


def share_of(book: Book, terms: Terms, member: str, pool: str, failed: set[str], first: set[str]) -> Fraction:
    """What a pool asks of one member when the others in `failed` have failed."""
    others = failed - {member}
    guarantors = {m: cap for m, cap in book.pools[pool].guarantors.items() if m not in others}
    if member not in guarantors:
        return ZERO
    due = max(ZERO, pool_due(book, terms, pool, others, first) - book.pools[pool].deposit)
    level = fill_level(list(guarantors.values()), due)
    cap = guarantors[member]
    if level is None:
        assert cap is not None
        return Fraction(cap)
    return level if cap is None else min(Fraction(cap), level)


def fails_given(book: Book, terms: Terms, member: str, failed: set[str], first: set[str]) -> bool:
    asked = sum((share_of(book, terms, member, p, failed, first) for p in book.pools), ZERO)
    owed = sum((a for s, b, a in book.receivables if s == member and b in failed - {member}), 0)
    loss = owed * (1 - Fraction(terms.receivable_recovery_rate))
    return asked + loss > book.resources[member] or is_unwilling(book, terms, member, asked)


def apply_once(book: Book, terms: Terms, failed: set[str], first: set[str]) -> set[str]:
    return first | {m for m in book.resources if fails_given(book, terms, m, failed, first)}


def settle_threshold_exactly(book: Book, first: list[str], terms: Terms) -> Outcome:
    initial = set(first)
    out = Outcome(rounds=[initial], true_round=dict.fromkeys(initial, 0))
    failed = initial
    while True:
        grown = failed | apply_once(book, terms, failed, initial)
        if grown == failed:
            break
        out.rounds.append(grown - failed)
        out.true_round.update(dict.fromkeys(grown - failed, len(out.rounds) - 1))
        failed = grown
    lost = ZERO
    for _, borrower, pool, exposure in book.loans:
        if borrower in failed and (borrower in initial or falls_due(book, terms, borrower)):
            rate = recovery_of(book, terms, borrower, first=borrower in initial)
            out.recovered += exposure * rate
            lost += exposure * (1 - rate) if pool is None else ZERO
    for p, pool in book.pools.items():
        due = pool_due(book, terms, p, failed, initial)
        out.deposit_used[p] = min(due, Fraction(pool.deposit))
        paid = ZERO
        for m in pool.guarantors:
            if m not in failed:
                share = share_of(book, terms, m, p, failed, initial)
                out.payments[m, p, 0] = share
                paid += share
        out.pool_loss[p] = due - out.deposit_used[p] - paid
        lost += out.pool_loss[p]
    out.bank_loss = max(ZERO, lost - terms.risk_pool_fen)
    return out


def find_panic_exactly(book: Book, first: list[str], terms: Terms) -> set[str]:
    failed = set(book.resources)
    while True:
        kept = apply_once(book, terms, failed, set(first))
        if kept == failed:
            return failed
        failed = kept


def collect_most(book: Book, first: list[str], terms: Terms) -> Fraction:
    """The most that live members and deposits can pay towards the first shortfalls: a maximum flow by networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for m, resources in book.resources.items():
        if m not in first:
            graph.add_edge("source", ("member", m), capacity=Fraction(resources))
    for p, pool in book.pools.items():
        due = pool_due(book, terms, p, set(first), set(first))
        graph.add_edge(("pool", p), "sink", capacity=due)
        graph.add_edge("source", ("pool", p), capacity=Fraction(pool.deposit))
        _add_guarantors(graph, p, pool, first)
    return Fraction(nx.maximum_flow_value(graph, "source", "sink"))


def _add_guarantors(graph: nx.DiGraph, name: str, pool: Pool, first: list[str]) -> None:
    for m, cap in pool.guarantors.items():
        if m not in first and cap is None:
            graph.add_edge(("member", m), ("pool", name))
        elif m not in first:
            graph.add_edge(("member", m), ("pool", name), capacity=Fraction(cap))


def sum_first_shortfalls(book: Book, first: list[str], terms: Terms) -> Fraction:
    return sum(
        (x * (1 - recovery_of(book, terms, b, first=True)) for _, b, _, x in book.loans if b in first),
        ZERO,
    )
