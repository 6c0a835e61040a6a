"""Who sells to whom: most members trade with no other member, a few large buyers with very many."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.generate.towns import TOWNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.generate.population import Population

ACTIVE_SHARE = 0.4
"""Share of members that trade with another member at all (assumption); settled ones, and more only where the rows would
not fit."""
MONTHS = 24
TAIL = 1.5
"""Weights of sellers and of buyers are Pareto with this exponent, so degrees fall as k^-2.5 (assumption)."""
LARGEST_WEIGHT = 50.0
HUB_SHARE, LOCAL_SHARE = 0.3, 0.5
"""Share of pairs whose buyer is a hub, and whose buyer is another member of the seller's town (assumptions)."""
HOME_HUB_SHARE = 0.75
"""Share of sales to hubs that go to a hub buying in the seller's town; the rest by rank, as 1/rank."""
LOCAL_ROUNDS, ROUNDS = 4, 40
ENUMERATED = 2_000
"""Up to so many trading members, missing pairs are taken from the list of all pairs that are left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradePairs:
    """Sellers and buyers, shape (pairs,) each: members, no pair twice, nobody with himself."""

    seller: NDArray[np.int64]
    buyer: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    """The trading members, by town, and how much each sells and buys.

    Attributes
    ----------
    member
        Shape (a,): the trading members, sorted by town.
    town
        Shape (a,).
    sells, buys
        Shape (a,): running sums of weights.
    town_from
        Shape (towns + 1,): running sum of ``buys`` before each town.
    hubs
        Shape (hubs,): the large buyers, largest first.
    """

    member: NDArray[np.int64]
    town: NDArray[np.int64]
    sells: NDArray[np.float64]
    buys: NDArray[np.float64]
    town_from: NDArray[np.float64]
    hubs: NDArray[np.int64]


def draw_pairs(
    stream: np.random.Generator, population: Population, *, hubs: NDArray[np.int64], count: int, rows: int
) -> TradePairs:
    """Draw pairs of seller and buyer.

    Parameters
    ----------
    stream, population
        As everywhere.
    hubs
        Shape (hubs,): the large buyers.
    count
        How many pairs are wanted; fewer come back only if all pairs of trading members are taken.
    rows
        How many rows of trade they must hold, at most 24 a pair; decides how many members must trade.
    """
    market = _open_market(stream, population, hubs=hubs, rows=rows)
    members = len(population)
    active = len(market.member)
    count = min(count, active * (active - 1))
    keys = np.empty(0, dtype=np.int64)
    for turn in range(ROUNDS):
        missing = count - len(keys)
        if missing <= 0:
            break
        seller, buyer = _draw_candidates(stream, market, turn=turn, count=missing + missing // 4 + active)
        drawn = np.concatenate([keys, (seller * members + buyer)[seller != buyer]])
        keys = drawn[np.sort(np.unique(drawn, return_index=True)[1])][:count]
    if len(keys) < count and active <= ENUMERATED:
        keys = np.concatenate([keys, _take_left(stream, market, keys, members=members)[: count - len(keys)]])
    return TradePairs(seller=keys // max(1, members), buyer=keys % max(1, members))


def _open_market(stream: np.random.Generator, population: Population, *, hubs: NDArray[np.int64], rows: int) -> _Market:
    count = len(population)
    needed = math.ceil((1 + math.sqrt(1 + 4 * rows / MONTHS)) / 2) if rows else 0
    active = min(count, max(round(ACTIVE_SHARE * count), needed))
    others = stream.permutation(np.setdiff1d(np.arange(count), hubs))
    others = others[np.argsort(~population.settled[others], kind="stable")]
    trading = np.concatenate([hubs, others])[:active]
    member = trading[np.argsort(population.town[trading], kind="stable")]
    town = population.town[member]
    buys = np.cumsum(_draw_weights(stream, active))
    ends = np.searchsorted(town, np.arange(len(TOWNS) + 1), side="left")
    return _Market(
        member=member,
        town=town,
        sells=np.cumsum(_draw_weights(stream, active)),
        buys=buys,
        town_from=np.concatenate([[0.0], buys])[ends],
        hubs=hubs,
    )


def _draw_weights(stream: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.minimum((1 - stream.random(count)) ** (-1 / TAIL), LARGEST_WEIGHT)


def _draw_candidates(
    stream: np.random.Generator, market: _Market, *, turn: int, count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw pairs: first every trading member sells once, then by weight; after a few rounds anybody to anybody."""
    active = len(market.member)
    if turn >= LOCAL_ROUNDS:
        places = stream.integers(0, active, size=(2, count))
        return market.member[places[0]], market.member[places[1]]
    place = np.searchsorted(market.sells, stream.random(count) * market.sells[-1], side="right")
    if turn == 0:
        place[:active] = stream.permutation(active)
    place = np.minimum(place, active - 1)
    kind = stream.random(count)
    buyer = _draw_buyers(stream, market, place=place, local=kind < LOCAL_SHARE)
    if len(market.hubs):
        to_hub = kind >= 1 - HUB_SHARE
        buyer[to_hub] = _draw_hubs(stream, market, town=market.town[place[to_hub]])
    return market.member[place], buyer


def _draw_buyers(
    stream: np.random.Generator, market: _Market, *, place: NDArray[np.int64], local: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Draw buyers by weight, in the seller's town where `local`, else anywhere: shape (count,), members."""
    town = market.town[place]
    low = np.where(local, market.town_from[town], 0.0)
    high = np.where(local, market.town_from[town + 1], market.buys[-1])
    found = np.searchsorted(market.buys, low + (high - low) * stream.random(len(place)), side="right")
    return market.member[np.minimum(found, len(market.member) - 1)]


def _draw_hubs(stream: np.random.Generator, market: _Market, *, town: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw a large buyer for each sale: mostly one that buys in the seller's town. Hub h buys in towns ≡ h."""
    hubs, towns = len(market.hubs), len(TOWNS)
    here = np.where(town < hubs, (hubs - 1 - town) // towns + 1, 1)
    home = (town + towns * (stream.random(len(town)) * here).astype(np.int64)) % hubs
    ranks = np.cumsum(1 / np.arange(1, hubs + 1))
    ranked = np.searchsorted(ranks, stream.random(len(town)) * ranks[-1], side="right")
    return market.hubs[np.where(stream.random(len(town)) < HOME_HUB_SHARE, home, np.minimum(ranked, hubs - 1))]


def _take_left(
    stream: np.random.Generator, market: _Market, keys: NDArray[np.int64], *, members: int
) -> NDArray[np.int64]:
    everyone = (market.member[:, None] * members + market.member[None, :])[~np.eye(len(market.member), dtype=np.bool_)]
    return stream.permutation(np.setdiff1d(everyone, keys))
