"""The part of a report on guarantees: for whom who stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circles.report.section import Section, write_paragraph
from circles.report.words import say
from circles.viz.charts import draw_flows
from circles.viz.escape import escape_html

if TYPE_CHECKING:
    from circles.portfolio import Portfolio
    from circles.viz.languages import Language


def write_guaranteeing(portfolio: Portfolio, unit: str, lang: Language) -> Section | None:
    """Write the section on guarantees; none where nothing is guaranteed.

    Parameters
    ----------
    portfolio
        Circles, loans and guarantees.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    chart = draw_flows(portfolio, unit=unit, lang=lang)
    if not len(chart.data):
        return None
    caption = f"<figcaption>{escape_html(say('flows_caption', lang), longest=1000)}</figcaption>"
    body = f"{write_paragraph(chart.description)}<figure>{chart.inline()}{caption}</figure>"
    return Section(name="guaranteeing", title=say("guaranteeing", lang), body=body)
