"""The maps that stand beside an overview: one for each of the most exposed circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circles.viz.map import MOST_MEMBERS, Map, draw_map
from circles.viz.overview.cut import cut_portfolio, without_names
from circles.viz.overview.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from circles.portfolio import Portfolio
    from circles.viz.languages import Language


def draw_circles(
    portfolio: Portfolio, circle_ids: list[str], *, mask: bool, lang: Language
) -> Iterator[tuple[str, Map]]:
    """Draw a map of each of these circles: its members, their loans, trade and acquaintances among each other."""
    if not circle_ids:
        return
    some = _cut_circles(portfolio, _find_circles(portfolio, circle_ids))
    some = without_names(some) if mask else some
    for circle, place in zip(circle_ids, _find_circles(some, circle_ids).tolist(), strict=True):
        small = _cut_circles(some, np.array([place]))
        yield circle, draw_map(small, limit=MOST_MEMBERS, title=say("circle", lang, circle=circle), lang=lang)


def _find_circles(portfolio: Portfolio, circle_ids: list[str]) -> NDArray[np.int64]:
    return np.asarray(pd.Index(portfolio.circles["circle_id"]).get_indexer(pd.Index(circle_ids, dtype="str")))


def _cut_circles(portfolio: Portfolio, rows: NDArray[np.int64]) -> Portfolio:
    circles = np.zeros(len(portfolio.circles), dtype=np.bool_)
    circles[rows] = True
    members = np.zeros(len(portfolio.members), dtype=np.bool_)
    inside = circles[portfolio.codes("circle_members", "circle_id")]
    members[portfolio.codes("circle_members", "member_id")[inside]] = True
    return cut_portfolio(portfolio, members, circles)
