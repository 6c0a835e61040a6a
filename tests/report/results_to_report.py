"""A small book and results of it, to report on."""

import pandas as pd

from circles.contagion import Cascade, PresetComparison, compare_presets, run_cascade
from circles.matching import MatchingRules, Proposal
from circles.matching.plan import PlanStatus
from circles.portfolio import Portfolio

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>"


def build_book(name: str = "绍兴纺织") -> Portfolio:
    """One circle: loans 100 each, resources 0, 30, 40, 40; if M1 fails, all fail and the bank loses 290."""
    ids = ["M1", "M2", "M3", "M4"]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame(
            {
                "member_id": ids,
                "name": name,
                "resources_fen": [0, 30_00, 40_00, 40_00],
                "resources_source": ["verified", "estimated", "verified", "verified"],
                "default_probability": 0.05,
            }
        ),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ids}),
        loans=pd.DataFrame(
            {"loan_id": ["L1", "L2", "L3", "L4"], "borrower_id": ids, "circle_id": "C1", "balance_fen": 100_00}
        ),
    )


def propose(book: Portfolio) -> Proposal:
    """Two circles of the same two members, and three applications without one."""
    rows = [(circle, member) for circle in ("P1", "P2") for member in ("M1", "M2")]
    unplaced = pd.DataFrame(
        {
            "member_id": ["M3", "M4", "M3"],
            "reason": ["no_partners", "overdue", "no_partners"],
            "detail": ["M3 knows nobody who applied", HOSTILE, "another sentence"],
        }
    )
    return Proposal(
        status=PlanStatus.WITHIN_GAP,
        score=2_345,
        upper_bound=2_400,
        circles=pd.DataFrame(rows, columns=["circle_id", "member_id"]).assign(amount_fen=50_00, score=1_000),
        unplaced=unplaced,
        breakdown=pd.DataFrame(),
        rules=MatchingRules(),
        seed=7,
        digest=book.digest(),
        notes=("identity was not judged: certified_until is empty",),
        plans=(),
        _portfolio=book,
        flags=pd.DataFrame(),
        _forming=None,  # what is asked here needs none of it
    )


def spread(book: Portfolio) -> Cascade:
    """M1 fails under the worst terms."""
    return run_cascade(book, ["M1"])


def compare(book: Portfolio, *, trials: int = 1_000) -> PresetComparison:
    """Losses of the book under the three presets."""
    return compare_presets(book, trials=trials, seed=7)
