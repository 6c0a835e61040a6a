"""Portfolios that are hard to keep: every table and column used, with the nastiest values that are legal."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from circles.portfolio import TABLES, Portfolio

HOSTILE_TEXTS = (
    "nul\0inside",
    "'; DROP TABLE members; --",
    'double " and back`tick',
    "line\nbreak\r\nand\ttab",
    "emoji 🤝🏽 and 中文 and \u202eright to left",
    "NULL",
    " blank around ",
    "{braces} %s $1 ? :name @x",
    "<script>alert(1)</script>",
    "x" * 10_000,
    "e\u0301 is not \u00e9",
    "\uffff\U0010ffff\x01",
    "`}) DETACH DELETE n //",
    "\\u0027}) MATCH (n) DETACH DELETE n //",
)
IDS = [f"{text[:1_990]}#{i}" for i, text in enumerate(HOSTILE_TEXTS)]
"""Ids as long as every store takes; names and other texts may be longer."""
_LARGEST = 10**15


def days(*values: str | None) -> np.ndarray:
    """Days as a portfolio keeps them."""
    return np.array(values, dtype="datetime64[s]")


def whole(*values: int | None) -> pd.Series:
    """Whole numbers with nulls."""
    return pd.Series(list(values), dtype="Int64")


@cache
def hostile_portfolio() -> Portfolio:
    """Every column of every table with a value, and each optional one with a null too."""
    a, b, c, d = IDS[:4]
    n = len(IDS)
    then_null = [None] * (n - 1)
    members = pd.DataFrame(
        {
            "member_id": IDS,
            "name": [*HOSTILE_TEXTS[1:], None],
            "region": ["杭州", *then_null],
            "city": ["NA", *then_null],
            "industry": ["nan", *then_null],
            "registered_on": days("0001-01-01", "9999-12-31", *["2004-02-29"] * (n - 3), None),
            "registered_capital_fen": whole(_LARGEST, 0, *[None] * (n - 2)),
            "annual_sales_fen": whole(2**53 // 10, *then_null),
            "resources_fen": whole(0, 1, *[None] * (n - 2)),
            "resources_source": ["estimated", *then_null],
            "default_probability": [1e-300, 1.0, 0.0, 0.1, *[np.nan] * (n - 4)],
            "recovery_rate": [1 / 3, 0.1 + 0.2, *[np.nan] * (n - 2)],
            "control_group": ["一家", *then_null],
            "net_assets_fen": whole(-_LARGEST, *then_null),
            "other_debt_fen": whole(1, *then_null),
            "annual_debt_service_fen": whole(1, *then_null),
            "certified_until": days("2008-01-01", *then_null),
            "joined_on": days("2006-01-01", *then_null),
        }
    )
    trades = pd.DataFrame(
        {
            "seller_id": [c, a, a, a],
            "buyer_id": [d, b, b, c],
            "period": days("2007-12-01", "2007-01-01", "2007-01-01", "1999-06-01"),
            "amount_fen": [_LARGEST, 5, 5, 0],
            "trade_count": whole(None, 3, 0, 1),
            "paid_online_amount_fen": whole(7, None, None, 0),
        }
    )
    pairs = {"member_a": [b, a], "member_b": [a, c]}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        currency="USD",
        members=members,
        trades=trades,
        acquaintances=pd.DataFrame({**pairs, "kind": ["friend'", None], "since": days(None, "2001-01-01")}),
        exclusions=pd.DataFrame({**pairs, "reason": [None, HOSTILE_TEXTS[0]]}),
        links=pd.DataFrame({**pairs, "kind": ["phone", "device"], "evidence": [HOSTILE_TEXTS[9], None]}),
        applications=pd.DataFrame(
            {
                "application_id": ["A\0", "A"],
                "member_id": [a, b],
                "amount_fen": [1, _LARGEST],
                "term_months": whole(12, None),
                "applied_on": days("2007-12-01", None),
                "purpose": [HOSTILE_TEXTS[3], None],
                "mode": ["any", None],
            }
        ),
        circles=pd.DataFrame(
            {
                "circle_id": ["C'2", "C\n1"],
                "formed_on": days(None, "2007-01-01"),
                "expires_on": days(None, "2008-01-01"),
                "deposit_fen": whole(None, 9),
                "status": [None, "signed"],
            }
        ),
        circle_members=pd.DataFrame(
            {
                "circle_id": ["C\n1", "C'2", "C\n1", "C'2", "C\n1"],
                "member_id": [a, a, c, d, b],
                "draw_order": whole(1, None, 2, None, None),
                "deposit_fen": whole(None, 10, 0, None, None),
            }
        ),
        loans=pd.DataFrame(
            {
                "loan_id": ["L1", 'L"2', "L3"],
                "borrower_id": [a, b, b],
                "balance_fen": [100, _LARGEST, 1],
                "accrued_interest_fen": whole(1, None, None),
                "circle_id": ["C\n1", None, None],
                "lender": ["银行", None, None],
                "limit_fen": whole(200, None, None),
                "annual_rate": [0.0725, np.nan, np.nan],
                "collateral_value_fen": whole(0, None, None),
                "drawn_on": days("2007-01-01", None, None),
                "due_on": days("2008-01-01", None, None),
                "grade": ["loss", None, None],
                "days_overdue": whole(0, None, None),
            }
        ),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G2", "G1"],
                "guarantor_id": [c, a],
                "borrower_id": [b, b],
                "amount_fen": [50, 60],
                "loan_id": ['L"2', None],
                "kind": ["several", None],
                "starts_on": days("2007-01-01", None),
                "expires_on": days("2008-01-01", None),
                "claim_until": days("2008-07-01", None),
            }
        ),
        receivables=pd.DataFrame(
            {"supplier_id": [a, d], "buyer_id": [b, a], "amount_fen": [3, 4], "due_on": days(None, "2008-01-31")}
        ),
        activity=pd.DataFrame(
            {
                "member_id": [d, a],
                "date": days("2007-12-28", "2007-12-27"),
                "kind": ["login", "complaint"],
                "count": whole(None, 2),
                "amount_fen": whole(3, None),
                "detail": [HOSTILE_TEXTS[4], None],
            }
        ),
    )


@cache
def small_portfolio() -> Portfolio:
    """Seven members whose neighbourhoods and chains fit on paper.

    Trade: 1 → 2 (three rows, 60 fen), 2 → 1 (5 fen), 2 → 3 (7 fen). Acquainted: 1 and 4 (said twice). 5 owes 1 (9 fen).
    Circle K: 3, 4, 6. Guarantees: 1 → 5 → 6 → 1 (a ring) and 6 → 7, the last only in 2008. Loans: 5 owes 100 + 1 and
    20, 6 owes 50, 7 owes 1,000, 1 owes 5.
    """
    members = [f"M{i}" for i in range(1, 8)]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": members, "name": [f"Firm {m}" for m in members]}),
        trades=pd.DataFrame(
            {
                "seller_id": ["M1", "M2", "M1", "M2", "M1"],
                "buyer_id": ["M2", "M1", "M2", "M3", "M2"],
                "period": ["2007-01", "2007-01", "2007-02", "2007-01", "2007-03"],
                "amount_fen": [10, 5, 20, 7, 30],
            }
        ),
        acquaintances=pd.DataFrame({"member_a": ["M4", "M1"], "member_b": ["M1", "M4"]}),
        receivables=pd.DataFrame({"supplier_id": ["M1"], "buyer_id": ["M5"], "amount_fen": [9]}),
        circles=pd.DataFrame({"circle_id": ["K"], "status": ["signed"]}),
        circle_members=pd.DataFrame({"circle_id": ["K"] * 3, "member_id": ["M6", "M3", "M4"]}),
        loans=pd.DataFrame(
            {
                "loan_id": ["L1", "L2", "L3", "L4", "L5"],
                "borrower_id": ["M5", "M5", "M6", "M7", "M1"],
                "balance_fen": [100, 20, 50, 1000, 5],
                "accrued_interest_fen": whole(1, None, None, None, None),
            }
        ),
        guarantees=pd.DataFrame(
            {
                "guarantee_id": ["G1", "G2", "G3", "G4"],
                "guarantor_id": ["M1", "M5", "M6", "M6"],
                "borrower_id": ["M5", "M6", "M1", "M7"],
                "amount_fen": [11, 12, 13, 14],
                "starts_on": days(None, "2007-01-01", "2007-01-01", "2008-01-01"),
                "expires_on": days(None, "2007-06-30", None, "2008-12-31"),
                "claim_until": days(None, "2007-12-31", None, None),
            }
        ),
    )


def assert_same(found: Portfolio, expected: Portfolio) -> None:
    """Every column of every table is equal, and so is the digest."""
    for name in TABLES:
        pd.testing.assert_frame_equal(found.table(name), expected.table(name))
    assert (found.as_of, found.currency) == (expected.as_of, expected.currency)
    assert found.digest() == expected.digest()


def rows(frame: pd.DataFrame) -> list[tuple]:
    """A frame as plain rows, nulls as None."""
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.itertuples(index=False)]
