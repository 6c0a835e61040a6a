"""Who paid for whom, and who may claim what from whom: hand-made books, an exact twin, and laws on drawn books."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from settlement.exact_books import Book, Pool, draw_book, draw_defaulters, join_books
from settlement.exact_recourse import ExactRecourse, find_recourse_exactly, part_of
from settlement.exact_settlement import fill_level, settle_threshold_exactly, settle_waterfall_exactly
from settlement.test_properties import TERMS, books

from circles import Terms, run_cascade
from circles.contagion.cascade.debts import list_debts
from circles.contagion.cascade.recourse import frame_recourse, share_payments
from circles.contagion.cascade.serving_kernel import Columns, serve_in_turn
from circles.settlement import SETTLEMENTS, attribute_losses, build_obligations, round_settlement

BLUR_FEN = 4
"""Claims are whole fen, each rounded where the ones before it left off: so far they may lie from exact ones here."""


def two_circles(resources: dict[str, int]) -> Book:
    """A fails; E loses its claim on A and owes in D's other circle; so D fails, after A's loan was paid in full."""
    return Book(
        resources=resources,
        pools={"circle:C1": Pool(guarantors=dict.fromkeys("ABCD")), "circle:C2": Pool(guarantors=dict.fromkeys("DE"))},
        loans=[("a", "A", "circle:C1", 3000), ("d", "D", "circle:C1", 8000), ("e", "E", "circle:C2", 20000)],
        receivables=[("E", "A", 100)],
    )


def claims_of(cascade, claim: str) -> list[list]:
    kept = cascade.recourse[cascade.recourse["claim"] == claim]
    return kept[["creditor_id", "debtor_id", "amount_fen"]].to_numpy().tolist()


def test_a_loan_that_was_paid_is_neither_paid_nor_claimed_again():
    """Round 1 pays A's 3,000 in full; what B and C pay in round 3 is for D's 8,000 alone."""
    cascade = run_cascade(two_circles({"A": 0, "B": 10000, "C": 10000, "D": 5000, "E": 10}).portfolio(), ["A"])
    names = cascade.payments[["payer_id", "round", "on_behalf_of"]].to_numpy().tolist()
    assert names == [["B", 1, "A"], ["C", 1, "A"], ["D", 1, "A"], ["D", 2, "E"], ["B", 3, "D"], ["C", 3, "D"]]
    assert claims_of(cascade, "borrower") == [
        ["B", "A", 1000],
        ["B", "D", 4000],
        ["C", "A", 1000],
        ["C", "D", 4000],
        ["D", "A", 1000],
        ["D", "E", 4000],
    ]


def test_equal_payers_claim_only_from_the_guarantor_of_the_loan_that_paid_nothing():
    """A's 3,000 were borne by B, C and D alike. D's 8,000 by B and C; A answered for them too, D itself did not."""
    cascade = run_cascade(two_circles({"A": 0, "B": 10000, "C": 10000, "D": 5000, "E": 10}).portfolio(), ["A"])
    assert claims_of(cascade, "co_guarantor") == [["B", "A", 1333], ["C", "A", 1333]]


def test_who_fails_by_a_later_loan_was_not_hit_by_one_that_was_paid():
    cascade = run_cascade(two_circles({"A": 0, "B": 4000, "C": 10000, "D": 5000, "E": 10}).portfolio(), ["A"])
    fallen = cascade.members.set_index("member_id")["hit_by"]
    assert (fallen["B"], fallen["D"], fallen["E"]) == ("D", "E", "A")


def test_thirds_of_a_fen_do_not_bring_a_paid_loan_back():
    """A's 1,000 are three times 333 1/3. In whole fen one of them is booked in round 3, but it is A's no more."""
    book = two_circles({"A": 0, "B": 10000, "C": 10000, "D": 333, "E": 10, "F": 10000})
    book.pools["circle:C1"].guarantors = dict.fromkeys("ABCF")
    book.pools["circle:C1"].guarantors["D"] = None
    book.loans[:2] = [("a", "A", "circle:C1", 1001), ("d", "D", "circle:C1", 8000)]
    cascade = run_cascade(book.portfolio(), ["A"])
    named = cascade.payments.query("pool_id == 'circle:C1'").groupby("round")["on_behalf_of"].unique()
    assert {now: found.tolist() for now, found in named.items()} == {1: ["A"], 3: ["D"]}
    owed = cascade.recourse.query("claim == 'borrower' and pool_id == 'circle:C1'").groupby("debtor_id")["amount_fen"]
    assert owed.sum().to_dict() == {"A": 1001, "D": 8000}


def test_the_deposit_serves_what_is_outstanding_when_it_is_drawn():
    """It pays A's 3,000 and 1,000 of D's 8,000: nobody claims from A, and 7,000 from D."""
    book = two_circles({"A": 0, "B": 10000, "C": 10000, "D": 5000, "E": 10})
    book.pools["circle:C1"].deposit = 4000
    cascade = run_cascade(book.portfolio(), ["A"])
    assert claims_of(cascade, "borrower") == [["B", "D", 3500], ["C", "D", 3500], ["D", "E", 5000]]


@pytest.mark.parametrize(("resources", "excess"), [(0, 4500), (1, 4499), (4499, 1), (4500, 0)])
def test_who_paid_nothing_owes_its_part_as_who_paid_one_fen_does(resources, excess):
    """A's 9,000 are B's and C's in equal parts, whatever C has."""
    book = Book(
        resources={"A": 0, "B": 10000, "C": resources},
        pools={"circle:C": Pool(guarantors=dict.fromkeys("ABC"))},
        loans=[("a", "A", "circle:C", 9000), ("c", "C", "circle:C", 1000)],
    )
    cascade = run_cascade(book.portfolio(), ["A"], Terms(cross_default=False))
    assert claims_of(cascade, "co_guarantor") == ([["B", "C", excess]] if excess else [])


def test_who_would_not_pay_owes_its_part_too():
    """Each is called for 45. C would rather fail and keeps its 80; then B, called for 45 more, would too."""
    book = Book(
        resources={"A": 0, "B": 100, "C": 80},
        pools={"circle:C": Pool(guarantors=dict.fromkeys("ABC"))},
        loans=[("a", "A", "circle:C", 90)],
    )
    cascade = run_cascade(book.portfolio(), ["A"], Terms(willingness=0.55))
    assert cascade.members["cause"].tolist()[1:] == ["refusal", "refusal"]
    assert claims_of(cascade, "borrower") == [["B", "A", 45]]
    assert claims_of(cascade, "co_guarantor") == [["B", "C", 22]]


def draw_many(rng: np.random.Generator, unit: int) -> tuple[Book, list[str]]:
    drawn = [draw_book(rng, prefix=f"{k:02d}.", unit=unit) for k in range(25)]
    return join_books(drawn), [member for book in drawn for member in draw_defaulters(rng, book)]


def find_twin(book: Book, first: list[str], terms: Terms) -> ExactRecourse:
    settle = settle_threshold_exactly if terms.settlement == "threshold" else settle_waterfall_exactly
    return find_recourse_exactly(book, first, terms, settle(book, first, terms))


@pytest.mark.parametrize("settlement", ["waterfall", "threshold"])
@pytest.mark.parametrize(
    ("share", "unit", "recovery"),
    [("equal", 100, 0.0), ("equal", 7, 0.375), ("loan", 33, 0.0), ("resources", 1, 0.375), ("able", 7, 0.0)],
)
def test_claims_are_those_of_exact_fractions(settlement, share, unit, recovery):
    terms = Terms(settlement=settlement, share=share, recovery_rate=recovery, contagious_recovery_rate=0.25)
    book, first = draw_many(np.random.default_rng(unit), unit)
    cascade, exact = run_cascade(book.portfolio(), first, terms), find_twin(book, first, terms)
    for claim in ("borrower", "co_guarantor"):
        rows = cascade.recourse[cascade.recourse["claim"] == claim]
        found = {tuple(key): amount for *key, _, amount in rows.to_numpy().tolist()}
        assert len(found) == len(rows)
        wanted = getattr(exact, claim)
        assert wanted
        for key in found.keys() | wanted.keys():
            assert abs(found.get(key, 0) - wanted.get(key, Fraction(0))) < BLUR_FEN, (claim, key)
    for row in cascade.payments.itertuples():
        when = row.round if settlement == "waterfall" else 0
        assert row.on_behalf_of == ";".join(sorted(exact.on_behalf_of[row.pool_id, when]))


def test_who_was_hit_by_whom_is_what_exact_fractions_say():
    """By borrowers with something outstanding in a pool that called in that round, and buyers that had just failed."""
    terms, paid_before = Terms(recovery_rate=0.75, contagious_recovery_rate=0.25), 0
    for seed in (5, 6, 7):
        book, first = draw_many(np.random.default_rng(seed), 100)
        outcome = settle_waterfall_exactly(book, first, terms)
        exact, when = find_recourse_exactly(book, first, terms, outcome), outcome.true_round
        for row in run_cascade(book.portfolio(), first, terms).members.query("state == 'contagious'").itertuples():
            now = when[row.member_id]
            calls = [p for m, p, round_ in outcome.payments if (m, round_) == (row.member_id, now)]
            hitters = set().union(*(exact.on_behalf_of[p, now] for p in calls))
            buyers = {b for s, b, _ in book.receivables if s == row.member_id and when.get(b) == now - 1}
            assert row.hit_by == ";".join(sorted(hitters | buyers))
            short = {b for p, b in exact.shortfall if p in calls and when[b] < now}
            paid_before += bool(short - hitters - buyers)
    assert paid_before > 0


@pytest.mark.parametrize("settlement", ["waterfall", "threshold"])
@pytest.mark.parametrize("share", ["equal", "able"])
def test_what_is_lost_falls_on_the_loans_that_were_still_outstanding(settlement, share):
    terms = Terms(settlement=settlement, share=share, recovery_rate=0.125, contagious_recovery_rate=0.25)
    lost_after_payment = 0
    for seed in range(4):
        book, first = draw_many(np.random.default_rng(seed), 100)
        exact, obligations = find_twin(book, first, terms), build_obligations(book.portfolio())
        numbers = np.searchsorted(obligations.members, sorted(first))
        parts = attribute_losses(
            obligations, terms, offsets=np.array([0, len(first)]), defaulters=numbers, trials=np.array([0])
        )
        found = pd.Series(parts.amount).groupby([parts.pool, parts.borrower]).sum()
        wanted = {debt: left for debt, left in exact.left.items() if left > 0}
        assert (found[0:].index.get_level_values(0) >= 0).sum() == len(wanted)
        for (pool, borrower), left in wanted.items():
            key = np.searchsorted(obligations.pools.ids, pool), np.searchsorted(obligations.members, borrower)
            assert found[key] == pytest.approx(float(left))
        short = {pool for pool, _ in wanted}
        lost_after_payment += sum(pool in short and left == 0 for (pool, _), left in exact.left.items())
    if settlement == "waterfall":
        assert lost_after_payment > 0


@given(book=books(), terms=TERMS)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_claims_obey_their_laws_to_the_fen(book, terms):
    obligations, first = book
    for settle in SETTLEMENTS.values():
        settled = settle(obligations, first, terms)
        whole = round_settlement(obligations, settled, terms)
        debts = list_debts(obligations, settled, whole, terms)
        shares = share_payments(obligations, debts, whole, terms)
        claims = pd.DataFrame({name: getattr(shares, name) for name in ("debt", "entry", "amount")})
        assert_claims_on_borrowers(obligations, whole, debts, claims)
        assert_claims_on_guarantors(obligations, debts, claims, frame_recourse(obligations, debts, shares))


def assert_claims_on_borrowers(obligations, whole, debts, claims: pd.DataFrame) -> None:
    """Nobody is claimed more than its shortfall, or by itself; all that was paid is claimed."""
    served = claims.groupby("debt")["amount"].sum()
    assert (served <= debts.amount[served.index]).all()
    assert (obligations.pools.member[claims["entry"]] != debts.borrower[claims["debt"]]).all()
    by_pool = served.groupby(debts.pool[served.index]).sum()
    left = whole.pool_shortfall - whole.pool_deposit_used - by_pool.reindex(range(len(whole.pool_paid)), fill_value=0)
    assert (left >= whole.pool_loss).all()
    paid = pd.Series(whole.paid).groupby(whole.entry).sum()
    missing = paid.sub(claims.groupby("entry")["amount"].sum(), fill_value=0)
    assert (missing >= 0).all()
    for entry in missing.index[missing > 0]:
        assert_nobody_else_owed(obligations, whole, debts, served, entry)


def assert_nobody_else_owed(obligations, whole, debts, served: pd.Series, entry: int) -> None:
    """Recoveries and payments are rounded apart; so a fen may be paid where nobody but the payer itself owes one."""
    pool, member = obligations.pools.pool[entry], obligations.pools.member[entry]
    others = np.flatnonzero((debts.pool == pool) & (debts.borrower != member))
    owed = debts.amount[others].sum() - served.reindex(others, fill_value=0).sum()
    assert member in debts.borrower[debts.pool == pool]
    assert owed <= whole.pool_deposit_used[pool]


def assert_claims_on_guarantors(obligations, debts, claims: pd.DataFrame, recourse: pd.DataFrame) -> None:
    """Nobody claims more than it paid in excess of its part, nor is claimed more than it paid too little."""
    pools, excess, shortage, total = obligations.pools, {}, {}, {}
    for debt, rows in claims.groupby("debt"):
        pool = debts.pool[debt]
        entries = range(pools.start[pool], pools.start[pool + 1])
        paid = {entry: 0 for entry in entries if pools.member[entry] != debts.borrower[debt]}
        paid |= dict(zip(rows["entry"], rows["amount"], strict=True))
        caps = {e: None if np.isinf(pools.cap[e]) else int(pools.cap[e]) for e in paid}
        level = fill_level(list(caps.values()), Fraction(int(rows["amount"].sum())))
        for entry, amount in paid.items():
            over = int(amount) - part_of(caps[entry], level)
            key = obligations.members[pools.member[entry]], pools.ids[pool]
            excess[key] = excess.get(key, 0) + max(0, math.ceil(over))
            shortage[key] = shortage.get(key, 0) + max(0, math.ceil(-over))
            total[key[1]] = total.get(key[1], 0) + max(0, math.floor(over))
    rows = recourse[recourse["claim"] == "co_guarantor"]
    assert (rows["amount_fen"] > 0).all()
    assert not rows.duplicated(["creditor_id", "debtor_id", "pool_id"]).any()
    for side, limits in (("creditor_id", excess), ("debtor_id", shortage)):
        for key, amount in rows.groupby([side, "pool_id"])["amount_fen"].sum().items():
            assert amount <= limits[key]
    for pool, least in total.items():
        assert rows.loc[rows["pool_id"] == pool, "amount_fen"].sum() >= least


def columns(start: list[int], rows: list[tuple[int, int, int]]) -> Columns:
    when, member, amount = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Columns(start=np.array(start), when=when, member=member, amount=amount)


def serve(sources: list[tuple[int, int, int]], debts: list[tuple[int, int, int]]) -> list[list[int]]:
    """Rows (source, debt, amount) of one group; sources and debts are (round, member, amount)."""
    shares = serve_in_turn(columns([0, len(sources)], sources), columns([0, len(debts)], debts))
    return sorted([int(share[name]) for name in ("source", "debt", "amount")] for share in shares if share["amount"])


def test_each_in_turn_serves_what_is_left_pro_rata():
    assert serve([(1, 8, 30), (2, 9, 80)], [(1, 0, 50), (2, 1, 60)]) == [[0, 0, 30], [1, 0, 20], [1, 1, 60]]


def test_what_is_rounded_ahead_goes_to_the_next_debt():
    assert serve([(1, 8, 34), (1, 9, 34)], [(1, 0, 67), (2, 1, 60)]) == [[0, 0, 34], [1, 0, 33], [1, 1, 1]]


def test_nobody_serves_its_own_debt_but_changes_places_with_another():
    """The last fen of member 1 would be for its own debt: the other payer takes that, and leaves it a fen of debt 0."""
    found = serve([(1, 8, 34), (1, 1, 34)], [(1, 0, 67), (2, 1, 60)])
    assert found == [[0, 0, 33], [0, 1, 1], [1, 0, 1], [1, 0, 33]]


def test_a_fen_that_only_its_payer_owes_is_nobodys_debt():
    assert serve([(1, 1, 34)], [(1, 0, 33), (2, 1, 34)]) == [[0, 0, 33]]
