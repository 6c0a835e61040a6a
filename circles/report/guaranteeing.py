"""The part of a report on guarantees: for whom who stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.section import Section, write_paragraph
from circles.viz.charts import draw_flows

if TYPE_CHECKING:
    from circles.portfolio import Portfolio


def write_guaranteeing(portfolio: Portfolio, unit: str) -> Section | None:
    """Write the section on guarantees; none where nothing is guaranteed.

    Parameters
    ----------
    portfolio
        Circles, loans and guarantees.
    unit
        What amounts are in.
    """
    chart = draw_flows(portfolio, unit=unit)
    if not len(chart.data):
        return None
    caption = (
        "<figcaption>Guaranteed amounts by industry, from guarantors on the left to borrowers on the right; each other "
        "member of a circle stands for an equal part of a loan, a guarantee in force for its amount.</figcaption>"
    )
    body = f"{write_paragraph(chart.description)}<figure>{chart.inline()}{caption}</figure>"
    return Section(name="guaranteeing", title="Guarantees", body=body)
