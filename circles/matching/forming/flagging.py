"""Gathering what is shown to the person who decides: the ties of every proposed circle, put before the flag rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.graph.affinity import sum_trade
from circles.graph.contacts import first_contacts, sum_sales
from circles.matching.rules.flags import FLAG_RULES, CircleTies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circles.matching.forming.candidates import Candidates
    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio


def flag_circles(
    portfolio: Portfolio, rules: MatchingRules, candidates: Candidates, *, circles: Sequence[tuple[int, ...]]
) -> pd.DataFrame:
    """Look for signs of arrangement in circles of candidates.

    Returns
    -------
    Frame ``circle`` (position), ``flag`` (a code), ``members`` (ids, separated by blanks; empty for the whole circle),
    ``detail`` (a sentence), one row for everything noticed.
    """
    ties = gather_ties(portfolio, rules, candidates, circles=circles)
    rows = [
        (at, code, " ".join(flag.members), flag.detail)
        for at, circle in enumerate(ties)
        for code, rule in FLAG_RULES.items()
        for flag in rule(circle, rules)
    ]
    frame = pd.DataFrame(rows, columns=["circle", "flag", "members", "detail"])
    return frame.astype({"circle": "int64", "flag": "str", "members": "str", "detail": "str"})


def gather_ties(
    portfolio: Portfolio, rules: MatchingRules, candidates: Candidates, *, circles: Sequence[tuple[int, ...]]
) -> list[CircleTies]:
    """Gather what the members of each circle have to do with each other and with their buyers."""
    placed = np.array(sorted({member for circle in circles for member in circle}), dtype=np.int64)
    rows = candidates.applicants.frame["position"].to_numpy(np.int64)[placed]
    trade = sum_trade(portfolio, rows, months=rules.trade_months).set_index(["first", "second"])
    contacts = first_contacts(portfolio, rows).set_index(["first", "second"])["met_on"]
    sales = sum_sales(portfolio, rows, months=rules.trade_months)
    local = {int(member): at for at, member in enumerate(placed)}
    applied = candidates.applicants.frame["applied_on"].to_numpy("M8[D]")
    traded, smaller = trade["traded_fen"].to_dict(), trade["smaller_fen"].to_dict()
    met = dict(zip(contacts.index, contacts.to_numpy("M8[D]"), strict=True))
    sold = _sum_buyers(sales, local, circles)
    stated = portfolio.members["annual_sales_fen"].iloc[rows].fillna(0).to_numpy(np.int64) * rules.trade_months // 12
    found = []
    for at, circle in enumerate(circles):
        inside, buyers = [local[member] for member in circle], sold.get(at, {})
        found.append(
            CircleTies(
                members=tuple(candidates.ids[list(circle)]),
                known=candidates.known.among(circle),
                traded_fen=_square(inside, traded, np.int64(0)),
                smaller_fen=_square(inside, smaller, np.int64(0)),
                met_on=_square(inside, met, np.datetime64("NaT", "D")),
                applied_on=applied[list(circle)],
                sold_fen=buyers,
                sales_fen=max(int(stated[inside].sum()), sum(buyers.values())),
            )
        )
    return found


def _square(members: list[int], values: dict[tuple[int, int], Any], missing: Any) -> NDArray[Any]:
    """Give the symmetric matrix of a circle."""
    square = np.full((len(members), len(members)), missing)
    for i, first in enumerate(members):
        for j, second in enumerate(members):
            if i < j:
                value = values.get((min(first, second), max(first, second)), missing)
                square[i, j] = square[j, i] = value
    return square


def _sum_buyers(
    sales: pd.DataFrame, local: dict[int, int], circles: Sequence[tuple[int, ...]]
) -> dict[int, dict[str, int]]:
    """Add up, by circle, what its members sold to each buyer; circles share no member."""
    circle_of = {local[member]: at for at, circle in enumerate(circles) for member in circle}
    by_circle = sales.assign(circle=sales["seller"].map(circle_of))
    found: dict[int, dict[str, int]] = {}
    for (at, buyer), amount in by_circle.groupby(["circle", "buyer_id"])["sold_fen"].sum().items():
        found.setdefault(int(at), {})[str(buyer)] = int(amount)
    return found
