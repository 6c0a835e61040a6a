"""Estimated resources: the stated rule on figures that fit on paper, and what no estimate may do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circles import InputError, Portfolio, estimate_resources, run_cascade
from circles.estimate import ResourceRule
from circles.settlement import build_obligations

SALES, CAPITAL = "annual_sales_fen", "registered_capital_fen"
PLAIN = ResourceRule(
    buffer_days=36.5, cash_margin=0.1, liquid_capital_share=0.5, outside_debt_share=0.5, interest_rate=0.1
)
"""Of sales a fifth, of capital and of outside debt half, a tenth of loans as interest."""


def book(loans: list[dict] | None = None, **columns: list) -> Portfolio:
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame({"member_id": [f"M{row}" for row in range(count)], **columns})
    tables = {"loans": pd.DataFrame(loans).assign(loan_id=[f"L{row}" for row in range(len(loans))])} if loans else {}
    return Portfolio.from_frames(as_of="2007-12-29", members=frame, **tables)


def estimated(portfolio: Portfolio, rule: ResourceRule = PLAIN) -> list:
    found = estimate_resources(portfolio, rule).portfolio.members["resources_fen"]
    return [None if pd.isna(amount) else int(amount) for amount in found]


def test_the_smaller_of_sales_and_capital_counts_and_either_alone_will_do():
    portfolio = book(**{SALES: [1000, 1000, 1000, None], CAPITAL: [100, 1000, None, 300]})
    estimate = estimate_resources(portfolio, PLAIN)
    assert estimated(portfolio) == [50, 200, 200, 150]
    assert estimate.members["basis"].tolist() == ["sales_and_capital"] * 2 + ["sales", "capital"]


def test_net_assets_stand_in_for_capital_and_debts_beyond_assets_leave_nothing():
    assert estimated(book(**{SALES: [1000, 1000], CAPITAL: [400, 400], "net_assets_fen": [100, -5]})) == [50, 0]


def test_debt_is_served_first():
    """Of 200 from sales: 30 of stated service; half of 100 outside; both, though the service is above the funds."""
    columns = {"annual_debt_service_fen": [30, None, 250], "other_debt_fen": [None, 100, 100]}
    assert estimated(book(**{SALES: [1000] * 3}, **columns)) == [170, 150, 0]


def test_interest_on_loans_in_the_book_counts_where_no_service_is_stated():
    """10 % of 400 where no rate is stated, 5 % where one is, and what is open already; a stated service stands."""
    loans = [
        {"borrower_id": "M0", "balance_fen": 400},
        {"borrower_id": "M0", "balance_fen": 400, "annual_rate": 0.05, "accrued_interest_fen": 3},
        {"borrower_id": "M1", "balance_fen": 400},
    ]
    assert estimated(book(loans, **{SALES: [1000, 1000], "annual_debt_service_fen": [None, 7]})) == [137, 193]


@pytest.mark.parametrize(
    ("loan", "amount"),
    [({"days_overdue": 91}, 0), ({"grade": "substandard"}, 0), ({"days_overdue": 90}, 200), ({"grade": "normal"}, 200)],
)
def test_who_owes_a_bad_loan_has_nothing_to_spare(loan, amount):
    assert estimated(book([{"borrower_id": "M0", "balance_fen": 0, **loan}], **{SALES: [1000]})) == [amount]


def test_what_is_stated_stays_and_what_is_filled_is_marked():
    columns = {"resources_fen": [7, None, None], "resources_source": ["verified", "declared", None]}
    members = estimate_resources(book(**{SALES: [1000, 1000, None]}, **columns), PLAIN).portfolio.members
    assert members["resources_fen"].tolist() == [7, 200, pd.NA]
    assert members["resources_source"].fillna("none").tolist() == ["verified", "estimated", "none"]


def test_what_cannot_be_estimated_stays_empty_and_is_told_with_ids_and_counts():
    estimate = estimate_resources(book(**{SALES: [None] * 7 + [1000], "resources_fen": [None] * 7 + [1]}))
    assert estimate.portfolio.members["resources_fen"].isna().sum() == 7
    assert estimate.left_empty.tolist() == [f"M{row}" for row in range(7)]
    assert str(estimate).splitlines() == [
        "resources: missing for 7 of 8 members; 0 estimated, 7 left empty",
        "          7  no_basis: neither sales nor capital is stated",
        "  left empty: 'M0', 'M1', 'M2', 'M3', 'M4' …",
    ]


def test_nothing_missing_gives_back_the_portfolio_itself():
    portfolio = book(resources_fen=[1, 2])
    assert estimate_resources(portfolio).portfolio is portfolio
    assert len(estimate_resources(portfolio).members) == 0


def test_an_engine_refuses_the_empty_ones_with_words_that_lead_here():
    portfolio = book(**{SALES: [1000, 1000, None], "resources_fen": [1, None, None]})
    with pytest.raises(InputError, match="2 of 3 members have no resources; fill them, or run circles estimate"):
        build_obligations(portfolio)
    with pytest.raises(InputError, match="1 of 3 members"):
        build_obligations(estimate_resources(portfolio).portfolio)


def test_results_say_what_rests_on_the_estimates():
    """M1's estimate of 200 pays part of M0's 500."""
    whole = estimate_resources(book([{"borrower_id": "M0", "balance_fen": 500}], **{SALES: [None, 1000]}), PLAIN)
    members = whole.portfolio.members.assign(resources_fen=whole.portfolio.members["resources_fen"].fillna(0))
    promise = {"guarantee_id": ["G"], "guarantor_id": ["M1"], "borrower_id": ["M0"], "amount_fen": [500]}
    cascade = run_cascade(whole.portfolio.replace(members=members, guarantees=pd.DataFrame(promise)), ["M0"])
    assert (cascade.bank_loss_fen, cascade.estimated_share, cascade.estimated_members) == (300, 1.0, 1)


@pytest.mark.parametrize(
    ("name", "value"), [("buffer_days", 366), ("cash_margin", -0.1), ("interest_rate", "much"), ("buffer_days", np.nan)]
)
def test_a_parameter_out_of_range_is_refused(name, value):
    with pytest.raises(InputError, match=f"the rule's {name} must be a number from 0 to"):
        ResourceRule(**{name: value})


money = st.integers(0, 10**15)
facts_of = (SALES, CAPITAL, "other_debt_fen", "annual_debt_service_fen")
facts = st.fixed_dictionaries(dict.fromkeys(facts_of, money))


@settings(deadline=None, max_examples=15)
@given(rows=st.lists(st.tuples(facts, st.sampled_from([SALES, CAPITAL]), money), min_size=1, max_size=20))
def test_more_sales_or_capital_never_mean_less_and_more_debt_never_means_more(rows):
    """Each firm three times: with more outside debt, as it is, and with more sales or capital."""
    firms = []
    for firm, column, more in rows:
        worse = {**firm, "other_debt_fen": min(10**15, firm["other_debt_fen"] + more)}
        firms += [worse, firm, {**firm, column: min(10**15, firm[column] + more)}]
    found = estimated(book(**{name: [firm[name] for firm in firms] for name in facts_of}), ResourceRule())
    less, amount, most = (np.array(found[start::3]) for start in range(3))
    assert ((less >= 0) & (less <= amount) & (amount <= most)).all()
    assert (amount <= [firm[SALES] for firm, _, _ in rows]).all(), "15 days and 3 % of sales are less than the sales"
