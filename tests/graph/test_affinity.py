"""The trade graph, on trade whose sums fit on paper."""

import numpy as np
import pandas as pd
import pytest

from circles.errors import InputError
from circles.graph.affinity import declared_pairs, measure_affinities, share_of_common_customers, sum_trade
from circles.portfolio import Portfolio

IDS = ["A", "B", "C", "D"]


def trading(*sales: tuple[str, str, str, int], **tables: pd.DataFrame) -> Portfolio:
    """Members A, B, C, D at the end of 2007 with sales (seller, buyer, month, yuan)."""
    trades = pd.DataFrame(sales, columns=["seller_id", "buyer_id", "period", "amount_fen"])
    trades["amount_fen"] *= 100
    members = tables.pop("members", pd.DataFrame({"member_id": IDS}))
    return Portfolio.from_frames(as_of="2007-12-29", members=members, trades=trades, **tables)


def everybody(portfolio: Portfolio) -> np.ndarray:
    return np.arange(len(portfolio.members))


def test_trade_of_both_directions_is_added_up_by_pair():
    portfolio = trading(("B", "A", "2007-12", 30), ("A", "B", "2007-10", 50), ("A", "B", "2007-10", 20))
    pairs = sum_trade(portfolio, everybody(portfolio))
    assert pairs.to_dict("records") == [
        {"first": 0, "second": 1, "traded_fen": 10_000, "smaller_fen": 3_000, "months": 2, "idle_months": 0}
    ]


@pytest.mark.parametrize(("period", "counts"), [("2007-12", True), ("2007-01", True), ("2006-12", False)])
def test_twelve_months_up_to_the_date_count(period: str, counts: bool):
    portfolio = trading(("A", "B", period, 10))
    assert len(sum_trade(portfolio, everybody(portfolio), months=12)) == counts


def test_trade_after_the_date_and_trade_of_nothing_do_not_count():
    portfolio = trading(("A", "B", "2008-01", 10), ("B", "C", "2007-12", 0))
    assert sum_trade(portfolio, everybody(portfolio)).empty


def test_members_outside_the_choice_are_left_out_and_positions_follow_it():
    portfolio = trading(("A", "B", "2007-12", 10), ("C", "D", "2007-12", 10))
    pairs = sum_trade(portfolio, np.array([3, 2]))
    assert pairs[["first", "second"]].to_numpy().tolist() == [[0, 1]]


def test_an_acquaintance_counts_once_and_not_before_it_began():
    known = pd.DataFrame(
        {
            "member_a": ["A", "B", "C"],
            "member_b": ["B", "A", "D"],
            "since": pd.to_datetime(["2001-01-01", None, "2008-01-01"]),
        }
    )
    portfolio = trading(acquaintances=known)
    assert declared_pairs(portfolio, everybody(portfolio)).to_numpy().tolist() == [[0, 1]]


def test_common_customers_are_a_share_of_those_of_the_smaller_seller():
    """A sells to C and D, B to D only: their one common customer is all that B has."""
    portfolio = trading(("A", "C", "2007-12", 1), ("A", "D", "2007-12", 1), ("B", "D", "2007-11", 1))
    pairs = pd.DataFrame({"first": [0, 0, 1], "second": [1, 2, 2]})
    assert share_of_common_customers(portfolio, everybody(portfolio), pairs).tolist() == [1.0, 0.0, 0.0]


def test_affinities_are_shares_of_what_is_possible():
    members = pd.DataFrame({"member_id": IDS, "city": ["义乌", "义乌", None, None], "industry": ["x", "y", "y", None]})
    known = pd.DataFrame({"member_a": ["B", "C"], "member_b": ["C", "D"]})
    portfolio = trading(("A", "B", "2007-12", 75), ("B", "A", "2007-06", 25), members=members, acquaintances=known)
    found = measure_affinities(portfolio, everybody(portfolio), months=12, full_volume_fen=100_00)
    traded, declared, unknown = found.to_dict("records")
    assert traded["trade_volume"] == 1.0
    assert traded["trade_both_ways"] == 0.5
    assert traded["trade_months"] == 2 / 12
    assert traded["trade_recency"] == 1.0
    assert (traded["acquaintance"], traded["same_town"], traded["same_industry"]) == (False, True, False)
    assert (declared["acquaintance"], declared["same_town"], declared["same_industry"]) == (True, False, True)
    assert declared["trade_volume"] == declared["trade_recency"] == 0.0
    assert (unknown["same_town"], unknown["same_industry"]) == (False, False), "what is not stated is not equal"


def test_no_pair_gives_a_frame_with_all_columns():
    portfolio = trading()
    found = measure_affinities(portfolio, everybody(portfolio))
    assert found.empty
    assert {"first", "second", "traded_fen", "acquaintance", "common_customers"} <= set(found.columns)


def test_a_member_named_twice_is_refused():
    with pytest.raises(InputError, match="each once"):
        measure_affinities(trading(), np.array([0, 0]))
