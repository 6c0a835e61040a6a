"""Activity on the platform: what early warning reads, for a share of the borrowers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.loans import LoanBook
    from circles.generate.population import Population

WATCHED_SHARE = 0.3
"""Share of borrowers whose activity is kept (assumption; keeps the sample small)."""
DAYS = 75
EVENTS = 14
"""Mean number of days with something to tell, per watched borrower (Poisson; assumption)."""
SILENT_SHARE, SILENT_DAYS = 0.04, 21
"""Share of the watched that fell silent, and since how many days (assumption)."""
KINDS = ("login", "purchase", "sale", "profile_change", "complaint")
KIND_SHARES = (0.60, 0.15, 0.23, 0.015, 0.005)
DETAILS = (None, None, None, "address changed", "co-member reports late wages")


def frame_activity(seed: int, population: Population, loans: LoanBook) -> pd.DataFrame:
    """Build the activity table, sorted by member and day."""
    stream = open_stream(seed, "activity")
    borrowers = np.unique(loans.borrower)
    borrowers = borrowers[population.joined_on[borrowers] < population.day - DAYS]
    watched = borrowers[stream.random(len(borrowers)) < WATCHED_SHARE]
    member = np.repeat(watched, stream.poisson(EVENTS, size=len(watched)))
    silent = (stream.random(len(population)) < SILENT_SHARE)[member]
    ago = (stream.random(len(member)) * np.where(silent, DAYS - SILENT_DAYS, DAYS)).astype(np.int64)
    ago += np.where(silent, SILENT_DAYS, 0)
    kind = stream.choice(len(KINDS), size=len(member), p=KIND_SHARES)
    order = np.lexsort((kind, -ago, member))
    member, ago, kind = member[order], ago[order], kind[order]
    amount = pd.array(_draw_amounts(stream, population.sales_fen[member]), dtype="Int64")
    amount[(kind != 1) & (kind != 2)] = pd.NA
    return pd.DataFrame(
        {
            "member_id": population.ids[member],
            "date": population.day - ago,
            "kind": np.array(KINDS, dtype=np.object_)[kind],
            "count": np.where(kind >= 3, 1, 1 + stream.poisson(1.5, size=len(member))),
            "amount_fen": amount,
            "detail": np.array(DETAILS, dtype=np.object_)[kind],
        }
    )


def _draw_amounts(stream: np.random.Generator, sales_fen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw a day's purchases or sales: around a 300th of a year's sales, multiples of 100 yuan."""
    amount = sales_fen / 300 * np.exp(0.6 * stream.standard_normal(len(sales_fen)))
    return np.maximum(1, np.floor(amount / 10_000)).astype(np.int64) * 10_000
