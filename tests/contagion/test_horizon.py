"""Defaults over months: the waterfall in one month, and what time adds to it, on figures that fit on paper."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from settlement.exact_books import draw_book, draw_defaulters, join_books

from circles.contagion import Timetable, draw_default_months, run_cascade, run_horizon
from circles.errors import InputError
from circles.portfolio import Portfolio
from circles.settlement import SHARE_RULES, Terms

AT_ONCE = Timetable(months=1, call_delay=0, recovery_delay=0)


def circle_of(resources: list[int], loans: dict[str, int], **columns: object) -> Portfolio:
    """One circle of members M0, M1, … with these resources and loans (yuan)."""
    ids = [f"M{i}" for i in range(len(resources))]
    orders = columns.pop("draw_order", None)
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "resources_fen": [100 * yuan for yuan in resources]}),
        circles=pd.DataFrame({"circle_id": ["C"]}),
        circle_members=pd.DataFrame({"circle_id": "C", "member_id": ids, "draw_order": orders}),
        loans=pd.DataFrame(
            {
                "loan_id": list(loans),
                "borrower_id": list(loans),
                "balance_fen": [100 * yuan for yuan in loans.values()],
                "circle_id": "C",
                **columns,
            }
        ),
    )


def draw_books(count: int, rng: np.random.Generator) -> tuple[Portfolio, list[str]]:
    """Many small random books of overlapping circles, caps, deposits and trade side by side, and who defaults."""
    books = [draw_book(rng, prefix=f"{k:03d}.", unit=int(rng.choice([1, 7, 100]))) for k in range(count)]
    first = [member for book in books for member in draw_defaulters(rng, book)]
    return join_books(books).portfolio(order=rng), first


def draw_terms(rng: np.random.Generator, share: str) -> Terms:
    return Terms(
        share=share,
        recovery_rate=float(rng.choice([0.0, 0.25, 0.375])),
        contagious_recovery_rate=None if rng.random() < 0.5 else 0.5,
        receivable_recovery_rate=float(rng.choice([0.0, 0.5, 1.0])),
        cross_default=bool(rng.random() < 0.7),
        risk_pool_fen=int(rng.choice([0, 150])),
    )


@pytest.mark.parametrize("share", SHARE_RULES)
def test_one_month_without_delays_is_the_waterfall(share: str):
    """Every amount of every member and pool of 120 random books, on three sets of terms."""
    rng = np.random.default_rng(11 + SHARE_RULES.index(share))
    columns = ["member_id", "state", "cause", "paid_fen", "trade_loss_fen", "own_shortfall_fen", "left_fen"]
    portfolio, first = draw_books(120, rng)
    for _ in range(3):
        terms = draw_terms(rng, share)
        cascade = run_cascade(portfolio, first, terms)
        horizon = run_horizon(portfolio, dict.fromkeys(first, 0), terms, timetable=AT_ONCE)
        for name in ("bank_loss_fen", "recovered_fen", "deposit_used_fen", "guarantor_paid_fen", "risk_pool_used_fen"):
            assert getattr(horizon, name) == getattr(cascade, name), (name, terms)
        assert horizon.discounted_loss_fen == cascade.bank_loss_fen
        pd.testing.assert_frame_equal(horizon.members[columns], cascade.members[columns])
        pd.testing.assert_frame_equal(horizon.pools, cascade.pools)


@pytest.mark.parametrize("share", SHARE_RULES)
def test_nothing_is_lost_or_made_over_many_months(share: str):
    rng = np.random.default_rng(31 + SHARE_RULES.index(share))
    portfolio, first = draw_books(60, rng)
    defaults = {member: int(rng.integers(0, 20)) for member in first}
    horizon = run_horizon(portfolio, defaults, draw_terms(rng, share), timetable=Timetable(months=20, recovery_delay=7))
    months, members = horizon.months, horizon.members
    used = horizon.recovered_fen + horizon.deposit_used_fen + horizon.guarantor_paid_fen
    assert horizon.exposure_fen == used + horizon.risk_pool_used_fen + horizon.bank_loss_fen
    assert months["exposure_fen"].sum() == horizon.exposure_fen
    assert months["paid_fen"].sum() == members["paid_fen"].sum() == horizon.guarantor_paid_fen > 0
    assert months["recovered_fen"].sum() + horizon.recovered_later_fen == horizon.recovered_fen
    assert months["deposit_used_fen"].sum() == horizon.deposit_used_fen > 0
    assert horizon.discounted_loss_fen == horizon.bank_loss_fen, "at a rate of 0"
    had = portfolio.members.set_index("member_id")["resources_fen"].loc[members["member_id"]].to_numpy()
    spent = members[["paid_fen", "trade_loss_fen", "left_fen"]].sum(axis=1).to_numpy(np.int64)
    lived = (members["state"] != "first").to_numpy()
    assert (spent[lived] == (had + members["income_fen"].to_numpy())[lived]).all()


def test_calls_come_after_90_days_and_are_paid_from_later_income():
    """M1 has 60 and earns 5 a month: at month 3 it pays 75 of 100 and falls, then 5 a month until all is paid."""
    horizon = run_horizon(circle_of([0, 60], {"M0": 100}), {"M0": 0}, timetable=Timetable(months=12))
    paid = horizon.months["paid_fen"].to_list()
    assert paid == [0, 0, 0, 75_00, 5_00, 5_00, 5_00, 5_00, 5_00, 0, 0, 0]
    assert horizon.months["called_fen"].to_list()[2:6] == [0, 100_00, 25_00, 20_00]
    m1 = horizon.members.iloc[1]
    assert (m1.state, m1.month, m1.cause) == ("contagious", 3, "call")
    assert (m1.paid_fen, m1.left_fen, m1.income_fen) == (100_00, 15_00, 55_00)
    assert horizon.bank_loss_fen == 0
    assert "0.00 yuan" in str(horizon)


def test_who_has_failed_may_pay_with_less_or_nothing():
    kept = Timetable(months=12, income_of_failed=0.0)
    assert run_horizon(circle_of([0, 60], {"M0": 100}), {"M0": 0}, timetable=kept).bank_loss_fen == 25_00


def test_stated_income_goes_before_a_twelfth_of_resources():
    portfolio = circle_of([0, 60], {"M0": 100})
    stated = run_horizon(portfolio, {"M0": 0}, timetable=Timetable(months=12), monthly_income={"M1": 20_00})
    assert stated.members["state"].to_list() == ["first", "paid"], "60 and 3 × 20 are enough at once"


def test_recoveries_arrive_late_and_count_less():
    """A quarter of 100 arrives after 18 months, when an amount is worth 1.1^-1.5 of itself."""
    terms, timetable = Terms(recovery_rate=0.25), Timetable(months=24, discount_rate=0.1)
    horizon = run_horizon(circle_of([0, 0], {"M0": 100}), {"M0": 0}, terms, timetable=timetable)
    assert horizon.months["recovered_fen"].to_list().index(25_00) == 18
    assert horizon.bank_loss_fen == 75_00
    assert horizon.discounted_loss_fen == round(100_00 - 25_00 * 1.1**-1.5)
    short = run_horizon(
        circle_of([0, 0], {"M0": 100}), {"M0": 0}, terms, timetable=Timetable(months=6, discount_rate=0.1)
    )
    assert (short.recovered_later_fen, short.discounted_loss_fen) == (25_00, horizon.discounted_loss_fen)


def test_a_loan_that_was_repaid_on_its_day_is_not_owed():
    """Due on 15 March: owed in month 3, which begins on 29 March, and repaid by whoever lives then."""
    portfolio = circle_of([0, 0], {"M0": 100}, due_on=pd.to_datetime(["2008-03-15"]))
    losses = [run_horizon(portfolio, {"M0": month}).bank_loss_fen for month in (0, 3, 4)]
    assert losses == [100_00, 100_00, 0]


def test_a_loan_that_was_overdue_stays_owed():
    portfolio = circle_of([0, 0], {"M0": 100}, due_on=pd.to_datetime(["2007-12-01"]))
    assert run_horizon(portfolio, {"M0": 30}).bank_loss_fen == 100_00


def test_members_draw_in_turn_and_a_failure_stops_the_rest():
    """M0, M1 and M2 draw every six months; M0 falls in month 7, so that M2, which lives, never draws."""
    portfolio = circle_of([0, 0, 1000], {"M0": 100, "M1": 100, "M2": 100}, draw_order=[1, 2, 3])
    defaults = {"M0": 7, "M1": 20, "M2": 20}
    assert run_horizon(portfolio, defaults).exposure_fen == 300_00
    assert run_horizon(portfolio, defaults, timetable=Timetable(draw_interval=6)).exposure_fen == 200_00
    in_time = run_horizon(portfolio, defaults | {"M0": 13}, timetable=Timetable(draw_interval=6))
    assert in_time.exposure_fen == 300_00, "M2 had drawn in month 12"


def test_who_fell_by_a_receivable_and_pays_later_still_fell_by_it():
    """B owes S 50; S has 24, earns 2 a month and stands for B's loan with all that it earns after its fall."""
    portfolio = Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ["B", "S"], "resources_fen": [0, 24_00]}),
        loans=pd.DataFrame({"loan_id": ["L"], "borrower_id": ["B"], "balance_fen": [100_00]}),
        guarantees=pd.DataFrame(
            {"guarantee_id": ["1"], "guarantor_id": ["S"], "borrower_id": ["B"], "amount_fen": [100_00]}
        ),
        receivables=pd.DataFrame({"supplier_id": ["S"], "buyer_id": ["B"], "amount_fen": [50_00]}),
    )
    horizon = run_horizon(portfolio, {"B": 0}, timetable=Timetable(months=12))
    s = horizon.members.iloc[1]
    assert (s.state, s.month, s.cause) == ("contagious", 0, "receivable")
    assert (s.trade_loss_fen, s.paid_fen, s.left_fen) == (24_00, 22_00, 0)


def guaranteed_until(claim_until: str | None) -> Portfolio:
    """G, with 30 and 2.50 a month, stands for all of B's 100."""
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ["B", "G"], "resources_fen": [0, 30_00]}),
        loans=pd.DataFrame(
            {
                "loan_id": ["L"],
                "borrower_id": ["B"],
                "balance_fen": [100_00],
                "due_on": pd.to_datetime(["2008-04-29"]),
            }
        ),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["1"],
                "guarantor_id": ["G"],
                "borrower_id": ["B"],
                "amount_fen": [100_00],
                "claim_until": pd.to_datetime([claim_until]),
            }
        ),
    )


def test_a_guarantee_is_called_until_its_last_day():
    """Called in month 3 or not at all; what was called in time stays owed."""
    timetable = Timetable(months=36)
    late = run_horizon(guaranteed_until("2008-03-28"), {"B": 0}, timetable=timetable)
    in_time = run_horizon(guaranteed_until("2008-03-29"), {"B": 0}, timetable=timetable)
    assert (late.guarantor_paid_fen, late.bank_loss_fen) == (0, 100_00)
    assert in_time.guarantor_paid_fen == 100_00
    assert in_time.months["paid_fen"].to_list()[3:5] == [37_50, 2_50]


def test_without_a_day_of_its_own_a_guarantee_ends_six_months_after_the_loan():
    """The loan is due in month 4, claims end on 29 October; a default in month 4 is called in month 7."""
    assert run_horizon(guaranteed_until(None), {"B": 4}).guarantor_paid_fen > 0
    slow = Timetable(call_delay=7)
    assert run_horizon(guaranteed_until(None), {"B": 4}, timetable=slow).guarantor_paid_fen == 0
    assert run_horizon(guaranteed_until(None), {"B": 3}, timetable=slow).guarantor_paid_fen > 0


def test_what_is_not_called_by_the_end_is_lost_less_deposits():
    portfolio = circle_of([0, 500], {"M0": 100}).replace(
        circles=pd.DataFrame({"circle_id": ["C"], "deposit_fen": [30_00]})
    )
    horizon = run_horizon(portfolio, {"M0": 10}, timetable=Timetable(months=12))
    assert (horizon.deposit_used_fen, horizon.guarantor_paid_fen, horizon.bank_loss_fen) == (30_00, 0, 70_00)
    assert horizon.months["date"].iloc[2].date() == date(2008, 2, 29)


def test_default_months_follow_the_yearly_probability():
    """Of 4,000 members at 20 % about 800 default in a year, and as many of the rest in the next."""
    ids = [f"M{i}" for i in range(4000)]
    members = pd.DataFrame({"member_id": ids, "default_probability": 0.2})
    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
    drawn = draw_default_months(portfolio, months=24, seed=7)
    years = np.bincount(np.array(list(drawn.values())) // 12)
    assert years == pytest.approx([800, 640], abs=4 * np.sqrt(4000 * 0.2 * 0.8))
    again = Portfolio.from_frames(as_of="2007-12-29", members=members.iloc[::-1].head(2000))
    assert draw_default_months(again, months=24, seed=7) == {m: t for m, t in drawn.items() if m in set(ids[2000:])}
    assert draw_default_months(portfolio, months=24, seed=8) != drawn
    assert draw_default_months(portfolio, months=24, seed=7, trial=1) != drawn


def test_a_common_factor_makes_years_differ():
    members = pd.DataFrame({"member_id": [f"M{i}" for i in range(500)], "default_probability": 0.2})
    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)

    def spread(correlation: float) -> float:
        drawn = [draw_default_months(portfolio, months=12, seed=7, trial=t, correlation=correlation) for t in range(40)]
        return float(np.std([len(months) for months in drawn]))

    assert spread(0.3) > 3 * spread(0.0)


def test_sure_and_impossible_defaults():
    members = pd.DataFrame({"member_id": ["A", "B"], "default_probability": [0.0, 1.0]})
    portfolio = Portfolio.from_frames(as_of="2007-12-29", members=members)
    assert draw_default_months(portfolio, months=600, seed=7) == {"B": 0}
    with pytest.raises(InputError, match="correlation must be at least 0 and below 1"):
        draw_default_months(portfolio, months=12, seed=7, correlation=1.0)


@pytest.mark.parametrize(
    ("defaults", "options", "message"),
    [
        ({"X": 0}, {}, "first defaulter 'X' not found"),
        ({"M0": 36}, {}, "the month of 'M0' must be from 0 to 35, got 36"),
        ({"M0": True}, {}, "the month of 'M0' must be"),
        (["M0"], {}, "defaults must be months by member id"),
        ({"M0": 0}, {"terms": Terms(settlement="threshold")}, "a horizon settles by waterfall"),
        ({"M0": 0}, {"monthly_income": {"M0": -1}}, "monthly_income must be whole fen of at least 0, got -1 for 'M0'"),
        ({"M0": 0}, {"monthly_income": {"X": 1}}, "member with income 'X' not found"),
    ],
)
def test_wrong_input_says_what_to_do(defaults, options, message):
    with pytest.raises(InputError, match=message):
        run_horizon(circle_of([0, 0], {"M0": 100}), defaults, **options)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"months": 0}, "months must be a whole number of months from 1 to 600, got 0"),
        ({"call_delay": -1}, "call_delay must be a whole number of months from 0"),
        ({"recovery_delay": 1.5}, "recovery_delay must be a whole number"),
        ({"income_of_failed": 1.1}, r"income_of_failed must be a fraction in \[0, 1\], got 1.1"),
        ({"discount_rate": float("nan")}, "discount_rate must be a fraction"),
    ],
)
def test_a_wrong_timetable_is_refused(fields, message):
    with pytest.raises(InputError, match=message):
        Timetable(**fields)
