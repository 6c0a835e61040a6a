"""What a cascade tells: small books whose answers fit on paper."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from settlement.exact_books import Book, Pool, draw_book, draw_defaulters, join_books

from circles import InputError, Portfolio, Terms, run_cascade

COLUMNS = {
    "members": [
        "member_id",
        "state",
        "round",
        "cause",
        "hit_by",
        "called_fen",
        "paid_fen",
        "trade_loss_fen",
        "own_shortfall_fen",
        "left_fen",
    ],
    "circles": ["id", "shortfall_fen", "deposit_used_fen", "paid_fen", "bank_loss_fen"],
    "pools": ["id", "shortfall_fen", "deposit_used_fen", "paid_fen", "bank_loss_fen"],
    "payments": ["payer_id", "pool_id", "amount_fen", "round", "on_behalf_of"],
    "recourse": ["creditor_id", "debtor_id", "pool_id", "claim", "amount_fen"],
}


def circle_of(loans: list[int], resources: list[int], **kinds) -> Book:
    """One circle of M0, M1, … in which each borrows."""
    members = [f"M{i}" for i in range(len(loans))]
    return Book(
        resources=dict(zip(members, resources, strict=True)),
        pools={"circle:C": Pool(guarantors=dict.fromkeys(members))},
        loans=[(f"L{i}", m, "circle:C", loan) for i, (m, loan) in enumerate(zip(members, loans, strict=True))],
        **kinds,
    )


def row_of(cascade, member: str) -> dict:
    return cascade.members.set_index("member_id").loc[member].to_dict()


def assert_law(cascade) -> None:
    """Exposures of called loans = recovered + deposits used + paid + risk pool used + bank loss, in fen."""
    members, pools = cascade.members, cascade.pools
    assert (pools["shortfall_fen"] == pools["deposit_used_fen"] + pools["paid_fen"] + pools["bank_loss_fen"]).all()
    assert cascade.deposit_used_fen == pools["deposit_used_fen"].sum()
    assert cascade.guarantor_paid_fen == pools["paid_fen"].sum() == members["paid_fen"].sum()
    assert cascade.guarantor_paid_fen == cascade.payments["amount_fen"].sum()
    unsecured = members["own_shortfall_fen"].sum() - pools["shortfall_fen"].sum()
    gross = cascade.bank_loss_fen + cascade.risk_pool_used_fen
    assert gross == pools["bank_loss_fen"].sum() + unsecured
    assert members["own_shortfall_fen"].sum() == cascade.deposit_used_fen + cascade.guarantor_paid_fen + gross


def test_every_member_has_a_row_and_every_table_its_columns():
    cascade = run_cascade(circle_of([100] * 4, [0, 30, 40, 40]).portfolio(), ["M0"])
    for name, columns in COLUMNS.items():
        assert getattr(cascade, name).columns.tolist() == columns
    assert cascade.members["member_id"].tolist() == ["M0", "M1", "M2", "M3"]


def test_writing_into_a_table_of_a_cascade_does_not_change_the_cascade():
    cascade = run_cascade(circle_of([100] * 4, [0, 30, 40, 40]).portfolio(), ["M0"])
    members, payments = cascade.members, cascade.payments
    members.loc[1, "paid_fen"] = 12_345
    payments["amount_fen"] = 0
    assert row_of(cascade, "M1")["paid_fen"] == 30
    assert_law(cascade)


def test_one_weak_member_brings_the_circle_down_under_cross_default():
    """Calls 33⅓ each: M1 has 30 and fails; then 70 + 100 over two: both have 40 and fail. Loss 400 − 110."""
    cascade = run_cascade(circle_of([100] * 4, [0, 30, 40, 40]).portfolio(), ["M0"])
    assert cascade.rounds == (("M0",), ("M1",), ("M2", "M3"))
    assert (cascade.bank_loss_fen, cascade.guarantor_paid_fen) == (290, 110)
    assert cascade.loss_without_guarantee_fen == 100
    assert cascade.optimistic_loss_fen == 0
    assert cascade.conservative_loss_fen == 400
    assert cascade.panic == ("M0", "M1", "M2", "M3")
    weak = row_of(cascade, "M1")
    assert (weak["state"], weak["round"], weak["cause"], weak["hit_by"]) == ("contagious", 1, "call", "M0")
    assert (weak["called_fen"], weak["paid_fen"], weak["left_fen"], weak["own_shortfall_fen"]) == (33, 30, 0, 100)
    assert row_of(cascade, "M3")["hit_by"] == "M0;M1"
    assert_law(cascade)


def test_without_cross_default_the_others_pay_what_the_weak_one_could_not():
    """M1 pays 30 and fails without owing its own loan; the other two pay 35 each."""
    cascade = run_cascade(circle_of([100] * 4, [0, 30, 40, 40]).portfolio(), ["M0"], Terms(cross_default=False))
    assert cascade.rounds == (("M0",), ("M1",))
    assert cascade.bank_loss_fen == 0
    assert cascade.members["paid_fen"].tolist() == [0, 30, 35, 35]
    assert cascade.members["state"].tolist() == ["first", "contagious", "paid", "paid"]
    assert cascade.members["left_fen"].tolist() == [0, 0, 5, 5]
    assert row_of(cascade, "M1")["own_shortfall_fen"] == 0
    assert_law(cascade)


@pytest.mark.parametrize(
    ("cross_default", "loss", "paid"), [(True, 130, [0, 120, 50, 100]), (False, 0, [0, 75, 50, 75])]
)
def test_unequal_loans(cross_default, loss, paid):
    """Loans (200, 100, 60, 40), resources (0, 120, 50, 100), the first fails."""
    book = circle_of([200, 100, 60, 40], [0, 120, 50, 100])
    cascade = run_cascade(book.portfolio(), ["M0"], Terms(cross_default=cross_default))
    assert (cascade.bank_loss_fen, cascade.members["paid_fen"].tolist()) == (loss, paid)


def test_a_ring_of_one_way_guarantees_ends():
    """Three guarantees of 100, resources 50 each: each pays 50 and fails, the bank loses 100 and 50 and 50."""
    book = Book(
        resources={"A": 50, "B": 50, "C": 50},
        pools={f"loan:L{b}": Pool(guarantors={g: 100}) for g, b in ("AB", "BC", "CA")},
        loans=[(f"L{b}", b, f"loan:L{b}", 100) for b in "ABC"],
    )
    cascade = run_cascade(book.portfolio(), ["A"])
    assert (cascade.rounds, cascade.bank_loss_fen) == ((("A",), ("C",), ("B",)), 200)


def test_a_ring_of_thousands_ends():
    n = 3000
    ids = [f"M{i:04d}" for i in range(n)]
    book = Book(
        resources=dict.fromkeys(ids, 50),
        pools={f"loan:L{i}": Pool(guarantors={ids[i - 1]: 100}) for i in range(n)},
        loans=[(f"L{i}", ids[i], f"loan:L{i}", 100) for i in range(n)],
    )
    cascade = run_cascade(book.portfolio(), [ids[0]])
    assert len(cascade.rounds) == n
    assert cascade.bank_loss_fen == 100 * n - 50 * (n - 1)


def test_a_call_equal_to_cash_is_paid_and_the_member_lives():
    cascade = run_cascade(circle_of([100] * 3, [0, 50, 50]).portfolio(), ["M0"])
    assert (cascade.rounds, cascade.bank_loss_fen) == ((("M0",),), 0)
    assert row_of(cascade, "M1")["left_fen"] == 0


def test_thirds_are_paid_in_whole_fen_with_ties_by_id():
    cascade = run_cascade(circle_of([100] * 4, [0, 90, 90, 90]).portfolio(), ["M0"])
    assert cascade.members["paid_fen"].tolist() == [0, 34, 33, 33]
    assert_law(cascade)


def test_who_pays_its_whole_cash_into_three_pools_pays_exactly_that():
    """A has 100 and is called for 200 in each of three circles: thirds of 100 may not add up to 99 or 102."""
    book = Book(resources={"A": 100, "X": 0, "Y": 0, "Z": 0})
    for b in "XYZ":
        book.pools[f"circle:{b}"] = Pool(guarantors={"A": None, b: None})
        book.loans.append((f"L{b}", b, f"circle:{b}", 200))
    cascade = run_cascade(book.portfolio(), ["X", "Y", "Z"])
    assert sorted(cascade.payments["amount_fen"]) == [33, 33, 34]
    assert (row_of(cascade, "A")["paid_fen"], row_of(cascade, "A")["left_fen"]) == (100, 0)
    assert cascade.bank_loss_fen == 500
    assert_law(cascade)


def test_what_a_cap_cuts_off_is_called_from_the_others_a_round_later():
    book = Book(
        resources={"A": 0, "G1": 100, "G2": 100},
        pools={"loan:L": Pool(guarantors={"G1": 10, "G2": 1000})},
        loans=[("L", "A", "loan:L", 60)],
    )
    cascade = run_cascade(book.portfolio(), ["A"])
    found = [tuple(row) for row in cascade.payments.itertuples(index=False)]
    assert found == [("G1", "loan:L", 10, 1, "A"), ("G2", "loan:L", 30, 1, "A"), ("G2", "loan:L", 20, 2, "A")]
    assert cascade.rounds == (("A",),)


def test_a_member_that_fails_two_rounds_later_keeps_its_true_round():
    """G1's cap sends 20 more to G2 in round 2, which it has not: rounds 0 and 2, listed without the empty one."""
    book = Book(
        resources={"A": 0, "G1": 100, "G2": 35},
        pools={"loan:L": Pool(guarantors={"G1": 10, "G2": 1000})},
        loans=[("L", "A", "loan:L", 60)],
    )
    cascade = run_cascade(book.portfolio(), ["A"])
    assert cascade.rounds == (("A",), ("G2",))
    assert row_of(cascade, "G2")["round"] == 2
    assert cascade.bank_loss_fen == 15


def test_a_customer_that_fails_takes_the_cash_before_any_call():
    """S loses 6 of 5 and fails without paying a call; T and U share its loan of 8."""
    book = Book(
        resources={"S": 5, "B": 0, "T": 9, "U": 9},
        pools={"circle:C": Pool(guarantors=dict.fromkeys("STU"))},
        loans=[(f"L{m}", m, "circle:C", 8) for m in "STU"],
        receivables=[("S", "B", 6)],
    )
    cascade = run_cascade(book.portfolio(), ["B"])
    found = row_of(cascade, "S")
    assert (found["cause"], found["hit_by"], found["trade_loss_fen"], found["paid_fen"]) == ("receivable", "B", 5, 0)
    assert cascade.members.set_index("member_id")["paid_fen"].to_dict() == {"B": 0, "S": 0, "T": 4, "U": 4}
    assert cascade.loss_without_guarantee_fen == 0


def test_a_supplier_that_survives_is_hurt():
    book = Book(resources={"S": 7, "B": 0}, receivables=[("S", "B", 6)])
    cascade = run_cascade(book.portfolio(), ["B"], Terms(receivable_recovery_rate=0.5))
    found = row_of(cascade, "S")
    assert (found["state"], found["trade_loss_fen"], found["left_fen"]) == ("hurt", 3, 4)
    assert pd.isna(found["round"])
    assert pd.isna(found["cause"])


def test_a_trade_loss_and_a_call_in_the_same_round_both_count_as_hits():
    """S has 10: B's failure costs it 6, the call for A's loan of 8 is more than the 4 that are left."""
    book = Book(
        resources={"S": 10, "B": 0, "A": 0},
        pools={"circle:C": Pool(guarantors={"A": None, "S": None})},
        loans=[("L", "A", "circle:C", 8)],
        receivables=[("S", "B", 6)],
    )
    found = row_of(run_cascade(book.portfolio(), ["A", "B"]), "S")
    assert (found["cause"], found["hit_by"]) == ("call", "A;B")
    assert (found["trade_loss_fen"], found["paid_fen"], found["called_fen"], found["left_fen"]) == (6, 4, 8, 0)


def test_nobody_defaulting_costs_nothing():
    cascade = run_cascade(circle_of([100] * 3, [0, 10, 10]).portfolio(), [])
    assert cascade.rounds == ((),)
    assert (cascade.bank_loss_fen, cascade.optimistic_loss_fen, cascade.conservative_loss_fen) == (0, 0, 0)
    assert (cascade.members["state"] == "untouched").all()
    assert cascade.payments.empty
    assert cascade.panic == ("M0", "M1", "M2")


def test_the_deposit_pays_before_members_and_the_risk_pool_last():
    book = circle_of([100] * 3, [0, 20, 20])
    book.pools["circle:C"].deposit = 40
    cascade = run_cascade(book.portfolio(), ["M0"], Terms(cross_default=False, risk_pool_fen=15))
    assert (cascade.deposit_used_fen, cascade.guarantor_paid_fen) == (40, 40)
    assert (cascade.risk_pool_used_fen, cascade.bank_loss_fen) == (15, 5)
    assert cascade.circles.to_dict("records") == [
        {"id": "C", "shortfall_fen": 100, "deposit_used_fen": 40, "paid_fen": 40, "bank_loss_fen": 20}
    ]
    assert (cascade.optimistic_loss_fen, cascade.loss_without_guarantee_fen) == (5, 100)
    assert_law(cascade)


def test_the_threshold_settlement_tells_the_same_things_by_its_own_rules():
    """50 are asked of each: M1 has 30, fails and pays nothing; then M2 alone is asked for 200 and fails."""
    book = circle_of([100] * 3, [0, 30, 60])
    cascade = run_cascade(book.portfolio(), ["M0"], Terms(settlement="threshold", recovery_rate=0.0))
    assert cascade.rounds == (("M0",), ("M1",), ("M2",))
    assert (cascade.bank_loss_fen, cascade.guarantor_paid_fen) == (300, 0)
    assert cascade.members["called_fen"].tolist() == [0, 50, 200]
    assert cascade.members["hit_by"].tolist() == ["", "M0", "M0;M1"]
    assert_law(cascade)


def test_threshold_survivors_pay_what_their_caps_allow():
    book = Book(
        resources={"A": 0, "G1": 100, "G2": 100},
        pools={"loan:L": Pool(guarantors={"G1": 10, "G2": 30})},
        loans=[("L", "A", "loan:L", 60)],
    )
    cascade = run_cascade(book.portfolio(), ["A"], Terms(settlement="threshold"))
    assert (cascade.bank_loss_fen, cascade.members["paid_fen"].tolist()) == (20, [0, 10, 30])
    assert cascade.payments["round"].tolist() == [1, 1]
    assert_law(cascade)


def test_payers_may_claim_from_the_borrower_and_from_each_other():
    """M1 pays 60 and M2 all of its 40 for M0's 100: equal parts are 50, so M2 owes M1 10 of them."""
    cascade = run_cascade(circle_of([100] * 3, [0, 60, 40]).portfolio(), ["M0"], Terms(cross_default=False))
    assert set(cascade.payments["on_behalf_of"]) == {"M0"}
    assert cascade.recourse.to_numpy().tolist() == [
        ["M1", "M0", "circle:C", "borrower", 60],
        ["M1", "M2", "circle:C", "co_guarantor", 10],
        ["M2", "M0", "circle:C", "borrower", 40],
    ]


def test_claims_follow_the_borrowers_that_had_failed_when_it_was_paid():
    """Round 1 calls for M0 alone, round 2 for M0 and M1, of whose loans 20 and 60 are then outstanding."""
    cascade = run_cascade(circle_of([60, 60, 0], [0, 10, 200]).portfolio(), ["M0"])
    paid = cascade.payments[["payer_id", "amount_fen", "round", "on_behalf_of"]].to_numpy().tolist()
    assert paid == [["M1", 10, 1, "M0"], ["M2", 30, 1, "M0"], ["M2", 80, 2, "M0;M1"]]
    claims = cascade.recourse.query("creditor_id == 'M2' and claim == 'borrower'")
    assert claims[["debtor_id", "amount_fen"]].to_numpy().tolist() == [["M0", 50], ["M1", 60]]


def test_nobody_bears_more_than_its_cap_among_guarantors():
    """Equal parts of 60 would be 30, but A answers for 10 only: B's part is 50, so B has nothing to claim from A."""
    book = Book(
        resources={"D": 0, "A": 100, "B": 100},
        pools={"loan:L": Pool(guarantors={"A": 10, "B": 90})},
        loans=[("L", "D", "loan:L", 60)],
    )
    assert set(run_cascade(book.portfolio(), ["D"]).recourse["claim"]) == {"borrower"}


def test_why_leads_back_to_the_first_defaulter():
    """M0 brings M1 down, both together M2; M3 of another circle has no part in it."""
    book = join_books([circle_of([100] * 3, [0, 30, 60]), Book(resources={"X": 5}, pools={}, loans=[])])
    cascade = run_cascade(book.portfolio(), ["M0"], Terms(settlement="threshold"))
    assert cascade.why("M2")[["round", "member_id", "hit_by"]].to_numpy().tolist() == [
        [0, "M0", ""],
        [1, "M1", "M0"],
        [2, "M2", "M0;M1"],
    ]
    assert cascade.why("M1")["member_id"].tolist() == ["M0", "M1"]
    assert cascade.why("X")["state"].tolist() == ["untouched"]
    with pytest.raises(InputError, match="'nobody' is no member of the portfolio"):
        cascade.why("nobody")


def assert_claims(cascade) -> None:
    """Borrowers owe all that was paid for them; guarantors of one pool end up with equal parts, but for caps."""
    claims, payments = cascade.recourse, cascade.payments
    of_borrowers = claims[claims["claim"] == "borrower"]
    for key in ("pool_id", ["creditor_id", "pool_id"]):
        other = "pool_id" if key == "pool_id" else ["payer_id", "pool_id"]
        assert of_borrowers.groupby(key)["amount_fen"].sum().to_dict() == (
            payments.groupby(other)["amount_fen"].sum().to_dict()
        )
    failed = set(cascade.members.loc[cascade.members["round"].notna(), "member_id"])
    assert set(of_borrowers["debtor_id"]) <= failed
    assert (claims["amount_fen"] > 0).all()
    assert (claims["creditor_id"] != claims["debtor_id"]).all()


def draw_many(rng: np.random.Generator, *, unit: int) -> tuple[Book, list[str]]:
    """Forty small books in one portfolio, and first defaulters in each."""
    books = [draw_book(rng, prefix=f"{k:02d}.", unit=unit) for k in range(40)]
    return join_books(books), [member for book in books for member in draw_defaulters(rng, book)]


@pytest.mark.parametrize("settlement", ["waterfall", "threshold"])
@pytest.mark.parametrize("share", ["equal", "loan", "resources", "able"])
def test_the_law_holds_in_whole_fen_under_any_terms(share, settlement):
    book, first = draw_many(np.random.default_rng(7), unit=33)
    terms = Terms(settlement=settlement, share=share, recovery_rate=0.3, contagious_recovery_rate=0.7, risk_pool_fen=40)
    cascade = run_cascade(book.portfolio(), first, terms)
    assert_law(cascade)
    assert_claims(cascade)
    assert cascade.optimistic_loss_fen <= cascade.bank_loss_fen
    assert (cascade.conservative_loss_fen is None) == (share != "equal")
    members = cascade.members[cascade.members["state"] != "first"].set_index("member_id")
    spent = members["paid_fen"] + members["trade_loss_fen"] + members["left_fen"]
    resources = pd.Series(book.resources)[members.index]
    failed = members["state"] == "contagious"
    assert (spent[~failed] == resources[~failed]).all()
    assert (spent[failed] <= resources[failed]).all()
    if settlement == "waterfall":
        assert (spent[failed] == resources[failed]).all()


def test_the_order_of_rows_changes_nothing():
    rng = np.random.default_rng(11)
    book, first = draw_many(rng, unit=7)
    terms = Terms(share="resources", recovery_rate=1 / 3)
    one = run_cascade(book.portfolio(), first, terms)
    other = run_cascade(book.portfolio(order=rng), first[::-1], terms)
    assert (one.rounds, one.bank_loss_fen, one.panic) == (other.rounds, other.bank_loss_fen, other.panic)
    for name in COLUMNS:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_a_first_defaulter_named_twice_counts_once():
    portfolio = circle_of([100] * 3, [0, 60, 60]).portfolio()
    assert run_cascade(portfolio, ["M0", "M0"]).rounds == run_cascade(portfolio, ["M0"]).rounds == (("M0",),)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["M9"], "first defaulter 'M9' not found among the 2 members"),
        ("M0", "must be a list of member ids, got the text 'M0'"),
        (None, "must be a list of member ids, such as .*, got None"),
        ([0], "must be member ids as text, got 0"),
    ],
)
def test_first_defaulters_that_are_not_members_are_refused(given, message):
    with pytest.raises(InputError, match=message):
        run_cascade(circle_of([1, 1], [0, 0]).portfolio(), given)


def test_hostile_ids_stay_text():
    evil = '<script>alert("M;0")</script>\n{x}'
    ids = [evil, "NA", "'; DROP TABLE members; --"]
    portfolio = Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "resources_fen": [0, 1, 1]}),
        circles=pd.DataFrame({"circle_id": ["circle:C"]}),
        circle_members=pd.DataFrame({"circle_id": ["circle:C"] * 3, "member_id": ids}),
        loans=pd.DataFrame({"loan_id": ["L"], "borrower_id": [evil], "balance_fen": [4], "circle_id": ["circle:C"]}),
    )
    cascade = run_cascade(portfolio, [evil])
    assert cascade.rounds == ((evil,), tuple(sorted(ids[1:])))
    assert cascade.circles["id"].tolist() == ["circle:C"]
    assert cascade.pools["id"].tolist() == ["circle:circle:C"]
    assert "bank loss 0.02 yuan" in str(cascade)


def test_it_knows_what_it_was_computed_from_and_does_not_change():
    portfolio = circle_of([100] * 3, [0, 60, 60]).portfolio()
    cascade = run_cascade(portfolio, ["M0"])
    assert (cascade.terms, cascade.portfolio_digest, cascade.as_of) == (Terms(), portfolio.digest(), portfolio.as_of)
    with pytest.raises(FrozenInstanceError):
        cascade.bank_loss_fen = 0


def test_it_prints_the_answer_first():
    text = str(run_cascade(circle_of([100_00] * 4, [0, 30_00, 40_00, 40_00]).portfolio(), ["M0"]))
    assert text.splitlines() == [
        "Cascade at 2007-12-29 (waterfall): 1 first default, 3 more in 2 rounds",
        "bank loss 290.00 yuan (at least 0.00, at most 400.00); without guarantees 100.00",
        "recovered 0.00, deposits 0.00, guarantors paid 110.00, risk pool 0.00",
        "0% of the loss rests on estimated resources; 0 of 3 members reached have such",
    ]


@pytest.mark.parametrize(
    ("estimated", "share", "members"),
    [("M1", 0.75, 1), ("M4", 0.25, 1), ("M1 M4", 1.0, 2), ("M5", 0.0, 0)],
)
def test_it_says_what_rests_on_estimates(estimated, share, members):
    """M0 leaves 90 of 150 in its circle with M1, who has 60; its buyer M4 fails by it and leaves 30 unsecured.

    A loss of 120 in all. M1 stands for the 90; M4's loan rests on its own resources.
    """
    ids = [f"M{i}" for i in range(6)]
    source = ["estimated" if member in estimated.split() else "declared" for member in ids]
    portfolio = Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "resources_fen": [0, 60, 9, 9, 10, 9], "resources_source": source}),
        circles=pd.DataFrame({"circle_id": ["C"]}),
        circle_members=pd.DataFrame({"circle_id": ["C", "C"], "member_id": ["M0", "M1"]}),
        loans=pd.DataFrame(
            {"loan_id": ["L0", "L4"], "borrower_id": ["M0", "M4"], "balance_fen": [150, 30], "circle_id": ["C", None]}
        ),
        receivables=pd.DataFrame({"supplier_id": ["M4"], "buyer_id": ["M0"], "amount_fen": [50]}),
    )
    cascade = run_cascade(portfolio, ["M0"])
    assert cascade.bank_loss_fen == 120
    assert cascade.estimated_share == share
    assert (cascade.estimated_members, cascade.reached) == (members, 2)


@pytest.mark.parametrize("settlement", ["waterfall", "threshold"])
def test_who_loses_more_by_paying_than_by_failing_refuses_and_keeps_its_money(settlement):
    book = circle_of([90, 40, 40, 40], [0, 100, 100, 100]).portfolio()
    refusing = run_cascade(book, ["M0"], terms=Terms(settlement=settlement, willingness=0.29))
    assert refusing.rounds == (("M0",), ("M1", "M2", "M3"))
    assert refusing.members["cause"].tolist()[1:] == ["refusal"] * 3
    assert refusing.members["hit_by"].tolist()[1:] == ["M0"] * 3
    assert refusing.members["left_fen"].tolist() == [0, 100, 100, 100]
    assert (refusing.bank_loss_fen, refusing.optimistic_loss_fen) == (210, 0)
    paying = run_cascade(book, ["M0"], terms=Terms(settlement=settlement, willingness=0.3))
    assert (paying.bank_loss_fen, paying.rounds) == (0, (("M0",),))


def test_what_was_paid_before_counts_when_a_member_refuses():
    book = circle_of([40, 20, 0], [0, 19, 100]).portfolio()
    refusing = run_cascade(book, ["M0"], terms=Terms(willingness=0.3))
    found = refusing.members.set_index("member_id").loc["M2"]
    assert (found["cause"], found["round"], found["paid_fen"], found["left_fen"]) == ("refusal", 2, 20, 80)
