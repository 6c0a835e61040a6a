"""The maps that stand beside an overview: one for each of the most exposed circles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from circles.viz.compose import compose_drawing
from circles.viz.map import Map, show_drawing
from circles.viz.masking import mask_drawing
from circles.viz.overview.words import say
from circles.viz.scene import Question, keep_near, set_scene, turn_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circles.portfolio import Portfolio
    from circles.viz.languages import Language
    from circles.viz.masking import Numbers

MOST_DRAWN = 300
"""Members on each of these maps."""


def draw_circles(
    portfolio: Portfolio, circle_ids: list[str], *, numbers: Numbers | None, lang: Language
) -> Iterator[Map]:
    """Draw a map of each of these circles and the partners of its members; the facts at its foot are the whole book's.

    Parameters
    ----------
    portfolio
        The book.
    circle_ids
        Circles of the book.
    numbers
        What members and circles are called in place of their ids and names; None leaves these.
    lang
        What the maps are written in.
    """
    if not circle_ids:
        return
    asked = Question(portfolio=portfolio, limit=MOST_DRAWN, lang=lang)
    scene = set_scene(asked)
    scene = keep_near(scene, scene.grouping.circles["circle_id"].isin(circle_ids).to_numpy(dtype=bool))
    for circle in circle_ids:
        title = say("circle", lang, circle=circle) if numbers is None else numbers.circles[circle]
        question = replace(asked, circle=circle, title=title)
        plain = compose_drawing(question, turn_to(scene, question))
        drawing = plain if numbers is None else mask_drawing(plain, question, numbers)
        yield show_drawing(replace(drawing, back="index.html"))
