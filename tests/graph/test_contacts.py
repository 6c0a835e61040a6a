"""Since when members know each other, and to whom they sell."""

import numpy as np
import pandas as pd
import pytest

from circles.graph.affinity import measure_ties
from circles.graph.contacts import first_contacts, sum_sales
from circles.portfolio import Portfolio

EVERYBODY = np.arange(3)


def trading(*sales: tuple[str, str, str, int], **tables: pd.DataFrame) -> Portfolio:
    """Members A, B and C at the end of 2007."""
    trades = pd.DataFrame(sales, columns=["seller_id", "buyer_id", "period", "amount_fen"])
    members = pd.DataFrame({"member_id": ["A", "B", "C"]})
    return Portfolio.from_frames(as_of="2007-12-29", members=members, trades=trades, **tables)


def contacts(portfolio: Portfolio) -> dict[tuple[int, int], str | None]:
    found = first_contacts(portfolio, EVERYBODY)
    days = [None if pd.isna(day) else str(day.date()) for day in found["met_on"]]
    return dict(zip(zip(found["first"], found["second"], strict=True), days, strict=True))


def declared(since: str | None) -> pd.DataFrame:
    return pd.DataFrame({"member_a": ["B"], "member_b": ["A"], "since": [since]})


@pytest.mark.parametrize(("since", "met"), [("2006-05-20", "2006-05-20"), ("2007-12-01", "2007-03-01"), (None, None)])
def test_the_first_of_trade_and_declaration_counts_unless_one_may_be_older(since: str | None, met: str | None):
    portfolio = trading(("A", "B", "2007-03", 5), ("B", "A", "2007-09", 5), acquaintances=declared(since))
    assert contacts(portfolio) == {(0, 1): met}


def test_what_lies_after_the_date_and_trade_of_nothing_are_no_contact():
    portfolio = trading(("A", "B", "2008-01", 5), ("B", "C", "2007-01", 0), acquaintances=declared("2008-01-01"))
    assert contacts(portfolio) == {}


def test_sales_are_added_up_by_buyer_also_outside_the_choice():
    portfolio = trading(
        ("A", "C", "2007-12", 5), ("A", "C", "2007-01", 7), ("B", "A", "2006-12", 9), ("C", "A", "2007-05", 1)
    )
    sales = sum_sales(portfolio, np.array([1, 0]))
    assert sales.to_dict("records") == [{"seller": 1, "buyer_id": "C", "sold_fen": 12}]


def test_a_tie_is_the_greater_of_old_trade_and_one_half():
    """A sold B a full volume in June, six months before; B and C declared; A and C traded last month."""
    portfolio = trading(
        ("A", "B", "2007-06", 10**9),
        ("C", "A", "2007-12", 10**9),
        acquaintances=pd.DataFrame({"member_a": ["B"], "member_b": ["C"]}),
    )
    ties = measure_ties(portfolio, EVERYBODY, lag=np.full(3, 6))
    assert ties.to_numpy().tolist() == [[0, 1, 1_000], [1, 2, 500]]
    assert len(measure_ties(portfolio, EVERYBODY)) == 3
    assert len(measure_ties(portfolio, EVERYBODY, lag=np.array([6, 7, 6]))) == 1, "the greater lag of both counts"
