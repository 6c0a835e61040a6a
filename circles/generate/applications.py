"""Applications: who asks for a loan in a circle, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.ids import number_ids
from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.loans import LoanBook
    from circles.generate.population import Population
    from circles.generate.profile import Profile

APPLY_SHARE = 0.75
"""Share of the members that need finance and got none who apply (assumption): about half of all members."""
SERVED_APPLY_SHARE = 0.05
"""Share of borrowers outside circles who apply for more (assumption)."""
LARGE_SALES_FEN, LARGE_APPLY_FACTOR = 10_000_000 * 100, 0.4
"""Above 10 million yuan of sales the product's limit is small money; fewer apply (assumption)."""
RENEWED_SHARE = 0.03
"""Share of applicants with an older application that the newest one replaces (assumption)."""
WINDOW_DAYS = 90
MODES, MODE_SHARES = ("acquainted", "any", "strangers"), (0.6, 0.3, 0.1)
PURPOSES = ("raw materials", "stock for the season", "machines", "wages before the holiday", "a large order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicants:
    """Who applies: ``member`` shape (k,), sorted; ``mask`` shape (n,)."""

    member: NDArray[np.int64]
    mask: NDArray[np.bool_]


def draw_applicants(
    seed: int,
    population: Population,
    *,
    profile: Profile,
    loans: LoanBook,
    barred: NDArray[np.bool_],
) -> Applicants:
    """Draw who applies; `barred`, shape (n,), marks members that do not (hubs, members of circles)."""
    stream = open_stream(seed, "applicants")
    count = len(population)
    served = np.zeros(count, dtype=np.bool_)
    served[loans.borrower] = True
    unserved_share = profile.needs_and_got_none / (1 - profile.needs_finance + profile.needs_and_got_none)
    chance = np.where(served, SERVED_APPLY_SHARE, unserved_share * APPLY_SHARE)
    chance = np.where(population.sales_fen > LARGE_SALES_FEN, LARGE_APPLY_FACTOR * chance, chance)
    mask = (stream.random(count) < chance) & ~barred
    return Applicants(member=np.flatnonzero(mask), mask=mask)


def frame_applications(seed: int, population: Population, applicants: Applicants) -> pd.DataFrame:
    """Build the applications table, oldest first, so that ids rise with the date."""
    stream = open_stream(seed, "applications")
    again = applicants.member[stream.random(len(applicants.member)) < RENEWED_SHARE]
    member = np.concatenate([applicants.member, again])
    age = stream.integers(0, WINDOW_DAYS, size=len(member))
    age[len(applicants.member) :] += WINDOW_DAYS
    applied = np.maximum(population.day - age, population.joined_on[member])
    order = np.argsort(applied, kind="stable")
    frame = pd.DataFrame(
        {
            "member_id": population.ids[member],
            "amount_fen": population.suitable_loan_fen[member],
            "term_months": 12,
            "applied_on": applied,
            "purpose": stream.choice(np.array(PURPOSES, dtype=np.object_), size=len(member)),
            "mode": stream.choice(np.array(MODES, dtype=np.object_), size=len(member), p=MODE_SHARES),
        }
    ).iloc[order]
    frame.insert(0, "application_id", number_ids("A", len(frame)))
    return frame.reset_index(drop=True)
