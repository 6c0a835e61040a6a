"""What holds of every settlement, on books that Hypothesis draws."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from circles import Terms
from circles.settlement import (
    Loans,
    Obligations,
    Pools,
    Receivables,
    round_settlement,
    settle_threshold,
    settle_trials,
    settle_waterfall,
)

RATES = st.sampled_from([0.0, 0.25, 1 / 3, 0.9, 1.0])
TERMS = st.builds(
    Terms,
    share=st.sampled_from(["equal", "loan", "resources", "able"]),
    recovery_rate=RATES,
    contagious_recovery_rate=st.none() | RATES,
    receivable_recovery_rate=RATES,
    cross_default=st.booleans(),
    risk_pool_fen=st.sampled_from([0, 1, 10_000]),
    willingness=st.none() | st.sampled_from([0.0, 0.3, 1.0, 2.0]),
)
AMOUNT = st.integers(0, 50) | st.integers(0, 10**13)


def starts_of(groups: list[int], count: int) -> np.ndarray:
    return np.searchsorted(np.sort(groups), np.arange(count + 1))


def arrange(resources: list[int], loans: list, entries: dict, deposits: list[int], owed: list) -> Obligations:
    """Write obligations down directly: loans (borrower, pool, exposure), entries {(pool, member): cap}."""
    n = len(resources)
    loans = sorted(loans)
    keys = sorted(entries)
    borrower, pool, exposure = (np.array([row[k] for row in loans]) for k in range(3))
    of_pool, of_member = (np.array([key[k] for key in keys], dtype=np.int32) for k in range(2))
    own = [sum(x for b, p, x in loans if (p, b) == key) for key in keys]
    by_buyer, by_supplier = sorted(owed), sorted((s, b, x) for b, s, x in owed)
    return Obligations(
        members=np.array([f"M{i}" for i in range(n)], dtype=object),
        rows=np.arange(n),
        resources=np.array(resources, dtype=float),
        recovery=np.full(n, np.nan),
        loans=Loans(
            ids=np.array([f"L{k}" for k in range(len(loans))], dtype=object),
            borrower=borrower.astype(np.int32),
            exposure=exposure.astype(float),
            pool=pool.astype(np.int32),
            start=starts_of(borrower.tolist(), n),
        ),
        pools=Pools(
            ids=np.array([f"circle:{p}" for p in range(len(deposits))], dtype=object),
            deposit=np.array(deposits, dtype=float),
            start=starts_of(of_pool.tolist(), len(deposits)),
            pool=of_pool,
            member=of_member,
            cap=np.array([entries[key] for key in keys], dtype=float),
            own_loan=np.array(own, dtype=float),
            member_start=starts_of(of_member.tolist(), n),
            member_entry=np.argsort(of_member, kind="stable").astype(np.int32),
        ),
        receivables=Receivables(
            buyer_start=starts_of([b for b, _, _ in by_buyer], n),
            supplier=np.array([s for _, s, _ in by_buyer], dtype=np.int32),
            supplier_amount=np.array([x for _, _, x in by_buyer], dtype=float),
            supplier_start=starts_of([s for s, _, _ in by_supplier], n),
            buyer=np.array([b for _, b, _ in by_supplier], dtype=np.int32),
            buyer_amount=np.array([x for _, _, x in by_supplier], dtype=float),
        ),
    )


@st.composite
def books(draw: st.DrawFn) -> tuple[Obligations, np.ndarray]:
    n, pools = draw(st.integers(2, 7)), draw(st.integers(1, 4))
    member, pool = st.integers(0, n - 1), st.integers(0, pools - 1)
    cap = st.just(np.inf) | AMOUNT
    loans = draw(st.lists(st.tuples(member, st.integers(-1, pools - 1), AMOUNT), min_size=1, max_size=10))
    entries = draw(st.dictionaries(st.tuples(pool, member), cap, min_size=1, max_size=14))
    owed = draw(st.lists(st.tuples(member, member, AMOUNT).filter(lambda row: row[0] != row[1]), max_size=6))
    deposits = draw(st.lists(AMOUNT | st.just(0), min_size=pools, max_size=pools))
    resources = draw(st.lists(AMOUNT, min_size=n, max_size=n))
    first = draw(st.sets(member, max_size=3))
    return arrange(resources, loans, entries, deposits, owed), np.array(sorted(first), dtype=np.int64)


@given(book=books(), terms=TERMS)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_money_is_conserved_in_whole_fen_and_nobody_pays_what_it_has_not(book, terms):
    obligations, first = book
    for settle in (settle_waterfall, settle_threshold):
        whole = round_settlement(obligations, settle(obligations, first, terms), terms)
        used = whole.pool_deposit_used.sum() + whole.paid.sum() + whole.risk_pool_used
        assert whole.exposure == whole.recovered + used + whole.bank_loss
        paid = np.bincount(
            obligations.pools.member[whole.entry], weights=whole.paid, minlength=len(obligations.members)
        )
        assert (paid <= obligations.resources).all()
        by_entry = np.bincount(whole.entry, weights=whole.paid, minlength=len(obligations.pools.cap))
        assert (by_entry <= obligations.pools.cap).all()
        assert (whole.pool_deposit_used <= obligations.pools.deposit).all()


@given(book=books(), terms=TERMS)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_the_loss_lies_between_its_bounds(book, terms):
    obligations, first = book
    losses = settle_trials(obligations, terms, offsets=np.array([0, len(first)]), defaulters=first)
    blur = 1e-3 + 1e-9 * obligations.loans.exposure.sum()
    assert losses.optimistic[0] <= losses.bank_loss[0] + blur
    if terms.share == "equal":
        assert losses.bank_loss[0] <= losses.conservative[0] + blur


@given(book=books(), terms=TERMS)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_under_equal_shares_the_waterfall_fails_nobody_that_the_threshold_spares(book, terms):
    obligations, first = book
    smaller = min(terms.recovery_rate, terms.contagious)
    cautious = replace(terms, recovery_rate=smaller, contagious_recovery_rate=None)
    fallen = settle_waterfall(obligations, first, replace(terms, share="equal")).round >= 0
    assert not (fallen & (settle_threshold(obligations, first, cautious).round < 0)).any()


@given(
    resources=st.lists(st.integers(0, 200), min_size=3, max_size=6),
    more=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    loans=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    deposit=st.integers(0, 50),
    terms=TERMS,
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_more_resources_never_mean_more_loss_in_one_circle(resources, more, loans, deposit, terms):
    """With equal shares; weights that follow resources move calls onto others, who may then fail.
    Who is willing but poor pays what it has, who is rich may refuse.
    """
    n = len(resources)
    entries = {(0, i): np.inf for i in range(n)}
    rows = [(i, 0, loans[i]) for i in range(n)]
    poor, rich = (
        settle_waterfall(
            arrange([r + extra for r, extra in zip(resources, added, strict=False)], rows, entries, [deposit], []),
            np.array([0]),
            replace(terms, share="equal", willingness=None),
        )
        for added in ([0] * n, more)
    )
    assert rich.bank_loss <= poor.bank_loss + 1e-6


def permute(obligations: Obligations, order: np.ndarray) -> Obligations:
    """The same obligations with members renumbered: member i becomes ``order[i]``."""
    loans, pools, owed = obligations.loans, obligations.pools, obligations.receivables
    resources = np.empty(len(order))
    resources[order] = obligations.resources
    buyer = np.repeat(np.arange(len(order)), np.diff(owed.buyer_start))
    return arrange(
        resources.tolist(),
        list(zip(order[loans.borrower].tolist(), loans.pool.tolist(), loans.exposure.tolist(), strict=True)),
        dict(zip(zip(pools.pool.tolist(), order[pools.member].tolist(), strict=True), pools.cap.tolist(), strict=True)),
        pools.deposit.tolist(),
        list(zip(order[buyer].tolist(), order[owed.supplier].tolist(), owed.supplier_amount.tolist(), strict=True)),
    )


def multiply(obligations: Obligations, factor: float) -> Obligations:
    loans, pools, owed = obligations.loans, obligations.pools, obligations.receivables
    return replace(
        obligations,
        resources=obligations.resources * factor,
        loans=replace(loans, exposure=loans.exposure * factor),
        pools=replace(pools, deposit=pools.deposit * factor, cap=pools.cap * factor, own_loan=pools.own_loan * factor),
        receivables=replace(
            owed, supplier_amount=owed.supplier_amount * factor, buyer_amount=owed.buyer_amount * factor
        ),
    )


def stand_side_by_side(one: Obligations, other: Obligations) -> Obligations:
    members, pools = len(one.members), len(one.pools.deposit)
    parts = []
    for book, shift, further in ((one, 0, 0), (other, members, pools)):
        owed, kept = book.receivables, book.pools
        buyer = np.repeat(np.arange(len(book.members)), np.diff(owed.buyer_start)) + shift
        pool = np.where(book.loans.pool >= 0, book.loans.pool + further, -1)
        parts.append(
            (
                book.resources.tolist(),
                list(
                    zip(
                        (book.loans.borrower + shift).tolist(), pool.tolist(), book.loans.exposure.tolist(), strict=True
                    )
                ),
                {
                    (int(p) + further, int(m) + shift): cap
                    for p, m, cap in zip(kept.pool, kept.member, kept.cap.tolist(), strict=True)
                },
                kept.deposit.tolist(),
                list(zip(buyer.tolist(), (owed.supplier + shift).tolist(), owed.supplier_amount.tolist(), strict=True)),
            )
        )
    (r, loans, entries, deposits, owed), (r2, loans2, entries2, deposits2, owed2) = parts
    return arrange(r + r2, loans + loans2, entries | entries2, deposits + deposits2, owed + owed2)


SETTLES = st.sampled_from([settle_waterfall, settle_threshold])
SMALL = st.integers(0, 50)
FEW = settings(max_examples=80, deadline=None, derandomize=True)


@given(book=books(), terms=TERMS, more=st.lists(SMALL, min_size=7, max_size=7))
@FEW
def test_more_resources_never_enlarge_the_threshold_set(book, terms, more):
    obligations, first = book
    richer = replace(obligations, resources=obligations.resources + np.array(more[: len(obligations.members)]))
    fallen = settle_threshold(richer, first, terms).round >= 0
    assert not (fallen & (settle_threshold(obligations, first, terms).round < 0)).any()


@given(book=books(), terms=TERMS, settle=SETTLES, random=st.randoms(use_true_random=False))
@FEW
def test_names_do_not_matter(book, terms, settle, random):
    obligations, first = book
    order = list(range(len(obligations.members)))
    random.shuffle(order)
    renamed = np.array(order)
    here, there = settle(obligations, first, terms), settle(permute(obligations, renamed), renamed[first], terms)
    assert there.round[renamed].tolist() == here.round.tolist()
    assert abs(there.bank_loss - here.bank_loss) <= 1e-3 + 1e-9 * obligations.loans.exposure.sum()


@given(book=books(), terms=TERMS, settle=SETTLES)
@FEW
def test_ten_times_the_money_is_ten_times_the_loss(book, terms, settle):
    obligations, first = book
    here = settle(obligations, first, replace(terms, risk_pool_fen=0))
    there = settle(multiply(obligations, 10.0), first, replace(terms, risk_pool_fen=0))
    assert there.round.tolist() == here.round.tolist()
    assert abs(there.bank_loss - 10 * here.bank_loss) <= 1e-2 + 1e-8 * obligations.loans.exposure.sum()


@given(one=books(), other=books(), terms=TERMS, settle=SETTLES)
@FEW
def test_two_books_side_by_side_lose_what_each_loses(one, other, terms, settle):
    bare = replace(terms, risk_pool_fen=0)
    both = stand_side_by_side(one[0], other[0])
    first = np.concatenate([one[1], other[1] + len(one[0].members)])
    alone = [settle(obligations, start, bare) for obligations, start in (one, other)]
    together = settle(both, first, bare)
    assert together.round.tolist() == [*alone[0].round, *alone[1].round]
    assert abs(together.bank_loss - sum(each.bank_loss for each in alone)) <= 1e-3 + 1e-9 * both.loans.exposure.sum()
