"""A drawing without names: members and circles are called by numbers that say nothing about them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from circles.money import name_currency
from circles.viz.headline import write_title
from circles.viz.languages import say_unit
from circles.viz.terms import describe_terms
from circles.viz.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circles.portfolio import Portfolio
    from circles.viz.drawing import Drawing, Figure
    from circles.viz.languages import Language
    from circles.viz.scene import Question

_DIGITS_OF_SEED = 16


class Numbers(NamedTuple):
    """What members and circles are called instead, by id."""

    members: dict[str, str]
    circles: dict[str, str]


def mask_drawing(drawing: Drawing, question: Question, numbers: Numbers | None = None) -> Drawing:
    """Give a drawing in which no id or name of a member or circle, and no remark on a circle, is left.

    Amounts, edges and places stay. A title that the caller wrote stays too.

    Parameters
    ----------
    drawing, question
        What is drawn, and what was asked.
    numbers
        What members and circles of the portfolio are called, where several drawings need it.
    """
    members, known = numbers or number_all(question.portfolio, question.lang)
    drawn = drawing.hulls["circle_id"]
    proposed = {
        circle: say("circle_number", question.lang, number=len(known) + place + 1)
        for place, circle in enumerate(drawn[~drawn.isin(known)])
    }
    circles = {**known, **proposed}
    return replace(
        drawing,
        title=drawing.title if question.title else _mask_title(question, members, circles),
        figures=tuple(_mask_figure(figure, question) for figure in drawing.figures),
        nodes=_mask_nodes(drawing.nodes, members, circles),
        edges=_mask_columns(drawing.edges, ("source_id", "target_id"), members),
        hulls=_mask_hulls(drawing.hulls, question, circles),
        facts=tuple(_mask_fact(fact, question, circles) for fact in drawing.facts),
    )


def number_all(portfolio: Portfolio, lang: Language = "en") -> Numbers:
    """Give members and circles numbers, the same in every picture of the same data, in an order that its digest draws.

    Parameters
    ----------
    portfolio
        Whose members and circles are numbered.
    lang
        What they are called in.

    Returns
    -------
    Id → pseudonym, such as ``Member 017`` and ``Circle 5``.
    """
    random = np.random.default_rng(int(portfolio.digest()[:_DIGITS_OF_SEED], 16))
    members, circles = sorted(portfolio.members["member_id"]), sorted(portfolio.circles["circle_id"])
    width = len(str(len(members)))
    return Numbers(
        members={
            member: say("member_number", lang, number=f"{place + 1:0{width}d}")
            for member, place in zip(members, random.permutation(len(members)).tolist(), strict=True)
        },
        circles={
            circle: say("circle_number", lang, number=place + 1)
            for circle, place in zip(circles, random.permutation(len(circles)).tolist(), strict=True)
        },
    )


def _mask_title(question: Question, members: dict[str, str], circles: dict[str, str]) -> str:
    first = () if question.cascade is None else _mask_ids(question.cascade.rounds[0], members)
    named = None if question.middle is None else members[question.middle]
    if question.circle is not None:
        named = circles.get(question.circle, say("circle_elsewhere", question.lang))
    return write_title(question, first=first, member=named)


def _mask_ids(ids: Iterable[str], members: dict[str, str]) -> tuple[str, ...]:
    return tuple(members[member] for member in ids)


def _mask_figure(figure: Figure, question: Question) -> Figure:
    named = question.middle is not None and figure.label == say("circles", question.lang)
    return replace(figure, note="") if named else figure


def _mask_fact(fact: tuple[str, str], question: Question, circles: dict[str, str]) -> tuple[str, str]:
    name, lang = say("terms", question.lang), question.lang
    if fact[0] != name or question.cascade is None or not question.cascade.terms.standstill:
        return fact
    terms = question.cascade.terms
    elsewhere = say("circle_elsewhere", lang)
    masked = replace(terms, standstill=tuple(circles.get(each, elsewhere) for each in terms.standstill))
    return name, describe_terms(masked, say_unit(name_currency(question.portfolio.currency), lang), lang)


def _mask_nodes(nodes: pd.DataFrame, members: dict[str, str], circles: dict[str, str]) -> pd.DataFrame:
    masked = _mask_columns(nodes, ("member_id",), members).assign(name=pd.NA)
    masked = masked.assign(circle_id=[circles.get(circle, "") for circle in nodes["circle_id"]])
    if "hit_by" in nodes:
        masked = masked.assign(hit_by=[_mask_list(ids, members) for ids in nodes["hit_by"]])
    return masked


def _mask_list(ids: Any, members: dict[str, str]) -> Any:
    return ids if pd.isna(ids) or not ids else ";".join(_mask_ids(str(ids).split(";"), members))


def _mask_columns(frame: pd.DataFrame, names: tuple[str, ...], members: dict[str, str]) -> pd.DataFrame:
    return frame.assign(**{name: [members[member] for member in frame[name]] for name in names})


def _mask_hulls(hulls: pd.DataFrame, question: Question, circles: dict[str, str]) -> pd.DataFrame:
    masked = hulls.assign(circle_id=[circles[circle] for circle in hulls["circle_id"]])
    return masked if question.proposal is not None else masked.assign(note="")
