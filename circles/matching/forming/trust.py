"""Trust among strangers: a friend of a friend is not nobody.

Members are joined by ties (`circles.graph.affinity.measure_ties`). A path of at most three ties between two members
that do not know each other is as strong as the product of its ties, and a pair as its strongest path. Ties are
thousandths and products whole numbers, so that every machine, and every direction of a path, gives the same strength.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circles.graph.affinity import WHOLE_TIE, measure_ties
from circles.matching.forming.pairs import PairSet
from circles.matching.forming.terms import WHOLE_TRUST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from circles.matching.rules import MatchingRules
    from circles.portfolio import Portfolio

HOPS = 3
_SOURCES = 512
"""Members whose paths are followed at a time."""
_END_BITS, _STRENGTH_BITS = 24, 30
"""Room for the number of a member, and for a strength; with 512 sources a path is a number of 63 bits."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trust:
    """Pairs of strangers that a path joins.

    Attributes
    ----------
    pairs
        p pairs of candidates.
    strength
        Shape (p,): product of the ties of the strongest path, in 1/1,000,000,000.
    """

    pairs: PairSet
    strength: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Paths:
    """Paths from some members to others; every array has shape (paths,), a start is a position among the some."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    strength: NDArray[np.int64]

    def strongest(self) -> _Paths:
        """Keep the strongest between each two ends: sorted as one whole number a path, ends first."""
        code = (self.start << _END_BITS | self.end) << _STRENGTH_BITS | (WHOLE_TRUST - self.strength)
        code.sort()
        ends = code >> _STRENGTH_BITS
        new = np.ones(len(code), dtype=np.bool_)
        new[1:] = ends[1:] != ends[:-1]
        code, ends = code[new], ends[new]
        weakness = code & ((1 << _STRENGTH_BITS) - 1)
        return _Paths(start=ends >> _END_BITS, end=ends & ((1 << _END_BITS) - 1), strength=WHOLE_TRUST - weakness)

    def pick(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> _Paths:
        return _Paths(start=self.start[rows], end=self.end[rows], strength=self.strength[rows])

    def joined(self, other: _Paths) -> _Paths:
        return _Paths(
            start=np.concatenate([self.start, other.start]),
            end=np.concatenate([self.end, other.end]),
            strength=np.concatenate([self.strength, other.strength]),
        )


def find_trust(
    portfolio: Portfolio, rules: MatchingRules, among: NDArray[np.int64], *, known: PairSet, lag: NDArray[np.int64]
) -> Trust:
    """Find the pairs of strangers that a path joins, the strongest `trust_pairs` of each member.

    A pair is kept if it is among the strongest of both its members, ties in the order of candidates. Paths may lead
    over any member of the portfolio with at most `trust_ties` ties: a large buyer vouches for nobody.

    Parameters
    ----------
    portfolio, rules
        Where the ties come from, and how many count.
    among
        Shape (n,): rows of the members that are candidates, −1 for one that is not to be placed among strangers.
    known
        Pairs of candidates that know each other: no strangers.
    lag
        Shape (members,): see `measure_ties`.

    Notes
    -----
    Work grows with the paths from each candidate: ties × `trust_ties`² at most, a few hundred in practice.
    """
    nobody = Trust(pairs=PairSet.of(len(among), [], []), strength=np.zeros(0, dtype=np.int64))
    if "strangers" not in rules.kinds or not rules.trust_pairs or not (among >= 0).any():
        return nobody
    web = _weave(portfolio, rules, lag)
    candidate = np.full(len(portfolio.members), -1, dtype=np.int64)
    stated = np.flatnonzero(among >= 0)
    candidate[among[stated]] = stated
    kept = [
        _follow(web, among[stated[start : start + _SOURCES]], candidate, known=known, most=rules.trust_pairs)
        for start in range(0, len(stated), _SOURCES)
    ]
    first = np.concatenate([paths.start for paths in kept])
    second = np.concatenate([paths.end for paths in kept])
    low, high = np.minimum(first, second), np.maximum(first, second)
    keys, at, met = np.unique(low * len(among) + high, return_index=True, return_counts=True)
    pairs = PairSet(size=len(among), keys=keys[met == 2])
    return Trust(pairs=pairs, strength=np.concatenate([paths.strength for paths in kept])[at[met == 2]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Web:
    """All ties, both ways, by the member they start from; ``passes`` says who may be a link of a path."""

    begin: NDArray[np.int64]
    to: NDArray[np.int64]
    tie: NDArray[np.int64]
    passes: NDArray[np.bool_]

    def lengthen(self, paths: _Paths, *, leads: NDArray[np.bool_]) -> _Paths:
        """Add one more tie to every path that ends where one may pass, to members that it leads to."""
        paths = paths.pick(self.passes[paths.end])
        row, step = self.spread(paths.end)
        end = self.to[step]
        kept = leads[end]
        row, step = row[kept], step[kept]
        strength = paths.strength[row] * self.tie[step] // WHOLE_TIE
        return _Paths(start=paths.start[row], end=end[kept], strength=strength).strongest()

    def spread(self, members: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give all ties from members: the position of the member, and of the tie."""
        count = self.begin[members + 1] - self.begin[members]
        row = np.repeat(np.arange(len(members)), count)
        return row, self.begin[members][row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)


def _weave(portfolio: Portfolio, rules: MatchingRules, lag: NDArray[np.int64]) -> _Web:
    count = len(portfolio.members)
    ties = measure_ties(
        portfolio, np.arange(count), months=rules.trade_months, full_volume_fen=rules.full_volume_fen, lag=lag
    )
    start = np.concatenate([ties["first"], ties["second"]])
    to, tie = np.concatenate([ties["second"], ties["first"]]), np.tile(ties["tie"], 2)
    order = np.lexsort((to, start))
    begin = np.searchsorted(start[order], np.arange(count + 1))
    return _Web(begin=begin, to=to[order], tie=tie[order], passes=np.diff(begin) <= rules.trust_ties)


def _follow(web: _Web, starts: NDArray[np.int64], candidate: NDArray[np.int64], *, known: PairSet, most: int) -> _Paths:
    """Follow the paths from some members, and keep the strongest to candidates that each does not know."""
    row, step = web.spread(starts)
    last = _Paths(start=row, end=web.to[step], strength=web.tie[step] * WHOLE_TIE ** (HOPS - 1))
    found = last
    for hop in range(2, HOPS + 1):
        last = web.lengthen(last, leads=web.passes | (candidate >= 0) if hop < HOPS else candidate >= 0)
        found = found.joined(last)
    met = found.pick(candidate[found.end] >= 0).strongest()
    paths = _Paths(start=candidate[starts][met.start], end=candidate[met.end], strength=met.strength)
    strangers = (known.find(paths.start, paths.end) < 0) & (paths.start != paths.end)
    return _keep_strongest(paths.pick(strangers), most)


def _keep_strongest(paths: _Paths, most: int) -> _Paths:
    order = np.lexsort((paths.end, -paths.strength, paths.start))
    nth = np.arange(len(order)) - np.searchsorted(paths.start[order], paths.start[order])
    return paths.pick(order[nth < most])
