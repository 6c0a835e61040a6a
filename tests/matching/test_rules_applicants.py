"""Rules on one applicant: each with a case that keeps it and one that breaks it."""

import pandas as pd
import pytest
from forming_book import YUAN, book

from circles.matching.rules import MatchingRules, collect_applicants, judge_applicants
from circles.portfolio import Portfolio


def judged(portfolio: Portfolio, rules: MatchingRules | None = None, *, kind: str = "acquainted") -> dict[str, str]:
    """Member id → first broken rule."""
    rules = rules or MatchingRules()
    applicants = collect_applicants(portfolio)
    broken = judge_applicants(applicants, rules, rules.limits(kind)).drop_duplicates("row")
    assert broken["detail"].str.len().gt(10).all(), "every broken rule comes with a sentence"
    return dict(zip(applicants.frame["member_id"].iloc[broken["row"]], broken["rule"], strict=True))


def circle_of(status: str | None, expires_on: str | None = None) -> dict[str, pd.DataFrame]:
    circles = pd.DataFrame({"circle_id": ["X"], "status": [status], "expires_on": [expires_on]})
    return {
        "circles": circles,
        "circle_members": pd.DataFrame({"circle_id": ["X", "X"], "member_id": ["M1", "M2"]}),
    }


def loan(**columns: object) -> dict[str, pd.DataFrame]:
    row = {"loan_id": "L1", "borrower_id": "M1", "balance_fen": 100}
    return {"loans": pd.DataFrame([{**row, **columns}])}


def test_a_firm_without_blemish_breaks_nothing():
    assert judged(book(2)) == {}


@pytest.mark.parametrize(
    ("status", "expires_on", "free"),
    [
        ("signed", None, False),
        (None, "2007-12-29", False),
        ("proposed", "2008-06-01", False),
        ("signed", "2007-12-28", True),
        ("Dissolved ", None, True),
        ("settled", "2009-01-01", True),
        ("rejected", None, True),
    ],
)
def test_members_of_an_active_circle_are_no_candidates(status: str | None, expires_on: str | None, free: bool):
    portfolio = book(3, **circle_of(status, expires_on))
    assert judged(portfolio) == ({} if free else {"M1": "in_circle", "M2": "in_circle"})
    assert judged(portfolio, MatchingRules(one_circle_per_member=False)) == {}


@pytest.mark.parametrize(("yuan", "free"), [(1, True), (2_000_000, True), (2_000_001, False), (0, False)])
def test_an_amount_is_positive_and_at_most_the_firms_limit(yuan: int, free: bool):
    portfolio = book(1, applications={"amount_fen": yuan * YUAN})
    assert judged(portfolio) == ({} if free else {"M1": "amount"})


def test_among_strangers_the_limit_is_lower():
    portfolio = book(2, applications={"amount_fen": [500_000 * YUAN, 500_001 * YUAN]})
    assert judged(portfolio, kind="strangers") == {"M2": "amount"}
    assert judged(portfolio) == {}


def test_who_asked_for_acquaintances_is_kept_from_strangers():
    portfolio = book(4, applications={"mode": ["acquainted", "strangers", "any", None]})
    assert judged(portfolio, kind="strangers") == {"M1": "wish"}
    assert judged(portfolio, MatchingRules(respect_wishes=False), kind="strangers") == {}
    assert judged(portfolio) == {}


@pytest.mark.parametrize(
    ("since", "free"), [("2006-06-29", True), ("2006-06-30", False), ("2007-12-01", False), (None, True)]
)
def test_a_firm_is_registered_for_eighteen_whole_months(since: str | None, free: bool):
    portfolio = book(1, members={"registered_on": pd.to_datetime([since])})
    assert judged(portfolio) == ({} if free else {"M1": "registered"})
    assert judged(portfolio, MatchingRules(min_months_registered=0)) == {}


@pytest.mark.parametrize(
    ("region", "city", "default", "preset", "pilot"),
    [
        ("浙江省", "杭州市", True, True, True),
        ("Zhejiang Province", "yiwu", True, True, False),
        ("浙江", "宁波市", False, False, False),
        (None, "Ningbo City", False, False, False),
        ("江苏", "苏州", True, False, False),
        (None, None, True, True, True),
    ],
)
def test_regions_are_judged_by_region_or_city(
    region: str | None, city: str | None, default: bool, preset: bool, pilot: bool
):
    portfolio = book(1, members={"region": [region], "city": [city]})
    for rules, free in (
        (MatchingRules(), default),
        (MatchingRules.preset("zhejiang-2007"), preset),
        (MatchingRules.preset("zhejiang-2007-pilot"), pilot),
        (MatchingRules(excluded_regions=()), True),
    ):
        assert judged(portfolio, rules) == ({} if free else {"M1": "region"})


def test_a_certification_that_ran_out_is_refused_and_a_missing_one_is_not_judged():
    until = pd.to_datetime(["2007-12-29", "2007-12-28", None])
    portfolio = book(3, members={"certified_until": until})
    assert judged(portfolio) == {"M2": "certified"}
    assert judged(portfolio, MatchingRules(certification_required=False)) == {}


@pytest.mark.parametrize(
    ("columns", "free"),
    [
        ({"days_overdue": 1}, False),
        ({"days_overdue": 0}, True),
        ({"grade": "substandard"}, False),
        ({"grade": "special_mention"}, True),
        ({"days_overdue": 90, "balance_fen": 0}, True),
        ({"grade": "loss", "balance_fen": 0, "accrued_interest_fen": 1}, False),
    ],
)
def test_an_open_loan_in_trouble_is_refused(columns: dict, free: bool):
    portfolio = book(2, **loan(**columns))
    assert judged(portfolio) == ({} if free else {"M1": "overdue"})
    assert judged(portfolio, MatchingRules(refuse_overdue=False)) == {}


def test_the_first_broken_rule_is_the_reason():
    portfolio = book(2, applications={"amount_fen": 0}, members={"city": "Ningbo"})
    assert judged(portfolio) == {"M1": "amount", "M2": "amount"}


def test_the_newest_application_counts():
    applications = pd.DataFrame(
        {
            "application_id": ["A9", "A1", "A2", "B1", "B2"],
            "member_id": ["M1", "M1", "M1", "M2", "M2"],
            "amount_fen": [1, 2, 3, 4, 5],
            "applied_on": [None, "2007-05-01", "2007-04-01", "2007-04-01", "2007-04-01"],
        }
    )
    portfolio = book(2).replace(applications=applications)
    assert collect_applicants(portfolio).frame["application_id"].tolist() == ["A1", "B2"]
