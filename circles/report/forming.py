"""The part of a report on a proposal: what was formed, how good it is, and why others have no circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.section import Section, write_first_rows, write_list, write_paragraph
from circles.viz.headline import describe_proposal, figure_proposal
from circles.viz.page import write_figures
from circles.viz.tables import Amount, Shown, with_unit, write_table

if TYPE_CHECKING:
    from circles.matching import Proposal

_CIRCLES_SHOWN = 15

_CIRCLES = (
    Shown(name="circle_id", heading="Circle"),
    Shown(name="members", heading="Members"),
    Amount(name="amount_fen", heading="Amount"),
    Shown(name="score", heading="Score", write=lambda points: f"{points:,}", number=True),
)
_REASONS = (
    Shown(name="reason", heading="Reason"),
    Shown(name="applications", heading="Applications", write=lambda count: f"{count:,}", number=True),
    Shown(name="example", heading="For example"),
)


def write_forming(proposal: Proposal, unit: str) -> Section:
    """Write the section on a proposal.

    Parameters
    ----------
    proposal
        What awaits a person's decision.
    unit
        What amounts are in.
    """
    parts = [
        write_paragraph(describe_proposal(proposal, unit)),
        write_figures(figure_proposal(proposal, unit)),
        write_list(tuple(proposal.notes)),
    ]
    if len(proposal.circles):
        parts.append(
            write_first_rows(
                list_circles(proposal.circles),
                with_unit(_CIRCLES, unit),
                caption="Proposed circles",
                row_name="proposed",
                limit=_CIRCLES_SHOWN,
            )
        )
    if len(proposal.unplaced):
        reasons = count_reasons(proposal.unplaced)
        parts.append(write_table(reasons, _REASONS, caption="Applications without a circle", row_name="reason"))
    return Section(name="forming", title="Proposed circles", body="".join(parts))


def list_circles(placed: pd.DataFrame) -> pd.DataFrame:
    """Give one row a proposed circle, in the proposal's order: ``circle_id, members, amount_fen, score``."""
    grouped = placed.groupby("circle_id", sort=False)
    return pd.DataFrame(
        {
            "members": grouped["member_id"].agg(", ".join),
            "amount_fen": grouped["amount_fen"].sum(),
            "score": grouped["score"].first(),
        }
    ).reset_index()


def count_reasons(unplaced: pd.DataFrame) -> pd.DataFrame:
    """Give one row a reason, the most frequent first: ``reason, applications, example``."""
    grouped = unplaced.groupby("reason", sort=True)
    counted = pd.DataFrame({"applications": grouped.size(), "example": grouped["detail"].first()}).reset_index()
    return counted.sort_values("applications", ascending=False, kind="stable", ignore_index=True)
