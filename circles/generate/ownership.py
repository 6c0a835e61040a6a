"""Related parties under one control, and signs of one hand behind two members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.ids import number_ids
from circles.generate.streams import open_stream
from circles.generate.street import Stretches, take_stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

RELATED_SHARE = 0.02
"""Share of members under common control with another (assumption)."""
GROUP_SIZES, GROUP_SHARES = (2, 3, 4), (0.75, 0.2, 0.05)
LINKED_SHARE = 0.006
"""Linked pairs per member (assumption)."""
LINK_KINDS = ("phone", "device", "address", "account", "legal_representative")
LINK_SHARES = (0.3, 0.2, 0.3, 0.1, 0.1)
EVIDENCE = (
    "same telephone in both registrations",
    "orders of both came from one device",
    "same registered address",
    "payments of both go to one account",
    "same legal representative in the business register",
)


def draw_control_groups(
    seed: int, population: Population, *, street: NDArray[np.int64], outside: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Draw the control group of each member: shape (n,), None for most; nobody in `outside` has one."""
    stream = open_stream(seed, "control groups")
    mean = float(np.dot(GROUP_SIZES, GROUP_SHARES))
    sizes = stream.choice(GROUP_SIZES, size=round(RELATED_SHARE * len(population) / mean), p=GROUP_SHARES)
    runs = take_stretches(street[~outside[street]], sizes, stream)
    groups = np.full(len(population), None, dtype=np.object_)
    groups[runs.member] = number_ids("R", len(sizes))[runs.run]
    return groups


def frame_links(
    seed: int, population: Population, *, street: NDArray[np.int64], outside: NDArray[np.bool_]
) -> pd.DataFrame:
    """Build the links table: neighbours who share a telephone, a device, an address, an account, a representative."""
    stream = open_stream(seed, "links")
    sizes = np.full(round(LINKED_SHARE * len(population)), 2)
    runs: Stretches = take_stretches(street[~outside[street]], sizes, stream)
    kind = stream.choice(len(LINK_KINDS), size=len(runs.member) // 2, p=LINK_SHARES)
    return pd.DataFrame(
        {
            "member_a": population.ids[runs.member[0::2]],
            "member_b": population.ids[runs.member[1::2]],
            "kind": np.array(LINK_KINDS, dtype=np.object_)[kind],
            "evidence": np.array(EVIDENCE, dtype=np.object_)[kind],
        }
    )
