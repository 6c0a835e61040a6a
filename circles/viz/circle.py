"""What a page says of the one circle that it is drawn around: its members, its loans, and what a result does to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from circles.money import name_currency
from circles.viz.drawing import Figure
from circles.viz.languages import say_unit
from circles.viz.wording import say_amount
from circles.viz.words import say, say_counted

if TYPE_CHECKING:
    import pandas as pd

    from circles.contagion import Cascade
    from circles.viz.languages import Language
    from circles.viz.scene import Question, Scene


def describe_circle(question: Question, scene: Scene) -> str:
    """Say in a sentence what a cascade or a proposal does to the circle; empty without either."""
    lang, unit = question.lang, say_unit(name_currency(question.portfolio.currency), question.lang)
    if question.cascade is not None:
        failed, loss = _count_failed(scene), _find_pool(question.cascade, question.circle)["bank_loss_fen"]
        whole = say_amount(question.cascade.bank_loss_fen)
        return say_counted("circle_in_cascade", failed, lang, loss=say_amount(loss), whole=whole, unit=unit)
    if question.proposal is not None:
        whole = say_counted("circles_count", len(scene.grouping.circles), lang)
        return say("circle_in_proposal", lang, amount=say_amount(_sum_loans(question, scene)), unit=unit, circles=whole)
    return ""


def figure_circle(question: Question, scene: Scene) -> tuple[Figure, ...]:
    """Give the headline figures of the circle; all are of it alone."""
    lang = question.lang
    members = Figure(
        label=say("inside_one", lang),
        value=f"{len(scene.starts):,}",
        note=say_counted("elsewhere", _count_elsewhere(scene), lang),
    )
    if question.cascade is not None:
        return (*_figure_settlement(question, scene, question.cascade), members)
    borrowed = "loans_proposed" if question.proposal is not None else "loans_of_it"
    note = "proposed_note" if question.proposal is not None else "balance"
    loans = Figure(
        label=say(borrowed, lang), value=_say_money(question, _sum_loans(question, scene)), note=say(note, lang)
    )
    return (members, loans, _figure_resources(question, scene), _figure_guarantees(question, scene))


def _figure_settlement(question: Question, scene: Scene, cascade: Cascade) -> tuple[Figure, ...]:
    word, pool = partial(say, lang=question.lang), _find_pool(cascade, question.circle)
    first = int((scene.states[scene.starts] == "first").sum())
    failed = _count_failed(scene)
    return (
        Figure(
            label=word("loss_of_it"),
            value=_say_money(question, pool["bank_loss_fen"]),
            note=word("of_loss", amount=_say_money(question, cascade.bank_loss_fen)),
        ),
        Figure(
            label=word("paid_in_it"),
            value=_say_money(question, pool["paid_fen"]),
            note=word(
                "unpaid_note", unpaid=say_amount(pool["shortfall_fen"]), deposit=say_amount(pool["deposit_used_fen"])
            ),
        ),
        Figure(
            label=word("failed_in_it"),
            value=f"{failed:,}",
            note=word("failed_in_it_note", first=f"{first:,}", contagious=f"{failed - first:,}"),
        ),
    )


def _figure_resources(question: Question, scene: Scene) -> Figure:
    rows = question.portfolio.members.iloc[scene.starts]
    known = rows["resources_fen"].dropna()
    estimated = int((rows["resources_source"] == "estimated").sum())
    note = say("estimated_of", question.lang, estimated=estimated, members=_say_members(len(rows), question.lang))
    return Figure(
        label=say("resources_of_it", question.lang),
        value=_say_money(question, int(known.sum())) if len(known) else "–",
        note=say("resources_of_it_note", question.lang, estimated=note),
    )


def _figure_guarantees(question: Question, scene: Scene) -> Figure:
    """Count the guarantees in force that members of the circle give and receive beside the circle's own."""
    inside = np.zeros(len(scene.states), dtype=np.bool_)
    inside[scene.starts] = True
    ends = next(ends for ends in scene.every if ends.kind == "guarantee")
    given, received = (int(inside[end].sum()) for end in (ends.source, ends.target))
    count = int((inside[ends.source] | inside[ends.target]).sum())
    note = say("guarantees_note", question.lang, given=f"{given:,}", received=f"{received:,}")
    return Figure(label=say("guarantees_of_it", question.lang), value=f"{count:,}", note=note)


def _find_pool(cascade: Cascade, circle: str | None) -> pd.Series:
    """Give what the cascade says of the circle; zeros where it has nothing that could be lost."""
    return cascade.circles.set_index("id").reindex([circle]).fillna(0).iloc[0]


def _sum_loans(question: Question, scene: Scene) -> int:
    circles = scene.grouping.circles
    return int(circles.loc[circles["circle_id"] == question.circle, "amount_fen"].iloc[0])


def _count_failed(scene: Scene) -> int:
    return int(np.isin(scene.states[scene.starts], ("first", "contagious")).sum())


def _count_elsewhere(scene: Scene) -> int:
    """Count the members of the circle that are in another one too."""
    times = np.bincount(scene.grouping.member, minlength=len(scene.states))
    return int((times[scene.starts] > 1).sum())


def _say_money(question: Question, fen: object) -> str:
    unit = say_unit(name_currency(question.portfolio.currency), question.lang)
    return say("money", question.lang, amount=say_amount(fen), unit=unit)


def _say_members(count: int, lang: Language) -> str:
    return say_counted("members_count", count, lang)
