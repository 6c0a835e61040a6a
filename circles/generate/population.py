"""The population: who the members are before anything happens between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from circles.generate.amounts import draw_amounts
from circles.generate.ids import number_ids
from circles.generate.names import draw_names
from circles.generate.streams import open_stream
from circles.generate.towns import TOWNS, draw_industries, draw_towns
from circles.money import FEN_PER_YUAN

if TYPE_CHECKING:
    from circles.generate.profile import Profile

Days = NDArray[np.datetime64]

SIZE_CORRELATION = 0.6
"""Correlation of both sizes (assumption: the deck gives each alone); a Gaussian copula, so each keeps its table."""
YOUNG_SHARE = 0.10
"""Share registered less than 18 months ago, whom the product refuses (assumption)."""
YOUNG_DAYS = 547
OLDEST_DAYS = 25 * 365
SETTLED_DAYS = 2 * 366
PLATFORM_DAYS = 8 * 365
"""How long the platform has existed; nobody joined before."""
UNCERTIFIED_SHARE, LAPSED_SHARE = 0.02, 0.03
"""Share without a certificate, and with one that ran out (assumptions)."""
LOAN_SHARES = (0.15, 0.25)
"""A member's suitable loan as a share of its annual sales; 25 % is the product's limit of affordability."""
LOAN_STEP_YUAN, LEAST_LOAN_YUAN = 10_000, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The members' own attributes; every array has shape (n,) and the order of the members table.

    Attributes
    ----------
    day
        The date of the data.
    ids, names
        Text.
    town, industry
        Positions in `TOWNS` and `INDUSTRIES`.
    capital_fen, sales_fen
        Registered capital and annual sales, whole fen.
    suitable_loan_fen
        What a member of its size borrows, whole fen.
    registered_on, joined_on, certified_until
        Days; the last NaT where there is no certificate.
    """

    day: np.datetime64
    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    town: NDArray[np.int64]
    industry: NDArray[np.int64]
    capital_fen: NDArray[np.int64]
    sales_fen: NDArray[np.int64]
    suitable_loan_fen: NDArray[np.int64]
    registered_on: Days
    joined_on: Days
    certified_until: Days

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def in_region(self) -> NDArray[np.bool_]:
        """Shape (n,): in the product's region, all of Zhejiang except Ningbo."""
        return np.array([town.prefecture != "Ningbo" for town in TOWNS])[self.town]

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Shape (n,): registered for more than two years, so that trade and loans of that time can be theirs."""
        return self.registered_on < self.day - SETTLED_DAYS


def draw_population(seed: int, count: int, *, profile: Profile, day: np.datetime64) -> Population:
    """Draw the members: towns and industries, size, age, certificate."""
    stream = open_stream(seed, "population")
    towns = draw_towns(stream, count)
    industries = draw_industries(stream, towns)
    capital_ranks, sales_ranks = _draw_size_ranks(stream, count)
    sales = draw_amounts(profile.sales, sales_ranks)
    registered = day - _draw_ages(stream, count)
    return Population(
        day=day,
        ids=number_ids("M", count),
        names=draw_names(stream, towns, industries),
        town=towns,
        industry=industries,
        capital_fen=draw_amounts(profile.capital, capital_ranks),
        sales_fen=sales,
        suitable_loan_fen=_suit_loans(stream, sales, profile.largest_loan_yuan),
        registered_on=registered,
        joined_on=draw_days(stream, np.maximum(registered, day - PLATFORM_DAYS), day),
        certified_until=_draw_certificates(stream, count, day),
    )


def draw_days(stream: np.random.Generator, first: Days, last: Days | np.datetime64) -> Days:
    """Draw days, each evenly between its first and last, both included: shape (n,)."""
    span = (last - first).astype(np.int64) + 1
    return first + (stream.random(len(first)) * span).astype(np.int64)


def _draw_size_ranks(stream: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, other = stream.standard_normal(count), stream.standard_normal(count)
    second = SIZE_CORRELATION * first + np.sqrt(1 - SIZE_CORRELATION**2) * other
    return ndtr(first), ndtr(second)


def _draw_ages(stream: np.random.Generator, count: int) -> NDArray[np.int64]:
    young = stream.random(count) < YOUNG_SHARE
    even = stream.random(count)
    grown = YOUNG_DAYS + 1 + (OLDEST_DAYS - YOUNG_DAYS) * even**2
    return np.where(young, 30 + (YOUNG_DAYS - 30) * even, grown).astype(np.int64)


def _draw_certificates(stream: np.random.Generator, count: int, day: np.datetime64) -> Days:
    kind = stream.random(count)
    ahead = stream.integers(1, 366, size=count)
    until = day + np.where(kind < UNCERTIFIED_SHARE + LAPSED_SHARE, -ahead, ahead)
    until[kind < UNCERTIFIED_SHARE] = np.datetime64("NaT")
    return until


def _suit_loans(stream: np.random.Generator, sales_fen: NDArray[np.int64], largest_yuan: int) -> NDArray[np.int64]:
    low, high = LOAN_SHARES
    yuan = sales_fen / FEN_PER_YUAN * (low + (high - low) * stream.random(len(sales_fen)))
    steps = np.floor(yuan / LOAN_STEP_YUAN) * LOAN_STEP_YUAN
    return np.clip(steps, LEAST_LOAN_YUAN, largest_yuan).astype(np.int64) * FEN_PER_YUAN
