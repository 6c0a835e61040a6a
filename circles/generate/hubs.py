"""Hubs: the few large buyers that many members sell to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

HUBS_PER_THOUSAND, HUB_GROWTH = 5.0, 0.55
"""Hubs = 5 × (members / 1,000)^0.55: 9 of 3,000, 18 of 10,000, 104 of 250,000 (the deck: about a hundred)."""
LEAST_MEMBERS = 30
"""Below this many members there is no hub."""


def choose_hubs(population: Population) -> NDArray[np.int64]:
    """Choose the large buyers: the settled members with the largest sales, largest first; shape (hubs,)."""
    count = len(population)
    if count < LEAST_MEMBERS:
        return np.empty(0, dtype=np.int64)
    hubs = max(1, round(HUBS_PER_THOUSAND * (count / 1_000) ** HUB_GROWTH))
    return np.lexsort((-population.sales_fen, ~population.settled))[:hubs]
