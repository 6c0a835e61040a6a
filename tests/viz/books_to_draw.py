"""Books to draw, and the pinned fields of the results that are drawn on them."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from circles.portfolio import Portfolio

HOSTILE_NAMES = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">href</a>',
    "\u202egnp.exe\u202c \u202bشركة النسيج\u202c",
    "line one\nline two\r\n\tline three\u2028line four",
    "绍兴" + "很长" * 400,
    "' \" ` ${alert(1)} {{7*7}} <!-- --> ]]>",
    "\ud800 half a character \x00",
]


def build_book(*, circles: int = 3, size: int = 3, names: list[str] | None = None, lone: int = 2) -> Portfolio:
    """Some circles of equal size; the first member of each knows, sells to and is guaranteed by its neighbours."""
    ids = [f"M{place:04d}" for place in range(circles * size + lone)]
    inside = ids[: circles * size]
    circle = [f"C{place // size:03d}" for place in range(len(inside))]
    called = (names or []) + [f"绍兴第{place}纺织厂" for place in range(len(names or []), len(ids))]
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=pd.DataFrame({"member_id": ids, "name": called[: len(ids)], "resources_fen": 50_000_00}),
        circles=pd.DataFrame({"circle_id": sorted(set(circle))}),
        circle_members=pd.DataFrame({"circle_id": circle, "member_id": inside}),
        loans=pd.DataFrame(
            {
                "loan_id": [f"L{place:04d}" for place in range(len(inside))],
                "borrower_id": inside,
                "circle_id": circle,
                "balance_fen": [(1 + place % 5) * 100_000_00 for place in range(len(inside))],
            }
        ),
        acquaintances=pd.DataFrame({"member_a": inside[::size], "member_b": inside[1::size]}),
        trades=pd.DataFrame({"seller_id": ids[:-1], "buyer_id": ids[1:], "period": "2007-11", "amount_fen": 1_000_00}),
    )


@dataclass(frozen=True, kw_only=True)
class StandInProposal:
    """The pinned fields of a proposal."""

    circles: pd.DataFrame
    unplaced: pd.DataFrame
    digest: str
    score: int = 90
    upper_bound: int = 100
    gap: float = 0.1
    status: str = "time limit"


@dataclass(frozen=True, kw_only=True)
class StandInCascade:
    """The pinned fields of a cascade."""

    members: pd.DataFrame
    circles: pd.DataFrame
    digest: str
    rounds: tuple[tuple[str, ...], ...] = (("M0000",), ("M0001",))
    bank_loss_fen: int = 290_00
    recovered_fen: int = 0
    deposit_used_fen: int = 0
    guarantor_paid_fen: int = 110_00
    risk_pool_used_fen: int = 0
    loss_without_guarantee_fen: int = 100_00
    optimistic_loss_fen: int = 280_00
    conservative_loss_fen: int | None = 400_00
    terms: Any = field(default=None)


def propose(portfolio: Portfolio, *, circles: int, size: int = 3) -> StandInProposal:
    """Circles of the first members, in order."""
    ids = portfolio.members["member_id"].head(circles * size)
    frame = pd.DataFrame(
        {
            "circle_id": [f"P{place // size:03d}" for place in range(len(ids))],
            "member_id": ids,
            "amount_fen": 500_000_00,
            "score": [3 - place // size for place in range(len(ids))],
        }
    )
    unplaced = pd.DataFrame({"member_id": ["M9"], "reason": ["no_partner"], "detail": ["knows nobody"]})
    return StandInProposal(circles=frame, unplaced=unplaced, digest=portfolio.digest())


def spread(portfolio: Portfolio, states: dict[str, tuple[str, int, str, str]]) -> StandInCascade:
    """A cascade in which the named members have (state, round, cause, hit_by), and nobody else was touched."""
    members = pd.DataFrame({"member_id": portfolio.members["member_id"], "state": "untouched", "round": pd.NA})
    members = members.assign(cause="", hit_by="", called_fen=0, paid_fen=0, trade_loss_fen=0, own_shortfall_fen=0)
    members = members.assign(left_fen=portfolio.members["resources_fen"]).set_index("member_id")
    for member, (state, turn, cause, hit_by) in states.items():
        members.loc[member, ["state", "round", "cause", "hit_by"]] = [state, turn, cause, hit_by]
    circles = pd.DataFrame({"circle_id": portfolio.circles["circle_id"], "bank_loss_fen": 0})
    circles.loc[0, "bank_loss_fen"] = 290_00
    return StandInCascade(members=members.reset_index(), circles=circles, digest=portfolio.digest())
