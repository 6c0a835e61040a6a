"""Results with the pinned fields, to report on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from circles.contagion.break_even import BreakEven
from circles.contagion.measures import LossDistribution
from circles.portfolio import Portfolio

HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>"


def build_book(name: str = "绍兴纺织") -> Portfolio:
    ids = ["M1", "M2", "M3", "M4"]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "name": name, "resources_fen": 40_00}),
        circles=pd.DataFrame({"circle_id": ["C1"]}),
        circle_members=pd.DataFrame({"circle_id": "C1", "member_id": ids}),
        loans=pd.DataFrame(
            {"loan_id": ["L1", "L2", "L3", "L4"], "borrower_id": ids, "circle_id": "C1", "balance_fen": 100_00}
        ),
    )


@dataclass(frozen=True, kw_only=True)
class StandInProposal:
    """The pinned fields of a proposal."""

    digest: str
    circles: pd.DataFrame
    unplaced: pd.DataFrame
    status: str = "WITHIN_GAP"
    score: int = 2_345
    upper_bound: int = 2_400
    gap: float = 55 / 2_400
    notes: tuple[str, ...] = ("identity was not judged: certified_until is empty",)


@dataclass(frozen=True, kw_only=True)
class StandInCascade:
    """The pinned fields of a cascade: one circle, equal shares, recovery 0; M1 fails first (design case)."""

    digest: str
    members: pd.DataFrame
    rounds: tuple[tuple[str, ...], ...] = (("M1",), ("M2",), ("M3", "M4"))
    bank_loss_fen: int = 290_00
    recovered_fen: int = 0
    deposit_used_fen: int = 0
    guarantor_paid_fen: int = 110_00
    risk_pool_used_fen: int = 0
    loss_without_guarantee_fen: int = 100_00
    optimistic_loss_fen: int = 0
    conservative_loss_fen: int | None = 400_00
    terms: Any = None


@dataclass(frozen=True, kw_only=True)
class StandInLosses:
    """The pinned fields of losses."""

    portfolio_digest: str
    with_guarantees: LossDistribution
    bare: LossDistribution
    with_trade: LossDistribution
    optimistic: LossDistribution
    conservative: LossDistribution | None = None
    trials: int = 1_000
    seed: int = 7
    correlation: float = 0.12
    sector_column: str | None = None
    resource_sensitivity: float = 0.0
    estimated_share: float = 0.25

    @property
    def samples_fen(self) -> np.ndarray:
        return self.with_guarantees.samples_fen

    @property
    def expected_loss_fen(self) -> int:
        return self.with_guarantees.expected_loss_fen

    def value_at_risk(self, level: float) -> int:
        return self.with_guarantees.value_at_risk(level)

    def expected_shortfall(self, level: float) -> int:
        return self.with_guarantees.expected_shortfall(level)

    @property
    def table(self) -> pd.DataFrame:
        rows = []
        for case in ("with_guarantees", "bare", "with_trade", "optimistic", "conservative"):
            loss = getattr(self, case)
            if loss is None:
                continue
            row = {"case": case}
            for measure, value in {
                "expected_loss": loss.expected_loss_fen,
                "value_at_risk": loss.value_at_risk(0.99),
                "expected_shortfall": loss.expected_shortfall(0.99),
            }.items():
                low, high = loss.interval(measure, 0.99)
                row |= {f"{measure}_fen": value, f"{measure}_low_fen": low, f"{measure}_high_fen": high}
            rows.append(row)
        return pd.DataFrame(rows)


@dataclass(frozen=True, kw_only=True)
class StandInComparison:
    """The pinned fields of a comparison of the presets."""

    worst: StandInLosses
    base: StandInLosses
    forbearance: StandInLosses
    break_even: BreakEven


def propose(book: Portfolio, *, circles: int = 2) -> StandInProposal:
    rows = [(f"P{k:02d}", member) for k in range(circles) for member in ("M1", "M2")]
    placed = pd.DataFrame(rows, columns=["circle_id", "member_id"]).assign(amount_fen=50_00)
    unplaced = pd.DataFrame(
        {
            "member_id": ["M3", "M4", "M3"],
            "reason": ["no_partners", "overdue", "no_partners"],
            "detail": ["M3 knows nobody who applied", HOSTILE, "another sentence"],
        }
    )
    return StandInProposal(digest=book.digest(), circles=placed.assign(score=1_000), unplaced=unplaced)


def spread(book: Portfolio) -> StandInCascade:
    members = pd.DataFrame(
        {
            "member_id": ["M1", "M2", "M3", "M4"],
            "state": ["first", "contagious", "contagious", "contagious"],
            "round": [0, 1, 2, 2],
            "cause": [None, "call", "call", "call"],
            "hit_by": ["", "M1", "M2", "M2"],
            "called_fen": [0, 33_34, 50_00, 50_00],
            "paid_fen": [0, 30_00, 40_00, 40_00],
            "trade_loss_fen": 0,
            "own_shortfall_fen": 100_00,
            "left_fen": 0,
        }
    )
    return StandInCascade(digest=book.digest(), members=members)


def lose(book: Portfolio, *, factor: float = 2.0) -> StandInLosses:
    bare = np.where(np.arange(1_000) % 10 == 0, 100_00 * (1 + np.arange(1_000) % 7), 0)

    def distribution(times: float) -> LossDistribution:
        return LossDistribution(samples_fen=np.round(bare * times).astype(np.int64), largest_fen=400_000_00)

    return StandInLosses(
        portfolio_digest=book.digest(),
        with_guarantees=distribution(factor),
        bare=distribution(1.0),
        with_trade=distribution(1.1),
        optimistic=distribution(factor / 2),
    )


def compare(book: Portfolio) -> StandInComparison:
    found = BreakEven(recovery=0.31, cost_at_none=1.0, cost_at_all=-1.0, trials=1_000)
    return StandInComparison(
        break_even=found, worst=lose(book), base=lose(book, factor=0.63), forbearance=lose(book, factor=0.04)
    )
