"""Flags: what a person is shown, and what an honest circle does not raise."""

import numpy as np
import pandas as pd
import pytest
from forming_book import YUAN, book

from circles.matching import MatchingRules, check_proposal, form_circles
from circles.matching.rules.flags import FLAG_RULES, CircleTies

RULES = MatchingRules()
APPLIED = "2007-12-01"


def ties(
    *, traded: int = 0, smaller: int = 0, met: tuple[str, str, str] = ("2001-01-01",) * 3, sold: tuple[int, ...] = ()
) -> CircleTies:
    """A, B and C, who all know each other; A and B traded; met on: A–B, A–C, B–C; all applied on 2007-12-01."""

    def square(first: object, second: object, third: object, dtype: str) -> np.ndarray:
        whole = np.zeros((3, 3), dtype=dtype)
        for (i, j), value in zip(((0, 1), (0, 2), (1, 2)), (first, second, third), strict=True):
            whole[i, j] = whole[j, i] = np.array(value, dtype=dtype)
        return whole

    return CircleTies(
        members=("A", "B", "C"),
        known=square(True, True, True, "bool"),
        traded_fen=square(traded, 0, 0, "int64"),
        smaller_fen=square(smaller, 0, 0, "int64"),
        met_on=square(*met, "M8[D]"),
        applied_on=np.array([APPLIED] * 3, dtype="M8[D]"),
        sold_fen={f"K{at}": amount for at, amount in enumerate(sold)},
        sales_fen=1_000,
    )


def noticed(case: CircleTies, rules: MatchingRules = RULES) -> dict[str, list[tuple[str, ...]]]:
    found = {code: [flag.members for flag in rule(case, rules)] for code, rule in FLAG_RULES.items()}
    return {code: members for code, members in found.items() if members}


@pytest.mark.parametrize(("smaller", "flagged"), [(40, False), (41, True)])
def test_flow_is_reciprocal_above_four_fifths_of_what_is_possible(smaller: int, flagged: bool):
    """Of 100 fen, 41 in the smaller direction are 82 % of the 50 that would be even."""
    assert noticed(ties(traded=100, smaller=smaller)) == ({"reciprocal_flow": [("A", "B")]} if flagged else {})


@pytest.mark.parametrize(("met", "flagged"), [("2007-09-02", False), ("2007-09-03", True), ("NaT", False)])
def test_contact_is_recent_within_ninety_days_of_the_application(met: str, flagged: bool):
    case = ties(met=(met, "2001-01-01", "2001-01-01"))
    assert noticed(case) == ({"recent_contact": [("A", "B")]} if flagged else {})


def test_a_clique_is_new_when_all_of_three_met_within_half_a_year():
    assert noticed(ties(met=("2007-06-05", "2007-07-01", "2007-08-01"))) == {"new_clique": [("A", "B", "C")]}
    assert noticed(ties(met=("2007-06-04", "2007-07-01", "2007-08-01"))) == {}


@pytest.mark.parametrize(("sold", "flagged"), [((300, 300), False), ((301, 1), True), ((), False)])
def test_one_buyer_may_take_three_tenths_of_the_sales(sold: tuple[int, ...], flagged: bool):
    assert noticed(ties(sold=sold)) == ({"one_buyer": [()]} if flagged else {})


def test_each_flag_can_be_switched_off():
    case = ties(traded=100, smaller=50, met=("2007-11-01",) * 3, sold=(900,))
    assert set(noticed(case)) == set(FLAG_RULES)
    off = MatchingRules(
        flag_reciprocal_share=None, flag_contact_days=None, flag_clique_days=None, flag_buyer_share=None
    )
    assert noticed(case, off) == {}


def test_a_proposal_shows_its_flags_and_scores_as_without_them():
    trades = pd.DataFrame(
        {"seller_id": ["M1", "M2"], "buyer_id": ["M2", "M1"], "period": "2007-11", "amount_fen": [900, 1_000]}
    )
    portfolio = book(3, trades=trades, applications={"applied_on": "2007-12-20"})
    declared = portfolio.acquaintances.assign(since="1999-01-01")
    proposal = form_circles(portfolio.replace(acquaintances=declared))
    assert proposal.flags[["circle_id", "flag", "members"]].to_numpy().tolist() == [
        ["C00001", "reciprocal_flow", "M1 M2"],
        ["C00001", "one_buyer", ""],
    ]
    assert "9.00 of 19.00 yuan went the other way" in proposal.flags["detail"].iloc[0]
    assert "53% of the circle's sales of 19.00 yuan go to M1" in proposal.flags["detail"].iloc[1]
    assert "flags for a person to look at 2" in str(proposal)
    assert proposal.score == form_circles(portfolio.replace(trades=trades.head(0), acquaintances=declared)).score


def test_a_contact_without_a_date_may_be_old_and_a_later_one_counts_from_its_first_trade():
    trades = pd.DataFrame({"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-11"], "amount_fen": [100]})
    asked = {"applied_on": "2007-12-20"}
    assert "recent_contact" not in set(form_circles(book(3, trades=trades, applications=asked)).flags["flag"])
    known = pd.DataFrame({"member_a": ["M2", "M2"], "member_b": ["M1", "M3"], "since": ["2007-12-01", "1999-01-01"]})
    proposal = form_circles(book(3, trades=trades, applications=asked).replace(acquaintances=known))
    flags = proposal.flags.set_index("flag")
    assert flags.loc["recent_contact", "members"] == "M1 M2"
    assert "since 2007-11-01 only" in flags.loc["recent_contact", "detail"]


@pytest.mark.parametrize(("applied", "months"), [("2007-12-20", 1), ("2007-11-30", 0), (None, 1)])
def test_trade_earns_points_only_when_it_is_six_months_older_than_the_application(applied: str | None, months: int):
    """M1 and M2 traded in June 2007: six months before December, five before November."""
    trades = pd.DataFrame({"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-06"], "amount_fen": [100 * YUAN]})
    portfolio = book(3, known=[("M2", "M3")], trades=trades, applications={"applied_on": applied})
    proposal = form_circles(portfolio)
    terms = dict(zip(proposal.breakdown["term"], proposal.breakdown["points"], strict=True))
    assert len(proposal.circles) == 3, "recent trade makes them known all the same"
    assert terms.get("trade_months", 0) == round(20 * months / 12)
    assert ("trade_volume" in terms) == bool(months)
    assert check_proposal(portfolio, MatchingRules(), proposal).empty


def test_more_trade_with_one_partner_than_a_full_volume_earns_no_more():
    def volume(amount: int) -> int:
        trades = pd.DataFrame({"seller_id": ["M1"], "buyer_id": ["M2"], "period": ["2007-01"], "amount_fen": [amount]})
        proposal = form_circles(book(3, trades=trades))
        return int(proposal.breakdown.set_index("term").loc["trade_volume", "points"])

    assert volume(10**8) < volume(10**9) == volume(10**13) == 40
