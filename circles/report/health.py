"""The page on the health of data: what a portfolio holds, what is missing, and what looks odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.health_connections import write_connections
from circles.report.health_money import write_book, write_money, write_sizes
from circles.report.health_tables import write_columns, write_dates
from circles.report.report import Report, write_report
from circles.report.section import Section, write_list
from circles.viz.drawing import Figure
from circles.viz.escape import clean_text
from circles.viz.page import write_figures
from circles.viz.wording import say_amount, say_count, say_share

if TYPE_CHECKING:
    from circles.health import Health

_ALL = "any of these"


def build_health_report(health: Health, *, title: str | None = None) -> Report:
    """Put the health of a portfolio's data on one page to read and print; nothing is computed here.

    Parameters
    ----------
    health
        What `examine_portfolio` found.
    title
        The page's heading, in place of the usual one.

    Returns
    -------
    The report; ``.save("health.html")`` writes it.

    Raises
    ------
    InputError
        When it is saved over a file that exists, without ``force``.

    Examples
    --------
    >>> import pandas as pd
    >>> from circles.health import examine_portfolio
    >>> from circles.portfolio import Portfolio
    >>> members = pd.DataFrame({"member_id": ["M1"], "resources_fen": [100], "default_probability": [0.01]})
    >>> print(build_health_report(examine_portfolio(Portfolio.from_frames(as_of="2007-12-29", members=members))))
    Report “Health of the data of 2007-12-29”
    1 member in 1 table. Nothing looks odd.
    Resources are stated for every member; none is an estimate.
    """
    sections = (
        _write_first(health),
        write_connections(health),
        write_money(health),
        write_book(health),
        write_sizes(health),
        write_dates(health),
        write_columns(health),
    )
    return write_report(
        title=clean_text(title) if title else f"Health of the data of {health.as_of}",
        question="What the tables hold, how much of it is missing, and what looks odd.",
        headline=(_say_whole(health), _say_resources(health)),
        sections=tuple(section for section in sections if section.body),
        facts=_list_facts(health),
    )


def _say_whole(health: Health) -> str:
    tables, odd = health.columns["table"].nunique(), len(health.findings)
    verb = "is" if odd == 1 else "are"
    looks = f"{say_count(odd, 'thing')} {verb} worth a look." if odd else "Nothing looks odd."
    return f"{say_count(health.members, 'member')} in {say_count(tables, 'table')}. {looks}"


def _say_resources(health: Health) -> str:
    counts = health.sources.set_index("source")["members"]
    missing, estimated = int(counts.get("missing", 0)), int(counts.get("estimated", 0))
    first = (
        "Resources are stated for every member"
        if not missing
        else f"{say_count(missing, 'member')} ({say_share(missing, health.members)}) lack resources"
    )
    share = f"those of {estimated:,} ({say_share(estimated, health.members)}) are estimates" if estimated else ""
    return f"{first}; {share or 'none is an estimate'}."


def _write_first(health: Health) -> Section:
    everything, unit = health.network(_ALL), health.unit
    figures = (
        Figure(
            label="Members",
            value=f"{health.members:,}",
            note=f"{everything['isolated']:,} without any partner",
        ),
        Figure(
            label=f"Trade among members, {unit}",
            value=say_amount(health.sum_table("trades")),
            note=f"{say_count(health.count_rows('trades'), 'row')}, {health.network('trade')['pairs']:,} pairs",
        ),
        Figure(
            label=f"Loans, {unit}",
            value=say_amount(health.sum_table("loans")),
            note=say_count(health.count_rows("loans"), "loan"),
        ),
        Figure(
            label="Circles",
            value=f"{health.count_rows('circles'):,}",
            note=f"{say_count(health.count_rows('guarantees'), 'guarantee')} besides",
        ),
    )
    odd = write_list(tuple(f"{row.table}.{row.column}: {row.text}." for row in health.findings.itertuples()))
    boxed = f'<div class="odd"><p><b>Worth a look</b></p>{odd}</div>' if odd else ""
    return Section(name="first", title="At a glance", body=f"{write_figures(figures)}{boxed}")


def _list_facts(health: Health) -> tuple[tuple[str, str], ...]:
    return (
        ("Data of", str(health.as_of)),
        ("Currency", health.currency),
        ("Data fingerprint (SHA-256)", health.digest),
    )
