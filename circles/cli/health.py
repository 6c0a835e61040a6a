"""What ``circles check`` shows of sound tables: their profile, on the screen and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circles.cli.options import Format

if TYPE_CHECKING:
    from circles.portfolio import Portfolio

_HUBS = 3
_TABLES = {
    "columns": "Columns",
    "networks": "Who is connected",
    "hubs": "The largest of each role",
    "years": "Money by year",
    "dates": "Dates covered",
    "sources": "Where resources come from",
    "circles": "Circles by size",
    "grades": "Loans by grade",
}


def show_health(portfolio: Portfolio, form: Format, *, page: Path | None, force: bool) -> None:
    """Show the profile of a portfolio as text, and write its page where one is asked for."""
    from circles.cli.screen import show, show_table, tell
    from circles.health import examine_portfolio

    if form is not Format.TEXT and page is None:
        return
    health = examine_portfolio(portfolio)
    if form is Format.TEXT:
        for name, title in _TABLES.items():
            frame = getattr(health, name)
            if len(frame):
                show(f"\n{title}")
                show_table(frame.groupby("role", sort=False).head(_HUBS) if name == "hubs" else frame, form)
        show(f"\n{health}")
    if page is not None:
        from circles.report import build_health_report

        build_health_report(health).save(page, force=force)
        tell(f"the page is in {page}")
