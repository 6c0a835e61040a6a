"""Resources: what a member can pay from liquid funds after its own debt service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

LIQUID_SHARE, KNEE_FEN, LIQUID_SHARE_ABOVE = 0.11, 8_000_000 * 100, 0.01
"""Liquid funds: 11 % of annual sales up to 8 million yuan, 1 % of what is above (assumption). A suitable loan is 15 to
25 % of sales and at most 2 million, so resources are about half a loan."""
SPREAD = 0.3
"""Standard deviation of the logarithm around that; the factor has mean 1 (assumption)."""
BARE_SHARE, BARE_PART = 0.18, (0.02, 0.25)
"""Share of members that live from hand to mouth, and the part of the usual funds that they hold (assumption). One of
them in a circle can turn one default into several: what the bearable rule of forming circles is for."""
STEP_FEN = 100 * 100
SOURCES, SOURCE_SHARES = ("declared", "verified", "estimated"), (0.55, 0.3, 0.15)


def draw_resources(seed: int, population: Population) -> NDArray[np.int64]:
    """Draw resources by the stated rule: shape (n,), whole fen, multiples of 100 yuan."""
    stream = open_stream(seed, "resources")
    sales = population.sales_fen.astype(np.float64)
    liquid = LIQUID_SHARE * np.minimum(sales, KNEE_FEN) + LIQUID_SHARE_ABOVE * np.maximum(0.0, sales - KNEE_FEN)
    factor = np.exp(SPREAD * stream.standard_normal(len(sales)) - SPREAD**2 / 2)
    part = stream.uniform(*BARE_PART, size=len(sales))
    factor = np.where(stream.random(len(sales)) < BARE_SHARE, factor * part, factor)
    return np.round(liquid * factor / STEP_FEN).astype(np.int64) * STEP_FEN


def draw_sources(seed: int, count: int) -> NDArray[np.object_]:
    """Draw where each figure comes from: shape (count,)."""
    stream = open_stream(seed, "resources source")
    return stream.choice(np.array(SOURCES, dtype=np.object_), size=count, p=SOURCE_SHARES)
