"""Portfolios whose profile is known beforehand."""

import numpy as np
import pandas as pd

from circles import Portfolio

YUAN = 100


def build_book(**members: object) -> Portfolio:
    """Twelve members, M00 to M11.

    M00 sells to M01 and M02, M02 to M01; M03 knows M04; M04 stands for M05; the others are alone.
    """
    ids = [f"M{row:02d}" for row in range(12)]
    facts = {
        "annual_sales_fen": [500_000 * YUAN] * 12,
        "resources_fen": [50_000 * YUAN] * 12,
        "resources_source": ["declared"] * 10 + ["estimated", None],
        "default_probability": [0.02] * 12,
    }
    trades = {
        "seller_id": ["M00", "M00", "M00", "M02"],
        "buyer_id": ["M01", "M01", "M02", "M01"],
        "period": np.array(["2006-12", "2007-10", "2007-11", "2007-12"], dtype="datetime64[s]"),
        "amount_fen": [30 * YUAN, 10 * YUAN, 40 * YUAN, 20 * YUAN],
    }
    loans = {
        "loan_id": ["L1", "L2", "L3"],
        "borrower_id": ["M05", "M06", "M07"],
        "balance_fen": [100_000 * YUAN, 300_000 * YUAN, 0],
        "drawn_on": np.array(["2006-05-05", "2007-05-05", "NaT"], dtype="datetime64[s]"),
        "grade": ["normal", "loss", None],
    }
    promise = {"guarantee_id": ["G"], "guarantor_id": ["M04"], "borrower_id": ["M05"], "amount_fen": [7 * YUAN]}
    circles = {"circle_id": ["C1", "C1", "C1", "C2", "C2"], "member_id": ["M06", "M07", "M08", "M06", "M09"]}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, **facts, **members}),
        trades=pd.DataFrame(trades),
        acquaintances=pd.DataFrame({"member_a": ["M03"], "member_b": ["M04"]}),
        guarantees=pd.DataFrame(promise),
        loans=pd.DataFrame(loans),
        circles=pd.DataFrame({"circle_id": ["C1", "C2", "C3"]}),
        circle_members=pd.DataFrame(circles),
    )
