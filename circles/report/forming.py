"""The part of a report on a proposal: what was formed, how good it is, and why others have no circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.columns import show_amount, show_count, show_text
from circles.report.notes import say_note
from circles.report.section import Section, write_first_rows, write_list, write_paragraph
from circles.report.words import say, say_name
from circles.viz.headline import describe_proposal, figure_proposal
from circles.viz.page import write_figures
from circles.viz.tables import Shown, write_table

if TYPE_CHECKING:
    from circles.matching import Proposal
    from circles.viz.languages import Language

_CIRCLES_SHOWN = 15


def write_forming(proposal: Proposal, unit: str, lang: Language) -> Section:
    """Write the section on a proposal.

    Parameters
    ----------
    proposal
        What awaits a person's decision.
    unit
        What amounts are in.
    lang
        ``en`` or ``zh``.
    """
    parts = [
        write_paragraph(describe_proposal(proposal, unit, lang)),
        write_figures(figure_proposal(proposal, unit, lang)),
        write_list(tuple(say_note(note, lang) for note in proposal.notes)),
    ]
    if len(proposal.circles):
        parts.append(
            write_first_rows(
                list_circles(proposal.circles, lang),
                _show_circles(unit, lang),
                caption=say("forming", lang),
                row_name="proposed",
                limit=_CIRCLES_SHOWN,
                lang=lang,
            )
        )
    if len(proposal.unplaced):
        reasons, caption = count_reasons(proposal.unplaced), say("unplaced_caption", lang)
        parts.append(write_table(reasons, _show_reasons(lang), caption=caption, row_name="reason"))
    return Section(name="forming", title=say("forming", lang), body="".join(parts))


def _show_circles(unit: str, lang: Language) -> tuple[Shown, ...]:
    return (
        show_text("circle_id", "circle", lang),
        show_text("members", "members", lang),
        show_amount("amount_fen", "amount", lang, unit=unit),
        show_count("score", "score", lang),
    )


def _show_reasons(lang: Language) -> tuple[Shown, ...]:
    """Show reasons with an example of each: a sentence in English, whom it concerns where there is none."""
    return (
        show_text("reason", "reason", lang, write=lambda reason: say_name("reason", reason, lang)),
        show_count("applications", "applications", lang),
        show_text(say("example_column", lang), "example", lang),
    )


def list_circles(placed: pd.DataFrame, lang: Language = "en") -> pd.DataFrame:
    """Give one row a proposed circle, in the proposal's order: ``circle_id, members, amount_fen, score``."""
    grouped = placed.groupby("circle_id", sort=False)
    return pd.DataFrame(
        {
            "members": grouped["member_id"].agg(say("list_comma", lang).join),
            "amount_fen": grouped["amount_fen"].sum(),
            "score": grouped["score"].first(),
        }
    ).reset_index()


def count_reasons(unplaced: pd.DataFrame) -> pd.DataFrame:
    """Give one row a reason, the most frequent first: ``reason, applications, example, example_member``."""
    grouped = unplaced.groupby("reason", sort=True)
    examples = grouped[["detail", "member_id"]].first().set_axis(["example", "example_member"], axis=1)
    counted = examples.assign(applications=grouped.size()).reset_index()
    counted = counted[["reason", "applications", "example", "example_member"]]
    return counted.sort_values("applications", ascending=False, kind="stable", ignore_index=True)
