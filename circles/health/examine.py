"""From a portfolio to its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.dataset.profile import describe_tables
from circles.graph.snapshot import build_snapshot
from circles.health.amounts import count_sizes, refuse_overflow, sum_months, sum_years
from circles.health.coverage import cover_dates
from circles.health.findings import list_findings
from circles.health.health import Health
from circles.health.hubs import find_hubs
from circles.health.networks import measure_networks
from circles.health.standing import count_circles, count_sources, sum_grades
from circles.portfolio import TABLES

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


def examine_portfolio(portfolio: Portfolio) -> Health:
    """Examine what a portfolio holds: rows, ranges, what is missing, networks, hubs, money by year, and what looks odd.

    Parameters
    ----------
    portfolio
        Sound tables; nothing in them is changed.

    Returns
    -------
    The `Health`: one frame a question, and the findings in sentences.

    Raises
    ------
    InputError
        If the amounts of a table, or between two members, add up to more than 64 bits hold.

    Notes
    -----
    Sorting pairs of members dominates: O(rows · log rows).

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["M1", "M2"], "resources_fen": [100, None]})
    >>> examine_portfolio(Portfolio.from_frames(as_of="2007-12-29", members=members)).findings["text"].tolist()[0]
    '1 of 2 members have no resources; fill them, or run circles estimate'
    """
    refuse_overflow(portfolio)
    digest = portfolio.digest()
    snapshot = build_snapshot(portfolio, digest)
    networks, network_sizes = measure_networks(snapshot)
    hubs, concentration = find_hubs(portfolio, snapshot)
    dates, months = cover_dates(portfolio), sum_months(portfolio)
    filled = {name: portfolio.table(name) for name in TABLES if len(portfolio.table(name))}
    return Health(
        as_of=portfolio.as_of,
        currency=portfolio.currency,
        digest=digest,
        members=len(portfolio.table("members")),
        findings=list_findings(portfolio, dates=dates, months=months),
        columns=describe_tables(filled),
        networks=networks,
        network_sizes=network_sizes,
        hubs=hubs,
        concentration=concentration,
        years=sum_years(portfolio),
        months=months,
        sizes=count_sizes(portfolio),
        dates=dates,
        sources=count_sources(portfolio),
        circles=count_circles(portfolio),
        grades=sum_grades(portfolio),
    )
