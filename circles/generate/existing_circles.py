"""Circles that exist already at the date of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.generate.ids import number_ids
from circles.generate.population import Days, Population, draw_days
from circles.generate.streams import open_stream
from circles.generate.street import Stretches, take_stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEMBERS_IN_CIRCLES = 0.06
"""Share of members in an existing circle (assumption)."""
SIZES, SIZE_SHARES = (3, 4, 5), (0.4, 0.35, 0.25)
OLDEST_DAYS = 340
"""Circles were formed in the last 340 days, so that none has run out: the term is one year."""
LEAST_AGE_DAYS = 548 + OLDEST_DAYS
"""Members were registered for 18 months when their circle was formed."""
LARGEST_SALES_FEN = 50_000_000 * 100
"""Members with more than 50 million yuan of sales borrow without a circle (assumption)."""
DISSOLVED_SHARE, FROZEN_SHARE = 0.05, 0.03
"""Share of circles dissolved unused, and frozen by the responsible manager (assumptions)."""
CIRCLE_DEPOSIT_SHARE, MEMBER_DEPOSIT_SHARE = 0.5, 0.3
"""Share of circles with a common deposit, and of their members with one of their own (assumptions)."""
DEPOSIT_RATE = 0.05
"""A deposit as a share of the loan behind it (assumption)."""
DEPOSIT_STEP_FEN = 1_000 * 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingCircles:
    """Existing circles and who is in them.

    Attributes
    ----------
    member, circle, draw_order
        Shape (k,): a member, its circle from 0, its place in the order of draw-down from 1.
    formed_on, status
        Shape (circles,).
    """

    member: NDArray[np.int64]
    circle: NDArray[np.int64]
    draw_order: NDArray[np.int64]
    formed_on: Days
    status: NDArray[np.object_]

    def mask_members(self, count: int) -> NDArray[np.bool_]:
        """Say of every member whether it is in a circle: shape (count,)."""
        inside = np.zeros(count, dtype=np.bool_)
        inside[self.member] = True
        return inside


def draw_circles(
    seed: int, population: Population, *, street: NDArray[np.int64], hubs: NDArray[np.int64]
) -> ExistingCircles:
    """Draw circles of neighbours who could have formed one under the product's rules."""
    stream = open_stream(seed, "existing circles")
    count = round(MEMBERS_IN_CIRCLES * len(population) / float(np.dot(SIZES, SIZE_SHARES)))
    sizes = stream.choice(SIZES, size=count, p=SIZE_SHARES)
    fit = _mask_fit(population, hubs)
    runs = _keep_one_town(take_stretches(street[fit[street]], sizes, stream), population.town)
    total = int(runs.run.max(initial=-1)) + 1
    formed = draw_days(stream, np.full(total, population.day - OLDEST_DAYS), population.day - 30)
    fate = stream.random(total)
    status = np.where(fate < DISSOLVED_SHARE + FROZEN_SHARE, "frozen", "active").astype(np.object_)
    status[fate < DISSOLVED_SHARE] = "dissolved"
    shuffled = np.lexsort((stream.random(len(runs.run)), runs.run))
    return ExistingCircles(
        member=runs.member[shuffled],
        circle=runs.run,
        draw_order=runs.place + 1,
        formed_on=formed,
        status=status,
    )


def frame_circles(circles: ExistingCircles, overdue: NDArray[np.int64], deposits: Deposits) -> pd.DataFrame:
    """Build the circles table; `overdue` lists circles with an overdue loan, shape (any,)."""
    status = circles.status.copy()
    status[overdue] = "overdue"
    return pd.DataFrame(
        {
            "circle_id": number_ids("E", len(status)),
            "formed_on": circles.formed_on,
            "expires_on": circles.formed_on + 365,
            "deposit_fen": deposits.circle_fen,
            "status": status,
        }
    )


def frame_circle_members(circles: ExistingCircles, population: Population, deposits: Deposits) -> pd.DataFrame:
    """Build the circle_members table."""
    return pd.DataFrame(
        {
            "circle_id": number_ids("E", len(circles.status))[circles.circle],
            "member_id": population.ids[circles.member],
            "draw_order": circles.draw_order,
            "deposit_fen": deposits.member_fen,
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposits:
    """Deposits in whole fen: ``circle_fen`` shape (circles,), ``member_fen`` shape (members in circles,)."""

    circle_fen: NDArray[np.int64]
    member_fen: NDArray[np.int64]


def draw_deposits(seed: int, circles: ExistingCircles, population: Population) -> Deposits:
    """Draw who laid down a deposit: half of the circles in common, some of their members beside."""
    stream = open_stream(seed, "deposits")
    wanted = population.suitable_loan_fen[circles.member] * DEPOSIT_RATE
    total = len(circles.status)
    common = np.bincount(circles.circle, weights=wanted, minlength=total)
    has_common = stream.random(total) < CIRCLE_DEPOSIT_SHARE
    has_own = stream.random(len(wanted)) < MEMBER_DEPOSIT_SHARE
    return Deposits(circle_fen=_round_deposit(common * has_common), member_fen=_round_deposit(wanted * has_own))


def _round_deposit(amounts: NDArray[Any]) -> NDArray[np.int64]:
    return np.ceil(amounts / DEPOSIT_STEP_FEN).astype(np.int64) * DEPOSIT_STEP_FEN


def _mask_fit(population: Population, hubs: NDArray[np.int64]) -> NDArray[np.bool_]:
    fit = population.in_region & (population.certified_until >= population.day)
    fit &= population.registered_on <= population.day - LEAST_AGE_DAYS
    fit &= population.joined_on <= population.day - OLDEST_DAYS
    fit &= population.sales_fen <= LARGEST_SALES_FEN
    fit[hubs] = False
    return fit


def _keep_one_town(runs: Stretches, town: NDArray[np.int64]) -> Stretches:
    """Drop runs that reach into the next town; the street is sorted by town, so one member elsewhere shows it."""
    total = int(runs.run.max(initial=-1)) + 1
    low, high = np.full(total, len(town) + 1_000_000), np.full(total, -1)
    np.minimum.at(low, runs.run, town[runs.member])
    np.maximum.at(high, runs.run, town[runs.member])
    kept = (low == high)[runs.run]
    run = np.unique(runs.run[kept], return_inverse=True)[1]
    return Stretches(member=runs.member[kept], run=run, place=runs.place[kept])
