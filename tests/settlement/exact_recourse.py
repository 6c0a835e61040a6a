"""Who paid for whom, in exact fractions: a second ledger of recourse, written from the rules in words.

It replays a settlement that `exact_settlement` found, round by round, and shares no code with the package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from settlement.exact_settlement import ZERO, falls_due, fill_level, recovery_of

if TYPE_CHECKING:
    from settlement.exact_books import Book
    from settlement.exact_settlement import Outcome

    from circles import Terms


@dataclass(kw_only=True)
class ExactRecourse:
    """What was paid for whom. Keys: a debt is (pool, borrower), a claim (creditor, debtor, pool)."""

    shortfall: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    deposit_for: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    left: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    on_behalf_of: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    borrower: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)
    co_guarantor: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)


def find_recourse_exactly(book: Book, first: list[str], terms: Terms, outcome: Outcome) -> ExactRecourse:
    found = ExactRecourse()
    deposit = {p: Fraction(pool.deposit) for p, pool in book.pools.items()}
    at_once = terms.settlement == "threshold"
    last = max((now for _, _, now in outcome.payments), default=0)
    last = max(last, *outcome.true_round.values(), 0) + 1
    for now in range(last + 1):
        # 1. shortfalls of those that failed in the round before
        for _, b, p, exposure in book.loans:
            due = b in outcome.true_round and (b in first or falls_due(book, terms, b))
            when = 0 if at_once else outcome.true_round.get(b, 0) + 1
            amount = exposure * (1 - recovery_of(book, terms, b, first=b in first))
            if p is not None and due and when == now and amount > 0:
                found.shortfall[p, b] = found.shortfall.get((p, b), ZERO) + amount
                found.left[p, b] = found.left.get((p, b), ZERO) + amount
        for p in book.pools:
            # 2. the deposit, 3. the payments, each over what is left of each debt
            open_now = {debt: left for debt, left in found.left.items() if debt[0] == p and left > 0}
            drawn = min(deposit[p], sum(open_now.values(), ZERO))
            deposit[p] -= drawn
            for debt, part in _spread(drawn, open_now).items():
                found.left[debt] -= part
                found.deposit_for[debt] = found.deposit_for.get(debt, ZERO) + part
            open_now = {debt: left for debt, left in found.left.items() if debt[0] == p and left > 0}
            found.on_behalf_of[p, now] = {b for _, b in open_now}
            for (m, pool, when), paid in outcome.payments.items():
                if pool != p or when != now:
                    continue
                for (_, b), part in _spread(paid, open_now).items():
                    found.left[p, b] -= part
                    found.borrower[m, b, p] = found.borrower.get((m, b, p), ZERO) + part
    found.borrower = {claim: amount for claim, amount in found.borrower.items() if amount > 0}
    for p, b in found.shortfall:
        _share_between_guarantors(book, found, p, b)
    return found


def _spread(amount: Fraction, over: dict[tuple[str, str], Fraction]) -> dict[tuple[str, str], Fraction]:
    whole = sum(over.values(), ZERO)
    return {debt: amount * left / whole for debt, left in over.items()} if amount > 0 else {}


def _share_between_guarantors(book: Book, found: ExactRecourse, pool: str, borrower: str) -> None:
    """All guarantors of the debt but its borrower, equal parts up to their caps."""
    caps = {m: cap for m, cap in book.pools[pool].guarantors.items() if m != borrower}
    paid = {m: found.borrower.get((m, borrower, pool), ZERO) for m in caps}
    if not any(paid.values()):
        return
    level = fill_level(list(caps.values()), sum(paid.values(), ZERO))
    over = {m: paid[m] - part_of(cap, level) for m, cap in caps.items()}
    missing = -sum((x for x in over.values() if x < 0), ZERO)
    for m, excess in over.items():
        for other, x in over.items():
            if excess > 0 > x:
                key = (m, other, pool)
                found.co_guarantor[key] = found.co_guarantor.get(key, ZERO) + excess * -x / missing


def part_of(cap: int | None, level: Fraction | None) -> Fraction:
    if level is None:
        assert cap is not None
        return Fraction(cap)
    return level if cap is None else min(Fraction(cap), level)
