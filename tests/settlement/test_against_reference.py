"""The compiled settlements against a second, exact one on hundreds of small random books."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from settlement.exact_books import Book, draw_book, draw_defaulters, join_books
from settlement.exact_settlement import (
    collect_most,
    find_panic_exactly,
    settle_threshold_exactly,
    settle_waterfall_exactly,
    sum_first_shortfalls,
)

from circles import Terms
from circles.settlement import (
    Obligations,
    build_obligations,
    find_panic,
    round_settlement,
    settle_threshold,
    settle_trials,
    settle_waterfall,
)

BLUR = 1e-4
"""Fen: amounts here are below a million, where float64 is exact to 1e-9."""


def draw_terms(rng: np.random.Generator) -> Terms:
    rates = [0.0, 0.0, 0.25, 0.5, 0.375]
    return Terms(
        share=str(rng.choice(["equal", "equal", "loan", "resources", "able"])),
        recovery_rate=float(rng.choice(rates)),
        contagious_recovery_rate=None if rng.random() < 0.5 else float(rng.choice(rates)),
        receivable_recovery_rate=float(rng.choice([0.0, 0.5, 1.0])),
        cross_default=bool(rng.random() < 0.7),
        risk_pool_fen=int(rng.choice([0, 0, 150])),
        willingness=[None, None, 0.0, 0.25, 0.5, 1.0][int(rng.integers(6))],
    )


@dataclass(kw_only=True)
class Case:
    """One book among the many of a portfolio, with first defaulters and terms of its own."""

    name: str
    book: Book
    first: list[str]
    terms: Terms
    obligations: Obligations

    @property
    def start(self) -> np.ndarray:
        return np.searchsorted(self.obligations.members.astype(str), sorted(self.first))


def draw_cases(count: int, *, seed: int, unit: int = 100) -> list[Case]:
    rng = np.random.default_rng(seed)
    names = [f"{k:03d}." for k in range(count)]
    books = [draw_book(rng, prefix=name, unit=unit) for name in names]
    obligations = build_obligations(join_books(books).portfolio(order=rng))
    return [
        Case(
            name=n,
            book=b,
            first=draw_defaulters(rng, b),
            terms=replace(draw_terms(rng), standstill=draw_standstill(b)),
            obligations=obligations,
        )
        for n, b in zip(names, books, strict=True)
    ]


def draw_standstill(book: Book) -> tuple[str, ...]:
    """The second of several circles stands still, so that some members have loans in and outside of it."""
    circles = [pool.removeprefix("circle:") for pool in book.pools if pool.startswith("circle:")]
    return tuple(circles[1:2])


def by_id(ids, amounts):
    return {str(i): float(a) for i, a in zip(ids, amounts, strict=True) if a}


def assert_same_amounts(found: dict, exact: dict) -> None:
    for key in found.keys() | exact.keys():
        assert found.get(key, 0.0) == pytest.approx(float(exact.get(key, 0)), abs=BLUR), key


def paid_by_entry(obligations, settlement) -> dict:
    found: dict = {}
    for entry, now, paid in zip(settlement.entry, settlement.call_round, settlement.paid, strict=True):
        member = obligations.members[obligations.pools.member[entry]]
        pool = obligations.pools.ids[obligations.pools.pool[entry]]
        found[member, pool, int(now)] = found.get((member, pool, int(now)), 0.0) + paid
    return found


def read_rounds(case: Case, settlement) -> dict[str, int]:
    failed = np.flatnonzero(settlement.round >= 0)
    return {case.obligations.members[i]: int(settlement.round[i]) for i in failed}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return draw_cases(320, seed=20071229)


def test_the_waterfall_agrees_with_the_exact_one(cases):
    for case in cases:
        found = settle_waterfall(case.obligations, case.start, case.terms)
        exact = settle_waterfall_exactly(case.book, case.first, case.terms)
        pools, members = case.obligations.pools.ids, case.obligations.members
        assert read_rounds(case, found) == exact.true_round, case.name
        assert found.bank_loss == pytest.approx(float(exact.bank_loss), abs=BLUR), case.name
        assert found.recovered == pytest.approx(float(exact.recovered), abs=BLUR)
        assert_same_amounts(paid_by_entry(case.obligations, found), exact.payments)
        assert_same_amounts(by_id(pools, found.pool_loss), exact.pool_loss)
        assert_same_amounts(by_id(pools, found.pool_deposit_used), exact.deposit_used)
        assert_same_amounts(by_id(members, found.called_total), exact.called)
        assert_same_amounts(by_id(members, found.trade_loss), exact.trade_loss)


def test_the_threshold_settlement_agrees_with_the_exact_one(cases):
    for case in cases[:200]:
        found = settle_threshold(case.obligations, case.start, case.terms)
        exact = settle_threshold_exactly(case.book, case.first, case.terms)
        assert read_rounds(case, found) == exact.true_round, case.name
        assert found.bank_loss == pytest.approx(float(exact.bank_loss), abs=BLUR), case.name
        paid = paid_by_entry(case.obligations, found)
        assert_same_amounts({(m, p, 0): amount for (m, p, _), amount in paid.items()}, exact.payments)
        assert_same_amounts(by_id(case.obligations.pools.ids, found.pool_loss), exact.pool_loss)


def test_the_panic_set_is_the_largest_fixed_point(cases):
    sizes = set()
    for case in cases[:120]:
        found = case.obligations.members[find_panic(case.obligations, case.start, case.terms)]
        inside = {member for member in found if member.startswith(case.name)}
        assert inside == find_panic_exactly(case.book, case.first, case.terms), case.name
        sizes.add(len(inside))
    assert len(sizes) > 3


def test_the_bounds_enclose_the_loss_and_the_optimistic_one_is_a_maximum_flow(cases):
    widths = []
    for case in cases:
        offsets = np.array([0, len(case.start)])
        losses = settle_trials(case.obligations, case.terms, offsets=offsets, defaulters=case.start)
        shortfall = sum_first_shortfalls(case.book, case.first, case.terms)
        collected = collect_most(case.book, case.first, case.terms)
        lower = max(Fraction(0), shortfall - collected - case.terms.risk_pool_fen)
        assert losses.bare[0] == pytest.approx(float(shortfall), abs=BLUR)
        assert losses.optimistic[0] == pytest.approx(float(lower), abs=BLUR), case.name
        assert losses.optimistic[0] <= losses.bank_loss[0] + BLUR
        assert np.isnan(losses.conservative[0]) == (case.terms.share != "equal")
        if case.terms.share == "equal":
            assert losses.bank_loss[0] <= losses.conservative[0] + BLUR, case.name
            widths.append(losses.conservative[0] - losses.optimistic[0])
    assert max(widths) > 0


def test_the_waterfall_under_equal_shares_fails_nobody_that_the_threshold_spares(cases):
    for case in cases:
        if case.terms.share == "equal":
            smaller = min(case.terms.recovery_rate, case.terms.contagious)
            cautious = replace(case.terms, recovery_rate=smaller, contagious_recovery_rate=None)
            fallen = settle_waterfall(case.obligations, case.start, case.terms).round >= 0
            spared = settle_threshold(case.obligations, case.start, cautious).round < 0
            assert not (fallen & spared).any(), case.name


def test_a_settlement_in_whole_fen_stays_within_rounding_of_the_exact_one():
    for case in draw_cases(160, seed=37, unit=37):
        exact = settle_waterfall_exactly(case.book, case.first, case.terms)
        settlement = settle_waterfall(case.obligations, case.start, case.terms)
        whole = round_settlement(case.obligations, settlement, case.terms)
        pools, resources = case.obligations.pools, case.obligations.resources
        paid = np.bincount(pools.member[whole.entry], weights=whole.paid, minlength=len(resources))
        assert (paid <= resources).all(), case.name
        assert abs(whole.bank_loss - exact.bank_loss) <= 1 + len(case.book.pools)
        assert abs(whole.recovered - exact.recovered) <= 1 + len(case.book.pools)
        rounded = {
            (case.obligations.members[pools.member[e]], pools.ids[pools.pool[e]], int(now)): float(amount)
            for e, now, amount in zip(whole.entry, whole.call_round, whole.paid, strict=True)
        }
        for key in rounded.keys() | exact.payments.keys():
            assert abs(rounded.get(key, 0.0) - exact.payments.get(key, 0)) < 2, (case.name, key)
