"""The members table: the population's attributes with the figures that follow from its loans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.default_probability import draw_default_probabilities, draw_recovery_rates
from circles.generate.resources import draw_resources, draw_sources
from circles.generate.streams import open_stream
from circles.generate.towns import INDUSTRIES, TOWNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.loans import LoanBook
    from circles.generate.population import Population

NET_ASSETS_SHARE = (0.5, 2.0)
"""Net assets as a multiple of registered capital (assumption)."""
OTHER_DEBT_SHARE, OTHER_DEBT_OF_SALES = 0.25, 0.1
"""Share of members with debts to others than banks, and at most how much of their sales (assumptions)."""
STEP_FEN = 1_000 * 100


def frame_members(
    seed: int, population: Population, *, loans: LoanBook, control_groups: NDArray[np.object_]
) -> pd.DataFrame:
    """Build the members table; no resources and no default probability is missing."""
    count = len(population)
    resources = draw_resources(seed, population)
    towns = np.array([[town.prefecture, town.name] for town in TOWNS], dtype=np.object_)
    return pd.DataFrame(
        {
            "member_id": population.ids,
            "name": population.names,
            "region": towns[population.town, 0],
            "city": towns[population.town, 1],
            "industry": np.array(INDUSTRIES, dtype=np.object_)[population.industry],
            "registered_on": population.registered_on,
            "registered_capital_fen": population.capital_fen,
            "annual_sales_fen": population.sales_fen,
            "resources_fen": resources,
            "resources_source": draw_sources(seed, count),
            "default_probability": draw_default_probabilities(seed, population, resources_fen=resources, loans=loans),
            "recovery_rate": draw_recovery_rates(seed, count),
            "control_group": control_groups,
            "net_assets_fen": _draw_net_assets(seed, population),
            "other_debt_fen": _draw_other_debt(seed, population),
            "annual_debt_service_fen": _sum_debt_service(loans, count),
            "certified_until": population.certified_until,
            "joined_on": population.joined_on,
        }
    )


def _draw_net_assets(seed: int, population: Population) -> NDArray[np.int64]:
    factor = open_stream(seed, "net assets").uniform(*NET_ASSETS_SHARE, size=len(population))
    return np.floor(population.capital_fen * factor / STEP_FEN).astype(np.int64) * STEP_FEN


def _draw_other_debt(seed: int, population: Population) -> NDArray[np.int64]:
    stream = open_stream(seed, "other debt")
    has = stream.random(len(population)) < OTHER_DEBT_SHARE
    amount = population.sales_fen * OTHER_DEBT_OF_SALES * stream.random(len(population)) * has
    return np.floor(amount / STEP_FEN).astype(np.int64) * STEP_FEN


def _sum_debt_service(loans: LoanBook, count: int) -> NDArray[np.int64]:
    """Add up a year's interest on all loans, whole yuan; principal is paid from the next loan, as usual in trade."""
    interest = loans.balance_fen * loans.annual_rate
    return np.round(np.bincount(loans.borrower, weights=interest, minlength=count) / 100).astype(np.int64) * 100
