"""Who knows whom: mostly neighbours of the street, sometimes members of one association in other towns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.generate.population import Population, draw_days
from circles.generate.streams import open_stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.applications import Applicants
    from circles.generate.existing_circles import ExistingCircles

OTHERS_SHARE = 0.2
"""Share of members outside circles and applications that declared anybody: the application form asks (assumption)."""
LONER_SHARE = 0.1
"""Share of those asked who name nobody (assumption)."""
NEAR_CHANCES = (0.95, 0.85, 0.65, 0.45)
"""Chance of knowing the next, second, third and fourth neighbour, before sociability (assumption)."""
SOCIABILITY = (0.5, 1.5)
"""A pair's chance is multiplied by the root of both members' sociability, uniform in this range (assumption)."""
FAR_PER_MEMBER = 0.1
"""Acquaintances through an association, anywhere, per member asked (assumption)."""
KINDS = ("market", "association", "circle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquaintances:
    """Pairs that know each other: ``first < second``, each pair once; ``kind`` is a position in `KINDS`."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    kind: NDArray[np.int64]


def draw_acquaintances(
    seed: int,
    population: Population,
    *,
    street: NDArray[np.int64],
    applicants: Applicants,
    circles: ExistingCircles,
) -> Acquaintances:
    """Draw who knows whom among applicants, members of circles and a few others."""
    stream = open_stream(seed, "acquaintances")
    count = len(population)
    asked = applicants.mask | (stream.random(count) < OTHERS_SHARE)
    asked &= stream.random(count) >= LONER_SHARE
    asked |= circles.mask_members(count)
    order = street[asked[street]]
    near_first, near_second = _meet_neighbours(stream, order, population.town)
    far_first, far_second = _meet_afar(stream, order)
    mate = np.flatnonzero(np.diff(circles.circle) == 0)
    return _each_pair_once(
        first=np.concatenate([circles.member[mate], near_first, far_first]),
        second=np.concatenate([circles.member[mate + 1], near_second, far_second]),
        kind=np.repeat([2, 0, 1], [len(mate), len(near_first), len(far_first)]),
    )


def frame_acquaintances(seed: int, population: Population, acquaintances: Acquaintances) -> pd.DataFrame:
    """Build the acquaintances table; they met after both had registered."""
    stream = open_stream(seed, "acquaintances since")
    both = np.maximum(population.registered_on[acquaintances.first], population.registered_on[acquaintances.second])
    return pd.DataFrame(
        {
            "member_a": population.ids[acquaintances.first],
            "member_b": population.ids[acquaintances.second],
            "kind": np.array(KINDS, dtype=np.object_)[acquaintances.kind],
            "since": draw_days(stream, both, population.day),
        }
    )


def _meet_neighbours(
    stream: np.random.Generator, order: NDArray[np.int64], town: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    root = np.sqrt(stream.uniform(*SOCIABILITY, size=len(order)))
    firsts, seconds = [], []
    for step, chance in enumerate(NEAR_CHANCES, start=1):
        here, there = order[:-step], order[step:]
        likely = chance * root[: len(here)] * root[len(order) - len(there) :]
        met = (stream.random(len(here)) < likely) & (town[here] == town[there])
        firsts.append(here[met])
        seconds.append(there[met])
    return np.concatenate(firsts), np.concatenate(seconds)


def _meet_afar(stream: np.random.Generator, order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    tries = round(FAR_PER_MEMBER * len(order))
    places = stream.integers(0, max(1, len(order)), size=(2, tries))
    places = places[:, places[0] != places[1]]
    return order[places[0]], order[places[1]]


def _each_pair_once(*, first: NDArray[np.int64], second: NDArray[np.int64], kind: NDArray[np.int64]) -> Acquaintances:
    low, high = np.minimum(first, second), np.maximum(first, second)
    keys, kept = np.unique(low << 32 | high, return_index=True)
    return Acquaintances(first=keys >> 32, second=keys & 0xFFFFFFFF, kind=kind[kept])
