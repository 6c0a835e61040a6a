"""Generating a sample portfolio from a profile and a seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from circles.errors import InputError
from circles.generate.acquaintances import draw_acquaintances, frame_acquaintances
from circles.generate.activity import frame_activity
from circles.generate.applications import draw_applicants, frame_applications
from circles.generate.existing_circles import draw_circles, draw_deposits, frame_circle_members, frame_circles
from circles.generate.guarantee_network import draw_network
from circles.generate.guarantees import frame_guarantees
from circles.generate.hubs import choose_hubs
from circles.generate.loans import draw_loans, frame_loans
from circles.generate.members import frame_members
from circles.generate.ownership import draw_control_groups, frame_links
from circles.generate.population import Population, draw_population
from circles.generate.profile import Profile, find_profile
from circles.generate.quarrels import frame_exclusions
from circles.generate.receivables import frame_receivables
from circles.generate.streams import open_stream
from circles.generate.street import walk_streets
from circles.generate.trade import draw_trade, frame_trades
from circles.generate.trade_pairs import MONTHS
from circles.portfolio import Portfolio

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

MOST_MEMBERS = 5_000_000
ROWS_PER_MEMBER = 100
"""At most so many rows of trade a member on average; more is not sparse."""
FIRST_YEAR, LAST_YEAR = 1990, 2200
Progress = Callable[[int, int], object]
"""Told (done, total) steps: a table drawn each, and at the end the check of them all."""


def generate_portfolio(
    *,
    members: int = 10_000,
    trades: int = 80_000,
    seed: int,
    profile: str = "zhejiang-2007",
    as_of: date | str | None = None,
    progress: Progress | None = None,
) -> Portfolio:
    """Make a sample portfolio with published distributions and invented firms.

    Registered capital and annual sales follow the profile's tables; most members trade with no other member, a few
    large buyers with very many; towns have an industry each; about half of the members apply for a loan; some are in
    circles already, some borrow against one-way guarantees or collateral. Every rule and its source is in
    ``docs/methods/generate.md``.

    Parameters
    ----------
    members
        How many, from 0 to 5,000,000.
    trades
        Rows of the trades table, exactly; at most 24 months × every ordered pair, and 100 a member.
    seed
        At least 0. The same seed (and numpy version) gives the same tables; no global generator is touched.
    profile
        A name from ``circles.generate.PROFILES``.
    as_of
        The date of the data (a date, or ISO text); the profile's own where it is not given.
    progress
        Called after every step with the steps done and the steps there are.

    Returns
    -------
    A portfolio with resources and default probabilities for every member, so every engine runs on it. Time grows as
    members + trades; memory likewise.

    Raises
    ------
    InputError
        If a number is out of range, the profile is unknown or the date is not one.

    Examples
    --------
    >>> generate_portfolio(members=100, trades=200, seed=7).trades.shape[0]
    200
    """
    found = find_profile(profile)
    _refuse_counts(members, trades)
    _refuse_seed(seed)
    day = _read_day(found.as_of if as_of is None else as_of)
    population = draw_population(seed, members, profile=found, day=np.datetime64(day, "D"))
    makers = _plan_frames(seed, population, profile=found, rows=trades)
    frames = {}
    tell = progress or (lambda done, total: None)
    for name, make in makers.items():
        frames[name] = make()
        tell(len(frames), len(makers) + 1)
    filled = {name: frame for name, frame in frames.items() if len(frame) or name == "members"}
    portfolio = Portfolio.from_frames(as_of=day, **filled)
    tell(len(makers) + 1, len(makers) + 1)
    return portfolio


def _plan_frames(
    seed: int, population: Population, *, profile: Profile, rows: int
) -> dict[str, Callable[[], pd.DataFrame]]:
    """Draw what the tables rest on, and say how each of them is made."""
    hubs = choose_hubs(population)
    street = walk_streets(population, open_stream(seed, "street"))
    circles = draw_circles(seed, population, street=street, hubs=hubs)
    busy = _mask_busy(circles.mask_members(len(population)), hubs)
    network = draw_network(seed, population, street=street, outside=busy | ~population.settled)
    loans = draw_loans(seed, population, profile=profile, circles=circles, network=network)
    applicants = draw_applicants(seed, population, profile=profile, loans=loans, barred=busy)
    known = draw_acquaintances(seed, population, street=street, applicants=applicants, circles=circles)
    trade = draw_trade(seed, population, hubs=hubs, rows=rows)
    deposits = draw_deposits(seed, circles, population)
    groups = draw_control_groups(seed, population, street=street, outside=busy)
    overdue = np.unique(loans.circle[(loans.days_overdue > 0) & (loans.circle >= 0)])
    return {
        "members": partial(frame_members, seed, population, loans=loans, control_groups=groups),
        "trades": partial(frame_trades, trade, population),
        "acquaintances": partial(frame_acquaintances, seed, population, known),
        "exclusions": partial(frame_exclusions, seed, population, acquaintances=known, circles=circles),
        "links": partial(frame_links, seed, population, street=street, outside=busy),
        "applications": partial(frame_applications, seed, population, applicants),
        "circles": partial(frame_circles, circles, overdue, deposits),
        "circle_members": partial(frame_circle_members, circles, population, deposits),
        "loans": partial(frame_loans, loans, population),
        "guarantees": partial(frame_guarantees, seed, population, network=network, loans=loans),
        "receivables": partial(frame_receivables, seed, population, trade=trade, hubs=hubs),
        "activity": partial(frame_activity, seed, population, loans),
    }


def _mask_busy(in_circle: NDArray[np.bool_], hubs: NDArray[np.int64]) -> NDArray[np.bool_]:
    busy = in_circle.copy()
    busy[hubs] = True
    return busy


def _refuse_counts(members: int, trades: int) -> None:
    for name, value in (("members", members), ("trades", trades)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
            msg = f"{name} must be a whole number of at least 0, got {value!r}"
            raise InputError(msg)
    if members > MOST_MEMBERS:
        msg = f"members must be at most {MOST_MEMBERS:,}, got {members:,}"
        raise InputError(msg)
    most = min(MONTHS * members * (members - 1), ROWS_PER_MEMBER * members)
    if trades > most:
        msg = (
            f"trades must be at most {most:,} for {members:,} members ({MONTHS} months of every ordered pair, "
            f"and {ROWS_PER_MEMBER} a member), got {trades:,}"
        )
        raise InputError(msg)


def _refuse_seed(seed: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        msg = f"seed must be a whole number of at least 0, got {seed!r}"
        raise InputError(msg)


def _read_day(value: date | str) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else date(value.year, value.month, value.day)
    except (AttributeError, TypeError, ValueError):
        msg = f"as_of must be a date such as 2007-12-29, got {value!r}"
        raise InputError(msg) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = f"as_of must be in the years {FIRST_YEAR} to {LAST_YEAR}, got {day}"
        raise InputError(msg)
    return day
