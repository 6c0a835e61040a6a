"""Firms on a map: acquainted with neighbours and with a few far away; loans and resources log-normal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.instances.drawing import Circles, Drawn, cover_circles, plant_circles
from circles.matching import MatchingProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

INDUSTRIES = 12
TOWN_MEMBERS = 500
SAME_INDUSTRY, SAME_TOWN, STRANGER = 18, 8, -12
SIZE_CHARGE = {3: 60, 4: 70, 5: 90, 6: 120, 7: 160, 8: 210}


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """How to draw a town.

    Parameters
    ----------
    members
        How many firms.
    near, far
        Neighbours (of the 16 nearest) and far firms that each firm names; 5 and 1 come to a mean degree of 12.
    largest
        Largest size of a circle; 3 is the smallest.
    mode
        ``acquainted``: circles are connected by acquaintances; ``mixed``: strangers may join at a charge;
        ``strangers``: nobody is acquainted, the same pairs are only scored.
    hubs, hub_degree
        So many firms know so many others each.
    tie
        Points that a tie inside a planted circle scores on top of what chance gives it; 0 hides the circles well.
    """

    members: int
    near: int = 5
    far: int = 1
    largest: int = 6
    mode: str = "acquainted"
    hubs: int = 0
    hub_degree: int = 0
    tie: int = 0


def draw_town(town: Town, seed: int) -> Drawn:
    """Draw a town and plant circles of near firms in it: each is tied by a path, and covers its loans."""
    random = np.random.default_rng([seed, town.members])
    place = random.integers(0, max(1, town.members // TOWN_MEMBERS), town.members)
    industry = random.integers(0, INDUSTRIES, town.members)
    nearest = _find_nearest(place, industry, random)
    circles = plant_circles(nearest, tuple(range(3, town.largest + 1)), random)
    ties = [pair for circle in circles for pair in pairwise(circle)]
    pairs = _join_pairs(np.array(ties), _name_acquaintances(town, nearest, random), town.members)
    labels = np.column_stack([industry, place])
    loan = np.clip(random.lognormal(3.9, 0.6, town.members), 10, 200).astype(np.int64)
    resources = np.maximum(3, loan * random.lognormal(-0.6, 0.5, town.members)).astype(np.int64)
    score = np.clip(random.gamma(2.5, 18, len(pairs)), 5, 100).astype(np.int64) + town.tie * _are_tied(pairs, circles)
    same = labels[pairs[:, 0]] == labels[pairs[:, 1]]
    problem = MatchingProblem(
        value=loan // 2,
        pair_first=pairs[:, 0],
        pair_second=pairs[:, 1],
        pair_value=score - same @ np.array([SAME_INDUSTRY, SAME_TOWN]),
        pair_acquainted=np.full(len(pairs), town.mode != "strangers"),
        stranger_value=STRANGER,
        labels=labels,
        label_charges=[SAME_INDUSTRY, SAME_TOWN],
        connected=town.mode == "acquainted",
        size_charge={size: SIZE_CHARGE[size] for size in range(3, town.largest + 1)},
        loan=loan,
        resources=cover_circles(circles, loan, resources),
        coverage=1,
    )
    return Drawn(problem=problem, planted=tuple(circles))


def _find_nearest(
    place: NDArray[np.int64], industry: NDArray[np.int64], random: np.random.Generator
) -> NDArray[np.int64]:
    """Put firms on a map, those of one town together and those of one industry a little closer; list the 16 nearest."""
    towns = int(place.max()) + 1
    angle = industry * 2 * np.pi / INDUSTRIES
    spot = (random.random((towns, 2)) * np.sqrt(towns))[place]
    spot = spot + random.random(spot.shape) + 0.15 * np.column_stack([np.cos(angle), np.sin(angle)])
    return cKDTree(spot).query(spot, k=17)[1][:, 1:]


def _name_acquaintances(town: Town, nearest: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
    """Let every firm name some of its nearest and some far away, and every hub many."""
    firms = np.arange(town.members)
    chosen = np.argsort(random.random(nearest.shape), axis=1)[:, : town.near]
    near = np.take_along_axis(nearest, chosen, axis=1)
    far = random.integers(0, town.members, (town.members, town.far))
    hubs = random.choice(town.members, town.hubs, replace=False)
    known = [random.choice(town.members, town.hub_degree, replace=False) for _ in hubs]
    named = np.concatenate([near.ravel(), far.ravel(), *known])
    naming = np.concatenate([firms.repeat(town.near), firms.repeat(town.far), hubs.repeat(town.hub_degree)])
    return np.column_stack([naming, named])


def _join_pairs(ties: NDArray[np.int64], named: NDArray[np.int64], members: int) -> NDArray[np.int64]:
    """Give every pair once, the smaller position first."""
    pairs = np.sort(np.concatenate([ties, named]), axis=1)
    keys = np.unique((pairs[:, 0] * members + pairs[:, 1])[pairs[:, 0] < pairs[:, 1]])
    return np.column_stack([keys // members, keys % members])


def _are_tied(pairs: NDArray[np.int64], circles: Circles) -> NDArray[np.bool_]:
    """Say of every pair whether both are in one planted circle."""
    circle_of = -1 - np.arange(int(pairs.max()) + 1)
    for number, circle in enumerate(circles):
        circle_of[[member for member in circle if member < len(circle_of)]] = number
    return circle_of[pairs[:, 0]] == circle_of[pairs[:, 1]]
