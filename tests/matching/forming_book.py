"""Small portfolios for the tests of forming: firms that pass every rule unless a test says otherwise."""

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from circles.portfolio import Portfolio

YUAN = 100


def book(
    count: int = 4,
    *,
    known: Iterable[tuple[str, str]] | None = None,
    members: dict[str, object] | None = None,
    applications: dict[str, object] | None = None,
    **tables: pd.DataFrame,
) -> Portfolio:
    """Firms M1 … Mn that applied for 100,000 yuan each, have 200,000, and know the next one (a chain).

    ``members`` and ``applications`` change columns: a list for all rows, or one value.
    """
    ids = [f"M{number}" for number in range(1, count + 1)]
    chain = list(pairwise(ids)) if known is None else list(known)
    about = pd.DataFrame(
        {"member_id": ids, "resources_fen": 200_000 * YUAN, "registered_on": pd.Timestamp("2000-01-01")}
    )
    asked = pd.DataFrame({"application_id": [f"A{i[1:]}" for i in ids], "member_id": ids, "amount_fen": 100_000 * YUAN})
    return Portfolio.from_frames(
        as_of="2007-12-29",
        members=about.assign(**(members or {})),
        applications=asked.assign(**(applications or {})),
        acquaintances=pd.DataFrame(chain, columns=["member_a", "member_b"]),
        **tables,
    )
