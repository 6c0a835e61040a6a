"""A circle of two and a guarantee, small enough to settle on paper."""

import pandas as pd

from circles.portfolio import Portfolio


def pair(*, second_loan: int = 0, probability: float = 1.0) -> Portfolio:
    """A (nothing) and B (30 yuan) in C1 with 100 yuan of loan each; E (100 yuan) stands by; A defaults first.

    A fails: B pays 30 of 100 and fails, its own 100 are called: 170 lost. `second_loan` is a loan of B's outside C1.
    """
    ids = ["LA", "LB", "L2"] if second_loan else ["LA", "LB"]
    loans = {"loan_id": ids, "borrower_id": ["A", "B", "B"][: len(ids)], "balance_fen": [100_00, 100_00, second_loan]}
    loans = {name: column[: len(ids)] for name, column in loans.items()}
    circle = pd.Series(["C1", "C1", None][: len(ids)], dtype="str")
    members = {"member_id": list("ABE"), "resources_fen": [0, 30_00, 100_00]}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({**members, "default_probability": [probability, 0.0, 0.0]}),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ["A", "B"]}),
        loans=pd.DataFrame({**loans, "circle_id": circle}),
    )


def promise(guarantor_resources: int, *, probability: float = 1.0) -> Portfolio:
    """A (nothing) owes 10 yuan, B guarantees it and owes 100 yuan itself; E (100 yuan) stands by; A defaults first."""
    members = {"member_id": list("ABE"), "resources_fen": [0, guarantor_resources, 100_00]}
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({**members, "default_probability": [probability, 0.0, 0.0]}),
        loans=pd.DataFrame({"loan_id": ["LA", "LB"], "borrower_id": ["A", "B"], "balance_fen": [10_00, 100_00]}),
        guarantees=pd.DataFrame(
            {"guarantee_id": ["G1"], "guarantor_id": ["B"], "borrower_id": ["A"], "amount_fen": [10_00]}
        ),
    )
