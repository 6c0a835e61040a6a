"""Books to draw, and the pinned fields of the results that are drawn on them."""

import pandas as pd

from circles.contagion import Cascade, run_cascade
from circles.matching import MatchingRules, Proposal
from circles.matching.plan import PlanStatus
from circles.portfolio import Portfolio
from circles.settlement import Terms

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
        members=pd.DataFrame(
            {"member_id": ids, "name": pd.Series(called[: len(ids)], dtype=object), "resources_fen": 50_000_00}
        ),
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


def propose(portfolio: Portfolio, *, circles: int, size: int = 3) -> Proposal:
    """Circles of the first members, in order, as a proposal that nobody had to search for."""
    ids = portfolio.members["member_id"].head(circles * size)
    placed = pd.DataFrame(
        {
            "circle_id": [f"P{place // size:03d}" for place in range(len(ids))],
            "member_id": ids,
            "amount_fen": 500_000_00,
            "score": [3 - place // size for place in range(len(ids))],
        }
    )
    unplaced = pd.DataFrame({"member_id": ["M9"], "reason": ["no_partners"], "detail": ["knows nobody"]})
    return Proposal(
        status=PlanStatus.TIME_LIMIT,
        score=90,
        upper_bound=100,
        circles=placed,
        unplaced=unplaced,
        breakdown=pd.DataFrame(),
        rules=MatchingRules(),
        seed=7,
        digest=portfolio.digest(),
        notes=(),
        plans=(),
        _portfolio=portfolio,
        flags=pd.DataFrame(),
        _forming=None,  # what is asked here needs none of it
    )


def weaken(portfolio: Portfolio) -> Portfolio:
    """M0001 can pay little and M0002 everything; M0000 owes M0010 a delivery."""
    members = portfolio.members.set_index("member_id")
    members.loc["M0001", "resources_fen"] = 10_000_00
    members.loc["M0002", "resources_fen"] = 900_000_00
    owed = pd.DataFrame({"supplier_id": ["M0010"], "buyer_id": ["M0000"], "amount_fen": [20_000_00]})
    return portfolio.replace(members=members.reset_index(), receivables=owed)


def spread(portfolio: Portfolio) -> Cascade:
    """M0000 fails first and brings M0001 down; M0002 pays and stands, M0010 loses trade money and stands."""
    return run_cascade(portfolio, ["M0000"], Terms(cross_default=False))


def ruin(portfolio: Portfolio) -> Cascade:
    """M0000 and M0002 fail; M0001 cannot pay for both, so that the bank loses."""
    return run_cascade(portfolio, ["M0000", "M0002"], Terms.preset("base"))
