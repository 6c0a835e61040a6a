"""A part of a portfolio is what checking its rows anew would give."""

import numpy as np
import pandas as pd
import pytest

from circles.generate import generate_portfolio
from circles.portfolio import TABLES, Portfolio
from circles.viz.overview.cut import PARTS, cut_portfolio, without_names


@pytest.fixture(scope="module")
def book() -> Portfolio:
    return generate_portfolio(members=400, trades=4_000, seed=5)


def _check_rows_anew(book: Portfolio, ids: set[str], circles: set[str], *, mask: bool) -> Portfolio:
    ends = {"trades": ("seller_id", "buyer_id"), "acquaintances": ("member_a", "member_b")}
    among = {name: book.table(name) for name in ends}
    members = book.members[book.members["member_id"].isin(ids)]
    inside, loans = book.circle_members, book.loans
    return Portfolio.from_frames(
        as_of=book.as_of,
        currency=book.currency,
        members=members.drop(columns="name") if mask else members,
        circles=book.circles[book.circles["circle_id"].isin(circles)],
        circle_members=inside[inside["circle_id"].isin(circles) & inside["member_id"].isin(ids)],
        loans=loans[loans["circle_id"].isin(circles) & loans["borrower_id"].isin(ids)],
        **{name: frame[frame[list(ends[name])].isin(ids).all(axis=1)] for name, frame in among.items()},
    )


@pytest.mark.parametrize("mask", [False, True])
@pytest.mark.parametrize("few", [1, 3, 0])
def test_a_part_is_what_checking_its_rows_gives(book: Portfolio, few: int, mask: bool) -> None:
    circles = np.arange(len(book.circles)) % 4 < few
    kept = set(book.circles["circle_id"][circles])
    rows = book.circle_members["circle_id"].isin(kept)
    ids = set(book.circle_members["member_id"][rows])
    part = cut_portfolio(book, book.members["member_id"].isin(ids).to_numpy(), circles)
    part = without_names(part) if mask else part
    anew = _check_rows_anew(book, ids, kept, mask=mask)
    assert part.digest() == anew.digest()
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(part.table(name), anew.table(name).reset_index(drop=True))
        for column in table.columns:
            if column.refers_to:
                codes = part.codes(name, column.frame_name)
                assert codes.dtype == np.int32
                assert codes.tolist() == anew.codes(name, column.frame_name).tolist()


def test_a_part_of_a_part_is_a_part(book: Portfolio) -> None:
    everyone, every = np.ones(len(book.members), dtype=bool), np.ones(len(book.circles), dtype=bool)
    whole = cut_portfolio(book, everyone, every)
    assert {name for name in TABLES if len(whole.table(name))} <= {"members", "circles", *PARTS}
    half = np.arange(len(book.members)) % 2 == 0
    assert cut_portfolio(whole, half, every).digest() == cut_portfolio(book, half, every).digest()
    assert len(cut_portfolio(whole, half, every).trades) < len(whole.trades)
