"""The part of a report on a cascade: what one default caused, round by round, and whom it hit worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circles.report.section import Section, write_first_rows, write_paragraph
from circles.report.verdict import judge_cascade_estimates
from circles.viz.charts import draw_matrix, draw_rounds
from circles.viz.escape import clean_text
from circles.viz.headline import describe_cascade, figure_cascade, title_cascade
from circles.viz.page import write_figures
from circles.viz.style import NODE_STYLES
from circles.viz.tables import Amount, Shown, with_unit, write_table

if TYPE_CHECKING:
    from circles.contagion import Cascade
    from circles.portfolio import Portfolio

_MEMBERS_SHOWN = 20
_NAMED = 12

_ROUNDS = (
    Shown(name="round", heading="Round", write=lambda turn: f"{turn:,}"),
    Shown(name="failed", heading="Failed", write=lambda count: f"{count:,}", number=True),
    Shown(name="members", heading="Members"),
)


_ACCOUNT = (Shown(name="item", heading="Where the money comes from"), Amount(name="amount_fen", heading="Amount"))
_MEMBERS = (
    Shown(name="member_id", heading="Member", note="name"),
    Shown(name="state", heading="State", write=lambda state: NODE_STYLES[state].label, note="when"),
    Amount(name="called_fen", heading="Called"),
    Amount(name="paid_fen", heading="Paid"),
    Amount(name="trade_loss_fen", heading="Trade loss"),
    Amount(name="own_shortfall_fen", heading="Own shortfall"),
)


def write_spreading(cascade: Cascade, portfolio: Portfolio, unit: str) -> Section:
    """Write the section on a cascade.

    Parameters
    ----------
    cascade
        What one set of first defaults caused.
    portfolio
        What it was computed on.
    unit
        What amounts are in.
    """
    hit = list_hit(cascade.members, portfolio.members.set_index("member_id")["name"])
    parts = [
        write_paragraph(describe_cascade(cascade, unit)),
        write_figures(figure_cascade(cascade, unit)),
        write_paragraph(judge_cascade_estimates(cascade)),
        _draw_spread(cascade, portfolio),
        write_table(list_rounds(cascade.members), _ROUNDS, caption="Who fails when", row_name="round"),
        write_table(list_account(cascade), with_unit(_ACCOUNT, unit), caption="The whole account", row_name="account"),
        write_paragraph(
            "Recovered + deposits + guarantors + risk pool + bank loss = what was owed on the loans called; this is "
            "checked on every run."
        ),
    ]
    if len(hit):
        columns = with_unit(_MEMBERS, unit)
        parts.append(write_first_rows(hit, columns, caption="Hit worst", row_name="hit", limit=_MEMBERS_SHOWN))
    return Section(name="spreading", title=title_cascade(cascade), body="".join(parts))


def _draw_spread(cascade: Cascade, portfolio: Portfolio) -> str:
    """Draw who failed when, and because of whom; nothing where the default brought nobody down."""
    if not (cascade.members["state"] == "contagious").any():
        return ""
    return (
        f'<div class="charts"><figure>{draw_rounds(cascade).inline()}'
        "<figcaption>Members that fail in each round.</figcaption></figure>"
        f"<figure>{draw_matrix(cascade, portfolio).inline()}<figcaption>Who brought whom down; by industry where "
        "there are many.</figcaption></figure></div>"
    )


def list_rounds(members: pd.DataFrame) -> pd.DataFrame:
    """Give one row a round in which somebody failed: ``round, failed, members``; the rounds are the true ones."""
    failed = members.loc[members["state"].isin(("first", "contagious"))]
    grouped = failed.sort_values("member_id").groupby(failed["round"].astype("int64"), sort=True)["member_id"]
    named = grouped.agg(lambda ids: ", ".join(ids.head(_NAMED)) + _say_more(len(ids) - _NAMED))
    return pd.DataFrame({"failed": grouped.size(), "members": named}).rename_axis("round").reset_index()


def list_account(cascade: Cascade) -> pd.DataFrame:
    """Give where the money for the called loans comes from: ``item, amount_fen``; the last row is the bank's loss."""
    rows = {
        "Recovered from the defaulters": cascade.recovered_fen,
        "Deposits": cascade.deposit_used_fen,
        "Paid by guarantors": cascade.guarantor_paid_fen,
        "Risk pool": cascade.risk_pool_used_fen,
        "Bank loss": cascade.bank_loss_fen,
    }
    return pd.DataFrame({"item": list(rows), "amount_fen": list(rows.values())})


def list_hit(members: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Give the members touched but not named as failing first, worst first, with ``name`` and ``when`` they failed."""
    hit = members.loc[~members["state"].isin(("untouched", "first"))]
    hit = hit.assign(
        name=[clean_text(name, longest=60) for name in names.reindex(hit["member_id"])],
        when=["" if pd.isna(turn) or turn < 0 else f"in round {int(turn)}" for turn in hit["round"]],
        lost=hit["paid_fen"] + hit["trade_loss_fen"],
    )
    return hit.sort_values(["lost", "member_id"], ascending=[False, True], ignore_index=True)


def _say_more(count: int) -> str:
    return f" and {count:,} more" if count > 0 else ""
