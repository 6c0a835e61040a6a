"""Where everything stands: members on the ring of their circle, circles beside what they are joined to."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from circles.viz.packing import Box, pack_boxes
from circles.viz.stress import place_joined, separate_discs

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHORD = 58.0
_LEAST_RING = 34.0
_HULL_MARGIN = 30.0
_GAP = 10.0
_TITLE_ROOM = 58.0
_JOINED_GAP = 46.0
_LONE_RADIUS = 26.0
_ALIKE = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The shape of what a picture is seen on.

    Attributes
    ----------
    aspect
        Width over height.
    upright
        Whether what is free to lie either way stands upright.
    """

    aspect: float
    upright: bool

    def turn(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn places, whose longer extent is along the first axis, to fit the screen better."""
        along, across = places[:, 0] * 1.25, places[:, 1] * 0.8
        return np.stack([across, along] if self.upright else [along, across], axis=1)


WIDE = Screen(aspect=1.5, upright=False)
"""About the free part of a computer's screen."""
NARROW = Screen(aspect=1 / 3, upright=True)
"""A phone's width, and as much height as one scrolls through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Places in drawing units, y downwards.

    Attributes
    ----------
    nodes
        Shape (n, 2): members.
    hulls
        Shape (h, 2): centres of circles.
    radii
        Shape (h,): radii of the circles' hulls.
    """

    nodes: NDArray[np.float64]
    hulls: NDArray[np.float64]
    radii: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layouts:
    """The same things placed for a wide and for a narrow screen."""

    wide: Layout
    narrow: Layout


def arrange(
    home: NDArray[np.int32], joined: NDArray[np.int32], *, hulls: int, ids: NDArray[np.object_] | None = None
) -> Layouts:
    """Place members and circles; nothing overlaps, and the same input always gives the same picture.

    Parameters
    ----------
    home
        Shape (n,): the circle on whose ring a member stands, −1 for none.
    joined
        Shape (k, 2): pairs of members, or of a member and a circle (counted from n on), that should be near.
    hulls
        Circles drawn.
    ids
        Shape (n,): what members are called, so that a picture to which one is added looks alike; None: their places.
    """
    if len(home) == 0:
        nowhere = Layout(nodes=np.zeros((0, 2)), hulls=np.zeros((hulls, 2)), radii=np.full(hulls, _LONE_RADIUS))
        return Layouts(wide=nowhere, narrow=nowhere)
    sizes = np.bincount(home[home >= 0], minlength=hulls)
    rings = _even_out(np.array([measure_ring(int(size)) for size in sizes], dtype=np.float64))
    disc_of = _number_discs(home, hulls)
    radii = np.concatenate([rings + _HULL_MARGIN, np.full(int((home < 0).sum()), _LONE_RADIUS)])
    marks = _mark_discs(np.arange(len(home)) if ids is None else ids, disc_of, count=len(radii))
    parts = _place_parts(_join_discs(disc_of, joined), radii, marks)
    wide, narrow = (
        _place_members(home, _pack_parts(parts, radii, screen), disc_of=disc_of, rings=rings)
        for screen in (WIDE, NARROW)
    )
    return Layouts(wide=wide, narrow=narrow)


def _place_members(
    home: NDArray[np.int32], centres: NDArray[np.float64], *, disc_of: NDArray[np.int64], rings: NDArray[np.float64]
) -> Layout:
    """Put members on the rings of their discs, and the middle of the picture in the origin."""
    hulls = len(rings)
    nodes = centres[disc_of[: len(home)]]
    for hull in range(hulls):
        inside = np.flatnonzero(home == hull)
        nodes[inside] += rings[hull] * _spread_evenly(len(inside))
    shift = (centres.min(axis=0) + centres.max(axis=0)) / 2
    return Layout(
        nodes=np.round(nodes - shift, 1),
        hulls=np.round(centres[:hulls] - shift, 1),
        radii=np.round(rings + _HULL_MARGIN, 1),
    )


def measure_ring(size: int) -> float:
    """Give the radius of a ring on which `size` members stand with room for their labels."""
    if size <= 1:
        return 0.0
    return max(_LEAST_RING, _CHORD / 2 / np.sin(np.pi / size))


def _even_out(rings: NDArray[np.float64]) -> NDArray[np.float64]:
    """Let rings of nearly one size have one size: a calm picture, in which only the members differ."""
    real = rings[rings > 0]
    if len(real) and real.max() <= _ALIKE * np.median(real):
        return np.where(rings > 0, real.max(), 0.0)
    return rings


def _spread_evenly(size: int) -> NDArray[np.float64]:
    """Directions of ring members; an even number starts beside the top, so that labels stand in corners."""
    start = -np.pi / 2 + (np.pi / max(size, 1) if size % 2 == 0 else 0.0)
    angles = start + 2 * np.pi * np.arange(size) / max(size, 1)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _number_discs(home: NDArray[np.int32], hulls: int) -> NDArray[np.int64]:
    """Give the disc of every member and then of every circle: circles come first, lone members after them."""
    disc = home.astype(np.int64)
    lone = home < 0
    disc[lone] = hulls + np.arange(int(lone.sum()))
    return np.concatenate([disc, np.arange(hulls)])


def _mark_discs(ids: NDArray[Any], disc_of: NDArray[np.int64], *, count: int) -> NDArray[np.float64]:
    """Give each disc the smallest of its members' numbers, in (0, 1), which hang on their ids only."""
    marks = np.ones(count)
    hashed = (int.from_bytes(blake2b(str(each).encode("utf-8", "replace"), digest_size=6).digest()) for each in ids)
    np.minimum.at(marks, disc_of[: len(ids)], [(number + 1) / (2**48 + 2) for number in hashed])
    return marks


def _join_discs(disc_of: NDArray[np.int64], joined: NDArray[np.int32]) -> NDArray[np.int64]:
    pairs = np.sort(disc_of[joined.reshape(-1, 2)], axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Discs that are joined to each other: their numbers, and their places before any is pushed aside."""

    discs: NDArray[np.int64]
    places: NDArray[np.float64]


def _place_parts(pairs: NDArray[np.int64], radii: NDArray[np.float64], marks: NDArray[np.float64]) -> list[_Part]:
    """Place each part of the picture for itself, the largest first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = len(radii)
    wished = radii[pairs[:, 0]] + radii[pairs[:, 1]] + _JOINED_GAP
    half = coo_array((wished, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()
    lengths = (half + half.T).tocsr()
    _, part_of = connected_components(lengths, directed=False)
    numbers = [np.flatnonzero(part_of == part) for part in range(part_of.max() + 1)]
    numbers.sort(key=lambda discs: (-len(discs), discs[0]))
    return [_Part(discs=discs, places=place_joined(lengths[discs][:, discs], marks[discs])) for discs in numbers]


def _pack_parts(parts: list[_Part], radii: NDArray[np.float64], screen: Screen) -> NDArray[np.float64]:
    """Push the discs of each part apart and put the parts in rows; give every disc's centre."""
    centres = np.zeros((len(radii), 2))
    boxes, middles, settled = [], [], []
    for part in parts:
        reach = radii[part.discs] + _GAP
        place = separate_discs(screen.turn(part.places), reach)
        low, high = (place - reach[:, None]).min(axis=0), (place + reach[:, None]).max(axis=0)
        boxes.append(Box(width=float(high[0] - low[0]), height=float(high[1] - low[1] + _TITLE_ROOM)))
        middles.append((low + high - (0.0, _TITLE_ROOM)) / 2)
        settled.append(place)
    packed = pack_boxes(boxes, screen.aspect)
    for part, place, middle, centre in zip(parts, settled, middles, packed, strict=True):
        centres[part.discs] = place - middle + centre
    return centres
