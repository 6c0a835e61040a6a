"""The circles of a drawing, with what is owed and lost in each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circles.viz.wording import say_whole_yuan
from circles.viz.words import say

if TYPE_CHECKING:
    from circles.viz.grouping import Grouping
    from circles.viz.languages import Language
    from circles.viz.layout import Layouts
    from circles.viz.scene import Question


def list_hulls(question: Question, grouping: Grouping, *, layouts: Layouts) -> pd.DataFrame:
    """Give the circles drawn, with their place, amount and, after a cascade, the bank's loss in each.

    Parameters
    ----------
    question
        What was asked.
    grouping
        The circles drawn.
    layouts
        Where they stand.
    """
    circles = grouping.circles
    loss = _find_losses(question, circles["circle_id"])
    amounts = circles["amount_fen"]
    drawn = np.bincount(grouping.circle, minlength=len(circles))
    tags = [
        _write_tag(amount, lost=lost, drawn=shown, members=members, lang=question.lang)
        for amount, lost, shown, members in zip(amounts, loss, drawn, circles["members"], strict=True)
    ]
    return circles.assign(
        members_drawn=drawn,
        x=layouts.wide.hulls[:, 0],
        y=layouts.wide.hulls[:, 1],
        narrow_x=layouts.narrow.hulls[:, 0],
        narrow_y=layouts.narrow.hulls[:, 1],
        radius=layouts.wide.radii,
        loss_fen=loss.array,
        tag=tags,
        lost=(loss.fillna(0) > 0).to_numpy(dtype=np.bool_),
    )


def _write_tag(amount: int, *, lost: Any, drawn: int, members: int, lang: Language) -> str:
    if drawn < members:
        return say("circle_part", lang, drawn=drawn, members=members)
    if pd.isna(lost):
        return say_whole_yuan(amount)
    return say("circle_loses", lang, amount=say_whole_yuan(lost)) if lost else ""


def _find_losses(question: Question, ids: pd.Series) -> pd.Series:
    if question.cascade is None:
        return pd.Series(pd.array([pd.NA] * len(ids), dtype="Int64"))
    losses = question.cascade.circles.set_index("id")["bank_loss_fen"]
    return losses.reindex(ids).astype("Int64").reset_index(drop=True)
