"""Exclusions: pairs that may never share a circle, few, and among those who know each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from circles.generate.acquaintances import Acquaintances
    from circles.generate.existing_circles import ExistingCircles
    from circles.generate.population import Population

QUARREL_SHARE = 0.01
"""Share of acquainted pairs that exclude each other (assumption)."""
REASONS = ("unpaid invoice", "declined to vouch", "open lawsuit")


def frame_exclusions(
    seed: int, population: Population, *, acquaintances: Acquaintances, circles: ExistingCircles
) -> pd.DataFrame:
    """Build the exclusions table from acquainted pairs of whom at most one is in a circle."""
    stream = open_stream(seed, "exclusions")
    inside = circles.mask_members(len(population))
    apart = ~(inside[acquaintances.first] & inside[acquaintances.second])
    pairs = np.flatnonzero(apart & (stream.random(len(apart)) < QUARREL_SHARE))
    return pd.DataFrame(
        {
            "member_a": population.ids[acquaintances.first[pairs]],
            "member_b": population.ids[acquaintances.second[pairs]],
            "reason": stream.choice(np.array(REASONS, dtype=np.object_), size=len(pairs)),
        }
    )
